package dev.sampan.apps;

import java.time.Duration;

/**
 * What becomes of a program that has ended by itself.
 *
 * @param when in which cases it is run again
 * @param attempts how often in a row at most, 0 for without end
 * @param delay how long to wait the first time; each further time it is twice as long
 * @param maxDelay how long to wait at most
 */
public record Restart(When when, int attempts, Duration delay, Duration maxDelay) {

  /** In which cases a program is run again. */
  public enum When {
    /** Never: it runs once. */
    NEVER,
    /** If it trapped, used up a limit, or ended with a status other than 0. */
    ON_FAILURE,
    /** Whenever it has ended. */
    ALWAYS
  }

  /** A program that runs for so many nanoseconds has started well: the delays begin anew. */
  public static final long SETTLED_NANOS = 10_000_000_000L;

  /** Runs once. */
  public static final Restart NEVER =
      new Restart(When.NEVER, 0, Duration.ofMillis(100), Duration.ofSeconds(60));

  /** Checks the ranges. */
  public Restart {
    if (attempts < 0 || delay.isNegative() || maxDelay.compareTo(delay) < 0) {
      throw AppException.invalid(
          "expected a restart with 0 or more attempts and 0 <= delay <= maxDelay, found attempts "
              + attempts
              + ", delay "
              + delay
              + ", maxDelay "
              + maxDelay);
    }
  }

  /** The same in other cases. */
  public Restart when(When newWhen) {
    return new Restart(newWhen, attempts, delay, maxDelay);
  }

  /** The same with other times. */
  public Restart delays(Duration first, Duration longest) {
    return new Restart(when, attempts, first, longest);
  }

  /** The same with another number of attempts. */
  public Restart attempts(int max) {
    return new Restart(when, max, delay, maxDelay);
  }

  /**
   * Whether to run it again.
   *
   * @param failed whether it has failed
   * @param before how often in a row it was run again already
   */
  public boolean applies(boolean failed, int before) {
    boolean wanted =
        switch (when) {
          case NEVER -> false;
          case ON_FAILURE -> failed;
          case ALWAYS -> true;
        };
    return wanted && (attempts == 0 || before < attempts);
  }

  /** How long to wait before it is run again, if that has happened so often in a row before. */
  public Duration delayAfter(int before) {
    Duration wait = delay;
    for (int i = 0; i < before && wait.compareTo(maxDelay) < 0; i++) {
      wait = wait.plus(wait);
    }
    return wait.compareTo(maxDelay) > 0 ? maxDelay : wait;
  }
}
