package dev.sampan.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.AppHost;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host and its libraries as modules, used by somebody who sees only what is exported. */
@Timeout(120)
class HostAsAModuleTest {

  private static final List<String> TESTS =
      List.of("junit", "assertj", "byte-buddy", "opentest4j", "apiguardian", "surefire");

  @TempDir Path folder;

  /** What a program that embeds the host has to put on its module path. */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(place -> !place.contains("test-classes"))
        .filter(
            place -> TESTS.stream().noneMatch(Path.of(place).getFileName().toString()::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void hostDoesAllThatItDoesOnTheClassPath() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--module-path",
                modulePath(),
                "--add-modules",
                AppHost.class.getPackageName(),
                "-cp",
                Path.of(
                        EmbeddedHost.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString(),
                EmbeddedHost.class.getName(),
                folder.resolve("home").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(text)
        .contains("the host is in module dev.sampan.apps")
        .contains("all is well")
        .doesNotContain("SEVERE");
    assertThat(process.exitValue()).as(text).isZero();
  }
}
