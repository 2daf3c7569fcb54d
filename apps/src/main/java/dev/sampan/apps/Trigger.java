package dev.sampan.apps;

import java.time.Duration;
import java.util.Optional;

/** What makes an app run. */
public sealed interface Trigger {

  /** The app runs when it is started: a program to its end, a reactor until it is stopped. */
  record Start(Restart restart) implements Trigger {}

  /**
   * The app is a function: it runs for each request to {@code /fn/NAME}.
   *
   * @param isolation which requests see the same instance
   * @param concurrency how many requests are handled at once
   * @param queue how many more may wait; one more is refused with status 429
   * @param timeLimit how long a request may wait and take, together
   * @param maxRequestBytes how long a request's body may be
   * @param maxResponseBytes how long a response's body may be
   * @param health a path that a new revision must answer with a status from 200 to 299 before it
   *     takes over
   */
  record Http(
      Isolation isolation,
      int concurrency,
      int queue,
      Duration timeLimit,
      long maxRequestBytes,
      long maxResponseBytes,
      Optional<String> health)
      implements Trigger {

    /** Checks the ranges. */
    public Http {
      if (concurrency < 1 || queue < 0 || maxRequestBytes < 0 || maxResponseBytes < 0) {
        throw AppException.invalid(
            "expected a concurrency of 1 or more and a queue and sizes of 0 or more, found "
                + "concurrency %d, queue %d, maxRequestBytes %d, maxResponseBytes %d"
                    .formatted(concurrency, queue, maxRequestBytes, maxResponseBytes));
      }
      if (!timeLimit.isPositive() || timeLimit.compareTo(Duration.ofDays(1)) > 0) {
        throw AppException.invalid("expected a time limit up to a day, found " + timeLimit);
      }
      if (health.isPresent() && !health.get().startsWith("/")) {
        throw AppException.invalid(
            "expected a path for health that begins with '/', found '" + health.get() + "'");
      }
    }

    /** 16 requests at once and 64 waiting, 30 s, bodies up to 16 MiB in and 64 MiB out. */
    public static final Http DEFAULT =
        new Http(
            Isolation.FRESH,
            16,
            64,
            Duration.ofSeconds(30),
            16L << 20,
            64L << 20,
            Optional.empty());

    /** The same with another isolation. */
    public Http isolation(Isolation other) {
      return new Http(
          other, concurrency, queue, timeLimit, maxRequestBytes, maxResponseBytes, health);
    }

    /** The same with other numbers of requests at once and waiting. */
    public Http concurrency(int atOnce, int waiting) {
      return new Http(
          isolation, atOnce, waiting, timeLimit, maxRequestBytes, maxResponseBytes, health);
    }

    /** The same with another time limit. */
    public Http timeLimit(Duration limit) {
      return new Http(
          isolation, concurrency, queue, limit, maxRequestBytes, maxResponseBytes, health);
    }

    /** The same with other limits for bodies, in bytes. */
    public Http maxBytes(long request, long response) {
      return new Http(isolation, concurrency, queue, timeLimit, request, response, health);
    }

    /** The same with a path that tells whether a revision is well. */
    public Http health(String path) {
      return new Http(
          isolation,
          concurrency,
          queue,
          timeLimit,
          maxRequestBytes,
          maxResponseBytes,
          Optional.of(path));
    }
  }
}
