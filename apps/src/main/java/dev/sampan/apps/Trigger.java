package dev.sampan.apps;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.job.CronTimes;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** What makes an app run. */
public sealed interface Trigger {

  private static void requireUpToADay(String what, Duration found) {
    if (!found.isPositive() || found.compareTo(Duration.ofDays(1)) > 0) {
      throw AppException.invalid("expected %s up to a day, found %s".formatted(what, found));
    }
  }

  /**
   * The app lives as long as it is not stopped, and is called when something has happened: it has
   * the guest interface of the WebAssembly Micro Runtime's app framework.
   *
   * @param restart what becomes of it when it has failed
   * @param watchdog how long one call may take; with a longer one it has failed
   * @param maxTimers how many timers it may have
   * @param maxConnections how many connections it may have open
   * @param queue how many requests and events may wait for it; one more is refused or lost
   * @param timeLimit how long whoever asks it waits for an answer
   * @param maxMessageBytes how long the payload of a message may be, to it and from it
   * @param http whether requests come in by HTTP, at {@code /app/NAME}
   */
  record Service(
      Restart restart,
      Duration watchdog,
      int maxTimers,
      int maxConnections,
      int queue,
      Duration timeLimit,
      int maxMessageBytes,
      boolean http)
      implements Trigger {

    private static final int MOST = 1000;
    private static final int MAX_QUEUE = 10_000;
    private static final int MAX_MESSAGE = 64 << 20;

    /** Checks the ranges. */
    public Service {
      requireRange("maxTimers", maxTimers, 0, MOST);
      requireRange("maxConnections", maxConnections, 0, MOST);
      requireRange("queue", queue, 1, MAX_QUEUE);
      requireRange("maxMessageBytes", maxMessageBytes, 0, MAX_MESSAGE);
      requireUpToADay("watchdog", watchdog);
      requireUpToADay("timeLimit", timeLimit);
    }

    private static void requireRange(String what, int found, int min, int max) {
      if (found < min || found > max) {
        throw AppException.invalid(
            "expected %s from %d to %d, found %d".formatted(what, min, max, found));
      }
    }

    /**
     * It runs again when it has failed; 180 s for a call, 20 timers, 3 connections, 50 messages, 30
     * s for an answer, 1 MiB for a message; open for HTTP.
     */
    public static final Service DEFAULT =
        new Service(
            Restart.NEVER.when(Restart.When.ON_FAILURE),
            Duration.ofSeconds(180),
            20,
            3,
            50,
            Duration.ofSeconds(30),
            1 << 20,
            true);

    /** The same with another policy for restarts. */
    public Service restart(Restart other) {
      return new Service(
          other, watchdog, maxTimers, maxConnections, queue, timeLimit, maxMessageBytes, http);
    }

    /** The same with another limit for the time of a call. */
    public Service watchdog(Duration limit) {
      return new Service(
          restart, limit, maxTimers, maxConnections, queue, timeLimit, maxMessageBytes, http);
    }

    /** The same with another number of timers. */
    public Service maxTimers(int max) {
      return new Service(
          restart, watchdog, max, maxConnections, queue, timeLimit, maxMessageBytes, http);
    }

    /** The same with another number of messages that may wait. */
    public Service queue(int length) {
      return new Service(
          restart, watchdog, maxTimers, maxConnections, length, timeLimit, maxMessageBytes, http);
    }

    /** The same with another time to wait for an answer. */
    public Service timeLimit(Duration limit) {
      return new Service(
          restart, watchdog, maxTimers, maxConnections, queue, limit, maxMessageBytes, http);
    }

    /** The same with another limit for payloads, in bytes. */
    public Service maxMessageBytes(int max) {
      return new Service(restart, watchdog, maxTimers, maxConnections, queue, timeLimit, max, http);
    }

    /** The same open for HTTP, or not. */
    public Service http(boolean open) {
      return new Service(
          restart, watchdog, maxTimers, maxConnections, queue, timeLimit, maxMessageBytes, open);
    }
  }

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
      requireUpToADay("a time limit", timeLimit);
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

