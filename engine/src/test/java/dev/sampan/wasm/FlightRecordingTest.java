package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class FlightRecordingTest {

  private static final String GUEST =
      """
      (module $shop
        (memory 2)
        (func $divide (export "divide") (param i32 i32) (result i32)
          (i32.div_s (local.get 0) (local.get 1)))
        (func (export "spin") (loop $l (br $l))))
      """;

  @TempDir Path folder;

  private interface Actions {
    void run() throws Exception;
  }

  private List<RecordedEvent> record(Actions actions) throws Exception {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      for (String name : List.of("ModuleLoad", "Compilation", "Instantiation", "Trap")) {
        recording.enable("dev.sampan." + name);
      }
      recording.start();
      actions.run();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    Files.delete(file);
    return events;
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.sampan." + name))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void lifeOfAGuestIsRecorded(ExecutionMode mode) throws Exception {
    byte[] binary = Engine.assemble(GUEST, "shop.wat");
    List<RecordedEvent> events =
        record(
            () -> {
              try (Engine engine = Engine.builder().mode(mode).build();
                  Instance instance = engine.load(binary).instantiate(Imports.create())) {
                assertThat(instance.function("divide").call(6, 3).i32()).isEqualTo(2);
                assertThatThrownBy(() -> instance.function("divide").call(1, 0))
                    .isInstanceOf(Trap.class);
              }
            });

    RecordedEvent load = named(events, "ModuleLoad").getFirst();
    assertThat(load.getString("module")).isEqualTo("shop");
    assertThat(load.getInt("size")).isEqualTo(binary.length);
    assertThat(load.getInt("functions")).isEqualTo(2);
    assertThat(load.getBoolean("known")).isFalse();
    assertThat(load.getDuration()).isPositive();

    RecordedEvent compilation = named(events, "Compilation").getFirst();
    assertThat(compilation.getString("module")).isEqualTo("shop");
    assertThat(compilation.getString("function")).isEqualTo("divide");
    assertThat(compilation.getInt("functions")).isPositive();
    assertThat(compilation.getInt("size")).isPositive();
    assertThat(compilation.getInt("classSize") > 0).isEqualTo(mode == ExecutionMode.COMPILER);
    assertThat(compilation.getDuration()).isPositive();

    RecordedEvent instantiation = named(events, "Instantiation").getFirst();
    assertThat(instantiation.getString("module")).isEqualTo("shop");
    assertThat(instantiation.getLong("memory")).isEqualTo(2 * 65536);
    assertThat(instantiation.getBoolean("sibling")).isFalse();
    assertThat(instantiation.getDuration()).isPositive();

    assertThat(named(events, "Trap")).hasSize(1);
    RecordedEvent trap = named(events, "Trap").getFirst();
    assertThat(trap.getString("module")).isEqualTo("shop");
    assertThat(trap.getString("function")).isEqualTo("divide");
    assertThat(trap.getInt("offset")).isPositive();
    assertThat(trap.getString("kind")).isEqualTo("INTEGER_DIVIDE_BY_ZERO");
    assertThat(trap.getString("message")).isEqualTo("integer divide by zero");
  }

  @Test
  void exhaustedGuestsAreRecorded() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              try (Engine engine = Engine.create();
                  Instance instance =
                      engine
                          .load(GUEST)
                          .instantiate(Imports.create(), limits -> limits.fuel(1_000))) {
                assertThatThrownBy(() -> instance.function("spin").call())
                    .isInstanceOf(ExhaustedException.class);
              }
            });
    RecordedEvent trap = named(events, "Trap").getFirst();
    assertThat(trap.getString("kind")).isEqualTo("FUEL");
    assertThat(trap.getString("function")).isEqualTo("func 1");
  }

  @Test
  void classesThatWereKeptAreRecordedAsSuch() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              for (int i = 0; i < 2; i++) {
                CodeCache cache = CodeCache.at(folder.resolve("cache")).minModuleBytes(0);
                try (Engine engine = Engine.builder().codeCache(cache).build();
                    Instance instance = engine.load(GUEST).instantiate(Imports.create())) {
                  instance.function("divide").call(6, 3);
                }
              }
            });
    assertThat(named(events, "ModuleLoad"))
        .extracting(event -> event.getBoolean("known"))
        .containsExactly(false, true);
    assertThat(named(events, "Compilation"))
        .extracting(event -> event.getBoolean("kept"))
        .containsExactly(false, true);
  }

  @Test
  void engineOnTheModulePathIsRecorded() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              Class<?> engineType =
                  EngineOnTheModulePathTest.engineLoader().loadClass("dev.sampan.wasm.Engine");
              Object engine = engineType.getMethod("create").invoke(null);
              engineType.getMethod("load", String.class).invoke(engine, GUEST);
            });
    assertThat(named(events, "ModuleLoad"))
        .extracting(event -> event.getString("module"))
        .containsExactly("shop");
  }

  /** Prints whether running a guest has loaded anything of the recorder. */
  static final class Unrecorded {
    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Instance instance = engine.load(GUEST).instantiate(Imports.create())) {
        System.out.println(instance.function("divide").call(6, 3));
        try {
          instance.function("divide").call(1, 0);
        } catch (Trap e) {
          System.out.println(e.kind());
        }
      }
    }
  }

  @Test
  void nothingIsLoadedAsLongAsNobodyRecords() throws Exception {
    String output = ChildJvm.run(Unrecorded.class, "-Xlog:class+load");
    assertThat(output)
        .contains("INTEGER_DIVIDE_BY_ZERO")
        .doesNotContain("jdk.jfr.Event ", "dev.sampan.wasm.jfr.ModuleLoadEvent");
  }

  @Test
  void engineRunsWithoutTheRecorder() throws Exception {
    assertThat(ChildJvm.run(Unrecorded.class, "--limit-modules", "java.base"))
        .contains("[2]", "INTEGER_DIVIDE_BY_ZERO");
  }

  /** Records a guest whose functions are first called at the end of the stack. */
  static final class AtTheEndOfTheStack {
    public static void main(String[] args) throws IOException {
      // recursion without end, in each step of which functions are called that are not compiled
      StringBuilder guest = new StringBuilder("(module (global $n (mut i32) (i32.const 0))");
      int count = 2_000;
      for (int i = 0; i < count; i++) {
        guest.append("(func $f%d (call $deeper (i32.const %d)))".formatted(i, (i + 1) % count));
      }
      guest.append("(table funcref (elem");
      for (int i = 0; i < count; i++) {
        guest.append(" $f").append(i);
      }
      guest.append("))(type $void (func)) (func $deeper (param i32)");
      guest.append("(call_indirect (type $void) (local.get 0)))");
      guest.append("(func (export \"run\") (call $deeper (i32.const 0))))");
      Path file = Files.createTempFile("stack", ".jfr");
      try (Engine engine = Engine.create();
          Instance instance = engine.load(guest.toString()).instantiate(Imports.create());
          Recording recording = new Recording()) {
        recording.start();
        try {
          instance.function("run").call();
        } catch (ExhaustedException e) {
          System.out.println(e.resource());
        }
        recording.stop();
        recording.dump(file);
        long compilations =
            RecordingFile.readAllEvents(file).stream()
                .filter(each -> each.getEventType().getName().equals("dev.sampan.Compilation"))
                .count();
        System.out.println(compilations > 0 ? "compilations" : "none");
      } finally {
        Files.delete(file);
      }
    }
  }

  @Test
  void recordingBeginsWhereverTheStackEnds() throws Exception {
    assertThat(ChildJvm.run(AtTheEndOfTheStack.class, "-Xss512k"))
        .contains("CALL_STACK", "compilations");
  }
}
