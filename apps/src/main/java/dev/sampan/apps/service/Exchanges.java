package dev.sampan.apps.service;

import dev.sampan.apps.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests that one app has, the oldest first. */
final class Exchanges {

  private static final int MAX = 1_000;

  /** An asker numbers its requests; so these two tell which one it is. */
  private record Key(int sender, int id) {}

  private final Duration timeLimit;
  private final Map<Key, Exchange> open = new LinkedHashMap<>();

  /**
   * No requests yet.
   *
   * @param timeLimit how long one may be there
   */
  Exchanges(Duration timeLimit) {
    this.timeLimit = timeLimit;
  }

  private static Key key(Exchange exchange) {
    return new Key(exchange.sender(), exchange.id());
  }

  /**
   * Adds one. If its asker gives a number anew, it has given the former request up.
   *
   * @return whether there is room for it
   */
  boolean add(Exchange exchange) {
    Exchange former;
    synchronized (this) {
      if (open.size() == MAX) {
        return false;
      }
      former = open.remove(key(exchange));
      open.put(key(exchange), exchange);
    }
    if (former != null) {
      former.giveUp();
    }
    return true;
  }

  /** Takes one out, to be answered. */
  synchronized Optional<Exchange> take(int sender, int id) {
    return Optional.ofNullable(open.remove(new Key(sender, id)));
  }

  /** Takes one out that was never given to the app. */
  synchronized void remove(Exchange exchange) {
    open.remove(key(exchange), exchange);
  }

  synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  /** After how many nanoseconds the oldest one has waited for too long. */
  synchronized long untilExpiry() {
    @Nullable Exchange oldest = open.isEmpty() ? null : open.values().iterator().next();
    return oldest == null ? Inbox.FOREVER : timeLimit.toNanos() - oldest.age();
  }

  /** Answers those in place of the app that have waited for too long. */
  void expire() {
    List<Exchange> late = new ArrayList<>();
    synchronized (this) {
      while (untilExpiry() <= 0) {
        Exchange oldest = open.values().iterator().next();
        open.remove(key(oldest));
        late.add(oldest);
      }
    }
    String why = "no answer in " + timeLimit.toMillis() + " ms";
    late.forEach(each -> each.refuse(Status.TIMEOUT, why));
  }

  /** Answers all in place of the app, which has ended. */
  void close(String why) {
    List<Exchange> all;
    synchronized (this) {
      all = new ArrayList<>(open.values());
      open.clear();
    }
    all.forEach(each -> each.refuse(Status.UNAVAILABLE, why));
  }
}
