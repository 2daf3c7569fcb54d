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
import org.jspecify.annotations.Nullable;

/**
 * Makes the classes through which compiled code calls methods of Java interfaces: one per method,
 * for all objects and all instances. The method is a handle in a constant, which HotSpot inlines
 * like an ordinary call.
 */
final class MethodCallee {

  private static final String NAME = GeneratedLoader.PREFIX.replace('.', '/') + "Method";
  private static final String OBJECT = FunctionShape.OBJECT;
  private static final String FUNCTION = HostCalleeClass.FUNCTION;
  private static final String INSTANCE = FunctionShape.INSTANCE;
  private static final String VECTOR = "L" + Member.internalName(V128.class) + ";";
  private static final String HANDLE_CLASS = Member.internalName(MethodHandle.class);
  private static final String HANDLE = "L" + HANDLE_CLASS + ";";

  private static final Member CONSTANT = new Member(NAME, "method", HANDLE);
  private static final Member TARGET = new Member(NAME, "target", OBJECT);
  private static final Member HANDLE_OF =
      HostCalleeClass.support("handle", "(Ljava/lang/Class;)" + HANDLE);
  private static final Member CALLER =
      HostCalleeClass.support(
          "caller", "(" + FUNCTION + INSTANCE + ")L" + Member.internalName(Instance.class) + ";");
  private static final Member MEMORY =
      HostCalleeClass.support(
          "memory", "(" + FUNCTION + INSTANCE + ")L" + Member.internalName(Memory.class) + ";");
  private static final Member MAKE_VECTOR = HostCalleeClass.support("vector", "(JJ)" + VECTOR);
  private static final Member LEAVE_VECTOR =
      HostCalleeClass.support("leaveVector", "(" + VECTOR + FUNCTION + INSTANCE + ")J");
  private static final Member CHECKED =
      HostCalleeClass.support("checked", "(" + OBJECT + FUNCTION + ")" + OBJECT);

  private MethodCallee() {}

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
  static final class Loader extends HostCalleeClass.Loader {

    static {
      registerAsParallelCapable();
    }

    final MethodHandle handle;

    Loader(MethodHandle handle, Class<?> parent) {
      super(parent);
      this.handle = handle;
    }
  }

  private static byte[] write(FunctionShape shape, MethodType handle, JavaMethod method) {
    ClassWriter out = HostCalleeClass.begin(shape, TARGET);
    out.field(ClassWriter.STATIC | ClassWriter.FINAL, CONSTANT.name, CONSTANT.descriptor);
    Code initialiser = new Code(out.pool, new int[0], 0);
    initialiser.pushClass(NAME);
    initialiser.invokeStatic(HANDLE_OF);
    initialiser.putStatic(CONSTANT);
    initialiser.op(Jvm.RETURN);
    out.method(ClassWriter.STATIC, "<clinit>", "()V", initialiser);

    out.method(ClassWriter.PUBLIC, "call", shape.descriptor, call(out, shape, handle, method));
    return out.toBytes();
  }

  private static Code call(
      ClassWriter out, FunctionShape shape, MethodType handle, JavaMethod method) {
    int[] frame = HostCalleeClass.frame(out, shape);
    int caller = 1 + shape.argumentSlots();
    Code code = HostCalleeClass.code(out, frame, caller);
    int start = code.size();
    code.getStatic(CONSTANT);
    code.local(Jvm.ALOAD, 0);
    code.getField(TARGET);
    if (method.leading() != void.class) {
      HostCalleeClass.pushFunction(code);
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
        HostCalleeClass.pushFunction(code);
        code.local(Jvm.ALOAD, caller);
        code.invokeStatic(LEAVE_VECTOR);
      } else if (kind == TypeCode.REF) {
        HostCalleeClass.pushFunction(code);
        code.invokeStatic(CHECKED);
      }
    }
    code.op(shape.returnOpcode());
    HostCalleeClass.catchFailures(out, code, frame, start, end);
    return code;
  }
}
