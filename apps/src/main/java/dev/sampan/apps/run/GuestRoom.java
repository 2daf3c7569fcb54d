package dev.sampan.apps.run;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Room for so many guests at once that handle requests and do jobs, and the threads in which they
 * do. Whoever asks in such a thread can let the guest run in it; others have it run in another.
 */
public final class GuestRoom implements AutoCloseable {

  /** Threads beside those that have a guest: they read requests, and look for new ones. */
  private static final int OTHERS = 32;

  private final @Nullable GuestRoom whole;
  private final IntSupplier max;
  private final GuestPool threads;
  private final Reminders overdue;
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean closed;

  /**
   * A room.
   *
   * @param max for how many guests
   */
  public GuestRoom(int max) {
    this.whole = null;
    this.max = () -> max;
    this.threads = new GuestPool(max + OTHERS);
    this.overdue = new Reminders("sampan-overdue", Duration.ofSeconds(1));
  }

  private GuestRoom(GuestRoom whole, IntSupplier max) {
    this.whole = whole;
    this.max = max;
    this.threads = whole.threads;
    this.overdue = whole.overdue;
  }

  /**
   * A part of it.
   *
   * @param most how many guests may be in it, now
   */
  public GuestRoom part(IntSupplier most) {
    return new GuestRoom(this, most);
  }

  /** Comes in, if there is room. */
  public boolean enter() {
    boolean fits =
        inside.incrementAndGet() <= max.getAsInt()
            && !isClosed()
            && (whole == null || whole.enter());
    if (!fits) {
      inside.decrementAndGet();
    }
    return fits;
  }

  /** Leaves. */
  public void leave() {
    if (whole != null) {
      whole.leave();
    }
    inside.decrementAndGet();
  }

  /** Whether nobody can come in any more. */
  public boolean isClosed() {
    return whole == null ? closed : whole.isClosed();
  }

  /**
   * The threads. Who has come in need not wait for one; other tasks should not take long, and must
   * not wait.
   */
  public Executor threads() {
    return threads;
  }

  /** Reminds of guests that do not end although their time is over. */
  public Reminders overdue() {
    return overdue;
  }

  /** Lets nobody in any more, and ends the threads. */
  @Override
  public void close() {
    closed = true;
    overdue.close();
    threads.close();
  }
}
