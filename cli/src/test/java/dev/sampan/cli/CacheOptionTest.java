package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheOptionTest {

  @TempDir private Path folder;
  private Path module;

  /** A module that is long enough to be worth it. */
  @BeforeEach
  void writeModule() {
    module =
        file(
            folder,
            "long.wat",
            "(module (memory 2) (data (i32.const 0) \""
                + "x".repeat(120_000)
                + "\") (func (export \"_start\")) (func (export \"f\") (result i32)"
                + " (i32.load8_u (i32.const 5))))");
  }

  @Test
  void codeIsKeptWhereTheOptionSays() {
    Path cache = folder.resolve("cache");

    assertThat(sampan("call", "--cache", cache, module, "f").succeeded().out()).isEqualTo("120\n");

    assertThat(cache).isDirectoryContaining("glob:**/secret");
    assertThat(sampan("call", "--cache=" + cache, module, "f").succeeded().out())
        .isEqualTo("120\n");
  }

  @Test
  void noneKeepsNothing() {
    sampan("run", "--cache", "none", module).succeeded();

    assertThat(Path.of("none")).doesNotExist();
  }

  @Test
  void emptyNameIsBadUsage() {
    sampan("run", "--cache=", module)
        .failed(
            2,
            "sampan: --cache needs a folder or 'none', found nothing\n"
                + "Try 'sampan run --help'.\n");
  }

  @Test
  void folderThatCannotBeUsedIsNoFailure() {
    Path taken = file(folder, "taken", "");

    assertThat(sampan("call", "--cache", taken, module, "f").succeeded().out()).isEqualTo("120\n");
  }

  @Test
  void defaultIsWhereEachSystemHasCaches() {
    Map<String, String> none = Map.of();
    assertThat(UserCache.folder(none, "Linux", "/home/a")).hasToString("/home/a/.cache/sampan");
    assertThat(UserCache.folder(none, "Mac OS X", "/Users/a"))
        .hasToString("/Users/a/Library/Caches/sampan");
    assertThat(UserCache.folder(Map.of("XDG_CACHE_HOME", "/var/c"), "Linux", "/home/a"))
        .hasToString("/var/c/sampan");
    assertThat(UserCache.folder(Map.of("LOCALAPPDATA", "/local"), "Windows 11", "/home/a"))
        .hasToString("/local/sampan");
    assertThat(UserCache.folder(none, "Windows 11", "/home/a")).isNull();
    assertThat(UserCache.folder(none, "Linux", "?")).isNull();
    assertThat(UserCache.folder(none, "Linux", null)).isNull();
    // what is not absolute does not count
    assertThat(UserCache.folder(Map.of("XDG_CACHE_HOME", "c"), "Linux", null)).isNull();
  }
}
