package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.AttributeJson;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.apps.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests in C, made with the SDK and its examples. */
class SdkTest extends HostedTest {

  private static final Path ROOT = Path.of(System.getProperty("sampan.root", ".."));
  private static final Path SDK = ROOT.resolve("sdk");

  /** How a guest is made. */
  enum Build {
    /** Without a C library: it uses the one that the host has built in. */
    DEVICE(
        "--target=wasm32",
        "-nostdlib",
        "-Wl,--no-entry,--allow-undefined,--export=__heap_base",
        "-Wl,-z,stack-size=16384"),
    /** With wasi-libc. */
    WASI(
        "--target=wasm32-wasi",
        "-mexec-model=reactor",
        "-Wl,--allow-undefined,--export=malloc,--export=free");

    final List<String> options;

    Build(String... options) {
      this.options = List.of(options);
    }
  }

  @TempDir Path folder;

  private static int run(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void requireClang() {
    boolean there;
    try {
      there = new ProcessBuilder("clang", "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    if (!there) {
      System.err.println("SKIPPED: guests made with the SDK, because there is no clang");
    }
    assumeTrue(there, "no clang");
  }

  private InputStream guest(Path source, Build build) throws IOException {
    requireClang();
    Path module = folder.resolve("guest-" + build + ".wasm");
    List<String> command = new ArrayList<>(List.of("clang"));
    command.addAll(build.options);
    command.addAll(List.of("-std=c11", "-Wall", "-Wextra", "-Werror", "-O2"));
    command.add("-I" + SDK.resolve("include"));
    command.addAll(List.of("-o", module.toString(), source.toString()));
    try (Stream<Path> library = Files.list(SDK.resolve("src"))) {
      library.map(Path::toString).sorted().forEach(command::add);
    }
    assertThat(run(command)).as("%s", command).isZero();
    return Files.newInputStream(module);
  }

  private InputStream example(String name, Build build) throws IOException {
    return guest(SDK.resolve("examples").resolve(name + ".c"), build);
  }

  private void start(String name, InputStream module, Permissions permissions) throws IOException {
    try (module) {
      host.install(name, Manifest.SERVICE.permissions(permissions), module);
    }
    host.start(name);
  }

  private Response ask(String app, Action action, String url, int format, byte[] payload) {
    try {
      return answered(host.ask(app, new Request(action, format, 0, 0, url, payload)));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Response ask(String app, Action action, String url) {
    return ask(app, action, url, 0, NOTHING);
  }

  private Response put(String app, String url, String json) {
    byte[] payload = AttributeJson.read(json.getBytes(StandardCharsets.UTF_8)).encode();
    return ask(app, Action.PUT, url, Format.ATTRIBUTES, payload);
  }

  private static String json(Response response) {
    try {
      AttributeContainer container = AttributeContainer.decode(response.payload());
      return new String(AttributeJson.write(container), StandardCharsets.UTF_8);
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Response response) {
    return new String(response.payload(), StandardCharsets.UTF_8);
  }

  // ---- the examples ----

  @ParameterizedTest
  @EnumSource
  void lampAndButtonTalkByRequestAndEvent(Build build) throws IOException {
    start("lamp", example("lamp", build), Permissions.NONE.topics(List.of("lamp/#"), List.of()));
    start(
        "button",
        example("button", build),
        Permissions.NONE.requests("lamp").topics(List.of(), List.of("lamp/+")));
    assertThat(json(ask("lamp", Action.GET, "lamp"))).isEqualTo("{\"on\":false,\"changes\":0}");

    Response pressed = ask("button", Action.POST, "press");
    assertThat(pressed.status()).isEqualTo(Status.CHANGED);
    assertThat(json(pressed)).isEqualTo("{\"on\":true,\"changes\":1}");
    eventually(() -> text(ask("button", Action.GET, "seen")).equals("1"), "seen once");
    assertThat(json(ask("button", Action.POST, "press"))).isEqualTo("{\"on\":false,\"changes\":2}");
    assertThat(json(put("lamp", "lamp", "{\"on\": true}")))
        .isEqualTo("{\"on\":true,\"changes\":3}");
    eventually(() -> text(ask("button", Action.GET, "seen")).equals("3"), "seen three times");

    assertThat(put("lamp", "lamp", "{}").status()).isEqualTo(128);
    assertThat(ask("lamp", Action.DELETE, "lamp").status()).isEqualTo(133);
    Response nothing = ask("lamp", Action.GET, "candle");
    assertThat(nothing.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(text(nothing)).isEqualTo("there is nothing at this URL");
    host.stop("lamp");
    // wasi-libc keeps what it prints for some time
    assertThat(log("lamp")).contains(build == Build.WASI ? "the lamp is on" : "the lamp is off");
    assertThat(ask("button", Action.POST, "press").status()).isEqualTo(Status.UNAVAILABLE);
  }

  @Test
  void buttonThatMayNotAskTheLampSaysSo() throws IOException {
    start("lamp", example("lamp", Build.DEVICE), Permissions.NONE);
    start("button", example("button", Build.DEVICE), Permissions.NONE);
    assertThat(ask("button", Action.POST, "press").status()).isEqualTo(Status.FORBIDDEN);
    assertThat(log("button")).contains("permissions.requests for \\\"lamp\\\"");
  }

  @Test
  void buttonPressedManyTimesRunsOutOfNothing() throws IOException {
    start("lamp", example("lamp", Build.DEVICE), Permissions.NONE.topics(List.of("#"), List.of()));
    start(
        "button",
        example("button", Build.DEVICE),
        Permissions.NONE.requests("lamp").topics(List.of(), List.of("#")));
    long before = 0;
    for (int i = 0; i < 500; i++) {
      assertThat(ask("button", Action.POST, "press").status()).isEqualTo(Status.CHANGED);
      before = i == 50 ? host.memory("button") : before;
    }
    assertThat(host.memory("button")).isEqualTo(before);
    // the event came before the answer, so none was missed
    assertThat(text(ask("button", Action.GET, "seen"))).isEqualTo("500");
  }

  @ParameterizedTest
  @EnumSource
  void monitorReadsASensorAndPublishesByATimer(Build build) throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    host.events().subscribe(TopicFilter.of("monitor/load"), events::add);
    start(
        "monitor",
        example("monitor", build),
        Permissions.NONE.devices("cpu").topics(List.of("monitor/load"), List.of()));
    assertThat(put("monitor", "load", "{\"every\": 150}").status()).isEqualTo(Status.CHANGED);
    assertThat(put("monitor", "load", "{\"every\": 5}").status()).isEqualTo(128);
    eventually(() -> events.size() >= 3, "three publications");
    AttributeContainer load = AttributeContainer.decode(events.get(1).payload());
    assertThat(events.get(1).format()).isEqualTo(Format.ATTRIBUTES);
    assertThat(load.whole("readings").orElse(0)).isBetween(1L, 10L);
    assertThat(load.whole("number")).hasValue(2);
    assertThat(ask("monitor", Action.GET, "load").status()).isEqualTo(Status.CONTENT);
  }

  @Test
  void monitorThatMayNotUseTheSensorDoesNotStart() throws IOException {
    InputStream module = example("monitor", Build.DEVICE);
    assertThatThrownBy(() -> start("monitor", module, Permissions.NONE))
        .hasMessage("trap: unreachable");
    assertThat(log("monitor")).contains("there is no sensor 'cpu', or no timer, for this app");
  }

  // ---- attributes ----

  private InputStream attributes(Build build) throws IOException {
    return guest(Path.of("src", "test", "c", "attributes.c"), build);
  }

  private static final AttributeContainer ALL =
      AttributeContainer.tagged("tag")
          .with("a", new Attribute.Whole(AttributeType.INT8, -2))
          .with("b", new Attribute.Whole(AttributeType.INT16, -3))
          .with("c", new Attribute.Whole(AttributeType.INT32, -4))
          .with("d", new Attribute.Whole(AttributeType.INT64, Long.MIN_VALUE))
          .with("e", new Attribute.Whole(AttributeType.UINT8, 255))
          .with("f", new Attribute.Whole(AttributeType.UINT16, 65535))
          .with("g", new Attribute.Whole(AttributeType.UINT32, 4294967295L))
          .with("h", new Attribute.Whole(AttributeType.UINT64, -1))
          .with("i", new Attribute.Single(1.5f))
          .with("j", new Attribute.Fraction(-2.5))
          .with("k", new Attribute.Truth(true))
          .with("l", new Attribute.Text("hé"))
          .with("m", new Attribute.Bytes(new byte[] {1, -1}));

  @ParameterizedTest
  @EnumSource
  void attributesAreReadAndWrittenAsTheHostDoes(Build build) throws IOException {
    start("a", attributes(build), Permissions.NONE);
    Response copy = ask("a", Action.PUT, "copy", Format.ATTRIBUTES, ALL.encode());
    assertThat(copy.status()).isEqualTo(Status.CONTENT);
    assertThat(copy.payload()).isEqualTo(ALL.encode());
    assertThat(text(ask("a", Action.GET, "rules"))).isEmpty();
    Response many = put("a", "many", "{\"count\": 1000}");
    assertThat(json(many)).startsWith("{\"k0\":0,").endsWith("\"k999\":999}");
  }

  @Test
  void whatIsNoContainerIsRefusedAndHarmsNobody() throws IOException {
    start("a", attributes(Build.DEVICE), Permissions.NONE);
    SplittableRandom random = new SplittableRandom(3);
    byte[] packed = ALL.encode();
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = packed.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Response response = ask("a", Action.PUT, "copy", Format.ATTRIBUTES, bytes);
      if (response.status() == Status.CONTENT) {
        // it has written a container, whatever it has read
        assertThat(json(response)).startsWith("{\"a\":");
      } else {
        assertThat(response.status()).isEqualTo(128);
        refused++;
        assertThat(decode(bytes)).isEmpty();
      }
    }
    assertThat(refused).isBetween(100, 1_900);
    assertThat(log("a")).doesNotContain("failed");
  }

  private static Optional<AttributeContainer> decode(byte[] bytes) {
    try {
      return Optional.of(AttributeContainer.decode(bytes));
    } catch (WireException e) {
      return Optional.empty();
    }
  }
}
