package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.EventJson;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.mqtt.MqttMapping;
import dev.sampan.apps.mqtt.MqttSettings;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Events by REST. */
@Timeout(60)
class EventsTest {

  @TempDir Path home;
  private AppHost host;
  private HostServer server;
  private HostClient local;
  private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws IOException {
    open(HostSettings.at(home));
  }

  private void open(HostSettings settings) throws IOException {
    host = AppHost.open(settings);
    host.events().subscribe(TopicFilter.of("#"), this::hear);
    Path socket = home.resolve(HostProcess.SOCKET);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HostServer.start(host, ServerSettings.of(any, socket));
    local = new HostClient(socket);
  }

  /** The host tells of all apps whenever one comes or goes; that is not what is looked at here. */
  private void hear(Event event) {
    if (!event.topic().equals("/applets")) {
      heard.add(event);
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
  }

  private HostClient.Answer ask(String method, String path, byte[] body, String... header)
      throws IOException {
    Map<String, String> headers = header.length == 0 ? Map.of() : Map.of(header[0], header[1]);
    return local.ask(method, path, headers, new ByteArrayInputStream(body), body.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private JsonNode publish(int status, String path, byte[] body, String... header)
      throws IOException {
    try (HostClient.Answer answer = ask("POST", path, body, header)) {
      byte[] text = answer.body().readAllBytes();
      assertThat(answer.status()).as(new String(text, StandardCharsets.UTF_8)).isEqualTo(status);
      return Json.parse(text);
    }
  }

  private Event heard() throws InterruptedException {
    Event event = heard.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  @Test
  void bodyIsPublished() throws Exception {
    JsonNode answer =
        publish(
            200,
            "/v1/events/room/a%20b/temperature",
            bytes("{}"),
            "Content-Type",
            "application/json; charset=utf-8");
    assertThat(answer.path("reached").intValue()).isEqualTo(1);
    assertThat(answer.path("topic").stringValue()).isEqualTo("room/a b/temperature");
    Event event = heard();
    assertThat(event.topic()).isEqualTo("room/a b/temperature");
    assertThat(event.format()).isEqualTo(Event.JSON);
    assertThat(event.publisher()).isEqualTo("management");
    assertThat(event.payload()).isEqualTo(bytes("{}"));
    publish(200, "/v1/events/raw?format=99", new byte[] {1, 0, 2});
    event = heard();
    assertThat(event.format()).isEqualTo(99);
    assertThat(event.payload()).containsExactly(1, 0, 2);
    publish(200, "/v1/events?topic=%2Fa%2F%2F..%2F", bytes("x"));
    assertThat(heard().topic()).isEqualTo("/a//../");
    publish(200, "/v1/events/nothing", new byte[0]);
    assertThat(heard().payload()).isEmpty();
  }

  @Test
  void jsonBecomesAttributesForWhoWantsThem() throws Exception {
    publish(
        200,
        "/v1/events/lamp?format=99",
        bytes("{\"on\": true}"),
        "Content-Type",
        "application/json");
    AttributeContainer container = AttributeContainer.decode(heard().payload());
    assertThat(container.attributes()).containsEntry("on", new Attribute.Truth(true));
    publish(400, "/v1/events/lamp?format=99", bytes("[]"), "Content-Type", "application/json");
    Event event = new Event("lamp", 99, container.encode(), "test");
    JsonNode shown = Json.tree(EventJson.of(event));
    assertThat(shown.path("attributes").path("on").booleanValue()).isTrue();
    assertThat(shown.path("text").isNull()).isTrue();
    assertThat(shown.path("base64").isNull()).isTrue();
    JsonNode wrong = Json.tree(EventJson.of(new Event("lamp", 99, bytes("x"), "test")));
    assertThat(wrong.path("attributes").isNull()).isTrue();
    assertThat(wrong.path("text").stringValue()).isEqualTo("x");
  }

  @Test
  void mistakesAreNamed() throws Exception {
    assertThat(message(publish(400, "/v1/events/a/%23", bytes("x"))))
        .contains("without '+' and '#', found 'a/#'");
    assertThat(message(publish(403, "/v1/events/$host/apps/x/state", bytes("x"))))
        .contains("are the host's own");
    assertThat(message(publish(400, "/v1/events/", bytes("x")))).contains("expected a topic");
    assertThat(message(publish(400, "/v1/events/a?format=-1", bytes("x")))).contains("format");
    assertThat(message(publish(413, "/v1/events/a", new byte[Event.MAX_PAYLOAD + 1])))
        .isEqualTo("expected a body of at most 1048576 bytes, found 1048577");
    publish(200, "/v1/events/a", new byte[Event.MAX_PAYLOAD]);
    for (String query : List.of("", "?topic=", "?topic=a%2F%23%2Fb")) {
      try (HostClient.Answer answer = ask("GET", "/v1/events" + query, new byte[0])) {
        assertThat(answer.status()).as(query).isEqualTo(400);
      }
    }
    try (HostClient.Answer answer = ask("DELETE", "/v1/events/a", new byte[0])) {
      assertThat(answer.status()).isEqualTo(405);
    }
  }

  private static String message(JsonNode answer) {
    return answer.path("error").path("message").stringValue();
  }

  /** What comes by a response that goes on. */
  private static final class Stream implements AutoCloseable {
    private final HostClient.Answer answer;
    private final BufferedReader lines;

    Stream(HostClient.Answer answer) throws IOException {
      this.answer = answer;
      this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(lines.readLine()).isEqualTo(":");
      assertThat(lines.readLine()).isEmpty();
    }

    /** The next message, without comments. */
    String[] next() throws IOException {
      String kind = "";
      String text = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && text != null) {
          return new String[] {kind, text};
        } else if (line.startsWith("event: ")) {
          kind = line.substring(7);
        } else if (line.startsWith("data: ")) {
          text = text == null ? line.substring(6) : text + "\n" + line.substring(6);
        }
      }
      return new String[] {"end", ""};
    }

    JsonNode event() throws IOException {
      String[] next = next();
      assertThat(next[0]).isEqualTo("event");
      return Json.parse(bytes(next[1]));
    }

    @Override
    public void close() throws IOException {
      answer.close();
    }
  }

  private Stream listen(String query) throws IOException {
    return new Stream(local.ask("GET", "/v1/events" + query));
  }

  @Test
  void eventsAreSentToWhoListens() throws Exception {
    try (Stream stream = listen("?topic=a%2F%2B&topic=b&topic=$host%2Fapps%2F%2B%2Fstate")) {
      publish(200, "/v1/events/other", bytes("no"));
      publish(200, "/v1/events/a/1", bytes("grüße\nzwei"), "Content-Type", "application/json");
      publish(200, "/v1/events/b", new byte[] {(byte) 0xff, 0, 1});
      host.install("x", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
      JsonNode first = stream.event();
      assertThat(first.path("topic").stringValue()).isEqualTo("a/1");
      assertThat(first.path("text").stringValue()).isEqualTo("grüße\nzwei");
      assertThat(first.path("type").stringValue()).isEqualTo("application/json");
      assertThat(first.path("base64").isNull()).isTrue();
      JsonNode second = stream.event();
      assertThat(second.path("text").isNull()).isTrue();
      assertThat(second.path("base64").stringValue()).isEqualTo("/wAB");
      JsonNode third = stream.event();
      assertThat(third.path("topic").stringValue()).isEqualTo("$host/apps/x/state");
      assertThat(third.path("text").stringValue()).contains("\"installed\"");
    }
  }

  @Test
  void readerThatHasGoneIsForgotten() throws Exception {
    listen("?topic=gone").close();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int reached = 2;
    while (reached > 1) {
      assertThat(System.nanoTime()).isLessThan(end);
      reached = publish(200, "/v1/events/gone", bytes("x")).path("reached").intValue();
      Thread.sleep(50);
    }
  }

  @Test
  void hostThatStopsEndsTheStream() throws Exception {
    try (Stream stream = listen("?topic=a")) {
      long began = System.nanoTime();
      server.close();
      assertThat(stream.next()[0]).isEqualTo("end");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void networkNeedsAToken() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/events/a");
      HttpRequest request =
          HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("x")).build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void bridgeIsToldOfAndMeasured() throws Exception {
    close();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    open(
        HostSettings.at(home)
            .mqtt(
                MqttSettings.to(URI.create("mqtt://127.0.0.1:" + port))
                    .topics(List.of(), List.of(new MqttMapping("out/#", "", "", 1)))));
    publish(200, "/v1/events/out/1", bytes("x"));
    publish(200, "/v1/events/other", bytes("x"));
    try (HostClient.Answer answer = local.ask("GET", "/v1/host")) {
      JsonNode state = Json.parse(answer.body().readAllBytes()).path("mqtt");
      assertThat(state.path("broker").stringValue()).isEqualTo("mqtt://127.0.0.1:" + port);
      assertThat(state.path("connected").booleanValue()).isFalse();
      assertThat(state.path("waiting").intValue()).isEqualTo(1);
    }
    try (HostClient.Answer answer = local.ask("GET", "/metrics")) {
      assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\nsampan_mqtt_connected 0\n")
          .contains("\nsampan_mqtt_waiting 1\n")
          .contains("# TYPE sampan_mqtt_sent_total counter\n");
    }
  }
}
