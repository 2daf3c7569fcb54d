package dev.sampan.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures what it costs that guests can be stopped, and that fuel is counted: every kernel without
 * both, with guards, and with fuel, in turns, each time in a new process. The script {@code limits}
 * tells how to call it.
 */
final class LimitsOverhead {

  private static final int REPETITIONS = 10;

  /** What the geometric means may be. */
  private static final Map<String, Double> LIMITS = Map.of("guards", 1.03, "fuel", 1.4);

  private LimitsOverhead() {}

  /** Arguments: the module's folder, the number of rounds, and the kernels if not all. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    Path kernels = Path.of(args[0], "target/kernels");
    int rounds = Integer.parseInt(args[1]);
    List<String> names = args.length > 2 ? List.of(args).subList(2, args.length) : all(kernels);
    Map<String, List<String>> ways = new LinkedHashMap<>();
    ways.put("bare", java("-Dsampan.without=guards"));
    ways.put("guards", java());
    ways.put("fuel", java("-Dfuel=true"));
    Map<String, Double> sums = new LinkedHashMap<>();
    System.out.println("| kernel | bare, ms | guards | fuel |\n|---|--:|--:|--:|");
    for (String name : names) {
      Map<String, Double> best = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, List<String>> way : ways.entrySet()) {
          List<String> command = new ArrayList<>(way.getValue());
          command.add(kernels.resolve(name + ".wasm").toString());
          command.add(Integer.toString(REPETITIONS));
          best.merge(way.getKey(), Sample.take(command).warm(), Math::min);
        }
      }
      double bare = best.get("bare");
      StringBuilder line = new StringBuilder("| %s | %.1f |".formatted(name, bare));
      for (String way : List.of("guards", "fuel")) {
        double ratio = best.get(way) / bare;
        sums.merge(way, Math.log(ratio), Double::sum);
        line.append(" %.3f |".formatted(ratio));
      }
      System.out.println(line);
    }
    boolean passed = true;
    StringBuilder line = new StringBuilder("| **geometric mean** | |");
    for (Map.Entry<String, Double> sum : sums.entrySet()) {
      double mean = Math.exp(sum.getValue() / names.size());
      passed &= mean <= LIMITS.get(sum.getKey());
      line.append(" %.3f |".formatted(mean));
    }
    System.out.println(line);
    System.exit(passed ? 0 : 1);
  }

  private static List<String> java(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1000",
                "-Dsampan.loop-safepoints=true"));
    command.addAll(Arrays.asList(more));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LimitedProgram.class.getName()));
    return command;
  }

  private static List<String> all(Path kernels) throws IOException {
    try (Stream<Path> files = Files.list(kernels)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".wasm") && !name.contains(".inlined"))
          .map(name -> name.substring(0, name.length() - ".wasm".length()))
          .filter(name -> !name.startsWith("simd-"))
          .sorted()
          .toList();
    }
  }
}
