package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host does whose disk is full: a small file system that only its process sees. */
class FullDiskTest {

  private record Run(int exitCode, String said) {}

  private static Run inNamespace(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name", "").equals("root")) {
      command.add("--map-root-user");
    }
    command.addAll(List.of("sh", "-c", script, "sh"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), said);
    } catch (IOException e) {
      return new Run(127, e.toString());
    }
  }

  @Test
  @Timeout(120)
  void fullDiskRefusesWhatWouldBeWrittenAndLetsTheRestRun(@TempDir Path folder) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String mount = "mount -t tmpfs -o size=4m tmpfs \"$1\"";
    Run possible = inNamespace(mount, disk.toString());
    if (possible.exitCode() != 0) {
      System.err.println("SKIPPED: no file system of our own for a full disk: " + possible.said());
    }
    assumeTrue(possible.exitCode() == 0, "cannot mount");
    Run run =
        inNamespace(
            mount + " && shift && exec \"$@\"",
            disk.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            FullDiskHost.class.getName(),
            disk.toString());
    assertThat(run.said()).endsWith("all is well\n");
    assertThat(run.exitCode()).isZero();
  }
}
