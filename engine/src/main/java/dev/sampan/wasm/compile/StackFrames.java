package dev.sampan.wasm.compile;

import dev.sampan.wasm.WasmFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Stack traces with compiled code in them. A generated class's file is called after the module and
 * the place that its lines count from, so a frame tells the offset of its instruction by itself.
 */
final class StackFrames {

  private static final String BASE_MARK = ".wasm+0x";
  private static final String ENGINE = "dev.sampan.wasm.";
  private static final String FUNCTIONS = ModuleShape.FUNCTIONS.replace('/', '.');
  private static final String VECTORS = VectorFunction.CLASSES.replace('/', '.');

  private StackFrames() {}

  /** What the file of a class is called whose lines count from a place in the module. */
  static String fileName(String moduleName, int base) {
    return moduleName + BASE_MARK + Integer.toHexString(base);
  }

  /** Puts the guest's frames in the place of the methods that they are. */
  static void rewrite(Throwable thrown) {
    StackTraceElement[] java = thrown.getStackTrace();
    List<StackTraceElement> frames = new ArrayList<>(java.length);
    boolean changed = false;
    boolean inGuest = false;
    String partOf = "";
    for (StackTraceElement element : java) {
      if (isGenerated(element)) {
        changed = true;
        if (!inGuest) {
          // what the engine did for the guest says nothing to anybody
          withoutEngine(frames);
        }
        inGuest = true;
        if (isFunction(element.getClassName()) && element.getLineNumber() >= 0) {
          String method = element.getMethodName();
          String function = MethodNames.whole(method);
          // of a function and its parts only the innermost counts
          if (!function.equals(partOf)) {
            frames.add(frame(element));
          }
          partOf = MethodNames.isPart(method) ? function : "";
        }
      } else if (inGuest && isEngine(element)) {
        changed = true;
      } else {
        inGuest = false;
        frames.add(element);
      }
    }
    if (changed) {
      thrown.setStackTrace(frames.toArray(StackTraceElement[]::new));
    }
  }

  private static boolean isFunction(String className) {
    return className.startsWith(FUNCTIONS) || className.startsWith(VECTORS);
  }

  private static boolean isGenerated(StackTraceElement element) {
    String file = element.getFileName();
    return element.getClassName().startsWith("wasm.") && (file == null || file.contains(BASE_MARK))
        || element.getClassName().startsWith(GeneratedLoader.PREFIX);
  }

  static boolean isEngine(StackTraceElement element) {
    String name = element.getClassName();
    return name.startsWith(ENGINE + "compile.")
        || name.startsWith(ENGINE + "runtime.")
        || isAccess(name);
  }

  /** Whether a class of the JDK is one that accesses to memories go through. */
  private static boolean isAccess(String name) {
    return name.startsWith("java.lang.invoke.")
        || name.startsWith("jdk.internal.")
        || name.startsWith("jdk.incubator.vector.")
        || name.equals("java.util.Objects");
  }

  private static void withoutEngine(List<StackTraceElement> frames) {
    int end = frames.size();
    while (end > 0 && isEngine(frames.get(end - 1))) {
      end--;
    }
    frames.subList(end, frames.size()).clear();
  }

  private static StackTraceElement frame(StackTraceElement element) {
    String file = String.valueOf(element.getFileName());
    int mark = file.lastIndexOf(BASE_MARK);
    int start = mark + BASE_MARK.length();
    int base = Integer.parseUnsignedInt(file, start, file.length(), 16);
    return new WasmFrame(
            file.substring(0, mark),
            MethodNames.decode(element.getMethodName()),
            base + element.getLineNumber())
        .toStackTraceElement();
  }

  /**
   * Whether an exception of the Java virtual machine stands for a trap of the guest: it was thrown
   * by an access of compiled code, not by a function of the host.
   */
  static boolean isGuests(Throwable thrown) {
    if (thrown.getClass() != ArrayIndexOutOfBoundsException.class
        && thrown.getClass() != IndexOutOfBoundsException.class) {
      return false;
    }
    for (StackTraceElement element : thrown.getStackTrace()) {
      String name = element.getClassName();
      if (!isAccess(name)) {
        return name.startsWith(ENGINE + "compile.HeapAccess") || isGenerated(element);
      }
    }
    // HotSpot leaves out the trace of exceptions that one place has thrown very often; those of the
    // host have been given one where it was called
    return true;
  }
}
