package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {

  @TempDir private Path folder;

  @Test
  void validModulesAreNotMentioned() {
    Path good = file(folder, "good.wat", "(module)");

    assertThat(sampan("validate", good, good).succeeded().out()).isEmpty();
  }

  @Test
  void verboseMentionsValidModules() {
    Path good = file(folder, "good.wat", "(module)");

    assertThat(sampan("validate", good, "--verbose").succeeded().out())
        .isEqualTo(good + ": valid\n");
  }

  @Test
  void everyBadModuleIsReported() {
    Path good = file(folder, "good.wat", "(module)");
    Path invalid = file(folder, "invalid.wat", "(module (start 3))");
    Path malformed = file(folder, "malformed.wasm", "\0asm\2\0\0\0");
    Path missing = folder.resolve("missing.wasm");

    CommandLineRun run = sampan("validate", invalid, good, missing, malformed);

    assertThat(run.err().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("sampan: " + invalid + ": unknown function"),
            line ->
                assertThat(line).isEqualTo("sampan: " + missing + ": no such file or directory"),
            line ->
                assertThat(line).startsWith("sampan: " + malformed + ": unknown binary version"));
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void noFileIsBadUsage() {
    sampan("validate")
        .failed(2, "sampan: missing required parameter: 'FILE'\nTry 'sampan validate --help'.\n");
  }
}
