package dev.sampan.wasm.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

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
      HotSpotDiagnosticMXBean machine =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return machine != null && Boolean.parseBoolean(machine.getVMOption(OPTION).getValue());
    } catch (LinkageError | IllegalArgumentException e) {
      // another virtual machine, or a runtime without management: better safe than fast
      return false;
    }
  }
}
