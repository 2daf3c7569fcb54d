package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Permissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say of files of configuration, held against the code. */
class ConfigurationTest {

  private static final Path ROOT = Path.of(System.getProperty("sampan.root", "."));
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\|");

  /** The rows of the table of a chapter: the first column, and the second. */
  private static Map<String, String> rows(String chapter) throws IOException {
    String text = Files.readString(ROOT.resolve("docs/CONFIGURATION.md"));
    int from = text.indexOf("\n## " + chapter);
    assertThat(from).as(chapter).isNotNegative();
    int to = text.indexOf("\n## ", from + 1);
    Matcher matcher = ROW.matcher(text.substring(from, to < 0 ? text.length() : to));
    Map<String, String> rows = new LinkedHashMap<>();
    while (matcher.find()) {
      assertThat(rows.put(matcher.group(1), matcher.group(2).strip()))
          .as("twice: " + matcher.group(1))
          .isNull();
    }
    return rows;
  }

  @Test
  void everyKeyOfAManifestIsInItsTableAndNoOther() throws IOException {
    Map<String, String> rows = rows("The manifest of an app");
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(ManifestFile.keys());
    for (TriggerKey key : TriggerKey.values()) {
      assertThat(List.of(rows.get("trigger." + key.key()).split(", ")))
          .as(key.key())
          .containsExactlyInAnyOrderElementsOf(key.types());
    }
  }

  @Test
  void everyKeyOfAHostIsInItsTableAndNoOther() throws IOException {
    assertThat(rows("The host").keySet()).containsExactlyInAnyOrderElementsOf(HostFile.keys());
  }

  @Test
  void examplesAreUnderstood(@TempDir Path folder) throws IOException {
    String text = Files.readString(ROOT.resolve("docs/CONFIGURATION.md"));
    Matcher block = Pattern.compile("(?s)```toml\n(.*?)```").matcher(text);
    assertThat(block.find()).isTrue();
    HostFile.Content host =
        HostFile.read(
            CommandLineRun.file(folder, "host.toml", block.group(1)), HostSettings.at(folder));
    assertThat(host.settings().mqtt().orElseThrow().in()).hasSize(1);
    Files.createDirectory(folder.resolve("beats"));
    for (String example : List.of("heartbeat", "alarm")) {
      Path manifest = folder.resolve(example + ".toml");
      Files.copy(ROOT.resolve("examples").resolve(example).resolve("app.toml"), manifest);
      assertThat(
              ManifestFile.read(manifest, Granted.of(Permissions.NONE.policy())).json().isEmpty())
          .isFalse();
    }
  }
}
