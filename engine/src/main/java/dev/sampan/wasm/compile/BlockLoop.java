package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A loop that does nothing but copy a block of memory, or fill one. It is recognised by what a
 * round computes: addresses are sums of locals that each round changes by a constant, stores lie
 * side by side and their values are what was loaded at a fixed distance, or are the same in all
 * rounds.
 *
 * <p>Before such a loop, code is written that does all rounds but the last at once, where it can:
 * see {@link BlockMoves}. The loop itself stays as it is.
 */
final class BlockLoop {

  private static final long MAX_OFFSET = 1 << 20;

  /** What code computes: as far as it matters here. */
  private sealed interface Value {}

  /** The sum of locals as they are at a round's beginning, in order, and a constant. */
  private record Sum(List<Integer> locals, int constant) implements Value {
    Sum plus(int amount) {
      return new Sum(locals, constant + amount);
    }
  }

  /** A local that is no address, or a constant of 64 bits. */
  private record Whole(int local, long constant) implements Value {}

  /** Bytes of the memory. */
  private record Loaded(Sum address, int offset, int width) implements Value {
    long place() {
      return (long) address.constant + offset;
    }
  }

  /** Four bytes of the memory, moved to the left or, by a negative number, to the right. */
  private record Shifted(Value value, int bits) implements Value {}

  private record Store(Sum address, int offset, int width, Value value) {
    long place() {
      return (long) address.constant + offset;
    }
  }

  /** How the loop goes on: as long as a number compares with another. */
  private record Condition(Opcode comparison, Sum number, Sum other) implements Value {}

  private final Body body;
  private final int loop;
  private final Value[] locals;
  private final List<Value> stack = new ArrayList<>();
  private final List<Loaded> loads = new ArrayList<>();
  private final List<Store> stores = new ArrayList<>();

  /** Loads and stores take turns, each store of what was loaded just before. */
  private boolean inTurns = true;

  private @Nullable Condition condition;

  /** A local with what the round before has loaded, or -1; and what that was. */
  private int carrier = -1;

  private @Nullable Loaded carried;

  private BlockLoop(Body body, int loop) {
    this.body = body;
    this.loop = loop;
    this.locals = new Value[body.locals.length];
    for (int k = 0; k < locals.length; k++) {
      locals[k] = body.locals[k] == TypeCode.I32 ? new Sum(List.of(k), 0) : new Whole(k, 0);
    }
  }

  /** Looks at a loop; yields null if it is no such one. */
  static @Nullable BlockLoop of(Body body, int loop) {
    Body.BlockTypes types = body.blockTypes(loop);
    if (types.parameters().length > 0 || types.results().length > 0 || !mayBe(body, loop)) {
      return null;
    }
    BlockLoop found = new BlockLoop(body, loop);
    if (!found.run()) {
      return null;
    }
    if (found.carrier >= 0) {
      // once more, as it is known now what the local has at the beginning of a round
      int carrier = found.carrier;
      if (!(found.locals[carrier] instanceof Loaded last) || !found.isStepped(last.address)) {
        return null;
      }
      Sum before = last.address.plus(-found.step(last.address));
      found = new BlockLoop(body, loop);
      found.carried = new Loaded(before, last.offset, last.width);
      found.locals[carrier] = found.carried;
      if (!found.run() || found.carrier >= 0) {
        return null;
      }
      found.carrier = carrier;
    }
    return found.fits() ? found : null;
  }

