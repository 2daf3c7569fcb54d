package dev.sampan.apps.tenant;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many requests through in a second, and so many be there at once. Who has been still for a
 * second may ask a whole second's requests at once.
 */
public final class RequestGate {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private int perSecond;
  private int atOnce;
  private int inside;

  /** When the second would begin in which the requests so far have their places. */
  private long next;

  RequestGate(int perSecond, int atOnce, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.atOnce = atOnce;
    this.nanoTime = nanoTime;
    this.next = nanoTime.getAsLong();
  }

  /** A request that has been let through, until it is closed. */
  public final class Pass implements AutoCloseable {
    private boolean left;

    @Override
    public void close() {
      synchronized (RequestGate.this) {
        inside -= left ? 0 : 1;
        left = true;
      }
    }
  }

  /** Changes how many may come. */
  synchronized void limit(int newPerSecond, int newAtOnce) {
    perSecond = newPerSecond;
    atOnce = newAtOnce;
  }

  /** How many requests are there. */
  public synchronized int inside() {
    return inside;
  }

  /**
   * Lets a request through.
   *
   * @throws TooManyException if there are too many
   */
  public synchronized Pass enter() {
    if (inside >= atOnce) {
      throw new TooManyException(
          "too many requests for this tenant: limit %d at once, used %d".formatted(atOnce, inside),
          Duration.ofSeconds(1));
    }
    long now = nanoTime.getAsLong();
    long after = (next - now > 0 ? next : now) + SECOND / perSecond;
    long wait = after - now - SECOND;
    if (wait > 0) {
      throw new TooManyException(
          "too many requests for this tenant: limit %d a second, used %1$d".formatted(perSecond),
          Duration.ofNanos(wait));
    }
    next = after;
    inside++;
    return new Pass();
  }
}
