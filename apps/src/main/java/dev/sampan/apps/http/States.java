package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/apps/events}: the states of apps, as they are and as they change. Who wants no
 * server-sent events asks for an app of that name.
 */
final class States {

  private static final String TOPICS = "$host/apps/+/state";
  private static final int NAME = 2;

  /** The state of an app that is no more. */
  private static final String REMOVED = "removed";

  /** How many changes may wait for a reader; a slower one is cut off, and begins anew. */
  private static final int WAITING = 1_000;

  private final AppHost host;
  private final Streams streams;

  /**
   * The states of a host's apps.
   *
   * @param streams knows when answers that go on have to end
   */
  States(AppHost host, Streams streams) {
    this.host = host;
    this.streams = streams;
  }

  Route route() {
    return Route.of("GET", "/v1/apps/events", "The states of all apps, and each change of one.")
        .answers(200, ServerSentEvents.TYPE)
        .by(this::answer);
  }

  private void answer(Call call) throws IOException, InterruptedException {
    AppHost seen = Management.seen(host, call);
    if (!ServerSentEvents.areWanted(call.exchange())) {
      call.exchange().json(200, AppView.of(seen, seen.status("events")));
      return;
    }
    Changes changes = new Changes(seen);
    try (EventBus.Subscription _ = host.events().subscribe(TopicFilter.of(TOPICS), changes::offer);
        ServerSentEvents out = new ServerSentEvents(call.exchange())) {
      for (AppStatus app : seen.list()) {
        out.send(changes.present(app));
      }
      BooleanSupplier end = streams.end(call);
      out.follow(changes, () -> changes.overrun || end.getAsBoolean());
    }
  }

  /** What waits for one reader. */
  private static final class Changes implements ServerSentEvents.Source {
    private final AppHost seen;
    private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING);
    private volatile boolean overrun;

    /** Apps that the reader has been told of; of those it is told that they were removed. */
    private final Set<String> known = new HashSet<>();

    Changes(AppHost seen) {
      this.seen = seen;
    }

    void offer(Event event) {
      overrun |= !waiting.offer(event);
    }

    ServerSentEvents.Message present(AppStatus app) {
      known.add(app.name());
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      all.put("name", app.name());
      all.put("state", app.state().word());
      all.put("revision", app.current());
      all.put("reason", app.state().reason().orElse(null));
      return message(all);
    }

    private static ServerSentEvents.Message message(Object content) {
      return new ServerSentEvents.Message(
          "state", new String(Json.bytes(content), StandardCharsets.UTF_8));
    }

    @Override
    public ServerSentEvents.@Nullable Message next(long millis) throws InterruptedException {
      Event event = waiting.poll(millis, TimeUnit.MILLISECONDS);
      if (event == null) {
        return null;
      }
      String name = event.topic().split("/", -1)[NAME];
      ObjectNode change = (ObjectNode) Json.parse(event.payload());
      if (!mayKnow(name, change.path("state").asString(""))) {
        return null;
      }
      ObjectNode all = (ObjectNode) Json.tree(Map.of("name", name));
      all.setAll(change);
      return message(all);
    }

    private boolean mayKnow(String name, String state) {
      if (state.equals(REMOVED)) {
        return known.remove(name); // whoever has the name next may be somebody else
      }
      try {
        known.add(seen.status(name).name());
        return true;
      } catch (AppException e) {
        return known.contains(name); // it was there, and what is told comes before its end
      }
    }
  }
}
