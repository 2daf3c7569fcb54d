package dev.sampan.wasm.compile;

import dev.sampan.wasm.Instance;
import dev.sampan.wasm.JavaMethod;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.MethodFunction;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.HostFunc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the classes through which compiled code calls methods of Java interfaces: one per method,
 * for all objects and all instances. The method is a handle in a constant, which HotSpot inlines
 * like an ordinary call.
 */
final class MethodCallee {

  private static final String NAME = GeneratedLoader.PREFIX.replace('.', '/') + "Method";
  private static final String OBJECT = FunctionShape.OBJECT;
  private static final String FUNCTION = "L" + Member.internalName(FuncInstance.class) + ";";
  private static final String INSTANCE = FunctionShape.INSTANCE;
  private static final String VECTOR = "L" + Member.internalName(V128.class) + ";";
  private static final String THROWABLE = "java/lang/Throwable";
  private static final String HANDLE_CLASS = Member.internalName(MethodHandle.class);
  private static final String HANDLE = "L" + HANDLE_CLASS + ";";

  private static final Member CONSTANT = new Member(NAME, "method", HANDLE);
  private static final Member TARGET = new Member(NAME, "target", OBJECT);
  private static final Member FUNCTION_FIELD =
      new Member(Callees.CALLEE_CLASS, "function", FUNCTION);
  private static final Member HANDLE_OF = support("handle", "(Ljava/lang/Class;)" + HANDLE);
  private static final Member CALLER =
      support(
          "caller", "(" + FUNCTION + INSTANCE + ")L" + Member.internalName(Instance.class) + ";");
  private static final Member MEMORY =
      support("memory", "(" + FUNCTION + INSTANCE + ")L" + Member.internalName(Memory.class) + ";");
  private static final Member MAKE_VECTOR = support("vector", "(JJ)" + VECTOR);
  private static final Member LEAVE_VECTOR =
      support("leaveVector", "(" + VECTOR + FUNCTION + INSTANCE + ")J");
  private static final Member CHECKED = support("checked", "(" + OBJECT + FUNCTION + ")" + OBJECT);
  private static final Member FAILED =
      support("failed", "(L" + THROWABLE + ";" + FUNCTION + ")Ljava/lang/RuntimeException;");

  private MethodCallee() {}

  private static Member support(String name, String descriptor) {
    return Member.of(MethodSupport.class, name, descriptor);
  }

  /** What calls a method of the host, or null if the method must be called in another way. */
  static @Nullable Callee of(HostFunc function) {
    if (!(function.function() instanceof MethodFunction method)) {
      return null;
    }
    FunctionShape shape = CalleeType.of(function.definition()).shape;
    MethodHandle handle = method.method().handle();
    if (handle == null || shape.wide || !hasVectorsOf(handle.type(), shape, method.method())) {
      return null;
    }
    try {
      return (Callee)
          maker(method.method(), handle, shape)
              .invokeExact((FuncInstance) function, method.target());
    } catch (Throwable e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  /** Whether vectors are vectors: to a function of another type they might be references. */
  private static boolean hasVectorsOf(MethodType handle, FunctionShape shape, JavaMethod method) {
    int first = method.leading() == void.class ? 1 : 2;
    for (int i = 0; i < shape.parameters.length; i++) {
      boolean vector = handle.parameterType(first + i) == V128.class;
      if (vector != (shape.parameters[i] == TypeCode.V128)) {
        return false;
      }
    }
    return shape.results.length == 0
        || (handle.returnType() == V128.class) == (shape.results[0] == TypeCode.V128);
  }

  private static MethodHandle maker(JavaMethod method, MethodHandle handle, FunctionShape shape) {
    if (method.callee() instanceof MethodHandle known) {
      return known;
    }
    synchronized (method) {
      if (method.callee() instanceof MethodHandle known) {
        return known;
      }
      Loader loader = new Loader(handle, Callees.classOf(shape));
      Class<?> made = loader.define(NAME.replace('/', '.'), write(shape, handle.type(), method));
      try {
        MethodHandle maker =
            MethodHandles.lookup()
                .findConstructor(
                    made, MethodType.methodType(void.class, FuncInstance.class, Object.class))
                .asType(MethodType.methodType(Callee.class, FuncInstance.class, Object.class));
        method.callee(maker);
        return maker;
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("the class of a callee cannot be used; please report", e);
      }
    }
  }

  /** The loader of one class, which asks it for its constant. */
  static final class Loader extends GeneratedLoader {

    static {
      registerAsParallelCapable();
    }

    final MethodHandle handle;
    private final Class<?> parent;

    Loader(MethodHandle handle, Class<?> parent) {
      this.handle = handle;
      this.parent = parent;
    }

    @Override
    @Nullable Class<?> shared(String name) {
      return name.equals(parent.getName()) ? parent : null;
    }
  }

  private static byte[] write(FunctionShape shape, MethodType handle, JavaMethod method) {
    String parent = Callees.name(shape);
    ClassWriter out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, NAME, parent);
    out.field(ClassWriter.STATIC | ClassWriter.FINAL, CONSTANT.name, CONSTANT.descriptor);
    out.field(ClassWriter.FINAL, TARGET.name, TARGET.descriptor);
    Code initialiser = new Code(out.pool, new int[0], 0);
    initialiser.pushClass(NAME);
    initialiser.invokeStatic(HANDLE_OF);
    initialiser.putStatic(CONSTANT);
    initialiser.op(Jvm.RETURN);
    out.method(ClassWriter.STATIC, "<clinit>", "()V", initialiser);

    int self = VerificationType.object(out.pool.classInfo(NAME));
    Code constructor = new Code(out.pool, new int[] {self}, 3);
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 1);
    constructor.invokeSpecial(new Member(parent, "<init>", "(" + FUNCTION + ")V"));
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 2);
    constructor.putField(TARGET);
    constructor.op(Jvm.RETURN);
    String descriptor = "(" + FUNCTION + OBJECT + ")V";
    out.method(ClassWriter.PUBLIC, "<init>", descriptor, constructor);

