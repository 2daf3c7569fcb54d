package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmFrame;
import dev.sampan.wasm.jfr.Flight;
import dev.sampan.wasm.jfr.TrapEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells recorders of guests that were stopped, when that leaves the outermost call. */
final class Failing {

  private Failing() {}

  /** Tells of what was thrown, if it means that. */
  static void tell(LoadedModule module, RuntimeException thrown) {
    @Nullable String kind =
        switch (thrown) {
          case Trap trap -> trap.kind().name();
          case ExhaustedException exhausted -> exhausted.resource().name();
          default -> null;
        };
    TrapEvent event = kind == null ? null : Flight.trap();
    if (kind == null || event == null) {
      return;
    }
    String message = String.valueOf(thrown.getMessage());
    try {
      List<WasmFrame> frames = WasmFrame.of(thrown);
      if (frames.isEmpty()) {
        event.commit(module.name(), null, -1, kind, message);
      } else {
        WasmFrame innermost = frames.getFirst();
        event.commit(module.name(), innermost.function(), innermost.offset(), kind, message);
      }
    } catch (VirtualMachineError e) {
      // what was thrown counts, whether there is room to tell of it or not
    }
  }
}
