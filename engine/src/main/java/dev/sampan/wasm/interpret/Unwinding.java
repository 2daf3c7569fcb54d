package dev.sampan.wasm.interpret;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.TagInstance;
import dev.sampan.wasm.runtime.Values;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Exceptions of the guest: made, thrown again, and brought to their handlers. */
final class Unwinding {

  private Unwinding() {}

  /** The exception that {@code throw} throws, its payload in slots. */
  static GuestException exception(
      ModuleInstance instance, long word, long[] numbers, @Nullable Object[] references, int base) {
    TagInstance tag = instance.tags()[(int) (word >>> Op.B_SHIFT)];
    List<ValType> types = tag.type().parameters();
    GuestException exception =
        new GuestException(tag, Values.load(types, numbers, references, base));
    HeapAccount.thrown(exception, types.size(), instance.heap());
    return exception;
  }

  /** The exception that {@code throw_ref} throws. */
  static RuntimeException rethrown(@Nullable Object reference) {
    if (reference == null) {
      return new Trap(Trap.Kind.NULL_EXCEPTION_REFERENCE);
    }
    GuestException exception = (GuestException) reference;
    // the trace begins anew, or an exception that is thrown again and again would never stop
    // growing
    exception.setStackTrace(new StackTraceElement[0]);
    return exception;
  }

  /**
   * Looks for a handler above a depth, and makes its frame the top one that goes on there.
   *
   * @return whether there is one; if not, the frames are left as they are
   */
  static boolean unwind(CallStack stack, int depth, GuestException exception) {
    for (int i = stack.depth - 1; i >= depth; i--) {
      Frame frame = stack.frame(i);
      Code code = Objects.requireNonNull(frame.code);
      ModuleInstance instance = Objects.requireNonNull(frame.instance);
      for (Code.Handler handler : code.handlers) {
        if (handler.covers(frame.pc - 1)
            && (!handler.hasTag() || instance.tags()[handler.tag()] == exception.tag())) {
          stack.cut(i + 1);
          pass(stack, frame.base + handler.slot(), handler.kind(), exception);
          frame.pc = handler.target();
          return true;
        }
      }
    }
    return false;
  }

  private static void pass(
      CallStack stack, int base, Code.Handler.Kind kind, GuestException exception) {
    int slot = base;
    if (kind == Code.Handler.Kind.PAYLOAD || kind == Code.Handler.Kind.PAYLOAD_AND_REFERENCE) {
      List<ValType> types = exception.tag().type().parameters();
      for (int i = 0; i < types.size(); i++) {
        slot =
            Values.store(
                types.get(i), exception.payload().get(i), stack.numbers, stack.references, slot);
      }
    }
    if (kind == Code.Handler.Kind.REFERENCE || kind == Code.Handler.Kind.PAYLOAD_AND_REFERENCE) {
      stack.references[slot] = exception;
    }
  }
}
