package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page as a browser asks for it, and as others do. */
@Timeout(120)
class PageTest {

  private static final String BOUNDARY = "some-boundary";

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;
  private String cookie = "";
  private String token = "";

  @BeforeEach
  void open() throws Exception {
    host = AppHost.open(HostSettings.at(home));
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    server = HostServer.start(host, ServerSettings.of(any, home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As a browser does when its user goes to a page. */
  private HttpRequest.Builder navigation(String path) {
    HttpRequest.Builder request =
        request(path)
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document")
            .header("Sec-Fetch-Site", "same-origin");
    return cookie.isEmpty() ? request : request.header("Cookie", "sampan-page=" + cookie);
  }

  /** As a script of a page of the origin asks. */
  private HttpRequest.Builder script(String path) {
    HttpRequest.Builder request =
        request(path)
            .header("Sec-Fetch-Mode", "cors")
            .header("Sec-Fetch-Dest", "empty")
            .header("Sec-Fetch-Site", "same-origin");
    return cookie.isEmpty() ? request : request.header("Cookie", "sampan-page=" + cookie);
  }

  private HttpRequest.Builder ownScript(String path) {
    return script(path).header("Sampan-Page-Token", token);
  }

  private HttpRequest.Builder form(HttpRequest.Builder request, String fields) {
    return request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(fields));
  }

  private HttpRequest.Builder multipart(
      HttpRequest.Builder request, Map<String, String> fields, String file, String module)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      body.write(
          ("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n")
              .formatted(BOUNDARY, field.getKey(), field.getValue())
              .getBytes(StandardCharsets.UTF_8));
    }
    body.write(
        ("--%s\r\nContent-Disposition: form-data; name=\"module\"; filename=\"%s\"\r\n"
                + "Content-Type: application/wasm\r\n\r\n%s\r\n--%s--\r\n")
            .formatted(BOUNDARY, file, module, BOUNDARY)
            .getBytes(StandardCharsets.UTF_8));
    return request
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
  }

  /** What the management gives whoever asks at the socket. */
  private String code() throws IOException {
    HostClient local = new HostClient(home.resolve(HostProcess.SOCKET));
    try (HostClient.Answer answer = local.ask("POST", "/v1/host/page")) {
      JsonNode link = Json.parse(answer.body().readAllBytes());
      assertThat(link.path("url").asString())
          .isEqualTo(
              "http://127.0.0.1:%d%s"
                  .formatted(server.address().getPort(), link.path("path").asString()));
      return link.path("path").asString().substring("/ui/login?code=".length());
    }
  }