  /**
   * The app runs at certain times: a program to its end, or a reactor's function {@code handle}. A
   * time that comes while the host is away, or is jumped over by its clock, is missed.
   *
   * @param cron when: minute, hour, day of the month, month and day of the week, as Unix has it, or
   *     one of {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly} and {@code
   *     @yearly}
   * @param zone whose clock that is
   * @param overlap what happens at a time when the run before has not ended
   * @param missed what happens when times have been missed
   * @param timeLimit how long a run may take
   */
  record Schedule(String cron, ZoneId zone, Overlap overlap, Missed missed, Duration timeLimit)
      implements Trigger {

    /** What happens at a time when the run before has not ended. */
    public enum Overlap {
      /** The time is passed over. */
      SKIP,
      /** The app runs again as soon as it has ended; further times are passed over. */
      QUEUE
    }

    /** What happens when times have been missed. */
    public enum Missed {
      /** They are passed over. */
      SKIP,
      /** The app runs once for all of them. */
      ONCE
    }

    private static final Duration MAX_TIME = Duration.ofDays(30);

    /** Checks the ranges. */
    public Schedule {
      CronTimes.of(cron, zone);
      if (!timeLimit.isPositive() || timeLimit.compareTo(MAX_TIME) > 0) {
        throw AppException.invalid(
            "expected a time limit up to " + MAX_TIME.toDays() + " days, found " + timeLimit);
      }
    }

    /** Times of UTC; what cannot be done in time is passed over; runs may take an hour. */
    public static Schedule at(String cron) {
      return new Schedule(cron, ZoneOffset.UTC, Overlap.SKIP, Missed.SKIP, Duration.ofHours(1));
    }

    /** The same by the clock of another zone. */
    public Schedule zone(ZoneId other) {
      return new Schedule(cron, other, overlap, missed, timeLimit);
    }

    /** The same with other answers to what cannot be done in time. */
    public Schedule late(Overlap newOverlap, Missed newMissed) {
      return new Schedule(cron, zone, newOverlap, newMissed, timeLimit);
    }

    /** The same with another limit for a run. */
    public Schedule timeLimit(Duration limit) {
      return new Schedule(cron, zone, overlap, missed, limit);
    }
  }

  /**
   * The app runs for each event with certain topics: the payload is its standard input, and {@code
   * EVENT_TOPIC}, {@code EVENT_FORMAT} and {@code EVENT_PUBLISHER} are in its environment. Its
   * permission {@code subscribe} must cover the topics, and {@code publish} the reply.
   *
   * @param topics filters of which an event must match one
   * @param isolation which events see the same instance
   * @param concurrency how many events are handled at once; with 1 they are handled in their order
   * @param queue how many more may wait; further ones are dropped
   * @param timeLimit how long handling one may take
   * @param reply the topic on which what it writes to its standard output is published; if empty,
   *     that goes to the log
   * @param replyFormat the format of what is published
   * @param maxReplyBytes how long what is published may be
   */
  record Events(
      List<String> topics,
      Isolation isolation,
      int concurrency,
      int queue,
      Duration timeLimit,
      Optional<String> reply,
      int replyFormat,
      long maxReplyBytes)
      implements Trigger {

    private static final int MAX_QUEUE = 1_000_000;

    /** Checks the ranges. */
    public Events {
      topics = List.copyOf(topics);
      if (topics.isEmpty()) {
        throw AppException.invalid("expected one or more topics, found none");
      }
      if (concurrency < 1 || queue < 1 || queue > MAX_QUEUE || replyFormat < 0) {
        throw AppException.invalid(
            ("expected a concurrency of 1 or more, a queue from 1 to %d and a format of 0 or more,"
                    + " found concurrency %d, queue %d, replyFormat %d")
                .formatted(MAX_QUEUE, concurrency, queue, replyFormat));
      }
      if (maxReplyBytes < 0 || maxReplyBytes > Event.MAX_PAYLOAD) {
        throw AppException.invalid(
            "expected a maxReplyBytes up to %d, found %d"
                .formatted(Event.MAX_PAYLOAD, maxReplyBytes));
      }
      requireUpToADay("a time limit", timeLimit);
      Topics.requireNoLoop(topics, reply);
    }

    /** A new instance for each event, one after the other; 256 may wait; each may take 30 s. */
    public static Events of(String... topics) {
      return new Events(
          List.of(topics),
          Isolation.FRESH,
          1,
          256,
          Duration.ofSeconds(30),
          Optional.empty(),
          Event.OPAQUE,
          Event.MAX_PAYLOAD);
    }

    /** The same with another isolation. */
    public Events isolation(Isolation other) {
      return new Events(
          topics, other, concurrency, queue, timeLimit, reply, replyFormat, maxReplyBytes);
    }

    /** The same with other numbers of events at once and waiting. */
    public Events concurrency(int atOnce, int waiting) {
      return new Events(
          topics, isolation, atOnce, waiting, timeLimit, reply, replyFormat, maxReplyBytes);
    }

    /** The same with another time limit. */
    public Events timeLimit(Duration limit) {
      return new Events(
          topics, isolation, concurrency, queue, limit, reply, replyFormat, maxReplyBytes);
    }

    /** The same with a topic on which it answers. */
    public Events reply(String topic, int format) {
      return new Events(
          topics,
          isolation,
          concurrency,
          queue,
          timeLimit,
          Optional.of(topic),
          format,
          maxReplyBytes);
    }
  }
}
