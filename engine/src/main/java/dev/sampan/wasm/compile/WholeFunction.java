package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function as one method: locals and homes are local variables of the method. Only for functions
 * that are small enough; the size is known when the code is written.
 */
final class WholeFunction extends FunctionCompiler {

  /** More locals than this are not even tried, as setting them to zero would fill the method. */
  static final int MAX_LOCALS = 1_000;

  private final int[] fixedFrame;
  private final int fixedCount;
  private final int parameterFrame;
  private final Label start = new Label();
  private final int instanceSlot;
  private final int memorySlot;
  private final int[] slots;

  /** Whether the function is the step of a tail call: it has its arguments from an array. */
  private final boolean step;

  /** The loops that may go on in a second version, with vectors. */
  private final BitSet vectorLoops;

  private WholeFunction(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      Emission emission,
      Layout layout,
      boolean step,
      BitSet vectorLoops) {
    super(shape, body, function, emission);
    this.fixedFrame = layout.frame;
    this.fixedCount = layout.count;
    this.parameterFrame = layout.parameters;
    this.instanceSlot = layout.instanceSlot;
    this.memorySlot = layout.memorySlot;
    this.slots = layout.slots;
    this.step = step;
    this.vectorLoops = vectorLoops;
  }

  /** Which local variable everything has. */
  private record Layout(
      int[] slots,
      int instanceSlot,
      int memorySlot,
      int homes,
      int[] frame,
      int count,
      int parameters) {

    static Layout of(Body body, FunctionShape function, ConstantPool pool, boolean step) {
      int object = pool.classInfo("java/lang/Object");
      int locals = body.locals.length;
      int[] slots = new int[locals];
      int[] frame = new int[2 * locals + 3];
      int count = 0;
      int next = 0;
      int instance = 0;
      int parameters = 0;
      if (step) {
        frame[count++] = VerificationType.object(pool.classInfo(TailCall.CLASS));
        frame[count++] = CodeFrames.instance(pool);
        instance = 1;
        next = 2;
        parameters = count;
      }
      for (int k = 0; k < locals; k++) {
        if (!step && k == body.parameters) {
          instance = next++;
          frame[count++] = CodeFrames.instance(pool);
          parameters = count;
        }
        int kind = FunctionShape.kind(body.locals[k]);
        slots[k] = next;
        next += FunctionShape.javaSlots(kind);
        for (int half = 0; half < TypeCode.slots(kind); half++) {
          frame[count++] = Variables.verificationType(kind, object);
        }
      }
      if (!step && locals == body.parameters) {
        instance = next++;
        frame[count++] = CodeFrames.instance(pool);
        parameters = count;
      }
      int memory = -1;
      if (usesMemory(body)) {
        memory = next++;
        frame[count++] = VerificationType.object(pool.classInfo(Emission.MEMORY_CLASS));
      }
      return new Layout(slots, instance, memory, next, frame, count, parameters);
    }

    private static boolean usesMemory(Body body) {
      for (int i = 0; i < body.count(); i++) {
        Kind kind = body.opcode(i).kind();
        if (kind == Kind.LOAD
            || kind == Kind.STORE
            || kind == Kind.LOAD_LANE
            || kind == Kind.STORE_LANE) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Writes a function.
   *
   * @param lineBase the place in the module that the class's lines count from
   * @param step whether the method takes its arguments from a tail call
   * @param vectorLoops the loops that have a second version
   * @return the code, whatever its size
   */
  static Code write(
      ModuleShape shape,
      Body body,
      FunctionShape function,
      ConstantPool pool,
      int lineBase,
      boolean step,
      BitSet vectorLoops) {
    Layout layout = Layout.of(body, function, pool, step);
    int[] arguments = Arrays.copyOf(layout.frame, layout.parameters);
    int argumentSlots = step ? 2 : function.argumentSlots() + 1;
    Code code = new Code(pool, arguments, argumentSlots);
    int[] kinds = body.kinds();
    Variables variables = new JavaVariables(code, kinds, layout.slots, layout.homes);
    Operands operands = new Operands(variables, code);
    Emission emission =
        new Emission(
            shape,
            body,
            code,
            variables,
            operands,
            layout.instanceSlot,
            layout.memorySlot,
            lineBase);
    WholeFunction writer =
        new WholeFunction(shape, body, function, emission, layout, step, vectorLoops);
    writer.run(kinds);
    return code;
  }

  private void run(int[] kinds) {
    if (callsItselfLast()) {
      e.code.bind(start, fixedFrame, parameterFrame);
    }
    if (step) {
      TailCall.takeArguments(e.code, function, slots, 0);
    }
    for (int k = body.parameters; k < kinds.length; k++) {
      clear(kinds[k], slots[k]);
    }
    if (memorySlot >= 0) {
      Emission.readMemory(e.code, instanceSlot, memorySlot);
    }
    open();
    begin();
    instructions(0, body.count());
    writeHandlers();
  }

  private void clear(int kind, int slot) {
    switch (kind) {
      case TypeCode.I32 -> e.code.pushInt(0);
      case TypeCode.F32 -> e.code.pushFloat(0);
      case TypeCode.F64 -> e.code.pushDouble(0);
      case TypeCode.I64, TypeCode.V128 -> e.code.pushLong(0);
      default -> e.code.op(Jvm.ACONST_NULL);
    }
    e.code.local(FunctionShape.storeOpcode(kind), slot);
    if (kind == TypeCode.V128) {
      e.code.pushLong(0);
      e.code.local(Jvm.LSTORE, slot + 2);
    }
  }

  private boolean callsItselfLast() {
    for (int i = 0; i < body.count(); i++) {
      if (isSelf(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an instruction is a tail call of the function itself. */
  private boolean isSelf(int i) {
    return !step && body.isTailCallOf(i, body.function);
  }

  // ---- labels ----

  @Override
  Label target(Place place) {
    return place.label;
  }

  @Override
  void bind(Place place) {
    bind(place.label);
  }

  @Override
  void bind(Label label) {
    int[] frame = frame();
    e.code.bind(label, frame, frame.length);
  }

  @Override
  boolean isUsed(Place place) {
    return place.label.used;
  }

  @Override
  boolean leaveThroughTable(Control[] blocks, int count) {
    return false;
  }

  /** The frame with the operands at home. */
  private int[] frame() {
    return frame(e.operands::kind, e.operands.height());
  }

  private int[] frame(IntUnaryOperator kinds, int height) {
    return CodeFrames.withHomes(fixedFrame, fixedCount, kinds, height, e.code.pool);
  }

  @Override
  void bindHandler(Label label, Control.Handler handler) {
    int[] frame = frame(k -> handler.below[k], handler.below.length);
    int exception = VerificationType.object(e.code.pool.classInfo(Exceptions.GUEST_EXCEPTION));
    e.code.bind(label, frame, frame.length, new int[] {exception});
  }

  @Override
  void afterInstruction(int i) {}

  @Override
  @Nullable CountedLoop counted(int loop) {
    return Transformations.COUNTED_LOOPS.enabled() && !VectorLoops.within(body, loop, vectorLoops)
        ? CountedLoop.of(body, loop)
        : null;
  }

  @Override
  boolean unrolls(Control block, int branch) {
    return Transformations.SMALL_LOOPS.enabled()
        && SmallLoop.is(body, block.start, branch)
        && !VectorLoops.within(body, block.start, vectorLoops);
  }

  @Override
  void loopHead(int i, Control block) {
    super.loopHead(i, block);
    if (vectorLoops.get(i) && body.isTarget(i) && block.parameters.length == 0) {
      VectorSwitch.write(e, function, i, this::bindAbove);
    }
  }

  /** Says that a label is here, with values on the Java virtual machine's operand stack. */
  private void bindAbove(Label label, int[] stack) {
    int[] frame = frame();
    e.code.bind(label, frame, frame.length, stack);
  }

  // ---- handlers ----

  /** Handlers whose dispatch is still to be written. */
  private final List<Control.Handler> handlers = new ArrayList<>();

  private final List<int[]> guardedRanges = new ArrayList<>();
  private final List<Control.Handler> guardedBy = new ArrayList<>();

  @Override
  void openHandler(Control.Handler handler) {
    handler.start = e.code.size();
    handlers.add(handler);
  }

  @Override
  void closeHandler(Control.Handler handler) {
    guardedRanges.add(new int[] {handler.start, e.code.size()});
    guardedBy.add(handler);
  }

  private Control.@Nullable Handler innermost() {
    return control == null ? null : control.handler;
  }

  @Override
  void pauseHandlers() {
    for (Control.Handler h = innermost(); h != null; h = h.outer) {
      closeHandler(h);
    }
  }

  @Override
  void resumeHandlers() {
    for (Control.Handler h = innermost(); h != null; h = h.outer) {
      h.start = e.code.size();
    }
  }

  @Override
  void passOn(Control.Handler outer) {
    e.code.jump(Jvm.GOTO, outer.dispatch);
  }

  /**
   * Writes what the handlers do, behind all other code; inner ones first, so that they pass an
   * exception on, which is on the operand stack, by a jump forward: HotSpot takes one backward for
   * a loop.
   */
  private void writeHandlers() {
    for (Control.Handler handler : handlers.reversed()) {
      if (handler.needed) {
        bindHandler(handler.entry, handler);
        if (handler.dispatch.used) {
          e.code.op(Jvm.NOP);
          bindHandler(handler.dispatch, handler);
        }
        dispatch(handler);
      }
    }
    for (int k = 0; k < guardedBy.size(); k++) {
      Control.Handler handler = guardedBy.get(k);
      if (handler.needed) {
        int[] range = guardedRanges.get(k);
        e.code.handler(range[0], range[1], handler.entry, Exceptions.GUEST_EXCEPTION);
      }
    }
  }

  // ---- the end ----

  @Override
  void returnFromFunction() {
    if (step) {
      TailCall.leaveResults(e, function, 0);
      e.code.op(Jvm.RETURN);
    } else {
      calls().returnResults(function);
    }
  }

  @Override
  void tailCall(int i, Opcode opcode) {
    if (isSelf(i)) {
      int count = function.parameters.length;
      if (e.operands.hasVector(count)) {
        e.operands.settleTop(count);
        int first = e.operands.height() - count;
        for (int k = 0; k < count; k++) {
          e.operands.copy(first + k);
        }
        for (int k = count - 1; k >= 0; k--) {
          storeParameter(k);
        }
        e.operands.popStacked(count);
      } else {
        e.operands.load(count);
        for (int k = count - 1; k >= 0; k--) {
          storeParameter(k);
        }
        e.operands.popStacked(count);
      }
      e.code.jump(Jvm.GOTO, start);
      return;
    }
    TailCall.leave(e, i, calls().typeOf(i), 0);
    e.code.op(Jvm.RETURN);
  }

  private void storeParameter(int k) {
    int kind = FunctionShape.kind(function.parameters[k]);
    if (kind == TypeCode.V128) {
      e.code.local(Jvm.LSTORE, slots[k] + 2);
      e.code.local(Jvm.LSTORE, slots[k]);
    } else {
      e.variables.set(k);
    }
  }
}
