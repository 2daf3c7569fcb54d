package dev.sampan.wasm.compile;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Work that makes or loads classes, in the midst of a guest's run. It must not be cut off by the
 * end of the stack, so where there is little left another thread does it. Heirs are classes, not
 * lambdas, because the making of a lambda would itself need the stack.
 */
abstract class Linking<T> implements Runnable {

  /** Enough for any work, and reserved but not used by most. */
  private static final long STACK_BYTES = 8L << 20;

  /** Set for threads in the midst of such work: what it leads to has its stack already. */
  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>();

  private @Nullable T result;
  private @Nullable Throwable failure;

  /** Does the work. */
  abstract T work();

  /** What is worked on, for messages. */
  abstract String what();

  /** Has the work done, and returns when it is. */
  final T done() {
    if (INSIDE.get() != null) {
      return work();
    }
    if (StackReserve.isThere()) {
      return guarded();
    }
    Thread thread = new Thread(null, this, "sampan-link", STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome();
  }

  private T guarded() {
    INSIDE.set(true);
    try {
      return work();
    } catch (OutOfMemoryError e) {
      throw new ExhaustedException(
          Resource.MEMORY,
          -1,
          -1,
          "out of memory: " + e.getMessage() + ", while linking " + what(),
          e);
    } finally {
      INSIDE.remove();
    }
  }

  @Override
  public final void run() {
    try {
      result = guarded();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private T outcome() {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return Objects.requireNonNull(result);
  }
}
