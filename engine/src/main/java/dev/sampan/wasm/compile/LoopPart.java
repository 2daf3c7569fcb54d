package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A loop of a divided function as a method of its own, which has the locals that the loop uses in
 * local variables: it reads them from the frame when it begins, and writes those it changes back
 * when it is left. Time is spent in loops, and what HotSpot keeps in registers is much faster than
 * what lies in an array.
 */
final class LoopPart extends UnguardedFunction {

  static final String DESCRIPTOR = "([J[" + FunctionShape.OBJECT + FunctionShape.INSTANCE + ")I";

  /** What the method yields when the loop's end is reached. */
  static final int FELL_THROUGH = -3;

  /** Loops with more instructions are not tried: they would not fit a method. */
  private static final int MAX_INSTRUCTIONS = 4_000;

  private static final int MAX_LOCALS = 100;
  private static final int INSTANCE = 2;
  private static final int MEMORY = 3;
  private static final int RESULT = 4;
  private static final int FIRST_LOCAL = 5;

  private final FrameVariables frameVariables;
  private final BitSet written;
  private final ToIntFunction<Place> numbers;
  private final Map<Place, Label> exits = new LinkedHashMap<>();
  private final int[] fixedFrame;

  private LoopPart(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Emission emission,
      FrameVariables frameVariables,
      BitSet written,
      ToIntFunction<Place> numbers,
      int[] fixedFrame) {
    super(shape, body, function, emission);
    this.frameVariables = frameVariables;
    this.written = written;
    this.numbers = numbers;
    this.fixedFrame = fixedFrame;
  }

  /**
   * Writes a loop, if it can be a method.
   *
   * @param outer the block around it
   * @param numbers gives places outside of the loop the numbers that the method yields for them
   * @return the code, or null
   */
  static @Nullable Code write(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Control outer,
      int loop,
      ConstantPool pool,
      FrameVariables.Extent extent,
      int lineBase,
      ToIntFunction<Place> numbers) {
    int end = body.first[loop];
    if (!isFit(shape, body, outer, loop, end)) {
      return null;
    }
    BitSet used = new BitSet();
    BitSet written = new BitSet();
    for (int i = loop; i < end; i++) {
      switch (body.opcode(i)) {
        case LOCAL_SET, LOCAL_TEE -> {
          used.set(body.first[i]);
          written.set(body.first[i]);
        }
        case LOCAL_GET -> used.set(body.first[i]);
        default -> {}
      }
    }
    if (used.cardinality() > MAX_LOCALS) {
      return null;
    }
    int object = pool.classInfo("java/lang/Object");
    int[] slots = new int[body.locals.length];
    int[] fixed = new int[FIRST_LOCAL + 2 * used.cardinality()];
    int count = 0;
    fixed[count++] = VerificationType.object(pool.classInfo("[J"));
    fixed[count++] = VerificationType.object(pool.classInfo("[" + FunctionShape.OBJECT));
    fixed[count++] = CodeFrames.instance(pool);
    int[] arguments = Arrays.copyOf(fixed, count);
    fixed[count++] = VerificationType.object(pool.classInfo(Emission.MEMORY_CLASS));
    fixed[count++] = VerificationType.INTEGER;
    int next = FIRST_LOCAL;
    for (int k = used.nextSetBit(0); k >= 0; k = used.nextSetBit(k + 1)) {
      slots[k] = next;
      next += FunctionShape.javaSlots(extent.kinds[k]);
      for (int half = 0; half < TypeCode.slots(extent.kinds[k]); half++) {
        fixed[count++] = Variables.verificationType(extent.kinds[k], object);
      }
    }
    Code code = new Code(pool, arguments, INSTANCE + 1);
    JavaVariables variables = new JavaVariables(code, extent.kinds, slots, next);
    Operands operands = new Operands(variables, code);
    Emission emission =
        new Emission(shape, body, code, variables, operands, INSTANCE, MEMORY, lineBase);
    LoopPart part =
        new LoopPart(
            shape,
            body,
            function,
            emission,
            new FrameVariables(code, extent),
            written,
            numbers,
            Arrays.copyOf(fixed, count));
    part.run(outer, loop, used);
    return code.size() <= MethodSize.WHOLE ? code : null;
  }

