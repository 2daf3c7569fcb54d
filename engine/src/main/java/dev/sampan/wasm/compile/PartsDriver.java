package dev.sampan.wasm.compile;

import java.util.Arrays;
import java.util.List;

/**
 * The method that is a divided function: it makes the frame, calls one part after the other, each
 * at the place where the one before it has left for, and returns the results.
 */
final class PartsDriver {

  /** A driver with so many cases, and with all that is done for arguments, is below the limit. */
  private static final int MAX_CASES = 300;

  /** Where the number of the callee begins in the number that says callee and entry. */
  private static final int CALLEE_SHIFT = 16;

  private final FunctionShape function;
  private final FrameVariables.Extent extent;
  private final boolean step;
  private final String name;
  private final List<Member> callees;
  private final int[] places;
  private final ClassWriter choice;

  /**
   * The driver of a function whose parts have been written.
   *
   * @param step whether the method takes its arguments from a tail call
   * @param places by their numbers, as {@link #place} makes them
   * @param choice a class of its own
   */
  PartsDriver(
      FunctionShape function,
      FrameVariables.Extent extent,
      boolean step,
      String name,
      List<Member> callees,
      int[] places,
      ClassWriter choice) {
    this.function = function;
    this.extent = extent;
    this.step = step;
    this.name = name;
    this.callees = callees;
    this.places = places;
    this.choice = choice;
  }

  /** A place as a number: what is called there, and the entry there. */
  static int place(int callee, int entry) {
    return callee << CALLEE_SHIFT | entry;
  }

  /**
   * Writes the method. Its local variables are the arguments, the instance, the frame's arrays, and
   * the place where to go on.
   */
  Code write(ConstantPool pool) {
    int[] own =
        step
            ? new int[] {VerificationType.object(pool.classInfo(TailCall.CLASS))}
            : CodeFrames.arguments(function, pool);
    int[] arguments = Arrays.copyOf(own, own.length + 1);
    arguments[own.length] = CodeFrames.instance(pool);
    int instance = step ? 1 : function.argumentSlots();
    Code code = new Code(pool, arguments, instance + 1);
    int numbers = instance + 1;
    int references = instance + 2;
    int at = instance + 3;

    boolean hasReferences = extent.references || step;
    // behind everything else a step keeps its chain, and in front of that exceptions wait
    int size = Math.max(extent.size, extent.homes + FunctionShape.slots(function.results)) + 2;
    code.pushInt(size);
    code.invokeStatic(Frames.NEW_NUMBERS);
    code.local(Jvm.ASTORE, numbers);
    code.pushInt(hasReferences ? size : 0);
    code.invokeStatic(Frames.NEW_REFERENCES);
    code.local(Jvm.ASTORE, references);
    int parameterSlots = FunctionShape.slots(function.parameters);
    if (step) {
      code.local(Jvm.ALOAD, 0);
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.pushInt(parameterSlots);
      code.invokeStatic(Frames.TAKE_CHAIN);
    } else if (function.wide) {
      code.local(Jvm.ALOAD, 0);
      code.local(Jvm.ALOAD, 1);
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.pushInt(parameterSlots);
      code.invokeStatic(Frames.COPY_IN);
    } else {
      ArrayPassing.fill(code, function, 0, numbers, references);
    }
    code.pushInt(0);
    code.local(Jvm.ISTORE, at);

    int[] locals = Arrays.copyOf(arguments, arguments.length + 3);
    locals[arguments.length] = VerificationType.object(pool.classInfo("[J"));
    locals[arguments.length + 1] =
        VerificationType.object(pool.classInfo("[" + FunctionShape.OBJECT));
    locals[arguments.length + 2] = VerificationType.INTEGER;
    Member field = writePlaces();
    Label head = new Label();
    code.bind(head, locals, locals.length);
    code.getStatic(field);
    code.local(Jvm.ILOAD, at);
    code.op(Jvm.IALOAD);
    code.local(Jvm.ISTORE, at);
    PartCall call = new PartCall(numbers, references, at, instance);
    callPart(code, locals, call, 0, callees.size());
    code.op(Jvm.DUP);
    code.local(Jvm.ISTORE, at);
    code.jump(Jvm.IFGE, head);

    finish(code, instance, numbers, references, at, locals);
    return code;
  }

