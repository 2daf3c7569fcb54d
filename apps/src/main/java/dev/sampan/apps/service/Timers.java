package dev.sampan.apps.service;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one app. A timer that was cancelled, or has struck once and is not periodic, stays
 * and can be restarted, until it is destroyed. Where a new one finds no room, it takes the place of
 * the one that was cancelled first: the Micro Runtime's guest libraries cancel timers and never
 * destroy them.
 */
final class Timers {

  private static final long NANOS = 1_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  private static final class Timer {
    long interval;
    boolean periodic;
    long due = NEVER;

    /** In which order timers were cancelled; 0 for one that was not. */
    long cancelled;
  }

  private final int max;
  private final Map<Integer, Timer> timers = new HashMap<>();
  private int lastId;
  private long cancellations;

  /** No timers yet. */
  Timers(int max) {
    this.max = max;
  }

  /**
   * Adds a timer.
   *
   * @param millis the time between two strikes, at least 1
   * @param now the time in nanoseconds, as for all methods
   * @return its number, or -1 if there is no room
   */
  synchronized int create(long millis, boolean periodic, boolean start, long now) {
    if (timers.size() >= max && !makeRoom()) {
      return -1;
    }
    Timer timer = new Timer();
    timer.interval = interval(millis);
    timer.periodic = periodic;
    timer.due = start ? now + timer.interval : NEVER;
    timers.put(++lastId, timer);
    return lastId;
  }

  private boolean makeRoom() {
    Optional<Integer> first =
        timers.entrySet().stream()
            .filter(each -> each.getValue().cancelled > 0)
            .min(Comparator.comparingLong(each -> each.getValue().cancelled))
            .map(Map.Entry::getKey);
    first.ifPresent(timers::remove);
    return first.isPresent();
  }

  private static long interval(long millis) {
    return Math.max(1, millis) * NANOS;
  }

  /** Lets a timer strike no more until it is restarted. */
  synchronized void cancel(int id) {
    Timer timer = timers.get(id);
    if (timer != null) {
      timer.due = NEVER;
      timer.cancelled = ++cancellations;
    }
  }

  /** Forgets a timer. */
  synchronized void destroy(int id) {
    timers.remove(id);
  }

  /** Lets a timer strike after a new interval. */
  synchronized void restart(int id, long millis, long now) {
    Timer timer = timers.get(id);
    if (timer != null) {
      timer.interval = interval(millis);
      timer.due = now + timer.interval;
      timer.cancelled = 0;
    }
  }

  /** When the next timer strikes; far away if none does. */
  synchronized long nextDue() {
    long next = NEVER;
    for (Timer each : timers.values()) {
      next = Math.min(next, each.due);
    }
    return next;
  }

  /**
   * The timer that was to strike first and has not struck.
   *
   * @return null if there is none
   */
  synchronized @Nullable Integer strike(long now) {
    Map.@Nullable Entry<Integer, Timer> first = null;
    for (Map.Entry<Integer, Timer> each : timers.entrySet()) {
      long due = each.getValue().due;
      if (due <= now && (first == null || due < first.getValue().due)) {
        first = each;
      }
    }
    if (first == null) {
      return null;
    }
    Timer timer = first.getValue();
    // strikes that were missed are not made up for
    long next = timer.due + timer.interval;
    timer.due = timer.periodic ? (next > now ? next : now + timer.interval) : NEVER;
    return first.getKey();
  }
}
