package dev.sampan.apps.service;

import dev.sampan.apps.connect.Connection;
import dev.sampan.apps.connect.Poller;
import dev.sampan.apps.connect.Sink;
import dev.sampan.apps.connect.UdpPort;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.wire.AttributeContainer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where an app is reached, whichever revision of it runs: its address for requests, events and
 * datagrams. While one run takes over from another one there are two, of which one is live; so
 * nothing is lost and nothing comes twice.
 */
final class Endpoint {

  private static final int MAX_TOPICS = 100;

  private final String name;
  private final EventBus bus;
  private final Map<TopicFilter, Topic> topics = new HashMap<>();
  private final Map<InetSocketAddress, UdpPort> ports = new HashMap<>();
  private volatile @Nullable ServiceRun live;

  private static final class Topic {
    final EventBus.Subscription subscription;
    final Set<ServiceRun> runs = new HashSet<>();

    Topic(EventBus.Subscription subscription) {
      this.subscription = subscription;
    }
  }

  Endpoint(String name, EventBus bus) {
    this.name = name;
    this.bus = bus;
  }

  /** The app's name. */
  String name() {
    return name;
  }

  /** The run that is to have what comes, or null if the app does not run. */
  @Nullable ServiceRun live() {
    return live;
  }

  /** Lets what comes from now on come to a run. */
  void take(ServiceRun run) {
    live = run;
  }

  /** A run has ended. */
  synchronized void leave(ServiceRun run) {
    if (live == run) {
      live = null;
    }
    topics
        .values()
        .removeIf(
            topic -> {
              topic.runs.remove(run);
              if (topic.runs.isEmpty()) {
                topic.subscription.close();
              }
              return topic.runs.isEmpty();
            });
  }

  /**
   * Lets a run hear of topics as long as it is live.
   *
   * @return whether it does; it hears of so many topics only
   */
  synchronized boolean subscribe(ServiceRun run, TopicFilter filter) {
    if (topics.values().stream().filter(topic -> topic.runs.contains(run)).count() == MAX_TOPICS) {
      return false;
    }
    topics
        .computeIfAbsent(
            filter, key -> new Topic(bus.subscribe(filter, event -> deliver(filter, event))))
        .runs
        .add(run);
    return true;
  }

  private void deliver(TopicFilter filter, Event event) {
    ServiceRun now;
    synchronized (this) {
      Topic topic = topics.get(filter);
      now = topic != null && topic.runs.contains(live) ? live : null;
    }
    if (now != null) {
      now.tell(event);
    }
  }

  /** Shares a port for datagrams among the runs of this app. */
  synchronized Connection udp(
      InetSocketAddress address,
      Poller poller,
      Sink sink,
      Function<AttributeContainer, Optional<InetSocketAddress>> destination)
      throws IOException {
    UdpPort known = address.getPort() == 0 ? null : ports.get(address);
    if (known != null) {
      Optional<Connection> shared = known.share(sink, destination);
      if (shared.isPresent()) {
        return shared.get();
      }
    }
    UdpPort opened = UdpPort.open(address, poller);
    ports.values().removeIf(UdpPort::isClosed);
    ports.put(address, opened);
    return opened.share(sink, destination).orElseThrow();
  }
}
