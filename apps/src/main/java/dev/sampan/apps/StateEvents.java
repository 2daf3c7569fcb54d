package dev.sampan.apps;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of the states of one app, each once. */
final class StateEvents {

  /** What an app is that has been removed. */
  private static final String REMOVED = "removed";

  private final EventBus bus;
  private final String topic;
  private @Nullable AppState told;
  private int toldRevision;

  StateEvents(EventBus bus, String app) {
    this.bus = bus;
    this.topic = "$host/apps/" + app + "/state";
  }

  /** Tells of a state, if it is another one than before. */
  synchronized void tell(AppState state, int revision) {
    if (state.equals(told) && revision == toldRevision) {
      return;
    }
    told = state;
    toldRevision = revision;
    publish(state.word(), revision, state.reason().orElse(null));
  }

  /** Tells that there is no such app any more. */
  synchronized void tellRemoved(int revision) {
    publish(REMOVED, revision, null);
  }

  private void publish(String word, int revision, @Nullable String reason) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("state", word);
    payload.put("revision", revision);
    payload.put("reason", reason);
    bus.publish(new Event(topic, Event.JSON, Json.bytes(payload), Event.HOST));
  }
}
