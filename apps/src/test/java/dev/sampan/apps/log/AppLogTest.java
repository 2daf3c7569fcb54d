package dev.sampan.apps.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppLogTest {

  @TempDir Path folder;

  private AppLog log(long maxBytes) {
    return new AppLog(folder.resolve("app"), maxBytes);
  }

  private static List<String> texts(AppLog log, int count) {
    return log.tail(count).stream()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
        .map(line -> line.get("text").asString())
        .toList();
  }

  private long bytesOnDisk() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("app"))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void tailIsTheLastLinesOfBothFiles() throws IOException {
    try (AppLog log = log(4_000)) {
      assertThat(log.tail(10)).isEmpty();
      for (int i = 0; i < 40; i++) {
        log.write(1, "stdout", "line " + i);
      }
      assertThat(folder.resolve("app/log.1.jsonl")).exists();
      assertThat(texts(log, 3)).containsExactly("line 37", "line 38", "line 39");
      assertThat(texts(log, 25)).hasSize(25).startsWith("line 15").endsWith("line 39");
      assertThat(log.tail(0)).isEmpty();
    }
  }

  @Test
  void filesAreNeverLongerThanTheyMayBe() throws IOException {
    try (AppLog log = log(10_000)) {
      for (int i = 0; i < 1_000; i++) {
        log.write(1, "stdout", "x".repeat(i));
        assertThat(bytesOnDisk()).isLessThanOrEqualTo(10_000);
      }
      assertThat(texts(log, 1)).containsExactly("x".repeat(999));
    }
  }

  @Test
  void longLogIsNotReadAsAWhole() {
    try (AppLog log = log(1L << 30)) {
      String megabyte = "m".repeat(1 << 20);
      for (int i = 0; i < 20; i++) {
        log.write(1, "stdout", i + megabyte);
      }
      log.write(1, "stdout", "the end");
      assertThat(texts(log, 2)).hasSize(2).endsWith("the end");
      List<String> all = texts(log, 100_000);
      assertThat(all).hasSize(8).endsWith("the end");
      assertThat(all.getFirst()).startsWith("13m");
    }
  }

  @Test
  void lineThatWasCutOffHarmsNoOther() throws IOException {
    try (AppLog log = log(10_000)) {
      log.write(1, "stdout", "before");
    }
    Path file = folder.resolve("app/log.jsonl");
    Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND);
    try (AppLog log = log(10_000)) {
      log.write(1, "stdout", "after");
      assertThat(texts(log, 10)).containsExactly("before", "after");
    }
  }

  @Test
  void linesOfSeveralBytesPerCharacterAreWhole() {
    try (AppLog log = log(1L << 20)) {
      String line = "Grüße 🚣".repeat(3_000);
      for (int i = 0; i < 4; i++) {
        log.write(1, "stdout", i + line);
      }
      assertThat(texts(log, 3)).containsExactly(1 + line, 2 + line, 3 + line);
    }
  }
}
