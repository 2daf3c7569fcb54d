package dev.sampan.wasm.compile;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmFrame;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.Values;
import java.util.Objects;

/**
 * Makes ready what a guest at the end of its stack may need before anything else did: classes that
 * cannot be initialised for lack of stack stay unusable for ever, those of Java too.
 */
final class Preparation {

  static {
    StackReserve.isThere();
    Trap trap = new Trap(Trap.Kind.UNREACHABLE);
    StackFrames.rewrite(trap);
    try {
      Objects.checkIndex(1, 0);
    } catch (IndexOutOfBoundsException e) {
      // a trace with frames of Java's own modules
      StackFrames.isGuests(e);
      StackFrames.rewrite(e);
    }
    Values.matches(trap, RefType.EXTERNREF);
    Values.matches(trap, RefType.FUNCREF);
    CallSupport.tableIndex(0);
    StackFrames.rewrite(new ExhaustedException(Resource.CALL_STACK, -1, -1));
    HeapAccount.isGuests(trap);
    new WasmFrame("", "", 0).toStackTraceElement();
  }

  private Preparation() {}

  /** Does so, once. */
  static void run() {
    // the initialiser has done it
  }
}
