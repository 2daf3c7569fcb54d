package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import org.jspecify.annotations.Nullable;

/**
 * An instance is to wait until somebody lets it go on, or stops it. Whoever comes to a place where
 * guests ask waits here.
 */
final class PauseRequest extends Interruption {

  /** The thread that waits. */
  private volatile @Nullable Thread held;

  PauseRequest(ModuleInstance instance) {
    super(instance);
  }

  /** Only as long as guards are armed for it: a guest may be paused for hours. */
  @Override
  boolean isPending() {
    return armed != null;
  }

  /** Whether nothing of the instance runs: its thread waits, or there is none. */
  boolean isHeld() {
    Thread inside = instance.inside();
    return inside == null || inside == held;
  }

  /**
   * Waits, in a thread of the guest, until this is over.
   *
   * @return false if there was no stack left to wait with; then the thread waits where it asks next
   * @throws Trap if the thread is interrupted
   */
  boolean await() {
    try {
      waitForEnd();
      return true;
    } catch (StackOverflowError e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (instance.interruption() != this) {
        return true; // it is stopped, and that is why
      }
      throw new Trap(Trap.Kind.INTERRUPTED);
    }
  }

  private synchronized void waitForEnd() throws InterruptedException {
    try {
      while (instance.interruption() == this) {
        held = Thread.currentThread();
        wait();
      }
    } finally {
      held = null;
    }
  }

  /** Lets go on who waits, as the instance knows this no more. */
  synchronized void end() {
    notifyAll();
  }
}