  private void signIn() throws Exception {
    HttpResponse<String> welcome = send(navigation("/ui/login?code=" + code()));
    assertThat(welcome.statusCode()).isEqualTo(200);
    String set = welcome.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).contains("HttpOnly", "SameSite=Strict", "Path=/ui").doesNotContain("Secure");
    cookie = set.substring("sampan-page=".length(), set.indexOf(';'));
    Matcher found =
        Pattern.compile("data-token=\"([^\"]+)\"").matcher(send(navigation("/ui")).body());
    assertThat(found.find()).isTrue();
    token = found.group(1);
  }

  // ---- who may ----

  @Test
  void withoutSessionThereIsNothingButHowToGetOne() throws Exception {
    host.install("secret-app", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    for (String path : List.of("/ui", "/ui/", "/ui/apps/secret-app", "/ui/nothing")) {
      HttpResponse<String> answer = send(navigation(path));
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).contains("sampan ui").doesNotContain("secret-app");
    }
    for (String path : List.of("/ui/state", "/ui/apps/secret-app/state", "/ui/apps/x/logs")) {
      HttpResponse<String> answer = send(script(path));
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).doesNotContain("secret-app");
    }
    for (String path : List.of("/ui/deploy", "/ui/apps/secret-app/remove", "/ui/logout")) {
      assertThat(send(form(navigation(path), "token=&sure=yes")).statusCode()).isEqualTo(401);
    }
    assertThat(host.list()).hasSize(1);
    cookie = "forged";
    assertThat(send(navigation("/ui")).statusCode()).isEqualTo(401);
  }

  @Test
  void codeLetsInOnce() throws Exception {
    String code = code();
    assertThat(send(navigation("/ui/login?code=" + code)).statusCode()).isEqualTo(200);
    HttpResponse<String> again = send(navigation("/ui/login?code=" + code));
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(again.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(again.body()).contains("used already");
    // typed into the form
    assertThat(send(form(navigation("/ui/login"), "code=" + code())).statusCode()).isEqualTo(200);
    assertThat(send(form(navigation("/ui/login"), "code=%20guess")).statusCode()).isEqualTo(403);
    assertThat(send(navigation("/ui/login")).statusCode()).isEqualTo(200);
  }

  @Test
  void signingOutEndsTheSession() throws Exception {
    signIn();
    HttpResponse<String> out = send(form(navigation("/ui/logout"), "token=" + token));
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(out.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("sampan-page=;", "Path=/ui", "Expires=Thu, 01 Jan 1970");
    assertThat(send(navigation("/ui")).statusCode()).isEqualTo(401);
  }

  @Test
  void scriptsOfTheSameOriginAreNotThePage() throws Exception {
    signIn();
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    for (String path : List.of("/ui", "/ui/state", "/ui/apps/app", "/ui/apps/app/logs")) {
      assertThat(send(script(path)).statusCode()).as(path).isEqualTo(403);
      assertThat(send(script(path).header("Sampan-Page-Token", "x")).statusCode()).isEqualTo(403);
      assertThat(send(script(path + "?token=x")).statusCode()).isEqualTo(403);
      HttpRequest.Builder frame =
          request(path)
              .header("Cookie", "sampan-page=" + cookie)
              .header("Sec-Fetch-Mode", "navigate")
              .header("Sec-Fetch-Dest", "iframe");
      assertThat(send(frame).statusCode()).as(path + " in a frame").isEqualTo(403);
      HttpRequest.Builder unknown = request(path).header("Cookie", "sampan-page=" + cookie);
      assertThat(send(unknown).statusCode()).as(path + " of an unknown sort").isEqualTo(403);
    }
    assertThat(send(ownScript("/ui/state")).statusCode()).isEqualTo(200);
  }

  @Test
  void whatChangesSomethingNeedsTheToken() throws Exception {
    signIn();
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    for (String given : List.of("", "token=", "token=wrong")) {
      assertThat(send(form(navigation("/ui/apps/app/start"), given)).statusCode()).isEqualTo(403);
      assertThat(send(form(navigation("/ui/logout"), given)).statusCode()).isEqualTo(403);
    }
    Map<String, String> fields = Map.of("name", "other", "kind", "program", "token", "wrong");
    assertThat(
            send(multipart(navigation("/ui/deploy"), fields, "x.wat", TestGuests.exits(0)))
                .statusCode())
        .isEqualTo(403);
    assertThat(host.status("app").state().word()).isEqualTo("installed");
    assertThat(host.list()).hasSize(1);
    assertThat(send(navigation("/ui/apps/app/start")).statusCode()).isEqualTo(404);
  }

  @Test
  void browserIsToldToBeStrict() throws Exception {
    for (String path : List.of("/ui", "/ui/login", "/ui/page.js", "/ui/nothing")) {
      HttpResponse<String> answer = send(navigation(path));
      String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertThat(policy)
          .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
          .doesNotContain("unsafe", "script-src 'self'");
      assertThat(answer.headers().firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }
    HttpResponse<String> page = send(navigation("/ui/login"));
    Matcher nonce =
        Pattern.compile("script-src 'nonce-([^']+)'")
            .matcher(page.headers().firstValue("Content-Security-Policy").orElseThrow());
    assertThat(nonce.find()).isTrue();
    assertThat(page.body())
        .contains("<script src=\"/ui/page.js\" nonce=\"" + nonce.group(1) + "\"");
    assertThat(page.body().split("<script").length).isEqualTo(2);
    assertThat(page.body()).doesNotContain("<style", " style=", " onclick=");
    assertThat(send(navigation("/ui/login")).headers().firstValue("Content-Security-Policy"))
        .isNotEqualTo(page.headers().firstValue("Content-Security-Policy"));
  }

  @Test
  void functionsCannotReachBeyondTheirPages() throws Exception {
    host.deploy(
        "evil",
        Optional.empty(),
        TestGuests.module(
            TestGuests.says(
                """
                Content-Type: text/html
                Cross-Origin-Opener-Policy: same-origin
                service-worker-allowed: /
                Clear-Site-Data: "*"
                X-Own: kept

                hello\
                """)));
    HttpResponse<String> answer = send(request("/fn/evil"));
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.headers().firstValue("X-Own")).contains("kept");
    assertThat(answer.headers().map().keySet())
        .doesNotContain("cross-origin-opener-policy", "service-worker-allowed", "clear-site-data");
  }

  // ---- what there is to see ----

  @Test
  void pagesShowTheApps() throws Exception {
    signIn();
    assertThat(send(navigation("/ui")).body()).contains("There are no apps yet");
    host.deploy("hello", Optional.empty(), TestGuests.module(TestGuests.text("x")));
    host.install("bad", Manifest.PROGRAM, TestGuests.module(TestGuests.traps()));
    host.start("bad");
    while (!host.status("bad").state().word().equals("failed")) {
      Thread.onSpinWait();
    }
    assertThat(send(navigation("/ui")).body())
        .contains("href=\"/ui/apps/hello\"", "href=\"/ui/apps/bad\"", "trap: unreachable");
    assertThat(send(navigation("/ui/apps/hello")).body())
        .contains("href=\"/fn/hello\"", "/ui/apps/hello/pause", "/ui/apps/hello/remove");
    HttpResponse<String> none = send(navigation("/ui/apps/none"));
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.body()).contains("there is no app &#39;none&#39;");
    assertThat(send(navigation("/ui/apps/%3Cscript%3E")).statusCode()).isIn(400, 404, 422);
    assertThat(send(navigation("/ui/what")).statusCode()).isEqualTo(404);
    HttpResponse<String> put = send(ownScript("/ui").PUT(HttpRequest.BodyPublishers.ofString("x")));
    assertThat(put.statusCode()).isEqualTo(405);
  }

  private void install(String name, Trigger trigger, Permissions permissions, String module) {
    Manifest manifest = Manifest.PROGRAM.trigger(trigger).permissions(permissions);
    host.install(name, manifest, TestGuests.module(module));
    host.start(name);
  }

  @Test
  void pagesSayWhatMakesAppsRun() throws Exception {
    signIn();
    Permissions permissions = Permissions.NONE;
    install("desk", Trigger.Service.DEFAULT, permissions, TestGuests.reactor(""));
    install("nightly", Trigger.Schedule.at("0 3 * * *"), permissions, TestGuests.exits(0));
    Permissions listening = permissions.topics(List.of(), List.of("door/#"));
    install("bell", Trigger.Events.of("door/+"), listening, TestGuests.exits(3));
    host.events().publish(new Event("door/1", Event.OPAQUE, new byte[0], "test"));
    while (host.status("bell").jobs().orElseThrow().last().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(send(navigation("/ui")).body())
        .contains(">service</span>", ">schedule</span>", ">events</span>");
    assertThat(send(navigation("/ui/apps/desk")).body())
        .contains("href=\"/app/desk\"", "Requests each second");
    assertThat(send(navigation("/ui/apps/nightly")).body())
        .contains("Runs at <code>0 3 * * *</code>", "The next time is <time", "Runs each second");
    assertThat(send(navigation("/ui/apps/bell")).body())
        .contains("Runs for events about <code>door/+</code>", "Last runs", "door/1")
        .contains("state failed");
    JsonNode state = Json.parse(send(ownScript("/ui/apps/bell/state")).body().getBytes());
    assertThat(state.path("cells").path("waiting").asString()).isEqualTo("0");
    assertThat(state.path("cells").path("calls").asString()).isEqualTo("1");
  }

  @Test
  void stateTellsWhatChanges() throws Exception {
    signIn();
    host.deploy("hello", Optional.empty(), TestGuests.module(TestGuests.text("x")));
    JsonNode before = Json.parse(send(ownScript("/ui/state")).body().getBytes());
    assertThat(before.path("apps").path("hello").path("cells").path("memory").asString())
        .isEqualTo("0 B");
    host.stop("hello");
    JsonNode after = Json.parse(send(ownScript("/ui/state")).body().getBytes());
    assertThat(after.path("version")).isNotEqualTo(before.path("version"));

    send(request("/fn/hello"));
    JsonNode app = Json.parse(send(ownScript("/ui/apps/hello/state")).body().getBytes());
    assertThat(app.path("samples").path("step").asInt()).isEqualTo(1);
    assertThat(app.path("samples").path("values").path("memory").isArray()).isTrue();
    assertThat(app.path("cells").path("fuel").asString()).isEqualTo("not counted");
    JsonNode hour =
        Json.parse(send(ownScript("/ui/apps/hello/state?range=hour")).body().getBytes());
    assertThat(hour.path("samples").path("step").asInt()).isEqualTo(10);
    assertThat(send(ownScript("/ui/apps/none/state")).statusCode()).isEqualTo(404);
  }

  @Test
  void logIsAStreamOfEventsThatEndsWithTheHost() throws Exception {
    signIn();
    host.install("a", Manifest.PROGRAM, TestGuests.module(TestGuests.ticks("hello")));
    HttpResponse<InputStream> answer =
        http.send(
            script("/ui/apps/a/logs?token=" + token).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body()));
    assertThat(lines.readLine()).isEqualTo("retry: 2000");
    host.start("a");
    int heard = 0;
    while (heard < 3) {
      String line = lines.readLine();
      assertThat(line).isNotNull();
      heard += line.startsWith("data: {") && line.contains("\"text\":\"hello\"") ? 1 : 0;
    }
    host.stop("a");
    long before = System.nanoTime();
    server.close();
    assertThat(System.nanoTime() - before)
        .as("nobody waits for readers")
        .isLessThan(4_000_000_000L);
    while (lines.readLine() != null) {
      heard++;
    }
  }

  // ---- what can be done ----

  @Test
  void verbsDoWhatTheySay() throws Exception {
    signIn();
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    for (String[] each :
        new String[][] {
          {"start", "", "running"},
          {"pause", "", "paused"},
          {"resume", "", "running"},
          {"restart", "&sure=yes", "running"},
          {"stop", "&sure=yes", "stopped"}
        }) {
      HttpResponse<String> answer =
          send(form(navigation("/ui/apps/app/" + each[0]), "token=" + token + each[1]));
      assertThat(answer.statusCode()).as(each[0]).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location")).contains("/ui/apps/app");
      assertThat(host.status("app").state().word()).isEqualTo(each[2]);
      assertThat(send(navigation("/ui/apps/app")).body()).contains("app is " + each[2]);
    }
    assertThat(send(form(navigation("/ui/apps/app/dance"), "token=" + token)).statusCode())
        .isEqualTo(404);
    assertThat(send(form(navigation("/ui/apps/none/start"), "token=" + token)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void whatCannotBeUndoneIsAskedFirst() throws Exception {
    signIn();
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    host.start("app");
    HttpResponse<String> asked = send(form(navigation("/ui/apps/app/remove"), "token=" + token));
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.body()).contains("This cannot be undone", "name=\"sure\"");
    assertThat(host.list()).hasSize(1);
    HttpResponse<String> done =
        send(form(navigation("/ui/apps/app/remove"), "token=" + token + "&sure=yes"));
    assertThat(done.headers().firstValue("Location")).contains("/ui");
    assertThat(host.list()).isEmpty();
    assertThat(send(navigation("/ui")).body()).contains("app is removed");
  }

  @Test
  void failureOfAVerbIsTold() throws Exception {
    signIn();
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    HttpResponse<String> answer =
        send(form(navigation("/ui/apps/app/rollback"), "token=" + token + "&sure=yes&revision=7"));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(send(navigation("/ui/apps/app")).body())
        .contains("role=\"alert\"", "has no revision 7");
  }

  private Map<String, String> fields(String... more) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("token", token);
    for (int i = 0; i < more.length; i += 2) {
      fields.put(more[i], more[i + 1]);
    }
    return fields;
  }

  @Test
  void modulesAreUploadedAndUpgraded() throws Exception {
    signIn();
    HttpResponse<String> deployed =
        send(
            multipart(
                navigation("/ui/deploy"),
                fields("name", "hello", "kind", "function"),
                "one.wat",
                TestGuests.text("one")));
    assertThat(deployed.statusCode()).isEqualTo(303);
    assertThat(deployed.headers().firstValue("Location")).contains("/ui/apps/hello");
    assertThat(send(request("/fn/hello")).body()).isEqualTo("one");

    HttpResponse<String> upgraded =
        send(
            multipart(
                ownScript("/ui/apps/hello/upgrade"),
                fields("manifest", "{\"trigger\": {\"queue\": 3}}"),
                "two.wat",
                TestGuests.text("two") + ";; " + "x".repeat(100_000)));
    assertThat(upgraded.statusCode()).as(upgraded.body()).isEqualTo(200);
    assertThat(upgraded.body()).contains("\"location\" : \"/ui/apps/hello\"");
    assertThat(send(request("/fn/hello")).body()).isEqualTo("two");
    assertThat(send(navigation("/ui/apps/hello")).body())
        .contains("hello is running, at revision 2");

    // an app that is there becomes the next revision
    send(
        multipart(
            navigation("/ui/deploy"),
            fields("name", "hello", "kind", "function"),
            "three.wat",
            TestGuests.text("three")));
    assertThat(send(request("/fn/hello")).body()).isEqualTo("three");
    assertThat(host.status("hello").current()).isEqualTo(3);
    assertThat(host.status("hello").revision().manifest().trigger())
        .hasToString(host.status("hello").revisions().get(1).manifest().trigger().toString());

    send(
        multipart(
            navigation("/ui/deploy"),
            fields("name", "spins", "kind", "program"),
            "spins.wat",
            TestGuests.spins()));
    assertThat(host.status("spins").state().word()).isEqualTo("running");
    send(
        multipart(
            navigation("/ui/deploy"),
            fields("name", "desk", "kind", "service"),
            "desk.wat",
            TestGuests.reactor("")));
    assertThat(host.status("desk").revision().manifest().trigger())
        .isInstanceOf(Trigger.Service.class);
    assertThat(host.status("desk").state().word()).isEqualTo("running");
    try (Stream<Path> left = Files.list(home.resolve("uploads"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void wrongUploadsAreExplained() throws Exception {
    signIn();
    String[][] wrong = {
      {"good-name", "this is no module", "magic header"},
      {"Bad Name", TestGuests.text("x"), "expected a name of 1 to 63 lower-case letters"},
      {"good-name", "", "a module is needed"},
      {"good-name", "(module)", "expected a function to be a program"}
    };
    for (String[] each : wrong) {
      Map<String, String> fields = fields("name", each[0], "kind", "function");
      HttpResponse<String> told =
          send(multipart(ownScript("/ui/deploy"), fields, "x.wat", each[1]));
      assertThat(told.statusCode()).as(told.body()).isEqualTo(422);
      assertThat(told.body()).contains(each[2]);
      HttpResponse<String> sent =
          send(multipart(navigation("/ui/deploy"), fields, "x.wat", each[1]));
      assertThat(sent.statusCode()).isEqualTo(303);
      assertThat(send(navigation("/ui")).body()).contains("role=\"alert\"", each[2]);
    }
    Map<String, String> fields =
        fields("name", "f", "kind", "function", "manifest", "{\"trigger\": {\"queu\": 3}}");
    assertThat(
            send(multipart(ownScript("/ui/deploy"), fields, "x.wat", TestGuests.text("x"))).body())
        .contains("queu");
    assertThat(send(form(ownScript("/ui/deploy"), "token=" + token)).statusCode()).isEqualTo(415);
    HttpRequest.Builder broken =
        ownScript("/ui/deploy")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(HttpRequest.BodyPublishers.ofString("nonsense"));
    assertThat(send(broken).statusCode()).isEqualTo(400);
    assertThat(host.list()).isEmpty();
  }

  @Test
  void theHostsAddressLeadsToThePage() throws Exception {
    HttpResponse<String> answer = send(navigation("/"));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/ui");
  }
}
