package dev.sampan.apps.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bridge with Debian's broker at its other end. */
@Timeout(120)
class MqttBridgeTest {

  @TempDir Path folder;
  private final EventBus bus = new EventBus();
  private final List<Event> heard = new CopyOnWriteArrayList<>();
  private @Nullable MqttBridge bridge;
  private @Nullable Mosquitto broker;

  @BeforeEach
  void listen() {
    bus.subscribe(TopicFilter.of("#"), heard::add);
  }

  @AfterEach
  void end() throws InterruptedException {
    if (bridge != null) {
      bridge.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Mosquitto broker(String... settings) throws Exception {
    return broker = new Mosquitto(folder, settings).start();
  }

  private static MqttSettings to(Mosquitto broker) {
    return MqttSettings.to(URI.create("mqtt://127.0.0.1:" + broker.port()));
  }

  private MqttBridge bridge(MqttSettings settings) {
    return bridge = MqttBridge.start(settings, bus);
  }

  private MqttBridge connected(MqttSettings settings) {
    MqttBridge made = bridge(settings);
    eventually(() -> made.state().connected(), "connected");
    return made;
  }

  private void publish(String topic, String text) {
    bus.publish(new Event(topic, Event.JSON, text.getBytes(StandardCharsets.UTF_8), "app:test"));
  }

  private static String text(Event event) {
    return new String(event.payload(), StandardCharsets.UTF_8);
  }

  /** Somebody else at the broker. */
  private static final class Other implements AutoCloseable, MqttCallback {
    final List<String> got = new CopyOnWriteArrayList<>();
    private final MqttAsyncClient client;

    Other(Mosquitto broker, String... filters) throws MqttException {
      client =
          new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "other", new MemoryPersistence());
      client.setCallback(this);
      client.connect().waitForCompletion(10_000);
      for (String filter : filters) {
        client.subscribe(filter, 1).waitForCompletion(10_000);
      }
    }

    void publish(String topic, String text) throws MqttException {
      client
          .publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, false)
          .waitForCompletion(10_000);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      String type = message.getProperties().getContentType();
      got.add(
          topic
              + " "
              + new String(message.getPayload(), StandardCharsets.UTF_8)
              + (type == null ? "" : " " + type));
    }

    @Override
    public void close() throws MqttException {
      client.disconnectForcibly(0, 100, false);
      client.close(true);
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String uri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }

  @Test
  void nobodyAtTheBrokerSpeaksInTheNameOfTheHost() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    List<Event> forged = new CopyOnWriteArrayList<>();
    bus.subscribe(TopicFilter.of("$host/#"), forged::add);
    MqttBridge made =
        connected(to(mosquitto).topics(List.of(new MqttMapping("#", "", "site/", 1)), List.of()));
    try (Other other = new Other(mosquitto)) {
      other.publish("site/$host/apps/a/state", "{\"state\":\"removed\"}");
      other.publish("site/a", "x");
      eventually(() -> made.state().received() == 1, "what is allowed comes");
      assertThat(forged).isEmpty();
      assertThat(made.state().dropped()).isEqualTo(1);
    }
  }

