package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a divided function as a method of its own, which has the locals that it uses in
 * local variables: it reads them from the frame when it begins, and where it is left it writes back
 * those that may have changed on the way there. What HotSpot keeps in registers is much faster than
 * what lies in an array.
 */
final class Region extends UnguardedFunction {

  private static final int INSTANCE = 3;
  private static final int MEMORY = 4;
  private static final int FIRST_LOCAL = 5;

  /**
   * A region that has been written.
   *
   * @param exits the places that it leaves for
   * @param fallsThrough whether the end is reached
   */
  record Written(Code code, List<Place> exits, boolean fallsThrough) {}

  private final Stretch stretch;
  private final WatchedVariables watched;
  private final FrameVariables inFrame;
  private final ToIntFunction<Place> numbers;
  private final int[] fixedFrame;

  /** What may have been changed when places are reached. */
  private final Map<Place, BitSet> arrivals = new LinkedHashMap<>();

  private final Map<Place, Label> exits = new LinkedHashMap<>();

  /** Whether what comes next is reached by branches only. */
  private boolean ended;

  private Region(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Stretch stretch,
      Emission emission,
      WatchedVariables watched,
      FrameVariables inFrame,
      ToIntFunction<Place> numbers,
      int[] fixedFrame) {
    super(shape, body, function, emission);
    this.stretch = stretch;
    this.watched = watched;
    this.inFrame = inFrame;
    this.numbers = numbers;
    this.fixedFrame = fixedFrame;
  }

  /**
   * Writes a stretch.
   *
   * @param frame the types of the method's arguments, which are those of a part
   * @param end the place that the method yields where its end is reached
   * @param numbers gives places outside of the stretch the numbers that the method yields for them
   * @return null if the code is too large, or the stretch ends in the midst of an expression
   */
  static @Nullable Written write(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Stretch stretch,
      Place end,
      ConstantPool pool,
      int[] frame,
      FrameVariables.Extent extent,
      int lineBase,
      ToIntFunction<Place> numbers) {
    int object = pool.classInfo("java/lang/Object");
    BitSet locals = stretch.locals();
    int[] slots = new int[body.locals.length];
    int[] fixed = Arrays.copyOf(frame, FIRST_LOCAL + 2 * locals.cardinality());
    int count = frame.length;
    fixed[count++] = VerificationType.object(pool.classInfo(Emission.MEMORY_CLASS));
    int next = FIRST_LOCAL;
    for (int k = locals.nextSetBit(0); k >= 0; k = locals.nextSetBit(k + 1)) {
      slots[k] = next;
      next += FunctionShape.javaSlots(extent.kinds[k]);
      for (int half = 0; half < TypeCode.slots(extent.kinds[k]); half++) {
        fixed[count++] = Variables.verificationType(extent.kinds[k], object);
      }
    }
    Code code = new Code(pool, frame, INSTANCE + 1);
    WatchedVariables watched =
        new WatchedVariables(new JavaVariables(code, extent.kinds, slots, next));
    Operands operands = new Operands(watched, code);
    Emission emission =
        new Emission(shape, body, code, watched, operands, INSTANCE, MEMORY, lineBase);
    Region region =
        new Region(
            shape,
            body,
            function,
            stretch,
            emission,
            watched,
            new FrameVariables(code, extent),
            numbers,
            Arrays.copyOf(fixed, count));
    return region.run(end);
  }

  private @Nullable Written run(Place end) {
    BitSet locals = stretch.locals();
    for (int k = locals.nextSetBit(0); k >= 0; k = locals.nextSetBit(k + 1)) {
      move(k, inFrame, watched);
    }
    watched.changed.clear();
    Emission.readMemory(e.code, INSTANCE, MEMORY);
    control = stretch.outer();
    if (stretch.paid()) {
      paidFor = stretch.from();
    }
    instructions(stretch.from(), stretch.to());
    boolean fallsThrough = !ended;
    if (fallsThrough) {
      numbers().settle();
      if (e.operands.height() > 0) {
        return null;
      }
      leaveFor(end);
    }
    e.operands.cut(0);
    for (Map.Entry<Place, Label> exit : exits.entrySet()) {
      Place place = exit.getKey();
      watched.changed = Objects.requireNonNull(arrivals.get(place));
      e.code.bind(exit.getValue(), fixedFrame, fixedFrame.length);
      leaveFor(behindTail(place));
    }
    return e.code.size() > MethodSize.WHOLE
        ? null
        : new Written(e.code, List.copyOf(left), fallsThrough);
  }

  /** Writes the tail behind a block, if it has one; yields where the function goes on then. */
  private Place behindTail(Place place) {
    Tail tail = place.block == null ? null : Tail.behind(body, place.block);
    if (tail == null) {
      return place;
    }
    writeTail(tail);
    return tail.target().label;
  }

  private final List<Place> left = new ArrayList<>();

  private void leaveFor(Place place) {
    BitSet changed = watched.changed;
    for (int k = changed.nextSetBit(0); k >= 0; k = changed.nextSetBit(k + 1)) {
      move(k, watched, inFrame);
    }
    if (!left.contains(place)) {
      left.add(place);
    }
    e.code.pushInt(numbers.applyAsInt(place));
    e.code.op(Jvm.IRETURN);
  }

  private void move(int local, Variables from, Variables to) {
    if (body.locals[local] == TypeCode.V128) {
      for (int half = 0; half < 2; half++) {
        from.getHalf(local, half);
        to.setHalf(local, half);
      }
    } else {
      from.get(local);
      to.set(local);
    }
  }

  // ---- labels ----

  @Override
  Label target(Place place) {
    arrivals.computeIfAbsent(place, key -> new BitSet()).or(watched.changed);
    return place.owner == this ? place.label : exits.computeIfAbsent(place, key -> new Label());
  }

  @Override
  void bind(Place place) {
    BitSet arrived = arrivals.getOrDefault(place, new BitSet());
    if (ended) {
      watched.changed = (BitSet) arrived.clone();
    } else {
      watched.changed.or(arrived);
    }
    bind(place.label);
  }

  @Override
  void bind(Label label) {
    ended = false;
    int[] frame =
        CodeFrames.withHomes(
            fixedFrame, fixedFrame.length, e.operands::kind, e.operands.height(), e.code.pool);
    e.code.bind(label, frame, frame.length);
  }

  @Override
  void loopHead(int i, Control block) {
    // whatever any round changes
    Stretch.written(body, i, body.first[i], watched.changed);
    super.loopHead(i, block);
  }

  @Override
  @Nullable CountedLoop counted(int loop) {
    return Transformations.COUNTED_LOOPS.enabled() ? CountedLoop.of(body, loop) : null;
  }

  @Override
  void afterInstruction(int i) {
    ended = !goesOn(body.opcode(i));
  }

  // ---- the end ----

  @Override
  void returnFromFunction() {
    int count = function.results.length;
    int first = e.operands.height() - count;
    e.operands.settleTop(count);
    int home = 0;
    for (int k = first; k < first + count; k++) {
      int kind = e.operands.kind(k);
      if (kind == TypeCode.V128) {
        for (int half = 0; half < 2; half++) {
          e.operands.half(k, half);
          inFrame.storeHalf(home, half);
        }
      } else {
        e.operands.copy(k);
        inFrame.store(kind, home);
      }
      home += TypeCode.slots(kind);
    }
    e.code.pushInt(SplitFunction.DONE);
    e.code.op(Jvm.IRETURN);
  }
}
