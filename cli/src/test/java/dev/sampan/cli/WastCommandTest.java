package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WastCommandTest {

  private static final String GOOD =
      """
      (module (func (export "one") (result i32) (i32.const 1)))
      (assert_return (invoke "one") (i32.const 1))
      """;

  private static final String BAD =
      """
      (module (func (export "one") (result i32) (i32.const 1)))
      (assert_return (invoke "one") (i32.const 2))
      (assert_trap (invoke "one") "unreachable")
      """;

  @TempDir private Path folder;

  @Test
  void commandsThatPassAreCounted() {
    Path script = file(folder, "good.wast", GOOD);

    assertThat(sampan("wast", "--mode=interpreter", script, script).succeeded().out())
        .isEqualTo("4 passed, 0 failed\n");
  }

  @Test
  void commandsThatFailAreNamedWithTheirPlace() {
    Path script = file(folder, "bad.wast", BAD);

    CommandLineRun run = sampan("wast", script);

    assertThat(run.out().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(script + ":2: expected "),
            line -> assertThat(line).startsWith(script + ":3: expected Trap \"unreachable\""),
            line -> assertThat(line).isEqualTo("1 passed, 2 failed"));
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void foldersAreSearchedForScripts() throws IOException {
    Path deeper = Files.createDirectories(folder.resolve("a/b"));
    file(deeper, "good.wast", GOOD);
    file(deeper, "not.wat", "(module");
    file(folder, "good.wast", GOOD);

    assertThat(sampan("wast", folder).succeeded().out()).isEqualTo("4 passed, 0 failed\n");
  }

  @Test
  void folderWithoutScriptsIsNoSuccess() {
    CommandLineRun run = sampan("wast", folder);

    assertThat(run.err()).isEqualTo("sampan: " + folder + ": no scripts (*.wast) in this folder\n");
    assertThat(run.out()).isEqualTo("0 passed, 1 failed\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void scriptThatCannotBeReadFailsAndTheOthersRun() {
    Path malformed = file(folder, "malformed.wast", "(assert_return");
    Path missing = folder.resolve("missing.wast");
    Path good = file(folder, "good.wast", GOOD);

    CommandLineRun run = sampan("wast", malformed, missing, good);

    assertThat(run.err())
        .startsWith("sampan: " + malformed + ": ")
        .endsWith("sampan: " + missing + ": no such file or directory\n");
    assertThat(run.out()).isEqualTo("2 passed, 2 failed\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }
}
