package dev.sampan.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What one process told: times in milliseconds.
 *
 * @param first the first repetition
 * @param warm the best of the others
 * @param start what the process took besides its repetitions
 * @param checksums a line per repetition
 * @param interpreted whether a compiler left functions to its interpreter
 */
record Sample(
    double first, double warm, double start, List<String> checksums, boolean interpreted) {

  private static final String TIMES = "microseconds ";

  /** Runs a command and reads what it prints. */
  static Sample take(List<String> command) throws IOException {
    Path errors = Files.createTempFile("compare", ".txt");
    try {
      long begin = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(errors.toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.onExit().join().exitValue();
      double whole = (System.nanoTime() - begin) / 1e6;
      List<String> said = Files.readAllLines(errors);
      double[] times =
          said.stream()
              .filter(line -> line.startsWith(TIMES))
              .flatMap(line -> Arrays.stream(line.substring(TIMES.length()).split(" ")))
              .mapToDouble(text -> Long.parseLong(text) / 1e3)
              .toArray();
      List<String> checksums = output.lines().toList();
      if (code != 0 || times.length == 0 || checksums.size() != times.length) {
        throw new Failure(
            String.join(" ", command)
                + " failed, exit code "
                + code
                + ":\n"
                + String.join("\n", said));
      }
      return new Sample(
          times[0],
          Arrays.stream(times).skip(1).min().orElse(times[0]),
          whole - Arrays.stream(times).sum(),
          checksums,
          said.stream().anyMatch(line -> line.contains("interpreted mode")));
    } finally {
      Files.delete(errors);
    }
  }

  /** A run whose results cannot be used. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }
}
