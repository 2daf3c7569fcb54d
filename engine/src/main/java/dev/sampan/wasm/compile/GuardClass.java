package dev.sampan.wasm.compile;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MutableCallSite;

/**
 * Writes the class through which a module's code asks whether it is to stop. The question is a
 * constant of the class, so that HotSpot sees through it; it is the module's own, and no call site
 * has to be linked but this one.
 */
public final class GuardClass {

  static final String NAME = "wasm/G";

  private static final String SITE_CLASS = Member.internalName(MutableCallSite.class);
  private static final String SITE = "L" + SITE_CLASS + ";";
  private static final String HANDLE_CLASS = Member.internalName(MethodHandle.class);
  private static final Member QUESTION = new Member(NAME, "question", SITE);
  private static final Member QUESTION_OF =
      Member.of(GuardClass.class, "questionOf", "(Ljava/lang/Class;)" + SITE);
  private static final Member TARGET =
      new Member(SITE_CLASS, "getTarget", "()L" + HANDLE_CLASS + ";");
  private static final Member ANSWER =
      new Member(HANDLE_CLASS, "invokeExact", "()" + FunctionShape.OBJECT);
  private static final Member STOP =
      Member.of(GuardClass.class, "stop", "(" + FunctionShape.INSTANCE + ")V");

  /** Ends the guest if it is to stop; takes the instance. */
  static final Member ASK = new Member(NAME, "ask", "(" + FunctionShape.INSTANCE + ")V");

  private GuardClass() {}

  static byte[] write() {
    ClassWriter out =
        new ClassWriter(ClassWriter.PUBLIC | ClassWriter.FINAL, NAME, "java/lang/Object");
    out.field(ClassWriter.STATIC | ClassWriter.FINAL, QUESTION.name, QUESTION.descriptor);
    Code initialiser = new Code(out.pool, new int[0], 0);
    initialiser.pushClass(NAME);
    initialiser.invokeStatic(QUESTION_OF);
    initialiser.putStatic(QUESTION);
    initialiser.op(Jvm.RETURN);
    out.method(ClassWriter.STATIC, "<clinit>", "()V", initialiser);
    int[] frame = {CodeFrames.instance(out.pool)};
    Code ask = new Code(out.pool, frame, 1);
    Label calm = new Label();
    ask.getStatic(QUESTION);
    ask.invokeVirtual(TARGET);
    ask.invokeVirtual(ANSWER);
    ask.jump(Jvm.IFNULL, calm);
    ask.local(Jvm.ALOAD, 0);
    ask.invokeStatic(STOP);
    ask.bind(calm, frame, 1);
    ask.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC | ClassWriter.STATIC, ASK.name, ASK.descriptor, ask);
    return out.toBytes();
  }

  /** The constant of a class that was written here. */
  public static MutableCallSite questionOf(Class<?> made) {
    return ((ModuleLoader) made.getClassLoader()).question();
  }

  /** Ends the guest if it is the one that is to stop. */
  public static void stop(CompiledInstance in) {
    in.instance.checkInterruption();
  }
}