  private void finish(Code code, int instance, int numbers, int references, int at, int[] locals) {
    int slots = FunctionShape.slots(function.results);
    if (step) {
      Label end = new Label();
      code.local(Jvm.ILOAD, at);
      code.pushInt(SplitFunction.TAIL_CALLED);
      code.jump(Jvm.IF_ICMPEQ, end);
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.pushInt(extent.homes);
      code.pushInt(slots);
      code.local(Jvm.ALOAD, 0);
      code.invokeStatic(Frames.LEAVE_CHAIN);
      code.bind(end, locals, locals.length);
      code.op(Jvm.RETURN);
      return;
    }
    code.local(Jvm.ALOAD, numbers);
    code.local(Jvm.ALOAD, references);
    if (function.wide) {
      code.pushInt(extent.homes);
      code.local(Jvm.ALOAD, 0);
      code.local(Jvm.ALOAD, 1);
      code.pushInt(slots);
      code.invokeStatic(Frames.COPY_OUT);
    } else {
      code.op(Jvm.POP2);
      if (slots > 1) {
        code.local(Jvm.ALOAD, numbers);
        code.local(Jvm.ALOAD, references);
        code.pushInt(extent.homes);
        code.pushInt(slots);
        code.local(Jvm.ALOAD, instance);
        code.invokeStatic(Frames.LEAVE);
      }
      if (slots > 0) {
        ArrayPassing.load(
            code, FunctionShape.kind(function.results[0]), extent.homes, numbers, references);
      }
    }
    code.op(function.returnOpcode());
  }

  /** Writes a field with the callee and the entry of each place. */
  private Member writePlaces() {
    Member field = new Member(choice.name, "places", "[I");
    choice.field(ClassWriter.STATIC | ClassWriter.FINAL, field.name, "[I");
    Code init = new Code(choice.pool, new int[0], 0);
    NumberTable.push(init, places);
    init.putStatic(field);
    init.op(Jvm.RETURN);
    choice.method(ClassWriter.STATIC, "<clinit>", "()V", init);
    return field;
  }

  /** The local variables with what parts are called with; the place is a part and its entry. */
  private record PartCall(int numbers, int references, int place, int instance) {}

  /**
   * Writes the choice of one of a range of parts, and its call. That stands in the driver itself,
   * as far as there is room: a method that did it would be too large to be inlined into it.
   */
  private void callPart(Code code, int[] locals, PartCall call, int from, int to) {
    int span = 1;
    while ((long) span * MAX_CASES < to - from) {
      span *= MAX_CASES;
    }
    code.local(Jvm.ALOAD, call.numbers);
    code.local(Jvm.ALOAD, call.references);
    code.local(Jvm.ILOAD, call.place);
    if (span == 1) {
      code.pushInt((1 << CALLEE_SHIFT) - 1);
      code.op(Jvm.IAND);
    }
    code.local(Jvm.ALOAD, call.instance);
    int[] stack = SplitFunction.partFrame(code.pool);
    code.local(Jvm.ILOAD, call.place);
    code.pushInt(CALLEE_SHIFT);
    code.op(Jvm.IUSHR);
    if (from > 0) {
      code.pushInt(from);
      code.op(Jvm.ISUB);
    }
    if (span > 1) {
      code.pushInt(span);
      code.op(Jvm.IDIV);
    }
    Label[] labels = new Label[(to - from + span - 1) / span];
    Arrays.setAll(labels, k -> new Label());
    code.tableSwitch(0, labels, labels[0]);
    Label called = new Label();
    for (int k = 0; k < labels.length; k++) {
      code.bind(labels[k], locals, locals.length, stack);
      int low = from + k * span;
      code.invokeStatic(span == 1 ? callees.get(low) : cases(low, Math.min(to, low + span)));
      code.jump(Jvm.GOTO, called);
    }
    code.bind(called, locals, locals.length, new int[] {VerificationType.INTEGER});
  }

  /** Writes a method that calls one of a range of parts. */
  private Member cases(int from, int to) {
    Code code = SplitFunction.partCode(choice);
    PartCall call =
        new PartCall(
            FrameVariables.NUMBERS,
            FrameVariables.REFERENCES,
            SplitFunction.ENTRY,
            SplitFunction.INSTANCE);
    callPart(code, SplitFunction.partFrame(choice.pool), call, from, to);
    code.op(Jvm.IRETURN);
    String method = MethodNames.part(name, "run" + from + "-" + to);
    choice.method(
        ClassWriter.PUBLIC | ClassWriter.STATIC, method, SplitFunction.PART_DESCRIPTOR, code);
    return new Member(choice.name, method, SplitFunction.PART_DESCRIPTOR);
  }
}
