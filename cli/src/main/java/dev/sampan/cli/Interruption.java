package dev.sampan.cli;

import dev.sampan.wasm.Instance;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a guest when somebody wants the process to end, by Ctrl-C or a signal, and lets the command
 * tell what it has to tell. The exit code is then the signal's.
 */
final class Interruption implements AutoCloseable {

  /** How long the process waits for what a guest that has been stopped leaves to be done. */
  private static final long PATIENCE_MILLIS = 2_000;

  private static final CountDownLatch COMMAND_ENDED = new CountDownLatch(1);

  private final Thread hook = new Thread(this::end, "interruption");
  private volatile @Nullable Instance guest;
  private volatile boolean interrupted;

  private Interruption() {}

  /** Begins to look out for signals, if the process is the command's own. */
  static @Nullable Interruption of(Console console) {
    if (!console.isOfProcess()) {
      return null;
    }
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Says that nothing more is to be done but to end the process. */
  static void commandHasEnded() {
    COMMAND_ENDED.countDown();
  }

  /** Names the guest that is to be ended. */
  void guest(Instance instance) {
    guest = instance;
  }

  /** Whether somebody wants the process to end. */
  boolean hasHappened() {
    return interrupted;
  }

  private void end() {
    Instance running = guest;
    if (running == null) {
      return;
    }
    interrupted = true;
    running.stop("the process is to end");
    try {
      COMMAND_ENDED.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does not look out for signals any more. */
  @Override
  public void close() {
    guest = null;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending
    }
  }
}
