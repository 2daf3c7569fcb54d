package dev.sampan.apps.run;

import dev.sampan.apps.AppState;
import dev.sampan.apps.Restart;
import dev.sampan.apps.log.AppLog;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An app that lives in one thread of its own, until it ends by itself or is ended, and is run again
 * as its policy says.
 */
public abstract class Resident implements Activation {

  /** How long anybody waits for a guest that is to end. */
  protected static final Duration GRACE = Duration.ofSeconds(5);

  /** Is told, in the app's thread, that its {@link #state} has changed. */
  public interface Listener {
    void changed(Resident resident);
  }

  /**
   * Who it is.
   *
   * @param name the app's
   * @param revision the revision's number
   * @param log where what happens to it is written
   * @param usage counts what it uses
   */
  public record Identity(String name, int revision, AppLog log, Usage usage) {

    /** Writes something that the host says of it. */
    public void say(String text) {
      log.write(revision, "host", text);
    }
  }

  private final Identity identity;
  private final Restart restart;
  private final Listener listener;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CompletableFuture<Optional<String>> up = new CompletableFuture<>();
  private final Thread thread;
  private volatile int restarts;
  private volatile AppState state = new AppState.Running();
  private volatile boolean over;

  /** A resident that is not begun yet. */
  protected Resident(Identity identity, Restart restart, Listener listener) {
    this.identity = identity;
    this.restart = restart;
    this.listener = listener;
    this.thread =
        GuestThreads.unstarted("sampan-app-" + identity.name(), identity.usage(), this::live);
  }

  /** Who it is. */
  protected final Identity identity() {
    return identity;
  }

  /** Makes the guest's further threads. */
  protected final ThreadFactory furtherThreads() {
    return GuestThreads.further(thread.getName() + "-thread", identity.usage());
  }

  /** What it is doing; while it waits to be begun anew it has failed. */
  public final AppState state() {
    return state;
  }

  /** Whether it has ended by itself, for good. */
  public final boolean isOver() {
    return over;
  }

  @Override
  public final int restarts() {
    return restarts;
  }

  /**
   * Waits until it is clear whether it is well for the first time.
   *
   * @return why it is not well, or empty; {@code stillUnknown} if that is not clear in time
   */
  protected final Optional<String> awaitUp(Duration time, Optional<String> stillUnknown) {
    try {
      return up.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return stillUnknown;
    } catch (ExecutionException e) {
      throw new AssertionError("nobody completes it so; please report", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** Whether it was ever begun. */
  protected final boolean isBegun() {
    return thread.getState() != Thread.State.NEW;
  }

  /** Starts the thread. */
  protected final void start() {
    thread.start();
  }

  /** Whether it is to end. */
  protected final boolean isEnding() {
    return ending.getCount() == 0;
  }

  /** Says that it is to end. */
  protected final void beginToEnd() {
    ending.countDown();
  }

  /** Waits, in the app's own thread, until it is to end. */
  protected final void awaitEnding() throws InterruptedException {
    ending.await();
  }

  /** Waits for the thread to end. */
  protected final void awaitThread(Duration time) {
    try {
      thread.join(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread has not ended. */
  protected final boolean isAlive() {
    return thread.isAlive();
  }

  /** Ends whatever the thread waits for. */
  protected final void interrupt() {
    thread.interrupt();
  }

  /** Whether it is clear whether it is well. */
  protected final boolean isKnownToBeUp() {
    return up.isDone();
  }

  /** Says, in the app's own thread, that it is well. */
  protected final void isUp() {
    up.complete(Optional.empty());
  }

  /** Says, in the app's own thread, that it runs again. */
  protected final void isBack() {
    if (restarts > 0) {
      become(new AppState.Running(), false);
    }
  }

  /**
   * Runs it to its end, in the app's own thread.
   *
   * @return the exit status
   */
  protected abstract int runOnce() throws Exception;

  private void become(AppState next, boolean forGood) {
    state = next;
    over = forGood;
    listener.changed(this);
  }

  private void live() {
    int row = 0;
    while (!isEnding()) {
      long began = System.nanoTime();
      @Nullable String failure = null;
      int status = 0;
      try {
        status = runOnce();
        if (status != 0) {
          failure = "ended with status " + status;
        }
      } catch (Throwable e) {
        // whatever a guest provokes is its own failure, an exhausted heap too
        failure = Failures.cause(e);
        if (!isEnding()) {
          identity.say(Failures.report(e));
        }
      }
      if (isEnding()) {
        break;
      }
      up.complete(Optional.ofNullable(failure));
      if (System.nanoTime() - began > Restart.SETTLED_NANOS) {
        row = 0;
      }
      if (!restart.applies(failure != null, row)) {
        tellEnd(failure, status, row);
        return;
      }
      Duration delay = restart.delayAfter(row++);
      String why =
          "%s; starts again in %d ms"
              .formatted(failure == null ? "ended" : failure, delay.toMillis());
      identity.say(why);
      become(new AppState.Failed(why), false);
      try {
        if (ending.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        break;
      }
      restarts++;
    }
    up.complete(Optional.of("it was stopped"));
  }

  private void tellEnd(@Nullable String failure, int status, int row) {
    if (failure == null) {
      become(new AppState.Stopped(OptionalInt.of(status)), true);
    } else {
      String often = row == 0 ? "" : " (after " + row + " restarts)";
      become(new AppState.Failed(failure + often), true);
    }
  }
}
