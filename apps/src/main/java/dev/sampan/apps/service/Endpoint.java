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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
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

  /** What each run wants to hear of. */
  private final Map<ServiceRun, Set<TopicFilter>> topics = new HashMap<>();

  private final Map<InetSocketAddress, UdpPort> ports = new HashMap<>();
  private EventBus.@Nullable Subscription subscription;
  private volatile @Nullable ServiceRun live;

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
    if (topics.remove(run) != null) {
      listen();
    }
  }

  /**
   * Lets a run hear of topics as long as it is live.
   *
   * @return whether it does; it hears of so many topics only
   */
  synchronized boolean subscribe(ServiceRun run, TopicFilter filter) {
    Set<TopicFilter> wanted = topics.computeIfAbsent(run, key -> new HashSet<>());
    if (wanted.size() == MAX_TOPICS && !wanted.contains(filter)) {
      return false;
    }
    if (wanted.add(filter)) {
      listen();
    }
    return true;
  }

  /** Listens to what any run wants to hear of; which one hears it is decided for each event. */
  private void listen() {
    List<TopicFilter> all = topics.values().stream().flatMap(Set::stream).distinct().toList();
    EventBus.Subscription present = subscription;
    if (present == null) {
      subscription = bus.subscribe(all, this::deliver);
    } else if (all.isEmpty()) {
      present.close();
      subscription = null;
    } else {
      present.change(all);
    }
  }

  private void deliver(Event event) {
    ServiceRun now = live;
    if (now != null && wants(now, event)) {
      now.tell(event);
    }
  }

  /** Tells the live run of something that is told only to who has asked for just that. */
  void tellIfAsked(TopicFilter exactly, Supplier<Event> event) {
    ServiceRun now = live;
    if (now != null && hasAsked(now, exactly)) {
      now.tell(event.get());
    }
  }

  private synchronized boolean hasAsked(ServiceRun run, TopicFilter exactly) {
    Set<TopicFilter> wanted = topics.get(run);
    return wanted != null && wanted.contains(exactly);
  }

  private synchronized boolean wants(ServiceRun run, Event event) {
    Set<TopicFilter> wanted = topics.get(run);
    return wanted != null && wanted.stream().anyMatch(each -> each.matches(event.topic()));
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
