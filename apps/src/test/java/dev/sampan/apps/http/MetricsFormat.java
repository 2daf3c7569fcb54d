package dev.sampan.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads metrics as Prometheus does, and is as strict as its tool that checks them: each family is
 * in one place with its help and type, no sample comes twice, names and values are right, and
 * histograms add up.
 */
final class MetricsFormat {

  private static final Pattern META =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.+)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Map<String, Map<String, Map<Double, Double>>> buckets = new HashMap<>();

  private MetricsFormat() {}

  /** Reads metrics; fails if anything about them is wrong. */
  static MetricsFormat read(String text) {
    MetricsFormat read = new MetricsFormat();
    assertThat(text).endsWith("\n").doesNotContain("\n\n", "\r");
    Set<String> ended = new HashSet<>();
    String family = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("#")) {
        Matcher meta = META.matcher(line);
        assertThat(meta.matches()).as(line).isTrue();
        String name = meta.group(2);
        if (meta.group(1).equals("HELP")) {
          assertThat(ended.add(name)).as("a family in two places: " + line).isTrue();
          family = name;
        } else {
          assertThat(name).as("help comes before the type: " + line).isEqualTo(family);
          assertThat(TYPES).contains(meta.group(3));
          assertThat(read.types.put(name, meta.group(3))).as(line).isNull();
          assertThat(name.endsWith("_total"))
              .as("counters, and no others, end with _total: " + name)
              .isEqualTo(meta.group(3).equals("counter"));
        }
      } else {
        read.sample(line, family);
      }
    }
    assertThat(read.types.keySet()).isEqualTo(ended);
    read.histograms();
    return read;
  }

  private void sample(String line, String family) {
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    String name = sample.group(1);
    String suffix = name.substring(Math.min(family.length(), name.length()));
    String type = types.get(family);
    assertThat(name).as("a sample outside of its family: " + line).startsWith(family);
    assertThat(suffix)
        .as(line)
        .isIn("histogram".equals(type) ? List.of("_bucket", "_sum", "_count") : List.of(""));
    Map<String, String> labels = labels(sample.group(2) == null ? "" : sample.group(2), line);
    double value = value(sample.group(3));
    assertThat("counter".equals(type) && !(value >= 0)).as(line).isFalse();
    assertThat(samples.put(name + labels, value)).as("twice: " + line).isNull();
    if (suffix.equals("_bucket")) {
      double bound = value(labels.remove("le"));
      buckets
          .computeIfAbsent(family, key -> new HashMap<>())
          .computeIfAbsent(labels.toString(), key -> new LinkedHashMap<>())
          .put(bound, value);
    }
  }

  private static Map<String, String> labels(String text, String line) {
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (label.lookingAt()) {
      assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
      end = label.end();
      label.region(end, text.length());
    }
    assertThat(end).as("labels of " + line).isEqualTo(text.length());
    return labels;
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private void histograms() {
    buckets.forEach(
        (family, series) ->
            series.forEach(
                (labels, bounds) -> {
                  assertThat(List.copyOf(bounds.keySet())).as(family + labels).isSorted();
                  assertThat(List.copyOf(bounds.values())).as(family + labels).isSorted();
                  assertThat(new ArrayList<>(bounds.keySet()).getLast()).isInfinite();
                  assertThat(samples.get(family + "_count" + labels))
                      .as(family + labels)
                      .isEqualTo(bounds.get(Double.POSITIVE_INFINITY));
                  assertThat(samples).containsKey(family + "_sum" + labels);
                }));
  }

  /** The type of a family. */
  String type(String family) {
    return types.getOrDefault(family, "none");
  }

  /**
   * The value of a sample.
   *
   * @param labels as in {@code {app=a, state=b}}, by name
   */
  double get(String name, String labels) {
    assertThat(samples).containsKey(name + labels);
    return samples.get(name + labels);
  }

  double get(String name) {
    return get(name, "{}");
  }
}
