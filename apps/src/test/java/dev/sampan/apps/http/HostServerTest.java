package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class HostServerTest {

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;
  private HostClient local;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    Path socket = home.resolve(HostProcess.SOCKET);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HostServer.start(host, ServerSettings.of(any, socket));
    local = new HostClient(socket);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.close();
  }

  private record Reply(int status, String text) {
    JsonNode json() {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    String message() {
      return json().path("error").path("message").stringValue();
    }
  }

  /** Asks the management. */
  private Reply ask(String method, String path, String module, String... header)
      throws IOException {
    byte[] body = module.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = header.length == 0 ? Map.of() : Map.of(header[0], header[1]);
    try (HostClient.Answer answer =
        local.ask(method, path, headers, new ByteArrayInputStream(body), body.length)) {
      return new Reply(
          answer.status(), new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Reply ask(String method, String path) throws IOException {
    return ask(method, path, "");
  }

  /** Asks from the network. */
  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void functionIsDeployedCalledAndExchanged() throws Exception {
    Reply deployed = ask("PUT", "/v1/functions/hello", TestGuests.text("one"));
    assertThat(deployed.status()).isEqualTo(200);
    assertThat(deployed.json().path("path").stringValue()).isEqualTo("/fn/hello");
    assertThat(get("/fn/hello").body()).isEqualTo("one");
    assertThat(get("/fn/hello").headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(ask("PUT", "/v1/functions/hello", TestGuests.text("two")).status()).isEqualTo(200);
    assertThat(get("/fn/hello/deeper?x=y").body()).isEqualTo("two");
    assertThat(ask("POST", "/v1/apps/hello/rollback").json().path("revision").intValue())
        .isEqualTo(1);
    assertThat(get("/fn/hello").body()).isEqualTo("one");
    assertThat(ask("DELETE", "/v1/functions/hello").status()).isEqualTo(200);
    assertThat(get("/fn/hello").statusCode()).isEqualTo(404);
  }

  @Test
  void bodiesStreamThroughFunctions() throws Exception {
    ask("PUT", "/v1/functions/echo", TestGuests.echo());
    String large = "0123456789".repeat(200_000);
    for (String body : new String[] {"", "small", large}) {
      HttpResponse<String> answer =
          send(request("/fn/echo").POST(HttpRequest.BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
    }
    // what the guest has read comes back before the rest has been sent
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /fn/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf"
              .getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(20_000);
      readUpTo(socket, "half");
      out.write("rest".getBytes(StandardCharsets.US_ASCII));
      readUpTo(socket, "rest");
    }
  }

  private static void readUpTo(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int next = socket.getInputStream().read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
    }
  }

  @Test
  void responseThatBreaksOffIsNotTakenForComplete() {
    assertThatThrownBy(
            () -> {
              ask(
                  "PUT",
                  "/v1/functions/f",
                  TestGuests.echo(),
                  "Sampan-Manifest",
                  "{\"trigger\":{\"maxResponseBytes\":100000}}");
              send(request("/fn/f").POST(HttpRequest.BodyPublishers.ofString("x".repeat(200_000))));
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void manifestSaysWhatDiffers() throws Exception {
    Reply reply =
        ask(
            "PUT",
            "/v1/functions/f",
            TestGuests.counts(),
            "Sampan-Manifest",
            "{\"trigger\":{\"isolation\":\"shared\",\"concurrency\":3},"
                + "\"permissions\":{\"limits\":{\"maxMemory\":1000000}}}");
    JsonNode manifest = reply.json().path("revisions").path(0).path("manifest");
    assertThat(manifest.path("trigger").path("concurrency").intValue()).isEqualTo(3);
    assertThat(manifest.path("trigger").path("queue").intValue()).isEqualTo(64);
    assertThat(manifest.path("permissions").path("limits").path("maxMemory").intValue())
        .isEqualTo(1_000_000);
    assertThat(get("/fn/f").body()).isEqualTo("1");
    assertThat(get("/fn/f").body()).isEqualTo("2");
    // what is not said the next time stays
    ask("PUT", "/v1/functions/f", TestGuests.counts());
    assertThat(get("/fn/f").body()).isEqualTo("1");
    assertThat(get("/fn/f").body()).isEqualTo("2");
  }

  @Test
  void mistakesInManifestsAreNamed() throws Exception {
    for (String[] each :
        new String[][] {
          {"{\"trigger\":{\"concurency\":3}}", "concurency"},
          {"{\"trigger\":{\"concurrency\":0}}", "expected a concurrency of 1 or more"},
          {"{\"trigger\":{\"type\":\"cron\"}}", "cron"},
          {"[]", "expected a manifest as a JSON object, found ARRAY"},
          {"{\"permissions\":{\"network\":[\"everything\"]}}", "expected DIRECTION"},
          {"{\"permissions\":{\"directories\":[{\"host\":\"/x\",\"guest\":\"/\"}]}}", "rights"},
          {"nonsense", "the manifest is not understood"},
          {"{", "expected close marker for Object (line 1, column 2)"},
          {
            "{\"trigger\":{\"isolation\":\"alone\"}}",
            "at trigger.isolation: expected one of fresh, pooled, shared, found 'alone'"
          },
          {"{\"arg\":[]}", "at arg: unknown key 'arg'; there is "}
        }) {
      Reply reply = ask("PUT", "/v1/functions/f", TestGuests.text(""), "Sampan-Manifest", each[0]);
      assertThat(reply.status()).as(each[0]).isEqualTo(422);
      assertThat(reply.message()).contains(each[1]);
    }
    assertThat(host.list()).isEmpty();
  }

  @Test
  void appsHaveTheSameVerbs() throws Exception {
    assertThat(ask("PUT", "/v1/apps/a", TestGuests.ticks("hello")).status()).isEqualTo(201);
    assertThat(ask("PUT", "/v1/apps/a", TestGuests.ticks("x")).status()).isEqualTo(409);
    for (String[] each :
        new String[][] {
          {"start", "running"},
          {"pause", "paused"},
          {"resume", "running"},
          {"restart", "running"},
          {"stop", "stopped"}
        }) {
      Reply reply = ask("POST", "/v1/apps/a/" + each[0]);
      assertThat(reply.json().path("state").stringValue()).as(each[0]).isEqualTo(each[1]);
    }
    assertThat(ask("POST", "/v1/apps/a/pause").status()).isEqualTo(409);
    assertThat(ask("POST", "/v1/apps/a/rollback").status()).isEqualTo(404);
    assertThat(ask("POST", "/v1/apps/b/start").status()).isEqualTo(404);
    assertThat(ask("GET", "/v1/apps/a/start").status()).isEqualTo(405);
    assertThat(ask("GET", "/v1/apps/a/what").status()).isEqualTo(404);
    assertThat(ask("GET", "/v1/apps").json().path("apps").path(0).path("name").stringValue())
        .isEqualTo("a");
    assertThat(ask("GET", "/v1/apps/a/stats").json().path("calls").intValue()).isZero();
    assertThat(ask("GET", "/v1/apps/a/logs?tail=1").text()).contains("\"text\":\"stopped\"");
    assertThat(ask("GET", "/v1/apps/a/logs?tail=x").status()).isEqualTo(400);
    assertThat(ask("DELETE", "/v1/apps/a").status()).isEqualTo(200);
  }

  @Test
  void logsAreFollowed() throws Exception {
    ask("PUT", "/v1/apps/a", TestGuests.ticks("hello"));
    try (HostClient.Answer answer = local.ask("GET", "/v1/apps/a/logs?follow")) {
      ask("POST", "/v1/apps/a/start");
      BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body()));
      int heard = 0;
      while (heard < 3) {
        String line = lines.readLine();
        assertThat(line).isNotNull();
        heard += line.contains("\"text\":\"hello\"") ? 1 : 0;
      }
    }
  }

  @Test
  void tricksWithPathsAndNamesAreRefused() throws Exception {
    for (String path :
        new String[] {
          "/fn/../v1/apps",
          "/fn/a/../../v1/apps",
          "/v1/apps/..",
          "/v1/apps/%2e%2e",
          "/fn/%00",
          "/v1/apps/a%2fb",
          "/v1//apps",
          "/%76%31/apps"
        }) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .as(path)
          .matches("(?s)HTTP/1.1 (400|403|404) .*");
    }
    assertThat(ask("PUT", "/v1/apps/Not-A-Name", TestGuests.exits(0)).status()).isEqualTo(422);
    assertThat(ask("PUT", "/v1/apps/..", TestGuests.exits(0)).status()).isIn(400, 404, 405);
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void healthAndMetricsAreThere() throws Exception {
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    ask("PUT", "/v1/functions/f", TestGuests.text("x"));
    get("/fn/f");
    ask("PUT", "/v1/functions/bad", TestGuests.says("A: b\n\n", "unreachable"));
    get("/fn/bad");
    assertThat(get("/metrics").body())
        .contains("sampan_apps{state=\"running\"} 2\n")
        .contains("sampan_app_calls_total{app=\"f\"} 1\n")
        .contains("sampan_app_errors_total{app=\"f\"} 0\n")
        .contains("sampan_app_errors_total{app=\"bad\"} 1\n")
        .contains("sampan_app_call_seconds_bucket{app=\"f\",le=\"+Inf\"} 1\n")
        .contains("sampan_app_call_seconds_count{app=\"f\"} 1\n")
        .contains("sampan_app_instance_peak_bytes{app=\"f\"} 131072\n");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(send(request("/metrics").DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void hostIsStoppedByItsManagement() throws Exception {
    assertThat(ask("GET", "/v1/host").json().path("state").stringValue()).isEqualTo("running");
    assertThat(ask("POST", "/v1/host/stop").status()).isEqualTo(202);
    server.awaitStop();
  }
}
