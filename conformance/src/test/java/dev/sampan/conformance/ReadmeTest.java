package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.cli.Sampan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    String example =
        Files.readString(
            ROOT.resolve("conformance/src/test/java/dev/sampan/conformance/ReadmeExample.java"));
    String compiled = example.substring(example.indexOf("// begin") + 8, example.indexOf("// end"));
    assertThat(essence(block.group(1))).isEqualTo(essence(compiled));
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
    String[] there = words.clone();
    for (int i = 0; i < there.length; i++) {
      if (there[i].startsWith("examples/")) {
        there[i] = ROOT.resolve(there[i]).toString();
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Sampan.run(
            there,
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(exitCode).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
