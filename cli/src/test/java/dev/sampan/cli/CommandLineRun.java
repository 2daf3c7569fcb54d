package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run of the command came to.
 *
 * @param exitCode the exit code
 * @param out what stood on standard output
 * @param err what stood on standard error
 */
record CommandLineRun(int exitCode, String out, String err) {

  /** Runs the command with empty standard input. */
  static CommandLineRun sampan(Object... args) {
    return sampanReading("", args);
  }

  /** Runs the command with a text as standard input. */
  static CommandLineRun sampanReading(String in, Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Sampan.run(
            words,
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new CommandLineRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Writes a file in a folder. */
  static Path file(Path folder, String name, String content) {
    return file(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file in a folder. */
  static Path file(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks that the run went well and was silent on standard error. */
  CommandLineRun succeeded() {
    assertThat(err).isEmpty();
    assertThat(exitCode).isZero();
    return this;
  }

  /** Checks that the run printed nothing and failed with exactly this message. */
  void failed(int wantedExitCode, String message) {
    assertThat(err).isEqualTo(message);
    assertThat(out).isEmpty();
    assertThat(exitCode).isEqualTo(wantedExitCode);
  }
}
