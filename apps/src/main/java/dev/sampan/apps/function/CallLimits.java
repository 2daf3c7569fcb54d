package dev.sampan.apps.function;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.Trigger;
import java.time.Duration;

/**
 * How calls are isolated from each other, and how much of them there may be.
 *
 * @param isolation which calls see the same instance
 * @param concurrency how many are handled at once
 * @param queue how many more may wait
 * @param timeLimit how long one may wait and take, together
 * @param maxInputBytes how long what the guest reads may be
 * @param maxOutputBytes how long what it answers may be
 */
public record CallLimits(
    Isolation isolation,
    int concurrency,
    int queue,
    Duration timeLimit,
    long maxInputBytes,
    long maxOutputBytes) {

  /** The limits of a function's requests. */
  public static CallLimits of(Trigger.Http http) {
    return new CallLimits(
        http.isolation(),
        http.concurrency(),
        http.queue(),
        http.timeLimit(),
        http.maxRequestBytes(),
        http.maxResponseBytes());
  }

  /** The limits of jobs, for which somebody else has a queue. */
  public static CallLimits ofJobs(Isolation isolation, int concurrency, Duration timeLimit) {
    return new CallLimits(isolation, concurrency, 0, timeLimit, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
