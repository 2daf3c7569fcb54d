package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;

/**
 * Generated loops of the shapes that compilers write: counters, limits, pointers. They have no
 * fuel; by their numbers they have few rounds. Some begin near a border and wrap around, some leave
 * a memory half-way.
 */
final class LoopShapes extends Chapter {

  private static final int MOST_ROUNDS = 300;
  private static final int MOST_NESTED = 2;

  /** How many such loops are around this place, so that their rounds do not multiply too often. */
  private int nesting;

  LoopShapes(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    return false;
  }

  @Override
  boolean statement(int depth) {
    if (!function.canNest() || nesting >= MOST_NESTED) {
      return false;
    }
    nesting++;
    boolean memory = !world.memories.isEmpty();
    switch (dice.below(memory ? 9 : 4)) {
      case 0 -> untilEqual(depth);
      case 1 -> whileLess(depth);
      case 2 -> countDown(depth);
      case 3 -> untilOverflow(depth);
      case 4, 5 -> copy(depth);
      case 6, 7 -> fill(depth);
      default -> sum(depth);
    }
    nesting--;
    return true;
  }

  /** Operators for one width of counter. */
  private record Width(
      NumType type,
      Opcode add,
      Opcode sub,
      Opcode mul,
      Opcode and,
      Opcode ne,
      Opcode eqz,
      List<Opcode> less) {

    static final Width I32 =
        new Width(
            NumType.I32,
            I32_ADD,
            I32_SUB,
            I32_MUL,
            I32_AND,
            I32_NE,
            I32_EQZ,
            List.of(I32_LT_U, I32_LT_S, I32_GT_U, I32_GT_S, I32_LE_U, I32_GE_S));
    static final Width I64 =
        new Width(
            NumType.I64,
            I64_ADD,
            I64_SUB,
            I64_MUL,
            I64_AND,
            I64_NE,
            I64_EQZ,
            List.of(I64_LT_U, I64_LT_S, I64_GT_U, I64_GT_S, I64_LE_U, I64_GE_S));
  }

  private void number(Width width, long value) {
    if (width == Width.I64) {
      code.i64(value);
    } else {
      code.i32((int) value);
    }
  }

  private Width width() {
    return dice.percent(70) ? Width.I32 : Width.I64;
  }

  private int rounds() {
    return nesting > 1 ? dice.below(4) : dice.pick(0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 33);
  }

  /** A small number, constant or not, possibly 0. */
  private void count(Width width, int depth) {
    if (dice.percent(50)) {
      number(width, rounds());
    } else {
      function.expression(width.type, depth);
      number(width, nesting > 1 ? 3 : dice.pick(3, 7, 7, 15));
      code.op(width.and);
    }
  }

  private void add(Width width, int local, long step) {
    code.op(LOCAL_GET, local);
    number(width, step);
    code.op(width.add);
    function.setLocal(local);
  }

  private void body(int depth) {
    function.block(dice.below(3), Math.min(2, depth - 1));
  }

  /** {@code i += s; if (i != end) again}, from any start, so that it may wrap around. */
  private void untilEqual(int depth) {
    Width width = width();
    int i = function.counter(width.type);
    int end = function.counter(width.type);
    long step = dice.pick(1, 1, 1, 2, 3, 4, 8, -1, -4);
    function.expression(width.type, depth);
    function.teeLocal(i);
    count(width, depth);
    number(width, step);
    code.op(width.mul).op(width.add);
    function.setLocal(end);
    code.op(LOCAL_GET, i).op(LOCAL_GET, end).op(width.ne);
    function.open(IF, List.of(), List.of(), true);
    function.open(LOOP, List.of(), List.of(), false);
    boolean first = dice.percent(50);
    if (first) {
      body(depth);
    }
    code.op(LOCAL_GET, i);
    number(width, step);
    code.op(width.add);
    if (dice.percent(60)) {
      function.teeLocal(i);
    } else {
      function.setLocal(i);
      if (!first) {
        body(depth);
      }
      code.op(LOCAL_GET, i);
    }
    code.op(LOCAL_GET, end).op(width.ne).op(BR_IF, 0);
    function.close();
    function.close();
    use(i);
  }

