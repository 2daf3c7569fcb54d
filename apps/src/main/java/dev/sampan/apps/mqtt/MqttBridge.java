package dev.sampan.apps.mqtt;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries events to a broker and back. What came from the broker does not go there again, and the
 * broker does not send back what came from here. While the broker cannot be reached events wait,
 * and it is tried again, at first after a second, then after longer times up to a minute.
 */
public final class MqttBridge implements AutoCloseable {

  /** The publisher of what comes from the broker. */
  public static final String PUBLISHER = "mqtt";

  private static final Logger LOG = Logger.getLogger(MqttBridge.class.getName());
  private static final long FIRST_DELAY = 1_000;
  private static final long LONGEST_DELAY = 60_000;
  private static final long SECOND = 1_000;

  /** How long what waits may take to be sent when the bridge is closed. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final MqttSettings settings;
  private final EventBus bus;
  private final Outbox outbox;
  private final EventBus.Subscription subscription;
  private final Thread thread;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean closed;

  /** What is known of the connection. */
  private record Link(boolean connected, Instant since, Optional<String> error) {}

  private volatile Link link =
      new Link(false, Instant.now(), Optional.of("it has not been tried yet"));

  private MqttBridge(MqttSettings settings, EventBus bus) {
    this.settings = settings;
    this.bus = bus;
    this.outbox = new Outbox(settings.queue());
    this.subscription =
        bus.subscribe(settings.out().stream().map(MqttMapping::local).toList(), this::take);
    this.thread = Thread.ofVirtual().name("sampan-mqtt").unstarted(this::run);
  }

  /** Begins; the broker need not be there yet. */
  public static MqttBridge start(MqttSettings settings, EventBus bus) {
    MqttBridge bridge = new MqttBridge(settings, bus);
    bridge.thread.start();
    return bridge;
  }

  /** How it is now. */
  public MqttState state() {
    Link now = link;
    return new MqttState(
        settings.broker().toString(),
        now.connected(),
        now.since(),
        now.error(),
        received.get(),
        sent.get(),
        dropped.get(),
        connections.get(),
        outbox.size());
  }

  // ---- in ----

  private void received(String topic, int format, byte[] payload) {
    for (MqttMapping mapping : settings.in()) {
      if (mapping.remote().matches(topic)) {
        receive(mapping.toLocal(topic), format, payload);
        return;
      }
    }
    dropped.incrementAndGet(); // of a session that had other mappings
  }

  private void receive(String topic, int format, byte[] payload) {
    if (topic.startsWith(Event.RESERVED)) {
      dropped.incrementAndGet(); // behind a prefix a broker takes any topic from anybody
      return;
    }
    Event event;
    try {
      event = new Event(topic, format, payload, PUBLISHER);
    } catch (IllegalArgumentException e) {
      dropped.incrementAndGet();
      return;
    }
    if (payload.length > Event.MAX_PAYLOAD) {
      dropped.incrementAndGet();
      return;
    }
    received.incrementAndGet();
    bus.publish(event);
  }

  // ---- out ----

  private void take(Event event) {
    if (event.publisher().equals(PUBLISHER)) {
      return;
    }
    for (MqttMapping mapping : settings.out()) {
      if (mapping.local().matches(event.topic())) {
        String topic = mapping.toRemote(event.topic());
        if (outbox.add(new Outbox.Message(topic, event.format(), event.payload(), mapping.qos()))) {
          dropped.incrementAndGet();
        }
        return;
      }
    }
  }

  // ---- the connection ----

  private void run() {
    long delay = FIRST_DELAY;
    try {
      while (!closed) {
        try (MqttConnection connection = MqttConnection.open(settings, this::received)) {
          connections.incrementAndGet();
          become(true, null);
          delay = FIRST_DELAY;
          serve(connection);
        } catch (IOException | RuntimeException e) {
          become(false, e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
        }
        // not all bridges of a broker that comes back at the same moment
        long wait = ThreadLocalRandom.current().nextLong(delay / 2, delay + 1);
        if (stopped.await(wait, TimeUnit.MILLISECONDS)) {
          break;
        }
        delay = Math.min(2 * delay, LONGEST_DELAY);
      }
    } catch (InterruptedException e) {
      // it has been given time enough
    }
    become(false, "the host is being stopped");
  }

  private void become(boolean connected, @Nullable String error) {
    Link before = link;
    link = new Link(connected, Instant.now(), Optional.ofNullable(error));
    if (connected) {
      LOG.log(Level.FINE, "connected to {0}", settings.broker());
    } else if (!closed && !before.error().equals(link.error())) {
      LOG.log(
          Level.WARNING, "{0}: {1}; it is tried again", new Object[] {settings.broker(), error});
    }
  }

  /** Sends what comes until the connection breaks, or the bridge is closed and nothing waits. */
  private void serve(MqttConnection connection) throws IOException, InterruptedException {
    try {
      while (true) {
        boolean last = closed;
        Outbox.Message next = outbox.next(last ? 0 : SECOND);
        if (!connection.isOpen()) {
          if (next != null) {
            outbox.putBack(List.of(next));
          }
          throw new IOException("the connection is broken");
        }
        sent.addAndGet(next == null ? connection.confirm(0) : connection.send(next));
        if (next == null && last) {
          return;
        }
      }
    } finally {
      outbox.putBack(connection.unconfirmed());
    }
  }

  @Override
  public void close() {
    closed = true;
    subscription.close();
    stopped.countDown();
    outbox.wake();
    try {
      if (!thread.join(GRACE)) {
        thread.interrupt();
        thread.join(GRACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
