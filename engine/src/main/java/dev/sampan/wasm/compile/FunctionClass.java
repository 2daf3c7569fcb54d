package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.valid.FunctionValidator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the class with a group of functions, and the classes with the parts of those that are too
 * large for one method.
 */
final class FunctionClass {

  /** The part of a function that is a step of a tail call. */
  private static final String STEP = "tail";

  private static final String STEP_DESCRIPTOR =
      "(L" + TailCall.CLASS + ";" + FunctionShape.INSTANCE + ")V";
  private static final Member RUN_TAIL =
      Member.of(
          TailCall.class,
          "run",
          "([J[" + FunctionShape.OBJECT + "I" + FunctionShape.INSTANCE + ")V");
  private static final Member LEAVE_RESULTS =
      Member.of(
          CallSupport.class,
          "leaveResults",
          "([J[" + FunctionShape.OBJECT + "I" + FunctionShape.INSTANCE + ")V");

  private final ModuleShape shape;
  private final int group;
  private final FunctionValidator validator;
  private final Body body;
  private final BitSet steps;
  private final Map<String, byte[]> classes;
  private final ClassWriter out;
  private final int lineBase;

  /** What is behind a class's name in those of the classes with parts of its functions. */
  private static final char PARTS = 'p';

  private int parts;

  private FunctionClass(
      ModuleShape shape,
      int group,
      FunctionValidator validator,
      Body body,
      BitSet steps,
      Map<String, byte[]> classes) {
    this.shape = shape;
    this.group = group;
    this.validator = validator;
    this.body = body;
    this.steps = steps;
    this.classes = classes;
    this.lineBase = shape.definition().code().get(shape.groupStart(group)).start();
    this.out = newClass(ModuleShape.FUNCTIONS + group, lineBase);
  }