  private static boolean isFit(ModuleShape shape, Body body, Control outer, int loop, int end) {
    Body.BlockTypes types = body.blockTypes(loop);
    if (end - loop > MAX_INSTRUCTIONS
        || types.parameters().length + types.results().length > 0
        || outer.handler != null) {
      return false;
    }
    int depth = 0;
    for (int i = loop; i < end; i++) {
      switch (body.opcode(i).kind()) {
        case BLOCK, LOOP, IF -> depth++;
        case END -> depth--;
        case TRY_TABLE, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
          return false;
        }
        case CALL -> {
          if (shape.ofFunction(body.first[i]).wide) {
            return false;
          }
        }
        case CALL_INDIRECT, CALL_REF -> {
          if (shape.ofType(body.first[i]).wide) {
            return false;
          }
        }
        case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL -> {
          if (carriesOut(outer, body.first[i] - depth, body.opcode(i))) {
            return false;
          }
        }
        case BR_TABLE -> {
          for (int label : body.labels(i)) {
            if (carriesOut(outer, label - depth, Opcode.BR_TABLE)) {
              return false;
            }
          }
        }
        default -> {}
      }
    }
    return true;
  }

  /** Whether a branch takes operands out of the loop; a plain return may. */
  private static boolean carriesOut(Control outer, int depth, Opcode opcode) {
    if (depth < 0) {
      return false;
    }
    Control block = outer;
    for (int k = 0; k < depth && block.outer != null; k++) {
      block = block.outer;
    }
    boolean returns = opcode == Opcode.BR && block.outer == null && block.results.length <= 1;
    return block.labelTypes().length > 0 && !returns;
  }

  private void run(Control outer, int loop, BitSet used) {
    for (int k = used.nextSetBit(0); k >= 0; k = used.nextSetBit(k + 1)) {
      if (body.locals[k] == TypeCode.V128) {
        for (int half = 0; half < 2; half++) {
          frameVariables.getHalf(k, half);
          e.variables.setHalf(k, half);
        }
      } else {
        frameVariables.get(k);
        e.variables.set(k);
      }
    }
    Emission.readMemory(e.code, INSTANCE, MEMORY);
    e.code.pushInt(0);
    e.code.local(Jvm.ISTORE, RESULT);
    control = outer;
    paidFor = loop;
    instructions(loop, body.first[loop] + 1);
    Label epilogue = new Label();
    e.code.pushInt(FELL_THROUGH);
    e.code.local(Jvm.ISTORE, RESULT);
    e.code.jump(Jvm.GOTO, epilogue);
    for (Map.Entry<Place, Label> exit : exits.entrySet()) {
      e.code.bind(exit.getValue(), fixedFrame, fixedFrame.length);
      e.code.pushInt(numbers.applyAsInt(exit.getKey()));
      e.code.local(Jvm.ISTORE, RESULT);
      e.code.jump(Jvm.GOTO, epilogue);
    }
    e.code.bind(epilogue, fixedFrame, fixedFrame.length);
    for (int k = written.nextSetBit(0); k >= 0; k = written.nextSetBit(k + 1)) {
      if (body.locals[k] == TypeCode.V128) {
        for (int half = 0; half < 2; half++) {
          e.variables.getHalf(k, half);
          frameVariables.setHalf(k, half);
        }
      } else {
        e.variables.get(k);
        frameVariables.set(k);
      }
    }
    e.code.local(Jvm.ILOAD, RESULT);
    e.code.op(Jvm.IRETURN);
  }

  // ---- labels ----

  @Override
  Label target(Place place) {
    return place.owner == this ? place.label : exits.computeIfAbsent(place, key -> new Label());
  }

  @Override
  void bind(Label label) {
    int[] frame =
        CodeFrames.withHomes(
            fixedFrame, fixedFrame.length, e.operands::kind, e.operands.height(), e.code.pool);
    e.code.bind(label, frame, frame.length);
  }

  @Override
  @Nullable CountedLoop counted(int loop) {
    return Transformations.COUNTED_LOOPS.enabled() ? CountedLoop.of(body, loop) : null;
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
          frameVariables.storeHalf(home, half);
        }
      } else {
        e.operands.copy(k);
        frameVariables.store(kind, home);
      }
      home += TypeCode.slots(kind);
    }
    e.code.pushInt(SplitFunction.DONE);
    e.code.op(Jvm.IRETURN);
  }
}
