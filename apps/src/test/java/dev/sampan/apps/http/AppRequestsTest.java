package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /app/NAME/…}. */
@Timeout(120)
class AppRequestsTest {

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HostServer.start(host, ServerSettings.of(any, home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.close();
  }

  /**
   * A service that answers with what it was given: the whole request, packed, or with the status
   * and format that its URL begins with, as in {@code E0}, and its payload.
   */
  private static String mirror() {
    return """
    (module
      (import "env" "wasm_response_send" (func $respond (param i32 i32) (result i32)))
      (memory (export "memory") 2)
      (func (export "on_init"))
      (func $swap (param $x i32) (result i32)
        (i32.or
          (i32.and (i32.rotl (local.get $x) (i32.const 8)) (i32.const 0x00ff00ff))
          (i32.and (i32.rotr (local.get $x) (i32.const 8)) (i32.const 0xff00ff00))))
      (func $digit (param $c i32) (result i32)
        (select (i32.sub (local.get $c) (i32.const 48)) (i32.sub (local.get $c) (i32.const 87))
          (i32.lt_u (local.get $c) (i32.const 58))))
      (func (export "on_request") (param $request i32) (param $length i32)
        (local $payload i32) (local $size i32)
        (local.set $size (call $swap (i32.load offset=14 (local.get $request))))
        (local.set $payload
          (i32.sub (i32.add (local.get $request) (local.get $length)) (local.get $size)))
        (i32.store8 (i32.const 0) (i32.const 1))
        (i32.store8 (i32.const 1) (i32.const 69))
        (memory.copy (i32.const 2) (i32.add (local.get $request) (i32.const 2)) (i32.const 10))
        (if (i32.eq (i32.load8_u offset=18 (local.get $request)) (i32.const 119))
          (then
            (local.set $payload (local.get $request))
            (local.set $size (local.get $length)))
          (else (if (i32.eq (i32.load8_u offset=18 (local.get $request)) (i32.const 115))
            (then
              (i32.store8 (i32.const 1)
                (i32.add
                  (i32.shl (call $digit (i32.load8_u offset=19 (local.get $request)))
                    (i32.const 4))
                  (call $digit (i32.load8_u offset=20 (local.get $request)))))
              (i32.store8 (i32.const 3)
                (i32.add
                  (i32.shl (call $digit (i32.load8_u offset=21 (local.get $request)))
                    (i32.const 4))
                  (call $digit (i32.load8_u offset=22 (local.get $request)))))))))
        (if (i32.eq (i32.load8_u offset=18 (local.get $request)) (i32.const 113)) (then (return)))
        (i32.store (i32.const 12) (call $swap (local.get $size)))
        (memory.copy (i32.const 16) (local.get $payload) (local.get $size))
        (drop (call $respond (i32.const 0) (i32.add (i32.const 16) (local.get $size))))))
    """;
  }

  private void start(Trigger.Service settings) {
    host.install("mirror", Manifest.SERVICE.trigger(settings), TestGuests.module(mirror()));
    host.start("mirror");
  }

  private void start() {
    start(Trigger.Service.DEFAULT);
  }

  private HttpResponse<byte[]> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String message(HttpResponse<byte[]> response) {
    return Json.parse(response.body()).path("error").path("message").stringValue();
  }

  private static Optional<String> type(HttpResponse<byte[]> response) {
    return response.headers().firstValue("Content-Type");
  }

  @ParameterizedTest
  @CsvSource({"GET, 1", "POST, 2", "PUT, 3", "DELETE, 4"})
  void methodsAreActions(String method, int action) throws Exception {
    start();
    byte[] seen = send(method, "/app/mirror/whole/x%20y?a=b%20c", "", "Sampan-Format", "7").body();
    assertThat(seen[1]).isEqualTo((byte) action);
    assertThat(seen[3]).isEqualTo((byte) 7);
    assertThat(new String(seen, 18, seen.length - 18, StandardCharsets.UTF_8))
        .isEqualTo("whole/x y?a=b%20c\0");
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    start();
    assertThat(send("PATCH", "/app/mirror/x", "").statusCode()).isEqualTo(405);
  }

  @Test
  void jsonBecomesAttributesAndAttributesBecomeJson() throws Exception {
    start();
    HttpResponse<byte[]> response =
        send(
            "PUT",
            "/app/mirror/x",
            "{\"on\": true, \"level\": 5, \"name\": \"lamp\"}",
            "Content-Type",
            "application/json; charset=utf-8");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(type(response)).contains("application/json");
    assertThat(response.headers().firstValue("Sampan-Format")).contains("99");
    assertThat(text(response)).isEqualTo("{\"on\":true,\"level\":5,\"name\":\"lamp\"}");
    assertThat(message(send("PUT", "/app/mirror/x", "[1]", "Content-Type", "application/json")))
        .isEqualTo("expected a JSON object for the attributes, found ARRAY");
  }

  @Test
  void otherBodiesGoAsTheyAre() throws Exception {
    start();
    HttpResponse<byte[]> plain =
        send("POST", "/app/mirror/x", "grüße", "Content-Type", "text/plain");
    assertThat(text(plain)).isEqualTo("grüße");
    assertThat(type(plain)).contains("text/plain; charset=utf-8");
    HttpResponse<byte[]> raw = send("POST", "/app/mirror/x", "[1]", "Sampan-Format", "50");
    assertThat(text(raw)).isEqualTo("[1]");
    assertThat(type(raw)).contains("application/json");
    HttpResponse<byte[]> unknown = send("POST", "/app/mirror/s4507", "<a>");
    assertThat(type(unknown)).contains("application/octet-stream");
    assertThat(unknown.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(send("POST", "/app/mirror/x", "x", "Sampan-Format", "70000").statusCode())
        .isEqualTo(400);
    // attributes that are packed already are looked at, too
    assertThat(message(send("POST", "/app/mirror/x", "x", "Sampan-Format", "99")))
        .startsWith("no attribute container: ");
  }

  @ParameterizedTest
  @CsvSource({
    "65, 201",
    "66, 204",
    "67, 200",
    "68, 204",
    "69, 200",
    "95, 200",
    "128, 400",
    "129, 403",
    "130, 400",
    "131, 403",
    "132, 404",
    "133, 400",
    "134, 406",
    "140, 412",
    "141, 413",
    "143, 415",
    "160, 500",
    "161, 501",
    "162, 502",
    "163, 503",
    "164, 504",
    "165, 502",
    "0, 502",
    "192, 502"
  })
  void statusesBecomeThoseOfHttp(int status, int expected) throws Exception {
    start();
    String path = "/app/mirror/s%02x00".formatted(status);
    assertThat(send("GET", path, "").statusCode()).isEqualTo(expected);
    int withBody = expected == 204 ? 200 : expected;
    HttpResponse<byte[]> response = send("POST", path, "body", "Content-Type", "text/plain");
    assertThat(response.statusCode()).isEqualTo(withBody);
    assertThat(text(response)).isEqualTo("body");
  }

  @Test
  void wrongAttributesOfAnAppAreItsFault() throws Exception {
    start();
    HttpResponse<byte[]> response = send("POST", "/app/mirror/s4563", "nonsense");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(message(response)).startsWith("the app's answer is wrong: no attribute container");
  }

  @Test
  void whoAnswersNotIsNotWaitedForWithoutEnd() throws Exception {
    start(Trigger.Service.DEFAULT.timeLimit(Duration.ofMillis(200)));
    HttpResponse<byte[]> response = send("GET", "/app/mirror/quiet", "");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(message(response)).contains("200 ms");
  }

  @Test
  void absentAppsAreRefused() throws Exception {
    start(Trigger.Service.DEFAULT.maxMessageBytes(10));
    assertThat(send("GET", "/app/nobody/x", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/app/../x", "").statusCode()).isIn(400, 404);
    assertThat(send("GET", "/app/", "").statusCode()).isEqualTo(404);
    assertThat(send("PUT", "/app/nobody/x", "body").statusCode()).isEqualTo(404);
    assertThat(send("PUT", "/app/mirror/x", "x".repeat(11)).statusCode()).isEqualTo(413);
    host.stop("mirror");
    HttpResponse<byte[]> stopped = send("GET", "/app/mirror/x", "");
    assertThat(stopped.statusCode()).isEqualTo(503);
    assertThat(stopped.headers().firstValue("Retry-After")).contains("1");
    assertThat(message(stopped)).isEqualTo("'mirror' is not ready, it is stopped");
  }

  @Test
  void bodyThatIsTooLongIsNotWaitedFor() throws Exception {
    start(Trigger.Service.DEFAULT.maxMessageBytes(10));
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout(5_000);
      String head = "PUT /app/mirror/x HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void serviceIsInstalledByRestWithAManifest() throws Exception {
    HostClient local = new HostClient(home.resolve(HostProcess.SOCKET));
    byte[] module = mirror().getBytes(StandardCharsets.UTF_8);
    String manifest =
        "{\"trigger\": {\"type\": \"service\", \"watchdog\": \"PT2S\", \"maxTimers\": 5},"
            + " \"permissions\": {\"requests\": [\"other\"], \"devices\": [\"cpu\"]}}";
    try (HostClient.Answer answer =
        local.ask(
            "PUT",
            "/v1/apps/mirror",
            Map.of("Sampan-Manifest", manifest),
            new ByteArrayInputStream(module),
            module.length)) {
      assertThat(answer.status()).isEqualTo(201);
      assertThat(Json.parse(answer.body().readAllBytes()).path("path").stringValue())
          .isEqualTo("/app/mirror");
    }
    Trigger.Service service =
        (Trigger.Service) host.status("mirror").revision().manifest().trigger();
    assertThat(service)
        .isEqualTo(Trigger.Service.DEFAULT.watchdog(Duration.ofSeconds(2)).maxTimers(5));
    assertThat(host.status("mirror").revision().manifest().permissions().requests())
        .containsExactly("other");
    try (HostClient.Answer answer = local.ask("POST", "/v1/apps/mirror/start")) {
      assertThat(answer.status()).isEqualTo(200);
    }
    assertThat(send("GET", "/app/mirror", "").statusCode()).isEqualTo(200);
  }
}
