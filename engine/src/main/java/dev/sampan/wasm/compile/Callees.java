package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.FuncInstance;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/** Makes the classes below {@link Callee} that modules share. */
final class Callees {

  static final String CALLEE_CLASS = Member.internalName(Callee.class);
  private static final String FUNCTION = "L" + Member.internalName(FuncInstance.class) + ";";
  private static final String CONSTRUCTOR = "(" + FUNCTION + ")V";
  private static final String ARRAYS = "[J[" + FunctionShape.OBJECT;
  private static final String PREFIX = GeneratedLoader.PREFIX.replace('.', '/') + "Callee$";
  private static final String ARRAYS_SUFFIX = "$Arrays";
  private static final Member SUPER = new Member(CALLEE_CLASS, "<init>", CONSTRUCTOR);
  private static final Member FUNCTION_FIELD = new Member(CALLEE_CLASS, "function", FUNCTION);
  private static final Member INVOKE =
      new Member(CALLEE_CLASS, "invoke", "(" + FUNCTION + ARRAYS + FunctionShape.INSTANCE + ")V");
  private static final Member LEAVE_RESULTS =
      Member.of(
          CallSupport.class, "leaveResults", "(" + ARRAYS + "I" + FunctionShape.INSTANCE + ")V");

  private static final WeakClasses CLASSES = new WeakClasses();

  private Callees() {}

  /** The class, with slashes, that functions of a shape are called through. */
  static String name(FunctionShape shape) {
    return PREFIX + mangled(shape);
  }

  private static String mangled(FunctionShape shape) {
    String text = (shape.arguments + "$" + shape.result).replace(FunctionShape.OBJECT, "A");
    return text.replace('[', '_');
  }

  /** The method to call. */
  static Member method(FunctionShape shape) {
    return new Member(name(shape), "call", shape.descriptor);
  }

  /** The class that functions of a shape are called through. */
  static Class<?> classOf(FunctionShape shape) {
    String name = name(shape);
    return CLASSES.get(name.replace('/', '.'), () -> write(name, shape));
  }

  private static byte[] write(String name, FunctionShape shape) {
    ClassWriter out =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.ABSTRACT, name, CALLEE_CLASS);
    constructor(out, CALLEE_CLASS);
    out.abstractMethod(ClassWriter.PUBLIC, "call", shape.descriptor);
    return out.toBytes();
  }

  private static void constructor(ClassWriter out, String superName) {
    int self = VerificationType.object(out.pool.classInfo(out.name));
    Code code = new Code(out.pool, new int[] {self}, 2);
    code.local(Jvm.ALOAD, 0);
    code.local(Jvm.ALOAD, 1);
    code.invokeSpecial(
        superName.equals(CALLEE_CLASS) ? SUPER : new Member(superName, "<init>", CONSTRUCTOR));
    code.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC, "<init>", CONSTRUCTOR, code);
  }

  // ---- functions that take arrays ----

  /** What a function is called through whose arguments travel in arrays. */
  static Callee throughArrays(FuncInstance function) {
    CalleeType type = CalleeType.of(function.definition());
    MethodHandle maker = type.throughArrays;
    if (maker == null) {
      maker = throughArrays(type.shape);
      type.throughArrays = maker;
    }
    try {
      return (Callee) maker.invokeExact(function);
    } catch (Throwable e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  private static MethodHandle throughArrays(FunctionShape shape) {
    String name = name(shape);
    Class<?> parent = classOf(shape);
    String own = name + ARRAYS_SUFFIX;
    // results take room by their number of slots, which the descriptor does not tell
    int slots = FunctionShape.slots(shape.results);
    String distinct = slots > 1 ? own + slots : own;
    Class<?> type =
        CLASSES.get(distinct.replace('/', '.'), () -> writeArrays(distinct, name, shape), parent);
    try {
      return MethodHandles.lookup()
          .findConstructor(type, MethodType.methodType(void.class, FuncInstance.class))
          .asType(MethodType.methodType(Callee.class, FuncInstance.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  /** The shape of functions of a closed type. */
  static FunctionShape shapeOf(FuncType type) {
    return new FunctionShape(codes(type.parameters()), codes(type.results()));
  }

  private static int[] codes(List<ValType> types) {
    int[] codes = new int[types.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          switch (types.get(i)) {
            case NumType num ->
                switch (num) {
                  case I32 -> TypeCode.I32;
                  case I64 -> TypeCode.I64;
                  case F32 -> TypeCode.F32;
                  case F64 -> TypeCode.F64;
                };
            case VecType vec -> TypeCode.V128;
            case RefType ref -> TypeCode.REF;
          };
    }
    return codes;
  }

  private static byte[] writeArrays(String name, String parent, FunctionShape shape) {
    ClassWriter out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, parent);
    constructor(out, parent);
    int slots = Math.max(FunctionShape.slots(shape.parameters), FunctionShape.slots(shape.results));
    int[] frame = new int[0];
    int caller = 1 + shape.argumentSlots();
    Code code = new Code(out.pool, frame, caller + 1);
    int numbers = shape.wide ? 1 : caller + 1;
    int references = shape.wide ? 2 : caller + 2;
    if (!shape.wide) {
      ArrayPassing.pack(code, shape, 1, slots, numbers, references);
    }
    code.local(Jvm.ALOAD, 0);
    code.getField(FUNCTION_FIELD);
    code.local(Jvm.ALOAD, numbers);
    code.local(Jvm.ALOAD, references);
    code.local(Jvm.ALOAD, caller);
    code.invokeStatic(INVOKE);
    if (!shape.wide) {
      int resultSlots = FunctionShape.slots(shape.results);
      if (resultSlots > 1) {
        code.local(Jvm.ALOAD, numbers);
        code.local(Jvm.ALOAD, references);
        code.pushInt(resultSlots);
        code.local(Jvm.ALOAD, caller);
        code.invokeStatic(LEAVE_RESULTS);
      }
      ArrayPassing.firstResult(code, shape, numbers, references);
    }
    code.op(shape.returnOpcode());
    out.method(ClassWriter.PUBLIC, "call", shape.descriptor, code);
    return out.toBytes();
  }
}