  /** A quick look: most loops have other instructions. */
  private static boolean mayBe(Body body, int loop) {
    boolean stores = false;
    for (int i = loop + 1; i < body.first[loop]; i++) {
      switch (body.opcode(i).kind()) {
        case STORE -> stores = true;
        case LOCAL_GET, LOCAL_SET, LOCAL_TEE, CONST, LOAD, BINARY -> {}
        case BR_IF -> {
          return stores && body.first[i] == 0;
        }
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  // ---- what a round computes ----

  private Value pop() {
    return stack.removeLast();
  }

  /** Follows a round up to the branch back; yields false at the first thing that is unusual. */
  private boolean run() {
    for (int i = loop + 1; ; i++) {
      Opcode opcode = body.opcode(i);
      switch (opcode.kind()) {
        case LOCAL_GET -> stack.add(locals[body.first[i]]);
        case LOCAL_SET -> locals[body.first[i]] = pop();
        case LOCAL_TEE -> locals[body.first[i]] = stack.getLast();
        case CONST -> {
          switch (opcode) {
            case I32_CONST -> stack.add(new Sum(List.of(), (int) body.low[i]));
            case I64_CONST -> stack.add(new Whole(-1, body.low[i]));
            default -> {
              return false;
            }
          }
        }
        case LOAD -> {
          if (!isPlain(i, opcode) || !(pop() instanceof Sum address)) {
            return false;
          }
          Loaded loaded = new Loaded(address, (int) body.low[i], opcode.width());
          loads.add(loaded);
          stack.add(loaded);
        }
        case STORE -> {
          Value value = pop();
          if (!isPlain(i, opcode) || !(pop() instanceof Sum address)) {
            return false;
          }
          inTurns &= loads.size() == stores.size() + 1 && value == loads.getLast();
          stores.add(new Store(address, (int) body.low[i], opcode.width(), value));
        }
        case BINARY -> {
          Value right = pop();
          Value result = binary(opcode, pop(), right);
          if (result == null) {
            return false;
          }
          stack.add(result);
        }
        case BR_IF -> {
          condition =
              switch (pop()) {
                case Condition compared -> compared;
                case Sum number -> new Condition(Opcode.I32_NE, number, new Sum(List.of(), 0));
                default -> null;
              };
          // what is left was there before, or is dropped by the branch
          return condition != null && stack.isEmpty();
        }
        default -> {
          return false;
        }
      }
    }
  }

  private boolean isPlain(int i, Opcode opcode) {
    return body.first[i] == 0
        && opcode.width() <= 8
        && body.low[i] >= 0
        && body.low[i] <= MAX_OFFSET;
  }

  private @Nullable Value binary(Opcode opcode, Value left, Value right) {
    switch (opcode) {
      case I32_ADD -> {
        if (left instanceof Sum a && right instanceof Sum b) {
          List<Integer> all = new ArrayList<>(a.locals);
          all.addAll(b.locals);
          all.sort(Comparator.naturalOrder());
          return new Sum(List.copyOf(all), a.constant + b.constant);
        }
      }
      case I32_SUB -> {
        if (left instanceof Sum a && right instanceof Sum b && b.locals.isEmpty()) {
          return a.plus(-b.constant);
        }
      }
      case I32_SHL, I32_SHR_U -> {
        if (right instanceof Sum amount
            && amount.locals.isEmpty()
            && amount.constant > 0
            && amount.constant < Integer.SIZE
            && amount.constant % Byte.SIZE == 0) {
          return new Shifted(left, opcode == Opcode.I32_SHL ? amount.constant : -amount.constant);
        }
      }
      case I32_OR -> {
        if (left instanceof Shifted a && right instanceof Shifted b) {
          return a.bits > 0 ? joined(a, b) : joined(b, a);
        }
      }
      case I32_NE, I32_GT_U, I32_LT_U -> {
        if (left instanceof Sum a && right instanceof Sum b) {
          return new Condition(opcode, a, b);
        }
      }
      default -> {}
    }
    return null;
  }

  /** Four bytes, of which some are the last of one number and the others the first of the next. */
  private @Nullable Value joined(Shifted next, Shifted first) {
    if (next.bits - first.bits != Integer.SIZE
        || !(next.value instanceof Loaded high)
        || high.width != 4) {
      return null;
    }
    if (first.value instanceof Sum local && local.locals.size() == 1 && local.constant == 0) {
      // what it is will be known when the end of the round is
      carrier = local.locals.getFirst();
      return high;
    }
    if (first.value instanceof Loaded low
        && low.width == 4
        && low.address.locals.equals(high.address.locals)
        && low.place() + 4 == high.place()) {
      return new Loaded(low.address.plus(4 - next.bits / Byte.SIZE), low.offset, 4);
    }
    return null;
  }

  // ---- whether it is a block that is copied or filled ----

  /** What a round adds to a local, if that is all it does to it. */
  private boolean isStepped(int local) {
    return locals[local] instanceof Sum sum && sum.locals.equals(List.of(local));
  }

  private boolean isStepped(Sum sum) {
    return sum.locals.stream().allMatch(this::isStepped);
  }

  private int step(int local) {
    return locals[local] instanceof Sum sum ? sum.constant : 0;
  }

  private int step(Sum sum) {
    return sum.locals.stream().mapToInt(this::step).sum();
  }

  private boolean isSame(Whole value) {
    return value.local < 0
        || body.locals[value.local] == TypeCode.I64
            && locals[value.local] instanceof Whole now
            && now.local == value.local;
  }

  /** Whether all that is computed is as in the round before, but for constant steps. */
  private boolean isRegular(Value value) {
    return switch (value) {
      case Sum sum -> isStepped(sum);
      case Loaded loaded -> isStepped(loaded.address);
      case Whole whole -> true;
      case Shifted shifted -> isRegular(shifted.value);
      case Condition compared -> isStepped(compared.number) && isStepped(compared.other);
    };
  }

  private boolean fits() {
    Condition last = condition;
    if (last == null || !isRegular(last) || !Arrays.stream(locals).allMatch(this::isRegular)) {
      return false;
    }
    int counting = step(last.number);
    boolean counts =
        step(last.other) == 0
            && switch (last.comparison) {
              case I32_GT_U -> counting < 0;
              case I32_LT_U -> counting > 0;
              default -> counting != 0;
            };
    return counts && counting != Integer.MIN_VALUE && isBlock() && (isCopy() || isFill());
  }

  private int step() {
    return step(stores.getFirst().address);
  }

  private Store lowest() {
    return stores.stream().min(Comparator.comparingLong(Store::place)).orElseThrow();
  }

  /** Whether the stores of a round lie side by side, and those of the next behind them. */
  private boolean isBlock() {
    Sum address = stores.getFirst().address;
    List<Store> sorted = new ArrayList<>(stores);
    sorted.sort(Comparator.comparingLong(Store::place));
    long place = sorted.getFirst().place();
    for (Store store : sorted) {
      if (!store.address.locals.equals(address.locals)
          || !isStepped(store.address)
          || store.place() != place) {
        return false;
      }
      place += store.width;
    }
    return Math.abs((long) step()) == place - sorted.getFirst().place();
  }

  private boolean isCopy() {
    if (!(stores.getFirst().value instanceof Loaded any) || step(any.address) != step()) {
      return false;
    }
    long distance = any.place() - stores.getFirst().place();
    for (Store store : stores) {
      if (!(store.value instanceof Loaded loaded)
          || loaded.width != store.width
          || loaded.place() - store.place() != distance
          || !loaded.address.locals.equals(any.address.locals)) {
        return false;
      }
    }
    Sum address = any.address;
    return isStepped(address)
        && loads.stream().allMatch(each -> each.address.locals.equals(address.locals));
  }

  private boolean isFill() {
    Value value = stores.getFirst().value;
    int width = stores.getFirst().width;
    return loads.isEmpty()
        && stores.stream().allMatch(each -> each.value.equals(value) && each.width == width)
        && switch (value) {
          case Sum sum -> isStepped(sum) && step(sum) == 0;
          case Whole whole -> isSame(whole);
          default -> false;
        };
  }

  /** Whether each piece is stored before the next is loaded, in the direction of the step. */
  private boolean isOrdered() {
    for (int k = 1; k < stores.size(); k++) {
      if (step() > 0 != stores.get(k).place() > stores.get(k - 1).place()) {
        return false;
      }
    }
    return inTurns && loads.size() == stores.size();
  }

  // ---- code ----

  /** Writes what comes before the loop. */
  void write(Emission e) {
    Condition last = Objects.requireNonNull(condition);
    push(e, last.number);
    push(e, last.other);
    e.code.pushInt(step(last.number));
    e.code.invokeStatic(
        switch (last.comparison) {
          case I32_GT_U -> BlockMoves.ABOVE;
          case I32_LT_U -> BlockMoves.BELOW;
          default -> BlockMoves.UNEQUAL;
        });
    Loaded before = carried;
    if (before != null) {
      carriedNumber(e, before);
      e.code.invokeStatic(BlockMoves.CARRIES);
    }
    if (stores.getFirst().value instanceof Loaded) {
      copy(e);
    } else {
      fill(e);
    }
    for (int k = 0; k < locals.length; k++) {
      if (body.locals[k] == TypeCode.I32 && isStepped(k) && step(k) != 0) {
        e.code.op(Jvm.DUP);
        e.code.pushInt(step(k));
        e.code.op(Jvm.IMUL);
        e.variables.get(k);
        e.code.op(Jvm.IADD);
        e.variables.set(k);
      }
    }
    if (before != null) {
      e.code.op(Jvm.DUP);
      carriedNumber(e, before);
      e.code.invokeStatic(BlockMoves.CARRIED);
      e.variables.set(carrier);
    }
    e.code.op(Jvm.POP);
  }

  /** Pushes the local with what the round before has loaded, where from, and the memory. */
  private void carriedNumber(Emission e, Loaded before) {
    e.variables.get(carrier);
    push(e, before.address);
    e.code.pushInt(before.offset);
    e.memory();
  }

  private static void push(Emission e, Sum sum) {
    e.code.pushInt(sum.constant);
    for (int local : sum.locals) {
      e.variables.get(local);
      e.code.op(Jvm.IADD);
    }
  }

  /** Pushes the smallest of addresses without offsets, and the offset from it of a place. */
  private static void place(Emission e, List<Integer> locals, int smallest, long place) {
    push(e, new Sum(locals, smallest));
    e.code.pushInt((int) (place - smallest));
  }

  private void copy(Emission e) {
    Store target = lowest();
    int smallest = stores.stream().mapToInt(each -> each.address.constant).min().orElseThrow();
    place(e, target.address.locals, smallest, target.place());
    if (!(target.value instanceof Loaded source)) {
      throw new AssertionError("a block is copied from nowhere; please report");
    }
    int first = loads.stream().mapToInt(each -> each.address.constant).min().orElseThrow();
    place(e, source.address.locals, first, source.place());
    long low = loads.stream().mapToLong(Loaded::place).min().orElseThrow();
    long high = loads.stream().mapToLong(each -> each.place() + each.width).max().orElseThrow();
    e.code.pushInt((int) Math.max(0, source.place() - low));
    e.code.pushInt((int) Math.max(0, high - source.place() - Math.abs(step())));
    e.code.pushInt(step());
    e.code.pushInt(isOrdered() ? 1 : 0);
    e.memory();
    e.code.invokeStatic(BlockMoves.COPY);
  }

  private void fill(Emission e) {
    Store target = lowest();
    e.code.pushInt(target.width);
    switch (target.value) {
      case Sum sum -> {
        push(e, sum);
        e.code.op(Jvm.I2L);
      }
      case Whole whole when whole.local >= 0 -> e.variables.get(whole.local);
      case Whole whole -> e.code.pushLong(whole.constant);
      default -> throw new AssertionError("a block is filled with nothing; please report");
    }
    int smallest = stores.stream().mapToInt(each -> each.address.constant).min().orElseThrow();
    place(e, target.address.locals, smallest, target.place());
    e.code.pushInt(step());
    e.memory();
    e.code.invokeStatic(BlockMoves.FILL);
  }
}
