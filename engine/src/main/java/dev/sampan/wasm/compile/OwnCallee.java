package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.FuncInstance;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Writes the classes through which others call a module's functions of a type: objects of them know
 * the instance and the function's number.
 */
final class OwnCallee {

  static final String CLASSES = "wasm/E";
  private static final String FUNCTION = "L" + Member.internalName(FuncInstance.class) + ";";
  private static final String PARENT_CONSTRUCTOR = "(" + FUNCTION + ")V";
  private static final String CONSTRUCTOR = "(" + FUNCTION + "I" + FunctionShape.INSTANCE + ")V";
  private static final Member PASS_RESULTS =
      Member.of(
          CallSupport.class,
          "passResults",
          "(" + FunctionShape.INSTANCE + "I" + FunctionShape.INSTANCE + ")V");

  private static final Member GUARD =
      Member.of(CallSupport.class, "guard", "(" + FunctionShape.INSTANCE + ")V");

  private OwnCallee() {}

  /** The constructor for functions of a type. */
  static MethodHandle maker(ClassLoader loader, int type) {
    try {
      Class<?> made = Class.forName((CLASSES + type).replace('/', '.'), true, loader);
      return MethodHandles.lookup()
          .findConstructor(
              made,
              MethodType.methodType(
                  void.class, FuncInstance.class, int.class, CompiledInstance.class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  static byte[] write(ModuleShape module, int type) {
    FunctionShape shape = module.ofType(type);
    String name = CLASSES + type;
    String parent = Callees.name(shape);
    ClassWriter out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, name, parent);
    Member number = new Member(name, "number", "I");
    Member instance = new Member(name, "instance", FunctionShape.INSTANCE);
    out.field(ClassWriter.FINAL, number.name, number.descriptor);
    out.field(ClassWriter.FINAL, instance.name, instance.descriptor);

    int self = VerificationType.object(out.pool.classInfo(name));
    Code constructor = new Code(out.pool, new int[] {self}, 4);
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 1);
    constructor.invokeSpecial(new Member(parent, "<init>", PARENT_CONSTRUCTOR));
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ILOAD, 2);
    constructor.putField(number);
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 3);
    constructor.putField(instance);
    constructor.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC, "<init>", CONSTRUCTOR, constructor);

    int caller = 1 + shape.argumentSlots();
    int[] arguments = CodeFrames.arguments(shape, out.pool);
    int[] frame = new int[arguments.length + 2];
    frame[0] = self;
    System.arraycopy(arguments, 0, frame, 1, arguments.length);
    frame[frame.length - 1] = CodeFrames.instance(out.pool);
    Code call = new Code(out.pool, Arrays.copyOf(frame, frame.length), caller + 1);
    call.local(Jvm.ALOAD, 0);
    call.getField(instance);
    call.invokeStatic(GUARD);
    CodeFrames.loadArguments(call, shape, 1);
    call.local(Jvm.ALOAD, 0);
    call.getField(number);
    call.local(Jvm.ALOAD, 0);
    call.getField(instance);
    call.invokeStatic(Dispatch.byNumber(module, type));
    int slots = shape.wide ? 0 : FunctionShape.slots(shape.results);
    if (slots > 1) {
      call.local(Jvm.ALOAD, 0);
      call.getField(instance);
      call.pushInt(slots);
      call.local(Jvm.ALOAD, caller);
      call.invokeStatic(PASS_RESULTS);
    }
    call.op(shape.returnOpcode());
    out.method(ClassWriter.PUBLIC, "call", shape.descriptor, call);
    return out.toBytes();
  }
}