  /** {@code while (i < end)}, with numbers that are known to come to an end. */
  private void whileLess(int depth) {
    Width width = width();
    long start = 0;
    long end = 0;
    long step = 1;
    Opcode test = width.less.getFirst();
    boolean bounded = false;
    for (int attempt = 0; attempt < 20 && !bounded; attempt++) {
      test = dice.pick(width.less);
      start = width == Width.I64 ? dice.i64() : dice.i32();
      step = dice.pick(1, 1, 2, 3, 4, 7, 8, -1, -2, -8);
      end = start + step * rounds() + dice.pick(0, 0, 0, -1, 1);
      bounded = rounds(width, test, start, end, step) < MOST_ROUNDS;
    }
    if (!bounded) {
      start = 0;
      end = 5;
      step = 1;
      test = width.less.getFirst();
    }
    int i = function.counter(width.type);
    number(width, start);
    function.setLocal(i);
    if (dice.percent(50)) {
      // the test first; such a loop can be continued from anywhere inside
      function.open(BLOCK, List.of(), List.of(), true);
      function.open(LOOP, List.of(), List.of(), true);
      test(width, test, i, end);
      code.op(I32_EQZ).op(BR_IF, 1);
      add(width, i, step);
      body(depth);
      code.op(BR, 0);
      function.close();
      function.close();
    } else {
      function.open(LOOP, List.of(), List.of(), false);
      body(depth);
      add(width, i, step);
      test(width, test, i, end);
      code.op(BR_IF, 0);
      function.close();
    }
    use(i);
  }

  private void test(Width width, Opcode test, int i, long end) {
    code.op(LOCAL_GET, i);
    number(width, end);
    code.op(test);
  }

  private static int rounds(Width width, Opcode test, long start, long end, long step) {
    boolean wide = width == Width.I64;
    long i = start;
    int count = 0;
    do {
      i = wide ? i + step : (int) (i + step);
      count++;
    } while (count < MOST_ROUNDS && holds(test, wide, i, wide ? end : (int) end));
    return count;
  }

  private static boolean holds(Opcode test, boolean wide, long a, long b) {
    long left = wide ? a : a & 0xFFFF_FFFFL;
    long right = wide ? b : b & 0xFFFF_FFFFL;
    return switch (test) {
      case I32_LT_U, I64_LT_U -> Long.compareUnsigned(left, right) < 0;
      case I32_GT_U, I64_GT_U -> Long.compareUnsigned(left, right) > 0;
      case I32_LE_U, I64_LE_U -> Long.compareUnsigned(left, right) <= 0;
      case I32_LT_S, I64_LT_S -> a < b;
      case I32_GT_S, I64_GT_S -> a > b;
      default -> a >= b;
    };
  }

  /** {@code n -= 1; if (n) again}. */
  private void countDown(int depth) {
    Width width = width();
    int n = function.counter(width.type);
    count(width, depth);
    function.teeLocal(n);
    code.op(width.eqz).op(I32_EQZ);
    function.open(IF, List.of(), List.of(), true);
    function.open(LOOP, List.of(), List.of(), false);
    body(depth);
    code.op(LOCAL_GET, n);
    if (dice.percent(50)) {
      number(width, 1);
      code.op(width.sub);
    } else {
      number(width, -1);
      code.op(width.add);
    }
    function.teeLocal(n);
    if (width == Width.I64) {
      number(width, 0);
      code.op(I64_NE);
    }
    code.op(BR_IF, 0);
    function.close();
    function.close();
    use(n);
  }

  /** {@code next = i + s; carry = next < i; i = next; if (!carry) again}. */
  private void untilOverflow(int depth) {
    Width width = width();
    int i = function.counter(width.type);
    int next = function.counter(width.type);
    int carry = function.counter(NumType.I32);
    int step = dice.pick(1, 1, 1, 2, -1);
    number(width, -1L - (step < 0 ? 0 : rounds()) - dice.below(2));
    function.setLocal(i);
    function.open(LOOP, List.of(), List.of(), false);
    body(depth);
    code.op(LOCAL_GET, i);
    number(width, step);
    code.op(width.add);
    function.teeLocal(next);
    code.op(LOCAL_GET, i).op(width.less.getFirst());
    function.setLocal(carry);
    code.op(LOCAL_GET, next);
    function.setLocal(i);
    code.op(LOCAL_GET, carry).op(I32_EQZ).op(BR_IF, 0);
    function.close();
    use(i);
  }

