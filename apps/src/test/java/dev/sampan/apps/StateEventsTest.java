package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class StateEventsTest {

  @TempDir Path home;
  private AppHost host;
  private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    host.events().subscribe(TopicFilter.of("$host/#"), heard::add);
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  /** The next so many states, as {@code STATE REVISION REASON}. */
  private List<String> states(String app, int count) throws InterruptedException {
    List<String> states = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Event event = heard.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("after %s", states).isNotNull();
      assertThat(event.topic()).isEqualTo("$host/apps/" + app + "/state");
      assertThat(event.format()).isEqualTo(Event.JSON);
      assertThat(event.publisher()).isEqualTo(Event.HOST);
      JsonNode payload = Json.parse(event.payload());
      assertThat(payload.propertyNames()).containsExactlyInAnyOrder("state", "revision", "reason");
      states.add(
          payload.path("state").stringValue()
              + " "
              + payload.path("revision").intValue()
              + " "
              + payload.path("reason").asString("-"));
    }
    return states;
  }

  @Test
  void verbsAreToldInTheirOrderAndOnce() throws Exception {
    host.install("a", Manifest.PROGRAM, TestGuests.module(TestGuests.ticks("x")));
    host.start("a");
    host.start("a");
    host.pause("a");
    host.resume("a");
    host.upgrade("a", Optional.empty(), TestGuests.module(TestGuests.ticks("y")), 3);
    host.rollback("a", OptionalInt.empty());
    host.stop("a");
    host.remove("a", false);
    assertThat(states("a", 8))
        .containsExactly(
            "installed 1 -",
            "running 1 -",
            "paused 1 -",
            "running 1 -",
            "running 2 -",
            "running 1 -",
            "stopped 1 -",
            "removed 1 -");
    assertThat(heard).isEmpty();
  }

  @Test
  void whatAProgramBecomesByItselfIsToldWithItsReason() throws Exception {
    host.install("bad", Manifest.PROGRAM, TestGuests.module(TestGuests.traps()));
    host.start("bad");
    assertThat(states("bad", 3))
        .containsExactly("installed 1 -", "running 1 -", "failed 1 trap: unreachable");
    host.remove("bad", false);
    assertThat(states("bad", 1)).containsExactly("removed 1 -");

    host.install("good", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    host.start("good");
    assertThat(states("good", 3))
        .containsExactly("installed 1 -", "running 1 -", "stopped 1 ended with status 0");
  }
}
