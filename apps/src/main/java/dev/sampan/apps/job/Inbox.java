package dev.sampan.apps.job;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for an app. One revision reads them; when another one takes over, it gets
 * the inbox, so that each event comes to exactly one of them.
 */
final class Inbox {

  private final Queue<Event> waiting = new ArrayDeque<>();
  private EventBus.@Nullable Subscription subscription;
  private EventJobs reader;

  Inbox(EventJobs reader) {
    this.reader = reader;
  }

  /** Begins to take events in. */
  synchronized void open(EventBus bus, List<TopicFilter> filters) {
    subscription = bus.subscribe(filters, this::take);
  }

  private void take(Event event) {
    EventJobs now;
    boolean taken;
    synchronized (this) {
      now = reader;
      taken = waiting.size() < now.capacity();
      if (taken) {
        waiting.add(event);
      }
    }
    if (taken) {
      now.work();
    } else {
      now.drop();
    }
  }

  /** The next event for a reader, if it still is the one. */
  synchronized @Nullable Event next(EventJobs who) {
    return who == reader ? waiting.poll() : null;
  }

  /** Gives all that waits and will come to another reader. */
  synchronized void handOver(EventJobs next, List<TopicFilter> filters) {
    reader = next;
    Objects.requireNonNull(subscription).change(filters);
  }

  synchronized int size() {
    return waiting.size();
  }

  /**
   * Takes no more events in, if the reader still is the one.
   *
   * @return how many have waited in vain
   */
  synchronized int close(EventJobs who) {
    EventBus.Subscription open = subscription;
    if (who != reader || open == null) {
      return 0;
    }
    open.close();
    int left = waiting.size();
    waiting.clear();
    return left;
  }
}
