package dev.sampan.apps.job;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the clock each second, as long as there is somebody who wants to know. To wait until a
 * time would be to believe that the clock is not changed meanwhile.
 */
public final class Clockwork implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Clockwork.class.getName());

  private static final long SECOND = 1_000;

  /** Wants to know what time it is; must not wait. */
  interface Hand {
    void tick(Instant now);
  }

  private final InstantSource clock;
  private final Set<Hand> hands = new CopyOnWriteArraySet<>();
  private @Nullable Thread thread;
  private boolean closed;

  /** A clockwork that goes by a clock. */
  public Clockwork(InstantSource clock) {
    this.clock = clock;
  }

  /** The clock that it goes by. */
  public InstantSource clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  synchronized void add(Hand hand) {
    hands.add(hand);
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("sampan-clock").start(this::run);
    }
  }

  synchronized void remove(Hand hand) {
    hands.remove(hand);
    if (hands.isEmpty()) {
      stop();
    }
  }

  private void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  private synchronized boolean isThread(Thread candidate) {
    return thread == candidate;
  }

  private void run() {
    while (isThread(Thread.currentThread())) {
      Instant now = now();
      for (Hand hand : hands) {
        try {
          hand.tick(now);
        } catch (RuntimeException e) {
          // the others' times come all the same
          LOG.log(System.Logger.Level.ERROR, "a look at the clock failed, please report", e);
        }
      }
      try {
        // a little after the second has begun, so that a time of the clock has come for sure
        Thread.sleep(SECOND - now.toEpochMilli() % SECOND + 1);
      } catch (InterruptedException e) {
        // asked above whether to go on
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    stop();
  }
}