  // Memory

  private Width width(int memory) {
    return world.memories.get(memory).address() == AddressType.I64 ? Width.I64 : Width.I32;
  }

  private record Unit(Opcode load, Opcode store, int bytes) {}

  private Unit unit() {
    boolean vectors = world.flavour.has(Flavour.Part.VECTORS);
    return switch (dice.below(vectors ? 9 : 8)) {
      case 0, 1, 2 -> new Unit(I32_LOAD8_U, I32_STORE8, 1);
      case 3 -> new Unit(I32_LOAD16_U, I32_STORE16, 2);
      case 4, 5 -> new Unit(I32_LOAD, I32_STORE, 4);
      case 6 -> new Unit(I64_LOAD, I64_STORE, 8);
      case 7 ->
          dice.percent(50) ? new Unit(F64_LOAD, F64_STORE, 8) : new Unit(F32_LOAD, F32_STORE, 4);
      default -> new Unit(V128_LOAD, V128_STORE, 16);
    };
  }

  /** Puts an address into a new local; now and then it lies so that the loop leaves the memory. */
  private int pointer(int memory, int bytes, int depth) {
    Width width = width(memory);
    int local = function.counter(width.type);
    long size = world.bytes(memory);
    switch (dice.below(20)) {
      case 0 -> number(width, size - dice.below(bytes + 32));
      case 1 -> number(width, dice.below((int) Math.max(1, size)));
      case 2, 3, 4 -> number(width, size - bytes - dice.below(40));
      case 5, 6, 7, 8, 9 -> {
        function.expression(width.type, depth);
        if (dice.percent(95)) {
          number(width, Math.max(1, Long.highestOneBit(Math.max(1, size / 2))) - 1);
          code.op(width.and);
        }
      }
      default -> number(width, dice.below(100));
    }
    function.setLocal(local);
    return local;
  }

  private void access(Opcode opcode, int memory, long offset) {
    int natural = Integer.numberOfTrailingZeros(opcode.width());
    code.access(opcode, memory, dice.percent(50) ? 0 : natural, offset);
  }

  private long offset() {
    return dice.percent(70) ? 0 : dice.below(32);
  }

  private void copy(int depth) {
    int target = dice.below(world.memories.size());
    int source = dice.percent(80) ? target : dice.below(world.memories.size());
    Unit unit = unit();
    int rounds = dice.percent(10) ? 200 : rounds();
    int to = pointer(target, rounds * unit.bytes, depth);
    int from;
    if (source == target && dice.percent(50)) {
      // the ranges overlap
      from = function.counter(width(target).type);
      code.op(LOCAL_GET, to);
      number(width(target), dice.pick(1, -1, 2, 4, -4, 8, -8, 3, -5, 16, 0));
      code.op(width(target).add);
      function.setLocal(from);
    } else {
      from = pointer(source, rounds * unit.bytes, depth);
    }
    if (dice.percent(50)) {
      byPointers(target, to, source, from, unit, rounds);
    } else {
      byIndex(target, to, source, from, unit, rounds);
    }
    use(to);
  }

  /** {@code do { *to = *from; to += s; from += s; n -= 1 } while (n)}. */
  private void byPointers(int target, int to, int source, int from, Unit unit, int rounds) {
    int n = function.counter(NumType.I32);
    code.i32(rounds);
    function.teeLocal(n);
    function.open(IF, List.of(), List.of(), false);
    function.open(LOOP, List.of(), List.of(), false);
    code.op(LOCAL_GET, to).op(LOCAL_GET, from);
    access(unit.load, source, offset());
    access(unit.store, target, offset());
    add(width(target), to, unit.bytes);
    add(width(source), from, unit.bytes);
    code.op(LOCAL_GET, n).i32(-1).op(I32_ADD);
    function.teeLocal(n);
    code.op(BR_IF, 0);
    function.close();
    function.close();
  }

