package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static dev.sampan.cli.CommandLineRun.sampanReading;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs {@code parse} and {@code print}. */
class TranslationTest {

  private static final String TEXT =
      """
      (module $small
        (func $answer (export "answer") (result i32) (i32.const 42)))
      """;

  @TempDir private Path folder;

  @Test
  void parseWritesTheBinaryFormat() throws IOException {
    Path text = file(folder, "small.wat", TEXT);
    Path binary = folder.resolve("small.wasm");

    assertThat(sampan("parse", text, "-o", binary).succeeded().out()).isEmpty();

    assertThat(Files.readAllBytes(binary)).isEqualTo(Engine.assemble(TEXT, "small.wat"));
    assertThat(sampan("call", binary, "answer").succeeded().out()).isEqualTo("42\n");
  }

  @Test
  void parseWritesToStandardOutput() {
    Path text = file(folder, "small.wat", "(module)");

    assertThat(sampan("parse", text, "-o", "-").succeeded().out()).isEqualTo("\0asm\u0001\0\0\0");
  }

  @Test
  void hyphenIsStandardInput() {
    assertThat(sampanReading(TEXT, "call", "-", "answer").succeeded().out()).isEqualTo("42\n");
    assertThat(sampanReading(TEXT, "validate", "-").succeeded().out()).isEmpty();
    assertThat(sampanReading(TEXT, "print", "-").succeeded().out()).startsWith("(module");
    sampanReading("", "print", "-")
        .failed(
            1,
            "sampan: -: unexpected end: magic header not detected, the file has 0 bytes (at"
                + " offset 0x0)\n");
  }

  @Test
  void parseReplacesTheOldFileAndLeavesNothingBeside() throws IOException {
    Path text = file(folder, "small.wat", TEXT);
    Path binary = file(folder, "small.wasm", "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.wasm"), binary);

    sampan("parse", text, "--output=" + link).succeeded();

    assertThat(Files.readAllBytes(binary)).isEqualTo(Engine.assemble(TEXT, "small.wat"));
    assertThat(link).isSymbolicLink();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(text, binary, link);
    }
  }

  @Test
  void parseOfAMalformedTextLeavesTheOldFile() {
    Path text = file(folder, "small.wat", "(module (func");
    Path binary = file(folder, "small.wasm", "old");

    assertThat(sampan("parse", text, "-o", binary).exitCode()).isEqualTo(1);

    assertThat(binary).hasContent("old");
  }

  @Test
  void parseIntoAMissingFolderFails() {
    Path text = file(folder, "small.wat", TEXT);
    Path out = folder.resolve("none").resolve("small.wasm");

    sampan("parse", text, "-o", out).failed(1, "sampan: " + out + ": no such file or directory\n");
  }

  @Test
  void parseWithoutOutputIsBadUsage() {
    sampan("parse", file(folder, "small.wat", TEXT))
        .failed(2, "sampan: missing required option: '--output=OUT'\nTry 'sampan parse --help'.\n");
  }

  @Test
  void printShowsBinaryAndTextAlike() {
    Path text = file(folder, "small.wat", TEXT);
    Path binary = file(folder, "small.wasm", Engine.assemble(TEXT, "small.wat"));

    String printed = sampan("print", binary).succeeded().out();

    assertThat(printed).startsWith("(module $small\n").contains("i32.const 42").endsWith(")\n");
    assertThat(sampan("print", text).succeeded().out()).isEqualTo(printed);
  }

  @Test
  void whatPrintWritesParseReads() throws IOException {
    byte[] module = Engine.assemble(TEXT, "small.wat");
    Path binary = file(folder, "small.wasm", module);
    Path printed = file(folder, "printed.wat", sampan("print", binary).succeeded().out());
    Path again = folder.resolve("again.wasm");

    sampan("parse", printed, "-o", again).succeeded();

    assertThat(Files.readAllBytes(again)).isEqualTo(module);
  }

  @Test
  void printNeedsNoValidModule() {
    Path invalid = file(folder, "invalid.wat", "(module (func (result i32) nop))");

    assertThat(sampan("print", invalid).succeeded().out()).contains("nop");
  }
}
