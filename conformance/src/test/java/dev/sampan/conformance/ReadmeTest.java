package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.cli.Sampan;
import dev.sampan.wasi.AuditEvent;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmModule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says is true: its code compiles and runs, and so do its commands. */
class ReadmeTest {

  private static final Path ROOT = Path.of(System.getProperty("sampan.root", ".."));

  private static final String SCORER =
      """
      (module
        (import "env" "log" (func $log (param i32)))
        (import "store" "get" (func $get (param i32) (result i64)))
        (func (export "twice") (param i32) (result i32)
          (i32.mul (local.get 0) (i32.const 2)))
        (func (export "score") (param $user i32) (param $weight f64) (result f64)
          (call $log (local.get $user))
          (f64.mul (f64.convert_i64_s (call $get (local.get $user))) (local.get $weight)))
        (func (export "trap") unreachable))
      """;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  /** The code without layout, which is another inside a class. */
  private static String essence(String code) {
    return code.replaceAll("\\s+", "").replace("publicinterface", "interface");
  }

  @Test
  void codeIsTheCompiledExample() throws IOException {
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertThat(block.find()).isTrue();
    assertThat(essence(block.group(1))).isEqualTo(essence(example("begin", "end")));
    assertThat(block.find()).isTrue();
    assertThat(essence(block.group(1))).isEqualTo(essence(example("begin policy", "end policy")));
    assertThat(block.find()).isFalse();
  }

  private static String example(String begin, String end) throws IOException {
    String code =
        Files.readString(
            ROOT.resolve("conformance/src/test/java/dev/sampan/conformance/ReadmeExample.java"));
    String from = "// " + begin + "\n";
    return code.substring(code.indexOf(from) + from.length(), code.indexOf("// " + end + "\n"));
  }

  @Test
  void codeWithAPolicyRuns(@TempDir Path folder) throws IOException {
    List<AuditEvent> log = new ArrayList<>();
    try (Engine engine = Engine.create()) {
      WasmModule module =
          engine.load(
              """
              (module
                (import "wasi_snapshot_preview1" "sock_open"
                  (func $open (param i32 i32 i32 i32) (result i32)))
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (func (export "_start")
                  (drop (call $open (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0)))
                  (call $exit (i32.const 7))))
              """);
      assertThat(ReadmeExample.runWithPolicy(module, folder, log::add)).isEqualTo(7);
    }
    assertThat(log).singleElement().matches(event -> !event.allowed());
  }

  @Test
  void policyFileIsTheExample() throws IOException {
    Matcher block = Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertThat(block.find()).isTrue();
    assertThat(block.group(1)).isEqualTo(Files.readString(ROOT.resolve("examples/policy.toml")));
  }

  @Test
  void commandsWithGrantsAndLimitsDoAsTheySay() throws IOException {
    Matcher commands =
        Pattern.compile("^\\./sampan (run --.*?examples/hello\\.wat)", Pattern.MULTILINE)
            .matcher(readme());
    int count = 0;
    while (commands.find()) {
      List<String> words = List.of(commands.group(1).split(" +"));
      Run run = run(words);
      assertThat(run.exitCode()).as(commands.group(1)).isZero();
      assertThat(run.out())
          .contains(
              words.contains("--explain")
                  ? "--max-disk            1 GiB"
                  : "Hello from a very small boat.");
      if (words.contains("--stats")) {
        assertThat(run.err()).matches("fuel: \\d+\nmemory: \\d+ bytes\nload: [^\0]*");
      } else {
        assertThat(run.err()).isEmpty();
      }
      count++;
    }
    assertThat(count).isEqualTo(5);
  }

  @Test
  void codeRuns(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("scorer.wat"), SCORER);
    assertThat(ReadmeExample.run(file, key -> key + 8L)).isEqualTo(25.0);
  }

  @Test
  void codeReportsWhatItsStoreThrows(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("scorer.wat"), SCORER);
    assertThatThrownBy(
            () ->
                ReadmeExample.run(
                    file,
                    key -> {
                      throw new IllegalArgumentException("no key " + key);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no key 42");
  }

  @Test
  void firstCommandRunsTheExample() throws IOException {
    assertThat(readme()).contains("./sampan run examples/hello.wat");
    assertThat(sampan("run", "examples/hello.wat")).isEqualTo("Hello from a very small boat.\n");
  }

  @Test
  void programForADeviceRuns() throws IOException {
    String printed = "0: device.wat|\n1: Ann     |\n2: Bob     |\n";
    assertThat(readme())
        .contains("./sampan run examples/device.wat Ann Bob", "```\n" + printed + "```");
    assertThat(sampan("run", "examples/device.wat", "Ann", "Bob")).isEqualTo(printed);
  }

  @Test
  void otherCommandsDoAsTheySay(@TempDir Path folder) throws IOException {
    assertThat(readme()).contains("./sampan call examples/calc.wat divide 84 2", "prints 42");
    assertThat(sampan("call", "examples/calc.wat", "divide", "84", "2")).isEqualTo("42\n");
    assertThat(sampan("validate", "examples/calc.wat")).isNotNull();
    assertThat(sampan("print", "examples/calc.wat")).startsWith("(module $calc");
    Path out = folder.resolve("calc.wasm");
    sampan("parse", "examples/calc.wat", "-o", out.toString());
    assertThat(out).isNotEmptyFile();
    assertThat(sampan("inspect", "--json", "examples/calc.wat")).startsWith("{");
  }

  /** Runs a command in the root folder, as the README has it, and expects success. */
  private static String sampan(String... words) {
    Run run = run(List.of(words));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out();
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run run(List<String> words) {
    String[] there =
        words.stream()
            .map(word -> word.startsWith("examples/") ? ROOT.resolve(word).toString() : word)
            .toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Sampan.run(
            there,
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