  private ClassWriter newClass(String name, int base) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, "java/lang/Object");
    writer.sourceFile(StackFrames.fileName(shape.module().name(), base));
    return writer;
  }

  /**
   * Writes a group of functions.
   *
   * @param steps takes the functions that are steps of tail calls, imports counted
   * @param classes takes the classes, by their names with slashes
   */
  static void write(
      ModuleShape shape,
      int group,
      FunctionValidator validator,
      Body body,
      BitSet steps,
      Map<String, byte[]> classes) {
    FunctionClass writer = new FunctionClass(shape, group, validator, body, steps, classes);
    for (int i = shape.groupStart(group); i < shape.groupStart(group + 1); i++) {
      writer.function(i);
    }
    classes.put(writer.out.name, writer.out.toBytes());
  }

  private void function(int defined) {
    ModuleDefinition definition = shape.definition();
    int index = definition.importedFunctions() + defined;
    body.function = index;
    try {
      validator.function(defined, shape.sink(body));
      FunctionShape function = shape.ofFunction(index);
      Member member = shape.member(index);
      Code whole = whole(function, body.callsOthersLast());
      boolean step = whole == null ? body.hasTailCalls() : body.callsOthersLast();
      String name = step ? MethodNames.part(member.name, STEP) : member.name;
      Code code = whole == null ? split(function, name, step) : whole;
      int access = ClassWriter.PUBLIC | ClassWriter.STATIC;
      out.method(access, name, step ? STEP_DESCRIPTOR : member.descriptor, code);
      if (step) {
        steps.set(index);
        out.method(access, member.name, member.descriptor, chain(function, index));
      }
    } catch (IndexOutOfBoundsException | NullPointerException | ClassCastException e) {
      throw new AssertionError(
          shape.module()
              + ", "
              + shape.module().functionName(index)
              + ", in the code at 0x"
              + Integer.toHexString(definition.code().get(defined).start())
              + " cannot be compiled; please report",
          e);
    }
  }

  /** The function as one method, or null if it is too large. */
  private @Nullable Code whole(FunctionShape function, boolean step) {
    if (function.wide || body.locals.length > WholeFunction.MAX_LOCALS || needsFrame()) {
      return null;
    }
    BitSet loops = VectorLoops.of(body);
    Code code = WholeFunction.write(shape, body, function, out.pool, lineBase, step, loops);
    if (code.size() > MethodSize.WHOLE && !loops.isEmpty()) {
      loops.clear();
      code = WholeFunction.write(shape, body, function, out.pool, lineBase, step, loops);
    }
    return code.size() <= MethodSize.WHOLE ? code : null;
  }

  /** A switch over more labels is too large for a method by itself. */
  private static final int MAX_LABELS = 1_500;

  /** Each handler guards what those in it guard, too. */
  private static final int MAX_TRIES = 50;

  /** Whether an instruction has more operands or labels than a method can do with. */
  private boolean needsFrame() {
    if (body.tryDepth() > MAX_TRIES) {
      return true;
    }
    for (int i = 0; i < body.count(); i++) {
      int first = body.first[i];
      boolean many =
          switch (body.opcode(i)) {
            case CALL -> shape.ofFunction(first).wide;
            case CALL_INDIRECT, CALL_REF -> shape.ofType(first).wide;
            case BR_TABLE -> body.labels(i).length > MAX_LABELS;
            case STRUCT_NEW -> AggregateMembers.structOf(shape.type(first)).isEmpty();
            default -> false;
          };
      if (many) {
        return true;
      }
    }
    return false;
  }

  private Code split(FunctionShape function, String name, boolean step) {
    int start = body.offsets[0];
    List<ClassWriter> made = new ArrayList<>();
    Code driver =
        SplitFunction.write(
            shape,
            body,
            function,
            out.pool,
            base -> {
              ClassWriter next = newClass(out.name + PARTS + parts++, base);
              made.add(next);
              return next;
            },
            name,
            start,
            step);
    for (ClassWriter each : made) {
      classes.put(each.name, each.toBytes());
    }
    return driver;
  }

  /** The method that begins a chain of tail calls. */
  private Code chain(FunctionShape function, int index) {
    int instance = function.argumentSlots();
    int[] arguments = CodeFrames.arguments(function, out.pool);
    Code code = new Code(out.pool, arguments, instance + 1);
    int numbers = function.wide ? 0 : instance + 1;
    int references = function.wide ? 1 : instance + 2;
    int resultSlots = FunctionShape.slots(function.results);
    if (!function.wide) {
      int slots = Math.max(FunctionShape.slots(function.parameters), resultSlots);
      ArrayPassing.pack(code, function, 0, slots, numbers, references);
    }
    code.local(Jvm.ALOAD, numbers);
    code.local(Jvm.ALOAD, references);
    code.pushInt(index);
    code.local(Jvm.ALOAD, instance);
    code.invokeStatic(RUN_TAIL);
    if (!function.wide) {
      if (resultSlots > 1) {
        code.local(Jvm.ALOAD, numbers);
        code.local(Jvm.ALOAD, references);
        code.pushInt(resultSlots);
        code.local(Jvm.ALOAD, instance);
        code.invokeStatic(LEAVE_RESULTS);
      }
      ArrayPassing.firstResult(code, function, numbers, references);
    }
    code.op(function.returnOpcode());
    return code;
  }

  // ---- the class that calls with arrays ----

  static final String ADAPTORS = "wasm/A";
  static final String INVOKE_DESCRIPTOR =
      "([J[" + FunctionShape.OBJECT + FunctionShape.INSTANCE + ")V";
  private static final Member TAKE_RESULTS =
      Member.of(
          CallSupport.class,
          "takeResults",
          "(" + FunctionShape.INSTANCE + "[J[" + FunctionShape.OBJECT + "I)V");

  /** Writes the methods that call the functions of a group with arguments in arrays. */
  static byte[] writeAdaptors(ModuleShape shape, int group, BitSet steps) {
    ClassWriter out =
        new ClassWriter(
            ClassWriter.PUBLIC | ClassWriter.FINAL, ADAPTORS + group, "java/lang/Object");
    int imported = shape.importedFunctions();
    int access = ClassWriter.PUBLIC | ClassWriter.STATIC;
    int[] frame = {};
    for (int i = shape.groupStart(group); i < shape.groupStart(group + 1); i++) {
      int index = imported + i;
      FunctionShape function = shape.ofFunction(index);
      Code invoke = new Code(out.pool, frame, 3);
      adapt(invoke, shape, function, index, 0, 1, 2);
      out.method(access, "a" + index, INVOKE_DESCRIPTOR, invoke);
      Code step = new Code(out.pool, frame, 2);
      if (steps.get(index)) {
        Member member = shape.member(index);
        step.local(Jvm.ALOAD, 0);
        step.local(Jvm.ALOAD, 1);
        step.invokeStatic(
            new Member(member.owner, MethodNames.part(member.name, STEP), STEP_DESCRIPTOR));
        step.op(Jvm.RETURN);
      } else {
        TailCall.arrays(step, 0, 2, 3);
        adapt(step, shape, function, index, 2, 3, 1);
      }
      out.method(access, "t" + index, STEP_DESCRIPTOR, step);
    }
    return out.toBytes();
  }

  private static void adapt(
      Code code,
      ModuleShape shape,
      FunctionShape function,
      int index,
      int numbers,
      int references,
      int instance) {
    if (function.wide) {
      code.local(Jvm.ALOAD, numbers);
      code.local(Jvm.ALOAD, references);
      code.local(Jvm.ALOAD, instance);
      code.invokeStatic(shape.member(index));
    } else {
      ArrayPassing.unpack(code, function, numbers, references);
      code.local(Jvm.ALOAD, instance);
      code.invokeStatic(shape.member(index));
      ArrayPassing.storeFirstResult(code, function, numbers, references, 4);
      int resultSlots = FunctionShape.slots(function.results);
      if (resultSlots > 1) {
        code.local(Jvm.ALOAD, instance);
        code.local(Jvm.ALOAD, numbers);
        code.local(Jvm.ALOAD, references);
        code.pushInt(resultSlots);
        code.invokeStatic(TAKE_RESULTS);
      }
    }
    code.op(Jvm.RETURN);
  }
}