  @Test
  void eventsCrossTheBridgeUnderTheNamesOfBothSides() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttBridge made =
        connected(
            to(mosquitto)
                .topics(
                    List.of(new MqttMapping("+/temperature", "mqtt/", "site/", 1)),
                    List.of(new MqttMapping("alarms/#", "", "site/", 1))));
    try (Other other = new Other(mosquitto, "#")) {
      publish("alarms/fire", "{\"at\":1}");
      publish("other/fire", "stays");
      eventually(() -> other.got.size() == 1, "out");
      assertThat(other.got).containsExactly("site/alarms/fire {\"at\":1} application/json");
      heard.clear();
      other.publish("site/kitchen/temperature", "21");
      other.publish("site/kitchen/humidity", "40");
      other.publish("elsewhere/kitchen/temperature", "99");
      eventually(() -> !heard.isEmpty(), "in");
      assertThat(heard).hasSize(1);
      assertThat(heard.getFirst().topic()).isEqualTo("mqtt/kitchen/temperature");
      assertThat(text(heard.getFirst())).isEqualTo("21");
      assertThat(heard.getFirst().publisher()).isEqualTo(MqttBridge.PUBLISHER);
    }
    eventually(() -> made.state().sent() == 1, "counted");
    assertThat(made.state().received()).isEqualTo(1);
    assertThat(made.state().dropped()).isZero();
    assertThat(made.state().connections()).isEqualTo(1);
    assertThat(made.state().error()).isEmpty();
  }

  @Test
  void appAnswersAcrossTheBridge(@TempDir Path home) throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttSettings settings =
        to(mosquitto)
            .topics(
                List.of(new MqttMapping("ask/#", "", "site/", 1)),
                List.of(new MqttMapping("answer", "", "site/", 1)));
    Manifest manifest =
        Manifest.PROGRAM
            .permissions(Permissions.NONE.topics(List.of("answer"), List.of("ask/#")))
            .trigger(Trigger.Events.of("ask/#").reply("answer", Event.JSON));
    try (AppHost host = AppHost.open(HostSettings.at(home).mqtt(settings));
        Other other = new Other(mosquitto, "site/answer")) {
      host.install("echo", manifest, TestGuests.module(TestGuests.copies()));
      host.start("echo");
      eventually(() -> host.bridge().orElseThrow().connected(), "connected");
      for (int i = 0; i < 100; i++) {
        other.publish("site/ask/" + i, "question " + i);
      }
      eventually(() -> other.got.size() == 100, "all answers");
      assertThat(other.got.getLast()).isEqualTo("site/answer question 99 application/json");
    }
  }

  @Test
  void nothingRunsInCircles() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttMapping all = new MqttMapping("room/#", "", "", 1);
    connected(to(mosquitto).topics(List.of(all), List.of(all)));
    try (Other other = new Other(mosquitto, "room/#")) {
      publish("room/a", "from here");
      other.publish("room/b", "from there");
      eventually(() -> heard.size() >= 2 && other.got.size() >= 2, "both ways");
      publish("room/c", "end");
      eventually(() -> other.got.stream().anyMatch(each -> each.contains("end")), "end");
      Thread.sleep(300);
      assertThat(heard)
          .extracting(Event::topic)
          .containsExactlyInAnyOrder("room/a", "room/b", "room/c");
      assertThat(other.got).hasSize(3);
    }
  }

  @Test
  void bridgeConnectsAgainAndSendsWhatWaited() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttBridge made =
        connected(
            to(mosquitto)
                .topics(
                    List.of(new MqttMapping("in/#", "", "", 1)),
                    List.of(new MqttMapping("out/#", "", "", 1))));
    mosquitto.close();
    eventually(() -> !made.state().connected(), "broken");
    for (int i = 0; i < 20; i++) {
      publish("out/" + i, "waited");
    }
    assertThat(made.state().waiting()).isEqualTo(20);
    mosquitto.start();
    try (Other other = new Other(mosquitto, "out/#")) {
      eventually(() -> other.got.size() == 20 || made.state().connected(), "connected again");
      publish("out/last", "at once");
      eventually(() -> other.got.stream().anyMatch(each -> each.startsWith("out/last")), "sent");
      eventually(() -> made.state().waiting() == 0, "nothing waits");
      eventually(() -> made.state().sent() == 21, "all sent");
      other.publish("in/a", "back");
      eventually(
          () -> heard.stream().anyMatch(each -> each.topic().equals("in/a")), "subscribed again");
    }
    assertThat(made.state().connections()).isEqualTo(2);
  }

  @Test
  void connectionsThatBreakLeaveNoThreadsBehind() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttBridge made = connected(to(mosquitto));
    for (int i = 2; i <= 4; i++) {
      mosquitto.close();
      eventually(() -> !made.state().connected(), "broken");
      mosquitto.start();
      int times = i;
      eventually(() -> made.state().connections() == times, "connected again");
    }
    made.close();
    eventually(() -> clientThreads() == 0, "threads end");
    assertThat(made.state().connected()).isFalse();
  }

  private static long clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(each -> each.startsWith("MQTT") || each.startsWith("sampan-mqtt"))
        .count();
  }

  @Test
  void brokerThatIsAwayIsToldAndTheOldestEventsAreDropped() throws Exception {
    Mosquitto mosquitto = new Mosquitto(folder, "allow_anonymous true");
    Mosquitto.require("mosquitto");
    MqttSettings settings =
        to(mosquitto).topics(List.of(), List.of(new MqttMapping("#", "", "all/", 1)));
    MqttBridge made = bridge(withQueue(settings, 3));
    eventually(() -> made.state().error().orElse("").contains("Connection refused"), "it says why");
    for (int i = 0; i < 5; i++) {
      publish("n", "" + i);
    }
    assertThat(made.state().waiting()).isEqualTo(3);
    assertThat(made.state().dropped()).isEqualTo(2);
    broker = mosquitto.start();
    try (Other other = new Other(mosquitto, "#")) {
      eventually(() -> made.state().sent() == 3, "the rest is sent");
      publish("n", "end");
      eventually(() -> other.got.stream().anyMatch(each -> each.contains(" end")), "end");
    }
  }

  private static MqttSettings withQueue(MqttSettings all, int queue) {
    return new MqttSettings(
        all.broker(),
        all.clientId(),
        all.user(),
        all.passwordFile(),
        all.trust(),
        all.keepAlive(),
        all.session(),
        queue,
        all.in(),
        all.out());
  }

  @Test
  void whatWaitsIsSentBeforeTheBridgeEnds() throws Exception {
    Mosquitto mosquitto = broker("allow_anonymous true");
    MqttBridge made =
        connected(to(mosquitto).topics(List.of(), List.of(new MqttMapping("#", "", "", 1))));
    try (Other other = new Other(mosquitto, "#")) {
      for (int i = 0; i < 500; i++) {
        publish("n", "" + i);
      }
      made.close();
      eventually(() -> other.got.size() == 500, "all");
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        expected.add("n " + i + " application/json");
      }
      assertThat(other.got).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void passwordIsReadEachTime() throws Exception {
    Path passwords = folder.resolve("passwords");
    int made =
        new ProcessBuilder(
                Mosquitto.require("mosquitto_passwd"),
                "-b",
                "-c",
                passwords.toString(),
                "me",
                "right")
            .start()
            .waitFor();
    assertThat(made).isZero();
    Mosquitto mosquitto = broker("allow_anonymous false", "password_file " + passwords);
    Path password = Files.writeString(folder.resolve("password"), "wrong\n");
    MqttSettings all = to(mosquitto);
    MqttBridge bridge =
        bridge(
            new MqttSettings(
                all.broker(),
                "me-1",
                Optional.of("me"),
                Optional.of(password),
                Optional.empty(),
                Duration.ofSeconds(5),
                Optional.of(Duration.ofMinutes(5)),
                10,
                List.of(),
                List.of()));
    eventually(
        () -> bridge.state().error().orElse("").toLowerCase().contains("authorized"), "refused");
    Files.writeString(password, "right\n");
    eventually(() -> bridge.state().connected(), "let in");
    assertThat(bridge.state().error()).isEmpty();
  }

  @Test
  void certificateMustBeTrusted() throws Exception {
    Mosquitto.require("mosquitto");
    certificate("good");
    certificate("other");
    Mosquitto mosquitto =
        broker(
            "allow_anonymous true",
            "certfile " + folder.resolve("good.pem"),
            "keyfile " + folder.resolve("good.key"));
    MqttBridge refused = bridge(tls(mosquitto, "other.pem"));
    eventually(
        () -> refused.state().error().orElse("").contains("PKIX path validation failed"),
        "not trusted " + refused.state());
    refused.close();
    MqttBridge good = bridge(tls(mosquitto, "good.pem"));
    eventually(() -> good.state().connected(), "trusted");
    good.close();
    MqttBridge misnamed =
        bridge(tls(URI.create("mqtts://localhost:" + mosquitto.port()), "good.pem"));
    eventually(
        () -> misnamed.state().error().orElse("").contains("localhost"), "not for this name");
    misnamed.close();
    MqttBridge missing = bridge(tls(mosquitto, "missing.pem"));
    eventually(() -> missing.state().error().orElse("").contains("missing.pem"), "not there");
    missing.close();
  }

  private MqttSettings tls(Mosquitto mosquitto, String trust) {
    return tls(URI.create("mqtts://127.0.0.1:" + mosquitto.port()), trust);
  }

  private MqttSettings tls(URI address, String trust) {
    MqttSettings all = MqttSettings.to(address);
    return new MqttSettings(
        address,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.of(folder.resolve(trust)),
        all.keepAlive(),
        Optional.empty(),
        10,
        List.of(),
        List.of());
  }

  /** A certificate for the loopback address that has signed itself. */
  private void certificate(String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Mosquitto.require("openssl"),
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve(name + ".key").toString(),
                "-out",
                folder.resolve(name + ".pem").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    MqttSettings good = MqttSettings.to(URI.create("mqtt://broker"));
    assertThat(good.port()).isEqualTo(1883);
    assertThat(MqttSettings.to(URI.create("mqtts://broker")).port()).isEqualTo(8883);
    for (String url : List.of("http://broker", "mqtt:broker", "mqtt://me@broker", "mqtt://b/x")) {
      assertThatThrownBy(() -> MqttSettings.to(URI.create(url)))
          .as(url)
          .hasMessage("expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT], found '" + url + "'");
    }
    assertThatThrownBy(() -> new MqttMapping("a", "b/#/", "", 0))
        .hasMessage("expected a local-prefix without '+' and '#', found 'b/#/'");
    assertThatThrownBy(() -> new MqttMapping("a/#/b", "", "", 0))
        .hasMessageContaining("'#' as the last one");
    assertThatThrownBy(() -> new MqttMapping("a", "", "", 3))
        .hasMessage("expected a qos of 0, 1 or 2, found 3");
    assertThatThrownBy(() -> good.topics(List.of(new MqttMapping("x", "$host/", "", 0)), List.of()))
        .hasMessageContaining("found '$host/x'");
    assertThatThrownBy(() -> good.topics(List.of(), List.of(new MqttMapping("x", "", "$SYS/", 0))))
        .hasMessageContaining("found '$SYS/x'");
  }
}
