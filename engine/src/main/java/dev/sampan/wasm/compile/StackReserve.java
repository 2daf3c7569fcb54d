package dev.sampan.wasm.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Tells whether a thread has enough stack left to make and load classes. A stack overflow in the
 * midst of that would leave classes of the engine, or of Java itself, unusable for ever; one that
 * happens here harms nothing.
 *
 * <p>The probe is a method with so many local variables that its frame is the reserve, and with so
 * much code that HotSpot never compiles it: compiled, it would not take what it does not use.
 */
final class StackReserve {

  /** In bytes; compiling takes about a sixth of it. */
  private static final int RESERVE = 128 << 10;

  private static final int SLOT_BYTES = 8;

  /** HotSpot compiles no method with more bytes of code. */
  private static final int NEVER_COMPILED = 8_000;

  private static final Runnable PROBE = probe();

  private StackReserve() {}

  /** Whether the calling thread's stack has the reserve. */
  static boolean isThere() {
    try {
      PROBE.run();
      return true;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static Runnable probe() {
    String name = Member.internalName(StackReserve.class) + "$Probe";
    ClassWriter out = new ClassWriter(ClassWriter.FINAL, name, "java/lang/Object");
    out.implement("java/lang/Runnable");
    Code constructor = new Code(out.pool, new int[0], 1);
    constructor.local(Jvm.ALOAD, 0);
    constructor.invokeSpecial(new Member("java/lang/Object", "<init>", "()V"));
    constructor.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC, "<init>", "()V", constructor);
    int self = VerificationType.object(out.pool.classInfo(name));
    int[] frame = {self};
    Code run = new Code(out.pool, frame, RESERVE / SLOT_BYTES);
    Label end = new Label();
    run.jump(Jvm.GOTO, end);
    run.frame(frame, 1, new int[0]);
    for (int i = 0; i <= NEVER_COMPILED; i++) {
      run.op(Jvm.NOP);
    }
    run.bind(end, frame, 1);
    run.op(Jvm.RETURN);
    out.method(ClassWriter.PUBLIC, "run", "()V", run);
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      Class<?> made = lookup.defineHiddenClass(out.toBytes(), true).lookupClass();
      return (Runnable) lookup.findConstructor(made, MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      throw new AssertionError("the stack cannot be measured; please report", e);
    }
  }
}
