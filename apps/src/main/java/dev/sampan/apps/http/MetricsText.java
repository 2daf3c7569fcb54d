package dev.sampan.apps.http;

import java.util.Locale;

/**
 * The text format of Prometheus, version 0.0.4: families of metrics, each with what it is and its
 * samples.
 */
final class MetricsText {

  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** What sort of metric it is. */
  enum Sort {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  private final StringBuilder text = new StringBuilder();
  private String family = "";

  /** Begins a family; what follows is of it. */
  void family(String name, Sort sort, String help) {
    family = name;
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ');
    text.append(sort.name().toLowerCase(Locale.ROOT)).append('\n');
  }

  /**
   * A sample of the family.
   *
   * @param labels names and values in turn
   */
  void sample(Number value, String... labels) {
    part("", value, labels);
  }

  /**
   * A sample of a part of the family.
   *
   * @param suffix what comes behind the family's name
   */
  void part(String suffix, Number value, String... labels) {
    text.append(family).append(suffix);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      escape(labels[i + 1]);
      text.append('"');
    }
    text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
  }

  private void escape(String value) {
    for (char c : value.toCharArray()) {
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
