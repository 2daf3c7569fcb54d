package dev.sampan.apps.http;

import static dev.sampan.apps.http.TestServer.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.tenant.Terms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logs and states as server-sent events. */
@Timeout(120)
class EventStreamTest {

  private static final Map<String, String> EVENTS = Map.of("Accept", "text/event-stream");

  @TempDir Path home;
  private TestServer test;

  @BeforeEach
  void open() throws Exception {
    test = TestServer.open(home);
  }

  @AfterEach
  void close() throws IOException {
    test.close();
  }

  /** What comes, event by event. */
  private static final class Stream implements AutoCloseable {
    private final HostClient.Answer answer;
    private final BufferedReader lines;

    Stream(HostClient client, String path) throws IOException {
      answer = client.ask("GET", path, EVENTS, InputStream.nullInputStream(), 0);
      assertThat(answer.status()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** The next event of a kind. */
    JsonNode next(String kind) throws IOException {
      while (true) {
        String line = lines.readLine();
        assertThat(line).isNotNull();
        if (line.equals("event: " + kind)) {
          String data = lines.readLine();
          assertThat(data).startsWith("data: ");
          assertThat(lines.readLine()).isEmpty();
          return Json.parse(data.substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
        }
      }
    }

    String nextState() throws IOException {
      JsonNode state = next("state");
      return state.path("name").asString()
          + " "
          + state.path("state").asString()
          + " "
          + state.path("revision").asInt();
    }

    @Override
    public void close() throws IOException {
      answer.close();
    }
  }

  @Test
  void logIsFollowedByEvents() throws Exception {
    ask(test.local, "PUT", "/v1/apps/a", TestGuests.ticks("hello"));
    try (Stream stream = new Stream(test.as(TestServer.OPERATOR), "/v1/apps/a/logs?follow")) {
      ask(test.local, "POST", "/v1/apps/a/start");
      while (!stream.next("log").path("text").asString().equals("hello")) {
        // what the host says comes first
      }
    }
    ask(test.local, "POST", "/v1/apps/a/stop");
    try (Stream stream = new Stream(test.local, "/v1/apps/a/logs?tail=1")) {
      assertThat(stream.next("log").path("text").asString()).isEqualTo("stopped");
      assertThat(stream.lines.readLine()).isNull();
    }
  }

  @Test
  void statesAreToldAsTheyAreAndAsTheyChange() throws Exception {
    ask(test.local, "PUT", "/v1/apps/a", TestGuests.ticks("x"));
    try (Stream stream = new Stream(test.local, "/v1/apps/events")) {
      assertThat(stream.nextState()).isEqualTo("a installed 1");
      ask(test.local, "POST", "/v1/apps/a/start");
      assertThat(stream.nextState()).isEqualTo("a running 1");
      ask(test.local, "POST", "/v1/apps/a/upgrade", TestGuests.ticks("y"));
      assertThat(stream.nextState()).isEqualTo("a running 2");
      ask(test.local, "PUT", "/v1/apps/b", TestGuests.traps());
      assertThat(stream.nextState()).isEqualTo("b installed 1");
      ask(test.local, "DELETE", "/v1/apps/b");
      assertThat(stream.nextState()).isEqualTo("b removed 1");
      ask(test.local, "POST", "/v1/apps/a/stop");
      assertThat(stream.nextState()).isEqualTo("a stopped 2");
    }
  }

  @Test
  void tenantHearsOfTopicsAsLongAsItsTermsGrantThem() throws Exception {
    Permissions may = Permissions.NONE.topics(List.of(), List.of("room/#"));
    HostClient acme = test.tenant("acme", Terms.DEFAULT.grants(may));
    try (Stream stream = new Stream(acme, "/v1/events?topic=room/1")) {
      ask(test.local, "POST", "/v1/events/room/1", "warm");
      assertThat(stream.next("event").path("text").asString()).isEqualTo("warm");
      test.host.tenants().change("acme", terms -> terms.grants(Permissions.NONE));
      String line = stream.lines.readLine();
      while (line != null) {
        assertThat(line).isIn(":", "");
        line = stream.lines.readLine();
      }
    }
  }

  @Test
  void tenantIsToldOfItsOwnAppsAlone() throws Exception {
    HostClient acme = test.tenant("acme", Terms.DEFAULT);
    HostClient other = test.tenant("other", Terms.DEFAULT);
    ask(other, "PUT", "/v1/apps/theirs", TestGuests.ticks("x"));
    try (Stream stream = new Stream(acme, "/v1/apps/events")) {
      ask(acme, "PUT", "/v1/apps/mine", TestGuests.ticks("x"));
      assertThat(stream.nextState()).isEqualTo("mine installed 1");
      ask(other, "POST", "/v1/apps/theirs/start");
      ask(other, "DELETE", "/v1/apps/theirs?force");
      ask(acme, "DELETE", "/v1/apps/mine");
      assertThat(stream.nextState()).isEqualTo("mine removed 1");
    }
  }

  @Test
  void streamEndsWhenItsTokenIsRevoked() throws Exception {
    HostClient acme = test.tenant("acme", Terms.DEFAULT);
    ask(acme, "PUT", "/v1/apps/mine", TestGuests.ticks("x"));
    try (Stream states = new Stream(acme, "/v1/apps/events");
        Stream log = new Stream(acme, "/v1/apps/mine/logs?follow")) {
      assertThat(states.nextState()).isEqualTo("mine installed 1");
      String id = test.host.tenants().tenant("acme").tokens().getFirst().id();
      test.host.tenants().revoke("acme", id);
      while (states.lines.readLine() != null) {
        // what was on its way
      }
      while (log.lines.readLine() != null) {
        // what was on its way
      }
    }
  }

  @Test
  void appCanBeCalledEvents() throws Exception {
    assertThat(ask(test.local, "GET", "/v1/apps/events").status()).isEqualTo(404);
    ask(test.local, "PUT", "/v1/apps/events", TestGuests.exits(0));
    assertThat(ask(test.local, "GET", "/v1/apps/events").json().path("name").asString())
        .isEqualTo("events");
    ask(test.local, "POST", "/v1/apps/events/start");
    assertThat(ask(test.local, "DELETE", "/v1/apps/events?force").status()).isEqualTo(200);
  }

  @Test
  void streamsEndWhenTheHostIsStopped() throws Exception {
    ask(test.local, "PUT", "/v1/apps/a", TestGuests.exits(0));
    try (Stream states = new Stream(test.as(TestServer.OPERATOR), "/v1/apps/events");
        Stream log = new Stream(test.as(TestServer.OPERATOR), "/v1/apps/a/logs?follow")) {
      assertThat(states.nextState()).isEqualTo("a installed 1");
      long began = System.nanoTime();
      test.server.close();
      assertThat(System.nanoTime() - began).isLessThan(4_000_000_000L);
      while (states.lines.readLine() != null) {
        // what was on its way
      }
      while (log.lines.readLine() != null) {
        // what was on its way
      }
    }
  }
}
