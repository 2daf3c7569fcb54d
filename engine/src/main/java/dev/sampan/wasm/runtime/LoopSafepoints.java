package dev.sampan.wasm.runtime;

import java.lang.reflect.Method;

/**
 * Whether HotSpot keeps safepoint polls in all loops. It does with the collectors that promise
 * short pauses, and with the option {@code -XX:+UseCountedLoopSafepoints}; without, a loop that it
 * counts runs to its end before anything can be done to its thread.
 *
 * <p>Asking the Java virtual machine takes tens of milliseconds; whoever has started it with the
 * option can say so in the system property {@code sampan.loop-safepoints}.
 */
final class LoopSafepoints {

  private static final String PROPERTY = "sampan.loop-safepoints";
  private static final String OPTION = "UseCountedLoopSafepoints";

  private static final boolean PRESENT = find();

  private LoopSafepoints() {}

  static boolean present() {
    return PRESENT;
  }

  private static boolean find() {
    String said = System.getProperty(PROPERTY);
    if (said != null) {
      return Boolean.parseBoolean(said);
    }
    try {
      // by reflection, because the engine needs no module but java.base otherwise
      Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Method getBean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMXBean", Class.class);
      Object machine = getBean.invoke(null, type);
      Object option = type.getMethod("getVMOption", String.class).invoke(machine, OPTION);
      Method getValue = Class.forName("com.sun.management.VMOption").getMethod("getValue");
      return Boolean.parseBoolean((String) getValue.invoke(option));
    } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
      // another virtual machine, or a runtime without management: better safe than fast
      return false;
    }
  }
}
