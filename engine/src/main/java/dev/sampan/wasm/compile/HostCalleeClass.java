package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.FuncInstance;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What classes have in common through which compiled code calls the host without arrays: a callee
 * with a target in a field, whose exceptions are seen to.
 */
final class HostCalleeClass {

  static final String FUNCTION = "L" + Member.internalName(FuncInstance.class) + ";";

  private static final String THROWABLE = "java/lang/Throwable";
  private static final Member FUNCTION_FIELD =
      new Member(Callees.CALLEE_CLASS, "function", FUNCTION);
  private static final Member FAILED =
      support("failed", "(L" + THROWABLE + ";" + FUNCTION + ")Ljava/lang/RuntimeException;");

  private HostCalleeClass() {}

  static Member support(String name, String descriptor) {
    return Member.of(MethodSupport.class, name, descriptor);
  }

  /** The loader of one class, which knows its parent. */
  static class Loader extends GeneratedLoader {

    static {
      registerAsParallelCapable();
    }

    private final Class<?> parent;

    Loader(Class<?> parent) {
      this.parent = parent;
    }

    @Override
    final @Nullable Class<?> shared(String name) {
      return name.equals(parent.getName()) ? parent : null;
    }
  }

  /** Begins a class: the field for its target, and the constructor with function and target. */
  static ClassWriter begin(FunctionShape shape, Member target) {
    String parent = Callees.name(shape);
    ClassWriter out = new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, target.owner, parent);
    out.field(ClassWriter.FINAL, target.name, target.descriptor);
    int self = VerificationType.object(out.pool.classInfo(out.name));
    Code constructor = new Code(out.pool, new int[] {self}, 3);
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 1);
    constructor.invokeSpecial(new Member(parent, "<init>", "(" + FUNCTION + ")V"));
    constructor.local(Jvm.ALOAD, 0);
    constructor.local(Jvm.ALOAD, 2);
    constructor.putField(target);
    constructor.op(Jvm.RETURN);
    String descriptor = "(" + FUNCTION + target.descriptor + ")V";
    out.method(ClassWriter.PUBLIC, "<init>", descriptor, constructor);
    return out;
  }

  /** The frame at the beginning of the method: the callee, the arguments and the instance. */
  static int[] frame(ClassWriter out, FunctionShape shape) {
    int[] arguments = CodeFrames.arguments(shape, out.pool);
    int[] frame = new int[arguments.length + 2];
    frame[0] = VerificationType.object(out.pool.classInfo(out.name));
    System.arraycopy(arguments, 0, frame, 1, arguments.length);
    frame[frame.length - 1] = CodeFrames.instance(out.pool);
    return frame;
  }

  /** Code of the method, whose frame is that one and whose last argument is the instance. */
  static Code code(ClassWriter out, int[] frame, int instance) {
    return new Code(out.pool, Arrays.copyOf(frame, frame.length), instance + 1);
  }

  static void pushFunction(Code code) {
    code.local(Jvm.ALOAD, 0);
    code.getField(FUNCTION_FIELD);
  }

  /** Writes behind a method what happens to exceptions from a range of it. */
  static void catchFailures(ClassWriter out, Code code, int[] frame, int start, int end) {
    Label handler = new Label();
    int[] thrown = {VerificationType.object(out.pool.classInfo(THROWABLE))};
    code.bind(handler, frame, frame.length, thrown);
    pushFunction(code);
    code.invokeStatic(FAILED);
    code.op(Jvm.ATHROW);
    code.handler(start, end, handler, THROWABLE);
  }
}
