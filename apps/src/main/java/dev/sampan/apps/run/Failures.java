package dev.sampan.apps.run;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmFrame;
import java.util.List;

/** Says why a guest has failed. */
public final class Failures {

  private Failures() {}

  /** The cause in one line. */
  public static String cause(Throwable thrown) {
    return switch (thrown) {
      case Trap trap -> "trap: " + trap.getMessage();
      case LinkException link -> "cannot be linked: " + link.getMessage();
      case ExhaustedException _, GuestException _, MalformedException _, InvalidException _ ->
          String.valueOf(thrown.getMessage());
      case ExitException exit -> "ended with status " + exit.status();
      case NotReadyException _ -> String.valueOf(thrown.getMessage());
      case OutOfMemoryError _ -> "the host has no memory left for it";
      default -> thrown.toString();
    };
  }

  /** The cause, followed by the guest's functions that were running, line by line. */
  public static String report(Throwable thrown) {
    StringBuilder text = new StringBuilder(cause(thrown));
    List<WasmFrame> frames = thrown instanceof WasmException ? WasmFrame.of(thrown) : List.of();
    for (WasmFrame frame : frames) {
      text.append("\n    at ").append(frame);
    }
    return text.toString();
  }
}
