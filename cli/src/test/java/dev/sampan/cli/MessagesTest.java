package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.sampan;
import static dev.sampan.cli.CommandLineRun.sampanReading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.apps.http.HostServer;
import dev.sampan.apps.http.ServerSettings;
import dev.sampan.apps.mqtt.MqttSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Schedules and events on the command line, in a host whose clock is set by hand. */
@Timeout(120)
class MessagesTest {

  private static final Path EXAMPLES =
      Path.of(System.getProperty("sampan.root", ".")).resolve("examples");

  @TempDir private Path folder;
  private Path home;
  private AppHost host;
  private HostServer server;

  /** Shortly before the end of a second, for then the host looks often. */
  private volatile Instant now = Instant.parse("2026-11-21T10:00:00.950Z");

  @BeforeEach
  void open() throws IOException {
    home = folder.resolve("home");
    host =
        AppHost.open(
            HostSettings.at(home)
                .clock(() -> now)
                .mqtt(MqttSettings.to(URI.create("mqtt://127.0.0.1:1"))));
    server =
        HostServer.start(
            host,
            ServerSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                home.resolve(HostProcess.SOCKET)));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
  }

  private Object[] words(String group, String verb, Object... more) {
    List<Object> words = new ArrayList<>(List.of(group, verb, "--home", home));
    words.addAll(List.of(more));
    return words.toArray();
  }

  private CommandLineRun run(String group, String verb, Object... more) {
    return sampan(words(group, verb, more));
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Compiles an example, and puts its manifest beside it. */
  private Path example(String name) throws IOException, InterruptedException {
    Path source = EXAMPLES.resolve(name).resolve(name + ".c");
    Path module = folder.resolve(name + ".wasm");
    Files.copy(EXAMPLES.resolve(name).resolve("app.toml"), folder.resolve(name + ".toml"));
    try {
      Process clang =
          new ProcessBuilder(
                  "clang",
                  "--target=wasm32-wasi",
                  "-O2",
                  "-Wall",
                  "-Werror",
                  "-o",
                  module.toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(clang.waitFor()).as(said).isZero();
    } catch (IOException e) {
      System.err.println("SKIPPED: no clang to compile " + source);
      assumeTrue(false, "no clang");
    }
    return module;
  }

  private void install(String name) throws IOException, InterruptedException {
    Path module = example(name);
    run("app", "install", name, module, "--manifest", folder.resolve(name + ".toml")).succeeded();
    run("app", "start", name).succeeded();
  }

  /** Listens until so many events have come. */
  private Future<CommandLineRun> listen(ExecutorService threads, int count, String filter)
      throws InterruptedException {
    // a first event shows that it listens
    Future<CommandLineRun> listening =
        threads.submit(() -> run("event", "listen", "-n", count + 1, "probe", filter));
    while (!run("event", "publish", "probe").out().equals("published, reached 1\n")) {
      Thread.sleep(10);
    }
    return listening;
  }

  @Test
  void heartbeatInCRunsAtItsTimesAndKeepsThem() throws Exception {
    Path beats = Files.createDirectory(folder.resolve("beats")).resolve("beats.txt");
    install("heartbeat");
    assertThat(run("app", "inspect", "heartbeat").succeeded().out())
        .contains("\"next\" : \"2026-11-21T10:05:00Z\"")
        .contains("\"keepRevisions\" : 2");
    now = Instant.parse("2026-11-21T10:05:00.950Z");
    eventually(() -> read(beats).equals("2026-11-21T10:05:00Z\n"), "first");
    now = Instant.parse("2026-11-21T11:32:00.950Z");
    eventually(() -> read(beats).endsWith("\n2026-11-21T11:30:00Z\n"), "what was missed, once");
    eventually(() -> logs("heartbeat").contains("beat for 2026-11-21T11:30:00Z"), "log");
    assertThat(logs("heartbeat")).contains("missed 16 times");
    eventually(() -> run("app", "stats", "heartbeat").out().contains("\"calls\" : 2"), "counted");
    assertThat(run("app", "inspect", "heartbeat").out())
        .containsPattern("(?s)\"reason\" : \"2026-11-21T11:30:00Z\".*\"status\" : 0");
    assertThat(run("app", "list").out()).contains("next 2026-11-21T11:35:00Z, last run well");
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String logs(String app) {
    return run("app", "logs", app).succeeded().out();
  }

  @Test
  void alarmInCReactsToEventsAndPublishesAnother() throws Exception {
    install("alarm");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CommandLineRun> listening = listen(threads, 2, "alarms/#");
      run("event", "publish", "room/1/temperature", "--text", "21.5").succeeded();
      run("event", "publish", "room/2/temperature", "--text", "31.5").succeeded();
      sampanReading("99", words("event", "publish", "room/3/temperature", "-")).succeeded();
      run("event", "publish", "room/4/temperature", "--text", "hot").succeeded();
      assertThat(listening.get().succeeded().out())
          .isEqualTo(
              """
              probe\s
              alarms/temperature {"topic": "room/2/temperature", "celsius": 31.5}
              alarms/temperature {"topic": "room/3/temperature", "celsius": 99.0}
              """);
    }
    eventually(
        () -> logs("alarm").contains("expected a temperature as a number, found 'hot'"), "stderr");
    eventually(() -> logs("alarm").contains("ended with status 1"), "status");
  }

  @Test
  void optionsSayWhatAManifestWould() {
    Path copies = CommandLineRun.file(folder, "nothing.wat", "(module (func (export \"_start\")))");
    run("app", "install", "timed", copies, "--schedule", "@daily").succeeded();
    assertThat(run("app", "inspect", "timed").out()).contains("\"cron\" : \"@daily\"");
    run("app", "install", "told", copies, "--on", "a/+", "--on", "b", "--publish", "c").succeeded();
    assertThat(run("app", "inspect", "told").out())
        .contains("\"subscribe\" : [ \"a/+\", \"b\" ]")
        .contains("\"publish\" : [ \"c\" ]")
        .contains("\"topics\" : [ \"a/+\", \"b\" ]");
    run("app", "start", "told").succeeded();
    assertThat(run("event", "publish", "a/x").succeeded().out())
        .isEqualTo("published, reached 1\n");
    eventually(() -> run("app", "list").out().contains("last run well"), "it ran");
    Path manifest =
        CommandLineRun.file(folder, "app.toml", "trigger = {type = 'events', topics = ['x']}");
    run("app", "install", "denied", copies, "--manifest", manifest)
        .failed(
            1,
            "sampan: the app is to hear of 'x' and may not: expected its permission 'subscribe' to"
                + " grant that, found []\n");
    run("app", "install", "denied", copies, "--manifest", manifest, "--subscribe", "+").succeeded();
  }

  @Test
  void eventsAreListenedToAsJson() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CommandLineRun> listening =
          threads.submit(() -> run("event", "listen", "a/#", "--json", "-n", "1"));
      while (!listening.isDone()) {
        run("event", "publish", "a/b", "--text", "{}", "--type", "application/json").succeeded();
        Thread.sleep(20);
      }
      assertThat(listening.get().succeeded().out())
          .isEqualTo(
              "{\"topic\":\"a/b\",\"format\":50,\"type\":\"application/json\",\"publisher\":\"management\",\"attributes\":null,\"text\":\"{}\",\"base64\":null}\n");
    }
  }

  @Test
  void whatIsWrongWithEventsIsTold() {
    run("event", "publish", "a/#")
        .failed(1, "sampan: expected a topic without '+' and '#', found 'a/#'\n");
    run("event", "publish", "$host/x")
        .failed(1, "sampan: topics that begin with '$' are the host's own: $host/x\n");
    run("event", "listen", "a/#/b")
        .failed(
            1,
            "sampan: expected a topic filter with '+' as a whole level or '#' as the last one,"
                + " found 'a/#/b'\n");
    assertThat(run("event", "publish", "a", "b", "--text", "c").exitCode()).isEqualTo(2);
    assertThat(run("event", "listen", "a", "-n", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void stateOfTheBridgeIsShown() {
    eventually(() -> run("host", "status").out().contains("Connection refused"), "it says why not");
    assertThat(run("host", "status").succeeded().out())
        .containsPattern(
            "(?m)^mqtt +not connected to mqtt://127.0.0.1:1 since .*: Connection refused; received"
                + " 0, sent 0, dropped 0, waiting 0$");
  }
}
