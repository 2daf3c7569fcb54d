package dev.sampan.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the figures were made with.
 *
 * @param sampan the sampan command
 */
record Machine(Path sampan) {

  /** A table of date, processor and versions. */
  String markdown() throws IOException {
    return """
    | | |
    |---|---|
    | date | %s |
    | processor | %s, %s, %d processors |
    | JDK | %s |
    | Sampan | %s |
    | Endive | %s |
    | Node | %s |
    | compilers | %s; %s; %s |
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            processor(),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.runtime.version"),
            version(sampan.toString()),
            endive(),
            version("node"),
            version("gcc"),
            version("clang"),
            version("wasm-opt"));
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  /** The version stands in the name of the file that its classes come from. */
  private static String endive() {
    String path = System.getProperty("java.class.path");
    return Stream.of(path.split(File.pathSeparator))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.startsWith("compiler-"))
        .map(name -> name.substring("compiler-".length(), name.length() - ".jar".length()))
        .findFirst()
        .orElse("unknown");
  }

  private static String version(String command) throws IOException {
    Process process = new ProcessBuilder(List.of(command, "--version")).start();
    String output = new String(process.getInputStream().readAllBytes());
    return output.lines().findFirst().orElse("unknown");
  }
}
