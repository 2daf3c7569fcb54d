package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a host at random moments while it does random things, and looks whether all that it has
 * said to be done is there, and nothing by halves.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("sampan.kills", 12);
  private static final long SEED = Long.getLong("sampan.kills.seed", System.nanoTime());

  @TempDir Path home;

  /** What a host has said before it was killed. */
  private record Story(List<String> atFirst, List<String> atLast, String begun) {}

  private Story tell(Random random) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledHost.class.getName(),
                home.toString(),
                String.valueOf(random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int operations = random.nextInt(12);
    long nanos = random.nextLong(3_000_000);
    @Nullable List<String> first = null;
    List<String> last = new ArrayList<>();
    List<String> present = new ArrayList<>();
    String begun = "";
    int count = 0;
    try (BufferedReader lines = process.inputReader()) {
      boolean killed = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("= ")) {
          present.add(line.substring(2));
        } else if (line.equals("ready")) {
          last = present;
          present = new ArrayList<>();
          first = first == null ? last : first;
          begun = "";
        } else if (line.startsWith("> ")) {
          begun = line.substring(2);
          if (count++ == operations && !killed) {
            killed = true;
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            // the process's own method would close what it has said
            process.toHandle().destroyForcibly();
          }
        }
      }
    }
    process.waitFor();
    assertThat(first).as("the host must begin").isNotNull();
    return new Story(first, last, begun);
  }

  @Test
  @Timeout(600)
  void whatWasDoneIsThereAfterEachKill() throws Exception {
    Random random = new Random(SEED);
    List<String> before = List.of();
    String begun = "";
    Set<String> inMiddle = new HashSet<>();
    for (int i = 0; i < KILLS; i++) {
      Story story = tell(random);
      String what = "seed " + SEED + ", kill " + i + " during '" + begun + "'";
      requireSame(what, before, story.atFirst(), begun);
      before = story.atLast();
      begun = story.begun();
      inMiddle.add(begun);
    }
    try (AppHost host = AppHost.open(HostSettings.at(home))) {
      requireSame("at last", before, KilledHost.describe(host), begun);
      requireNothingLeftOver(host);
    }
    assertThat(inMiddle).as("kills in the middle of something").hasSizeGreaterThan(1);
  }

  /** All apps are as they were but the one that something was begun with: that may be done. */
  private static void requireSame(
      String what, List<String> before, List<String> after, String begun) {
    TreeMap<String, String> expected = byName(before);
    TreeMap<String, String> found = byName(after);
    if (!begun.isEmpty()) {
      String verb = begun.split(" ")[0];
      String app = begun.split(" ")[1];
      String was = expected.remove(app);
      String is = found.remove(app);
      assertThat(isStep(verb, was, is)).as(what + ": from " + was + " to " + is).isTrue();
    }
    assertThat(found).as(what).isEqualTo(expected);
  }

  /** Whether something is what was before a verb, or what it leads to. */
  private static boolean isStep(String verb, @Nullable String was, @Nullable String is) {
    if (Objects.equals(was, is)) {
      return true;
    }
    return switch (verb) {
      case "install" -> was == null && is != null && is.contains(" installed 1 [1] ");
      case "remove" -> is == null;
      case "start", "resume" -> is != null && state(is).equals("running") && same(was, is);
      case "stop" -> is != null && state(is).equals("stopped") && same(was, is);
      case "pause" -> is != null && state(is).equals("paused") && same(was, is);
      case "upgrade", "rollback" ->
          was != null && is != null && state(is).equals(state(was)) && !same(was, is);
      case "tenant-add" -> was == null && is != null;
      case "tenant-change", "tenant-token" -> was != null && is != null;
      case "tenant-remove" -> is == null || is.endsWith(" []"); // its tokens go first
      default -> false;
    };
  }

  private static String state(String description) {
    return description.split(" ")[1];
  }

  private static boolean same(@Nullable String was, String is) {
    return was != null
        && was.substring(was.indexOf(' ', 2)).equals(is.substring(is.indexOf(' ', 2)));
  }

  private static TreeMap<String, String> byName(List<String> descriptions) {
    TreeMap<String, String> all = new TreeMap<>();
    descriptions.forEach(each -> all.put(each.split(" ")[0], each));
    return all;
  }

  private void requireNothingLeftOver(AppHost host) throws IOException {
    Set<String> used = new HashSet<>();
    for (AppStatus app : host.list()) {
      app.revisions().forEach(each -> used.add(each.digest().substring(7) + ".wasm"));
    }
    try (Stream<Path> files = Files.list(home.resolve("modules"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(used);
    }
  }
}
