package dev.sampan.cli;

import dev.sampan.wasm.Fuel;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a run took. */
final class Stats {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final long started = System.nanoTime();
  private long loaded;
  private @Nullable Instance instance;

  /** The module has been loaded. */
  void loaded() {
    loaded = System.nanoTime();
  }

  /** The guest exists. */
  void instance(Instance made) {
    instance = made;
  }

  /**
   * Prints it, a line each: fuel, if it was counted, and peak memory, if there was an instance;
   * then the time to load the module, to make code for it, and to run the rest.
   */
  void print(WasmModule module, PrintStream out) {
    long ran = System.nanoTime() - loaded;
    long compiled = module.compileTime().toNanos();
    StringBuilder text = new StringBuilder();
    Instance guest = instance;
    if (guest != null) {
      guest
          .fuel()
          .map(Fuel::used)
          .ifPresent(used -> text.append("fuel: ").append(used).append('\n'));
      text.append("memory: ").append(guest.peakMemory()).append(" bytes\n");
    }
    time(text, "load", loaded - started);
    time(text, "compile", compiled);
    time(text, "run", Math.max(0, ran - compiled));
    out.print(text);
    out.flush();
  }

  private static void time(StringBuilder text, String what, long nanos) {
    text.append("%s: %.3f ms\n".formatted(what, nanos / NANOS_PER_MILLI));
  }
}