    out.method(
        ClassWriter.PUBLIC, "call", shape.descriptor, call(out, self, shape, handle, method));
    return out.toBytes();
  }

  private static Code call(
      ClassWriter out, int self, FunctionShape shape, MethodType handle, JavaMethod method) {
    int[] arguments = CodeFrames.arguments(shape, out.pool);
    int[] frame = new int[arguments.length + 2];
    frame[0] = self;
    System.arraycopy(arguments, 0, frame, 1, arguments.length);
    frame[frame.length - 1] = CodeFrames.instance(out.pool);
    int caller = 1 + shape.argumentSlots();
    Code code = new Code(out.pool, Arrays.copyOf(frame, frame.length), caller + 1);
    int start = code.size();
    code.getStatic(CONSTANT);
    code.local(Jvm.ALOAD, 0);
    code.getField(TARGET);
    if (method.leading() != void.class) {
      pushFunction(code);
      code.local(Jvm.ALOAD, caller);
      code.invokeStatic(method.leading() == Memory.class ? MEMORY : CALLER);
    }
    int slot = 1;
    for (int type : shape.parameters) {
      int kind = FunctionShape.kind(type);
      code.local(FunctionShape.loadOpcode(kind), slot);
      if (kind == TypeCode.V128) {
        code.local(Jvm.LLOAD, slot + 2);
        code.invokeStatic(MAKE_VECTOR);
      }
      slot += FunctionShape.javaSlots(kind);
    }
    code.invokeVirtual(new Member(HANDLE_CLASS, "invokeExact", handle.toMethodDescriptorString()));
    int end = code.size();
    if (shape.results.length > 0) {
      int kind = FunctionShape.kind(shape.results[0]);
      if (kind == TypeCode.V128) {
        pushFunction(code);
        code.local(Jvm.ALOAD, caller);
        code.invokeStatic(LEAVE_VECTOR);
      } else if (kind == TypeCode.REF) {
        pushFunction(code);
        code.invokeStatic(CHECKED);
      }
    }
    code.op(shape.returnOpcode());
    Label handler = new Label();
    int[] thrown = {VerificationType.object(out.pool.classInfo(THROWABLE))};
    code.bind(handler, frame, frame.length, thrown);
    pushFunction(code);
    code.invokeStatic(FAILED);
    code.op(Jvm.ATHROW);
    code.handler(start, end, handler, THROWABLE);
    return code;
  }

  private static void pushFunction(Code code) {
    code.local(Jvm.ALOAD, 0);
    code.getField(FUNCTION_FIELD);
  }
}
