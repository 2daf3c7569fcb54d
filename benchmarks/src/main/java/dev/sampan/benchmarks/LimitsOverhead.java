package dev.sampan.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures what it costs that guests can be stopped, and that fuel is counted: every kernel without
 * both, with guards, and with fuel, in turns, each time in a new process. The script {@code limits}
 * tells how to call it.
 */
final class LimitsOverhead {

  private static final int REPETITIONS = 10;

  /** How the kernels run, and what the geometric mean of the ratio to the first may be. */
  private enum Way {
    BARE(1, "-Dsampan.without=guards"),
    GUARDS(1.03),
    FUEL(1.4, "-Dfuel=true");

    private final double most;
    private final List<String> options;

    Way(double most, String... options) {
      this.most = most;
      this.options = List.of(options);
    }
  }

  private LimitsOverhead() {}

  /** Arguments: the module's folder, the number of rounds, and the kernels if not all. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    Path kernels = Path.of(args[0], "target/kernels");
    int rounds = Integer.parseInt(args[1]);
    List<String> names = args.length > 2 ? List.of(args).subList(2, args.length) : all(kernels);
    double[] sums = new double[Way.values().length];
    System.out.println("| kernel | bare, ms | guards | fuel |\n|---|--:|--:|--:|");
    for (String name : names) {
      double[] best = new double[sums.length];
      Arrays.fill(best, Double.MAX_VALUE);
      for (int round = 0; round < rounds; round++) {
        for (Way way : Way.values()) {
          List<String> command = java(way.options);
          command.add(kernels.resolve(name + ".wasm").toString());
          command.add(Integer.toString(REPETITIONS));
          best[way.ordinal()] = Math.min(best[way.ordinal()], Sample.take(command).warm());
        }
      }
      double bare = best[Way.BARE.ordinal()];
      StringBuilder line = new StringBuilder("| %s | %.1f |".formatted(name, bare));
      for (Way way : List.of(Way.GUARDS, Way.FUEL)) {
        double ratio = best[way.ordinal()] / bare;
        sums[way.ordinal()] += Math.log(ratio);
        line.append(" %.3f |".formatted(ratio));
      }
      System.out.println(line);
    }
    boolean passed = true;
    StringBuilder line = new StringBuilder("| **geometric mean** | |");
    for (Way way : List.of(Way.GUARDS, Way.FUEL)) {
      double mean = Math.exp(sums[way.ordinal()] / names.size());
      passed &= mean <= way.most;
      line.append(" %.3f |".formatted(mean));
    }
    System.out.println(line);
    System.exit(passed ? 0 : 1);
  }

  private static List<String> java(List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1000",
                "-Dsampan.loop-safepoints=true"));
    command.addAll(more);
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
