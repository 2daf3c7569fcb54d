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

    private final TopicFilter filter;
    private final Consumer<Event> subscriber;

    private Subscription(TopicFilter filter, Consumer<Event> subscriber) {
      this.filter = filter;
      this.subscriber = subscriber;
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
    Subscription subscription = new Subscription(filter, subscriber);
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
      if (each.filter.matches(event.topic())) {
        each.subscriber.accept(event);
        reached++;
      }
    }
    return reached;
  }
}
