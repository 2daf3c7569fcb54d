package dev.sampan.maven;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;

/** The {@code sampan} command in a process of its own. */
final class Command {

  private static final String MAIN = "dev.sampan.cli.Sampan";

  private final Path java;
  private final List<String> classPath;
  private final Log log;

  Command(Path java, List<String> classPath, Log log) {
    this.java = java;
    this.classPath = List.copyOf(classPath);
    this.log = log;
  }

  /**
   * Runs the command; what it says is logged.
   *
   * @throws MojoExecutionException if it fails, with what it said
   */
  void run(String... args) throws MojoExecutionException {
    List<String> line = new ArrayList<>();
    line.add(java.toString());
    line.add("-XX:+UseSerialGC");
    line.add("-cp");
    line.add(String.join(File.pathSeparator, classPath));
    line.add(MAIN);
    line.addAll(List.of(args));
    log.debug(String.join(" ", line));
    StringBuilder said = new StringBuilder();
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String text = out.readLine(); text != null; text = out.readLine()) {
          said.append(said.length() == 0 ? "" : "\n").append(text);
        }
      }
      if (process.waitFor() != 0) {
        throw new MojoExecutionException(said.toString());
      }
    } catch (IOException e) {
      throw new MojoExecutionException(java + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MojoExecutionException("interrupted", e);
    }
    if (said.length() > 0) {
      log.info(said);
    }
  }
}
