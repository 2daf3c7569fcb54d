package dev.sampan.apps.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which times of a schedule have come, whatever the clock does. When the clock is set back by no
 * more than the distance to the next time, nothing comes twice; when it is set back further, the
 * times count anew from where it stands.
 */
final class Timetable {

  /** A time that came so long ago has been missed. */
  static final Duration LATE = Duration.ofMinutes(1);

  /** So many missed times are counted one by one. */
  private static final int COUNTED = 1_000;

  /**
   * What has come.
   *
   * @param time the last time that has come, if any has
   * @param late whether that was too long ago
   * @param earlier how many came before it, and are missed
   */
  record Due(Optional<Instant> time, boolean late, int earlier) {}

  private static final Due NOTHING = new Due(Optional.empty(), false, 0);

  private final CronTimes times;

  /** Up to when all times have come. */
  private Instant seen;

  private Optional<Instant> next;

  /**
   * A timetable.
   *
   * @param seen up to when nothing is to come
   */
  Timetable(CronTimes times, Instant seen) {
    this.times = times;
    this.seen = seen;
    this.next = times.after(seen);
  }

  /** The next time, if there is one. */
  Optional<Instant> next() {
    return next;
  }

  /** Up to when all times have come. */
  Instant seen() {
    return seen;
  }

  /** What has come, if it is this moment now; each time comes once. */
  Due look(Instant now) {
    if (next.isEmpty()) {
      return NOTHING;
    }
    Instant first = next.get();
    if (now.isBefore(first)) {
      Duration distance = Duration.between(seen, first);
      if (Duration.between(now, first).compareTo(distance.multipliedBy(2)) > 0) {
        goOn(now); // the clock was set back
      }
      return NOTHING;
    }
    Instant last = first;
    int count = 1;
    goOn(first);
    while (next.isPresent() && !next.get().isAfter(now)) {
      if (count == COUNTED) {
        goOn(now.minus(LATE));
        if (next.isEmpty() || next.get().isAfter(now)) {
          break;
        }
      }
      last = next.get();
      count++;
      goOn(last);
    }
    boolean late = Duration.between(last, now).compareTo(LATE) > 0;
    return new Due(Optional.of(last), late, count - 1);
  }

  private void goOn(Instant from) {
    seen = from;
    next = times.after(from);
  }
}
