package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import org.jspecify.annotations.Nullable;

/** Why an instance is to stop, for good. */
final class StopRequest extends Interruption {

  /** What the one who asked has said, or null if the time was up. */
  private final @Nullable String reason;

  /** What has become of another thread of the guest, if that is why. */
  private final @Nullable WasmException sibling;

  /** When the call began that is stopped, and how long it might take; in nanoseconds. */
  private final long began;

  private final long timeout;

  /** The thread that was interrupted on behalf of this, while it is inside. */
  @Nullable Thread interrupted;

  StopRequest(ModuleInstance instance, WasmException sibling) {
    super(instance);
    this.reason = null;
    this.sibling = sibling;
    this.began = 0;
    this.timeout = 0;
  }

  StopRequest(ModuleInstance instance, String reason) {
    super(instance);
    this.reason = reason;
    this.sibling = null;
    this.began = 0;
    this.timeout = 0;
  }

  StopRequest(ModuleInstance instance, long began, long timeout) {
    super(instance);
    this.reason = null;
    this.sibling = null;
    this.began = began;
    this.timeout = timeout;
  }

  @Override
  boolean isPending() {
    return true;
  }

  /**
   * What ends the guest: made anew for each place where it is thrown, unless it was thrown in
   * another thread already.
   */
  WasmException exception() {
    if (sibling != null) {
      return sibling;
    }
    if (reason != null) {
      return new Trap(Trap.Kind.INTERRUPTED, "interrupted: " + reason);
    }
    return new ExhaustedException(Resource.TIME, timeout, since - began);
  }

  /** Whether an exception is one of those. */
  boolean isException(Throwable thrown) {
    if (sibling != null) {
      // its stack trace is that of the other thread, and stays
      return true;
    }
    WasmException own = exception();
    return thrown.getClass() == own.getClass()
        && String.valueOf(thrown.getMessage()).equals(own.getMessage());
  }
}
