package dev.sampan.apps.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Brings each event to everybody who has subscribed to its topic when it is published, the
 * publisher among them. What a publisher says arrives in the order in which it was said.
 */
public final class EventBus {

  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /** Somebody's wish to hear of topics, until it is closed. */
  public final class Subscription implements AutoCloseable {

    private volatile List<TopicFilter> filters;
    private final Consumer<Event> subscriber;

    private Subscription(List<TopicFilter> filters, Consumer<Event> subscriber) {
      this.filters = List.copyOf(filters);
      this.subscriber = subscriber;
    }

    /** Changes what is to be heard of from now on; nothing is lost or comes twice by that. */
    public void change(List<TopicFilter> others) {
      filters = List.copyOf(others);
    }

    private boolean wants(String topic) {
      return filters.stream().anyMatch(filter -> filter.matches(topic));
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }

  /**
   * Subscribes.
   *
   * @param subscriber called in the publisher's thread: it must not wait and must not throw, but
   *     put the event into a queue
   */
  public Subscription subscribe(TopicFilter filter, Consumer<Event> subscriber) {
    return subscribe(List.of(filter), subscriber);
  }

  /**
   * Subscribes to what any of some filters means; an event that several of them mean comes once.
   *
   * @param subscriber as above
   */
  public Subscription subscribe(List<TopicFilter> filters, Consumer<Event> subscriber) {
    Subscription subscription = new Subscription(filters, subscriber);
    subscriptions.add(subscription);
    return subscription;
  }

  /**
   * Publishes an event.
   *
   * @return to how many subscriptions it went
   */
  public int publish(Event event) {
    int reached = 0;
    for (Subscription each : subscriptions) {
      if (each.wants(event.topic())) {
        each.subscriber.accept(event);
        reached++;
      }
    }
    return reached;
  }
}
