package dev.sampan.apps.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Counts processor time by periods. If the clock is set back, nothing is forgotten. */
public final class CpuMeter {

  private final InstantSource clock;
  private Duration limit;
  private Duration period;
  private Instant begin = Instant.EPOCH;
  private Duration used = Duration.ZERO;

  /**
   * What has been counted.
   *
   * @param begin when the period began
   */
  public record Reading(Instant begin, Duration used) {}

  CpuMeter(Duration limit, Duration period, InstantSource clock) {
    this.limit = limit;
    this.period = period;
    this.clock = clock;
  }

  synchronized void limit(Duration newLimit, Duration newPeriod) {
    limit = newLimit;
    period = newPeriod;
  }

  private void turn() {
    long length = period.toMillis();
    Instant present = Instant.ofEpochMilli(Math.floorDiv(clock.millis(), length) * length);
    if (present.isAfter(begin)) {
      used = Duration.ZERO;
    }
    begin = present;
  }

  /** Counts. */
  public synchronized void add(Duration time) {
    turn();
    used = used.plus(time);
  }

  /** What has been counted in the present period. */
  public synchronized Reading reading() {
    turn();
    return new Reading(begin, used);
  }

  /** Goes on from an earlier reading, if its period is not over. */
  synchronized void resume(Reading earlier) {
    turn();
    if (!earlier.begin().isBefore(begin)) {
      used = used.plus(earlier.used());
    }
  }

  /** Whether nothing is left in this period. */
  public synchronized boolean isExhausted() {
    turn();
    return used.compareTo(limit) >= 0;
  }

  /** What is to be said if nothing is left: the limit, the amount used, and when there is more. */
  public synchronized String exhausted() {
    return "CPU time of the tenant exhausted: limit %s in %s, used %s; there is more at %s"
        .formatted(text(limit), text(period), text(used), begin.plus(period));
  }

  private static String text(Duration duration) {
    String text = duration.truncatedTo(ChronoUnit.MILLIS).toString();
    return text.substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  /**
   * Lets somebody through who wants to use some.
   *
   * @throws TooManyException if nothing is left
   */
  public synchronized void require() {
    if (isExhausted()) {
      Duration wait = Duration.between(clock.instant(), begin.plus(period));
      throw new TooManyException(exhausted(), wait);
    }
  }
}