  /** {@code do { to[i] = from[i]; i += s } while (i != end)}. */
  private void byIndex(int target, int to, int source, int from, Unit unit, int rounds) {
    Width width = width(target) == width(source) ? width(target) : Width.I32;
    int i = function.counter(width.type);
    int end = Math.max(1, rounds) * unit.bytes;
    number(width, 0);
    function.setLocal(i);
    function.open(LOOP, List.of(), List.of(), false);
    indexed(to, i, width, width(target));
    indexed(from, i, width, width(source));
    access(unit.load, source, offset());
    access(unit.store, target, offset());
    code.op(LOCAL_GET, i);
    number(width, unit.bytes);
    code.op(width.add);
    function.teeLocal(i);
    number(width, end);
    code.op(dice.percent(50) ? width.ne : width.less.getFirst()).op(BR_IF, 0);
    function.close();
  }

  private void indexed(int base, int i, Width width, Width wanted) {
    code.op(LOCAL_GET, base).op(LOCAL_GET, i);
    if (width != wanted) {
      code.op(I64_EXTEND_I32_U);
    }
    code.op(wanted.add);
  }

  /** {@code do { *p = value; p += s } while (p != end)}, or {@code while (p < end)}. */
  private void fill(int depth) {
    int memory = dice.below(world.memories.size());
    Width width = width(memory);
    Unit unit = unit();
    int rounds = dice.percent(15) ? 250 : rounds();
    ValType type = Numbers.type(unit.store.signature().parameter(0));
    int value = function.counter(type);
    function.expression(type, depth);
    function.setLocal(value);
    int p = pointer(memory, rounds * unit.bytes, depth);
    int end = function.counter(width.type);
    code.op(LOCAL_GET, p);
    number(width, (long) rounds * unit.bytes);
    code.op(width.add);
    function.setLocal(end);
    boolean equal = dice.percent(60);
    code.op(LOCAL_GET, p).op(LOCAL_GET, end).op(equal ? width.ne : width.less.getFirst());
    function.open(IF, List.of(), List.of(), false);
    function.open(LOOP, List.of(), List.of(), false);
    code.op(LOCAL_GET, p);
    if (dice.percent(50) || type == VecType.V128) {
      code.op(LOCAL_GET, value);
    } else {
      function.numbers().constant((NumType) type);
    }
    access(unit.store, memory, offset());
    code.op(LOCAL_GET, p);
    number(width, unit.bytes);
    code.op(width.add);
    function.teeLocal(p);
    // with "less" a pointer that wraps around ends the loop, since it is small then
    code.op(LOCAL_GET, end).op(equal ? width.ne : width.less.getFirst()).op(BR_IF, 0);
    function.close();
    function.close();
    use(p);
  }

  /** Adds up what lies in a range. */
  private void sum(int depth) {
    int memory = dice.below(world.memories.size());
    Width width = width(memory);
    boolean wide = dice.percent(50);
    Opcode load =
        wide
            ? dice.pick(I64_LOAD, I64_LOAD8_U, I64_LOAD32_S, I64_LOAD16_S)
            : dice.pick(I32_LOAD, I32_LOAD8_U, I32_LOAD8_S, I32_LOAD16_U);
    int rounds = Math.max(1, rounds());
    int p = pointer(memory, rounds * load.width(), depth);
    int sum = function.fresh(wide ? NumType.I64 : NumType.I32);
    int n = function.counter(NumType.I32);
    code.i32(rounds);
    function.setLocal(n);
    function.open(LOOP, List.of(), List.of(), false);
    code.op(LOCAL_GET, sum).op(LOCAL_GET, p);
    access(load, memory, offset());
    code.op(wide ? dice.pick(I64_ADD, I64_XOR) : dice.pick(I32_ADD, I32_XOR));
    function.setLocal(sum);
    add(width, p, load.width());
    code.op(LOCAL_GET, n).i32(1).op(I32_SUB);
    function.teeLocal(n);
    code.i32(0).op(dice.pick(I32_NE, I32_GT_S, I32_GT_U)).op(BR_IF, 0);
    function.close();
    use(sum);
  }

  /** Keeps a local's last value where it will be seen. */
  private void use(int local) {
    int other = function.settable(function.localType(local));
    if (other >= 0) {
      code.op(LOCAL_GET, local);
      function.setLocal(other);
    }
  }
}
