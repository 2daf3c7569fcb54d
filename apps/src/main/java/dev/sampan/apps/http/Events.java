package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.Formats;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.EventJson;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.wire.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/events}: publishes events ({@code POST /v1/events/TOPIC}, with the payload as body)
 * and sends those that are published ({@code GET /v1/events?topic=FILTER}) as server-sent events.
 */
final class Events {

  /** Who publishes what comes in here. */
  private static final String PUBLISHER = "management";

  /** How many events may wait for a reader; a slower one misses some, and is told how many. */
  private static final int WAITING = 1_000;

  private final AppHost host;
  private volatile boolean ending;

  Events(AppHost host) {
    this.host = host;
  }

  /** Ends all responses that go on. */
  void end() {
    ending = true;
  }

  /**
   * Handles a request.
   *
   * @param topic what stands behind {@code /v1/events/}, or empty
   */
  void handle(Exchange exchange, String topic) throws IOException, InterruptedException {
    switch (exchange.method()) {
      case "POST" -> publish(exchange, topic);
      case "GET" -> listen(exchange, topic);
      default -> throw new HttpFailure(405, "expected GET or POST, found " + exchange.method());
    }
  }

  // ---- publishing ----

  private void publish(Exchange exchange, String path) throws IOException {
    // a path cannot say all topics: it has no empty levels, and none that is '..'
    String topic = path.isEmpty() ? exchange.query("topic").orElse("") : path;
    if (topic.isEmpty()) {
      throw new HttpFailure(400, "expected a topic: POST /v1/events/TOPIC, or ?topic=TOPIC");
    }
    if (topic.startsWith(Event.RESERVED)) {
      throw new HttpFailure(
          403, "topics that begin with '" + Event.RESERVED + "' are the host's own: " + topic);
    }
    int format =
        exchange
            .number("format", 0)
            .orElseGet(() -> exchange.header("Content-Type").map(Formats::of).orElse(0));
    byte[] payload = exchange.body().readNBytes(Event.MAX_PAYLOAD + 1);
    if (payload.length > Event.MAX_PAYLOAD) {
      throw new HttpFailure(413, "expected a payload of at most " + Event.MAX_PAYLOAD + " bytes");
    }
    if (format == Format.ATTRIBUTES && Payloads.isJson(exchange)) {
      payload = Payloads.attributes(exchange, payload);
    }
    Event event;
    try {
      event = new Event(topic, format, payload, PUBLISHER);
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(400, String.valueOf(e.getMessage()));
    }
    int reached = host.events().publish(event);
    exchange.json(200, Map.of("topic", topic, "reached", reached));
  }

  // ---- listening ----

  private void listen(Exchange exchange, String rest) throws IOException, InterruptedException {
    List<String> wanted = exchange.queries("topic");
    if (!rest.isEmpty() || wanted.isEmpty()) {
      throw new HttpFailure(400, "expected topics: GET /v1/events?topic=FILTER");
    }
    List<TopicFilter> filters;
    try {
      filters = wanted.stream().map(TopicFilter::of).toList();
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(400, String.valueOf(e.getMessage()));
    }
    Listener listener = new Listener();
    try (EventBus.Subscription subscription = host.events().subscribe(filters, listener::offer);
        ServerSentEvents out = new ServerSentEvents(exchange)) {
      out.follow(listener, () -> ending);
    }
  }

  /** Events that wait for one reader. */
  private static final class Listener implements ServerSentEvents.Source {
    private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING);
    private final AtomicInteger missed = new AtomicInteger();

    void offer(Event event) {
      if (!waiting.offer(event)) {
        missed.incrementAndGet();
      }
    }

    @Override
    public ServerSentEvents.@Nullable Message next(long millis) throws InterruptedException {
      int lost = waiting.size() < WAITING ? missed.getAndSet(0) : 0;
      if (lost > 0) {
        return new ServerSentEvents.Message("missed", String.valueOf(lost));
      }
      Event next = waiting.poll(millis, TimeUnit.MILLISECONDS);
      if (next == null) {
        return null;
      }
      String text = new String(Json.bytes(EventJson.of(next)), StandardCharsets.UTF_8);
      return new ServerSentEvents.Message("event", text);
    }
  }
}
