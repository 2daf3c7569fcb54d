package dev.sampan.outside;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.Trigger.Schedule.Missed;
import dev.sampan.apps.Trigger.Schedule.Overlap;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.HostServer;
import dev.sampan.apps.http.ServerSettings;
import dev.sampan.apps.jmx.AppBeans;
import dev.sampan.apps.jmx.AppMXBean;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.mqtt.MqttMapping;
import dev.sampan.apps.mqtt.MqttSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.management.JMX;
import javax.management.ObjectName;
import tools.jackson.databind.JsonNode;

/**
 * A program that embeds a host, and uses of it what others may use. It does what needs the host's
 * libraries, and what they need of it, and ends with {@code all is well}.
 */
final class EmbeddedHost {

  private static final String PROGRAM = "(module (func (export \"_start\")))";

  private static final String FUNCTION =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 16) "Content-Type: text/plain\\n\\nhello")
        (data (i32.const 0) "\\10\\00\\00\\00\\1f\\00\\00\\00")
        (func (export "_start")
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  /** Years are over at once. */
  private static volatile Duration ahead = Duration.ZERO;

  private static final InstantSource CLOCK = () -> Clock.systemUTC().instant().plus(ahead);

  private EmbeddedHost() {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    System.out.println("the host is in " + AppHost.class.getModule());
    HostSettings settings =
        HostSettings.at(home)
            .clock(CLOCK)
            .mqtt(
                MqttSettings.to(URI.create("mqtt://127.0.0.1:1"))
                    .topics(List.of(), List.of(new MqttMapping("a/#", "", "", 0))));
    try (AppHost host = AppHost.open(settings)) {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Path socket = home.resolve("s");
      try (HostServer server = HostServer.start(host, ServerSettings.of(any, socket));
          AppBeans _ = AppBeans.of(host)) {
        use(host, server, new HostClient(socket));
      }
    }
    try (AppHost host = AppHost.open(HostSettings.at(home))) {
      require(host.list().size() == 3, "three apps are kept");
      require(host.tenants().list().size() == 1, "the tenant is kept");
      require(!host.log("job").tail(10).isEmpty(), "its log is kept");
      require(
          !host.status("job").jobs().orElseThrow().last().isEmpty(), "what it has done is kept");
    }
    System.out.println("all is well");
  }

  private static void use(AppHost host, HostServer server, HostClient client) throws Exception {
    // JSON in and out, through records that are public and others
    ask(client, "PUT", "/v1/apps/program", PROGRAM);
    ask(client, "POST", "/v1/apps/program/start", "");
    ask(client, "PUT", "/v1/functions/hello", FUNCTION);
    require(ask(client, "GET", "/v1/apps", "").path("apps").size() == 2, "two apps are listed");
    ask(client, "GET", "/v1/apps/hello/stats", "");
    ask(client, "GET", "/v1/host", "");
    ask(client, "PUT", "/v1/tenants/somebody", "{\"quota\": {\"maxApps\": 3}}");
    ask(client, "GET", "/v1/tenants", "");
    ask(client, "POST", "/v1/events/some/topic", "payload");
    ask(client, "GET", "/v1/openapi.json", "");

    URI web = URI.create("http://127.0.0.1:" + server.address().getPort());
    require(open(web.resolve("/fn/hello"), "").body().equals("hello"), "the function answers");
    require(open(web.resolve("/metrics"), "").body().contains("sampan_"), "there are metrics");

    // the page, with its files and what its script asks for
    String login = ask(client, "POST", "/v1/host/page", "").path("path").asString();
    String set = open(web.resolve(login), "").headers().firstValue("Set-Cookie").orElseThrow();
    String cookie = set.split(";")[0];
    require(open(web.resolve("/ui/state"), cookie).body().contains("hello"), "the page shows apps");
    require(!open(web.resolve("/ui/page.js"), cookie).body().isEmpty(), "the page has its script");

    // a schedule, of which the cron library says the times
    Trigger yearly = Trigger.Schedule.at("@yearly").late(Overlap.SKIP, Missed.ONCE);
    host.install("job", Manifest.PROGRAM.trigger(yearly), module(FUNCTION));
    host.start("job");
    ahead = Duration.ofDays(366);
    await(() -> !host.status("job").jobs().orElseThrow().last().isEmpty(), "the job is done");

    // the bridge, whose broker is not there
    await(() -> host.bridge().orElseThrow().error().isPresent(), "the bridge tries");
    require(
        host.bridge().orElseThrow().error().orElseThrow().contains("refused"),
        "the bridge says why: " + host.bridge());

    AppMXBean bean =
        JMX.newMXBeanProxy(
            ManagementFactory.getPlatformMBeanServer(),
            new ObjectName("dev.sampan:type=App,name=hello"),
            AppMXBean.class);
    require(bean.getRevision() == 1, "the bean answers");
  }

  /** As if a user went there with a browser. */
  private static HttpResponse<String> open(URI address, String cookie)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .header("Sec-Fetch-Mode", "navigate")
              .header("Sec-Fetch-Dest", "document")
              .header("Cookie", cookie)
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      require(answer.statusCode() == 200, address + " is answered with " + answer.body());
      return answer;
    }
  }

  private static InputStream module(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static JsonNode ask(HostClient client, String method, String path, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        body.startsWith("{") ? Map.of(HostClient.CONTENT_TYPE, "application/json") : Map.of();
    try (HostClient.Answer answer =
        client.ask(method, path, headers, new ByteArrayInputStream(bytes), bytes.length)) {
      String text = text(answer.body());
      require(answer.status() < 300, method + " " + path + ": " + text);
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private interface Fact {
    boolean holds();
  }

  private static void await(Fact fact, String what) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!fact.holds() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    require(fact.holds(), what);
  }

  private static void require(boolean fact, String what) {
    if (!fact) {
      throw new AssertionError("not so: " + what);
    }
  }
}
