package dev.sampan.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** All samples of a table: for each program, each contender's, round by round. */
final class Results {

  private final List<Contender> contenders;
  private final Map<Program, Map<Contender, List<Sample>>> samples = new LinkedHashMap<>();

  /**
   * A table without rows.
   *
   * @param contenders the columns besides native code
   */
  Results(List<Contender> contenders) {
    this.contenders = contenders;
  }

  void add(Program program, Contender contender, Sample sample) {
    samples
        .computeIfAbsent(program, unused -> new LinkedHashMap<>())
        .computeIfAbsent(contender, unused -> new ArrayList<>())
        .add(sample);
  }

  private List<Sample> of(Program program, Contender contender) {
    return samples.getOrDefault(program, Map.of()).getOrDefault(contender, List.of());
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /** The table in Markdown: ratios to native code, geometric means, worst kernels. */
  String markdown() {
    StringBuilder text = new StringBuilder("| kernel | native, ms |");
    for (Contender contender : contenders) {
      text.append(" %s first | warm |".formatted(contender.name()));
    }
    text.append("\n|---|--:|").append("--:|--:|".repeat(contenders.size())).append('\n');
    for (Program program : samples.keySet()) {
      double milliseconds = median(of(program, Contender.NATIVE), Sample::warm);
      text.append("| %s | %.0f |".formatted(program.name(), milliseconds));
      for (Contender contender : contenders) {
        boolean interpreted = of(program, contender).stream().anyMatch(Sample::interpreted);
        text.append(cell(ratio(program, contender, Sample::first), ""));
        text.append(cell(ratio(program, contender, Sample::warm), interpreted ? "\\*" : ""));
      }
      text.append('\n');
    }
    if (samples.size() > 1) {
      boolean someLack =
          contenders.stream().anyMatch(c -> samples.keySet().stream().anyMatch(p -> !c.runs(p)));
      if (someLack) {
        text.append(summary("geometric mean without SIMD", Results::mean, p -> !p.simd(), false));
      }
      text.append(summary("geometric mean", Results::mean, p -> true, false));
      text.append(summary("worst", Results::worst, p -> true, true));
    }
    return text.toString();
  }

  /**
   * A row over all programs of a kind; a contender that cannot run them all has none.
   *
   * @param gaps a contender's row is then over those that it runs
   */
  private String summary(
      String name, ToDoubleFunction<double[]> statistic, Predicate<Program> kind, boolean gaps) {
    List<Program> programs = samples.keySet().stream().filter(kind).toList();
    if (programs.isEmpty()) {
      return "";
    }
    StringBuilder row = new StringBuilder("| **" + name + "** | |");
    for (Contender contender : contenders) {
      boolean has = gaps || programs.stream().allMatch(contender::runs);
      List<Program> own = has ? programs.stream().filter(contender::runs).toList() : List.of();
      row.append(cell(over(own, contender, Sample::first, statistic), ""));
      row.append(cell(over(own, contender, Sample::warm, statistic), ""));
    }
    return row.append('\n').toString();
  }

  private double over(
      List<Program> programs,
      Contender contender,
      ToDoubleFunction<Sample> time,
      ToDoubleFunction<double[]> statistic) {
    return statistic.applyAsDouble(
        programs.stream().mapToDouble(program -> ratio(program, contender, time)).toArray());
  }

  private static String cell(double ratio, String mark) {
    if (Double.isNaN(ratio)) {
      return " – |";
    }
    return " %s%s |".formatted(String.format(ratio < 10 ? "%.2f" : "%.1f", ratio), mark);
  }

  /** The median over the rounds of the ratio to the warm native time of the same round. */
  private double ratio(Program program, Contender contender, ToDoubleFunction<Sample> time) {
    List<Sample> base = of(program, Contender.NATIVE);
    List<Sample> own = of(program, contender);
    double[] ratios = new double[own.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = time.applyAsDouble(own.get(round)) / base.get(round).warm();
    }
    return median(ratios);
  }

  /** A sentence with what each contender's process takes besides the repetitions. */
  String starts() {
    List<String> parts = new ArrayList<>();
    for (Contender contender :
        Stream.concat(Stream.of(Contender.NATIVE), contenders.stream()).toList()) {
      List<Sample> all =
          samples.keySet().stream().flatMap(program -> of(program, contender).stream()).toList();
      if (!all.isEmpty()) {
        parts.add("%s %.0f".formatted(contender.name(), median(all, Sample::start)));
      }
    }
    return "Start and end of the process, load and compilation before the first repetition, median"
        + " in ms: "
        + String.join(", ", parts)
        + ".\n";
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
    return median(samples.stream().mapToDouble(value).toArray());
  }

  static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    if (values.length == 0) {
      return Double.NaN;
    }
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  private static double mean(double[] ratios) {
    return Math.exp(Arrays.stream(ratios).map(Math::log).average().orElse(Double.NaN));
  }

  private static double worst(double[] ratios) {
    return Arrays.stream(ratios).max().orElse(Double.NaN);
  }
}
