package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.Permissions;
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
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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

  /** What was published, and to how many subscriptions it went. */
  private record Published(String topic, int reached) {}

  private final AppHost host;
  private final Streams streams;

  /**
   * The events of a host.
   *
   * @param streams knows when answers that go on have to end
   */
  Events(AppHost host, Streams streams) {
    this.host = host;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/events/{topic...}", "Publishes an event, with the body as payload.")
            .query("format", Integer.class, "What the payload is; by default as its type says.")
            .body(Route.Body.ANY)
            .answers(200, Published.class)
            .by(call -> publish(call, call.variable("topic"))),
        // a path cannot say all topics: it has no empty levels, and none that is '..'
        Route.of("POST", "/v1/events", "Publishes an event on a topic that no path can say.")
            .query("topic", String.class, "The topic.")
            .query("format", Integer.class, "What the payload is; by default as its type says.")
            .body(Route.Body.ANY)
            .answers(200, Published.class)
            .by(call -> publish(call, call.exchange().query("topic").orElse(""))),
        Route.of("GET", "/v1/events", "Events as they are published.")
            .query("topic", String.class, "Which, as a filter; may be given several times.")
            .answers(200, ServerSentEvents.TYPE)
            .by(this::listen));
  }

  /** What the caller may say and hear, or empty if that is everything. */
  private Optional<Permissions> terms(Call call) {
    return switch (call.caller()) {
      case Caller.OfTenant tenant ->
          Optional.of(host.tenants().tenant(tenant.name()).terms().grants());
      case Caller.Operator _, Caller.Anybody _ -> Optional.empty();
    };
  }

  private static HttpFailure notGranted(String what, String topic, List<String> granted) {
    return new HttpFailure(
        403,
        "the tenant may not %s '%s': expected its terms to grant that, found %s"
            .formatted(what, topic, granted));
  }

  // ---- publishing ----

  private void publish(Call call, String topic) throws IOException {
    Exchange exchange = call.exchange();
    if (topic.isEmpty()) {
      throw new HttpFailure(400, "expected a topic: POST /v1/events/TOPIC, or ?topic=TOPIC");
    }
    if (topic.startsWith(Event.RESERVED)) {
      throw new HttpFailure(
          403, "topics that begin with '" + Event.RESERVED + "' are the host's own: " + topic);
    }
    Optional<Permissions> terms = terms(call);
    if (terms.isPresent() && !terms.get().mayPublish(topic)) {
      throw notGranted("publish on", topic, terms.get().publish());
    }
    int format =
        exchange
            .number("format", 0)
            .orElseGet(() -> exchange.header("Content-Type").map(Formats::of).orElse(0));
    byte[] payload = Upload.bytes(exchange, Route.Body.ANY, Event.MAX_PAYLOAD);
    if (format == Format.ATTRIBUTES && Payloads.isJson(exchange)) {
      payload = Payloads.attributes(exchange, payload);
    }
    Event event;
    try {
      event = new Event(topic, format, payload, PUBLISHER);
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(400, String.valueOf(e.getMessage()));
    }
    exchange.json(200, new Published(topic, host.events().publish(event)));
  }

  // ---- listening ----

  private void listen(Call call) throws IOException, InterruptedException {
    Exchange exchange = call.exchange();
    List<String> wanted = exchange.queries("topic");
    if (wanted.isEmpty()) {
      throw new HttpFailure(400, "expected topics: GET /v1/events?topic=FILTER");
    }
    List<TopicFilter> filters;
    try {
      filters = wanted.stream().map(TopicFilter::of).toList();
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(400, String.valueOf(e.getMessage()));
    }
    Optional<Permissions> terms = terms(call);
    for (TopicFilter filter : filters) {
      if (terms.isPresent() && !terms.get().maySubscribe(filter)) {
        throw notGranted("hear of", filter.toString(), terms.get().subscribe());
      }
    }
    Listener listener = new Listener();
    BooleanSupplier end = streams.end(call);
    try (EventBus.Subscription _ = host.events().subscribe(filters, listener::offer);
        ServerSentEvents out = new ServerSentEvents(exchange)) {
      // whoever has lost his token has no terms any more, so that is looked at first
      out.follow(listener, () -> end.getAsBoolean() || !mayHear(call, filters));
    }
  }

  /** Whether the caller's terms, which may have changed, still grant all that he listens to. */
  private boolean mayHear(Call call, List<TopicFilter> filters) {
    Optional<Permissions> terms = terms(call);
    return terms.isEmpty() || filters.stream().allMatch(terms.get()::maySubscribe);
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
