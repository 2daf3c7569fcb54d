package dev.sampan.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Amounts as people write them: sizes, durations and numbers. */
final class Quantity {

  private static final List<String> SIZE_UNITS = List.of("", "K", "M", "G", "T");
  private static final int UNIT_BITS = 10;

  private Quantity() {}

  /**
   * A size in bytes: a number, alone or with one of the units K, M, G and T, which are powers of
   * 1024 and may be followed by B or iB.
   *
   * @throws IllegalArgumentException if it is none, with what was expected
   */
  static long size(String text) {
    int end = digits(text);
    String unit = text.substring(end).toUpperCase(Locale.ROOT);
    if (unit.endsWith("IB") && unit.length() == 3) {
      unit = unit.substring(0, 1);
    } else if (unit.endsWith("B")) {
      unit = unit.substring(0, unit.length() - 1);
    }
    int power = SIZE_UNITS.indexOf(unit);
    if (end == 0 || power < 0) {
      throw new IllegalArgumentException(
          "expected a size such as 4096, 64M or 1G, found '" + text + "'");
    }
    try {
      return Math.multiplyExact(number(text.substring(0, end)), 1L << UNIT_BITS * power);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("expected a size below 8 EiB, found '" + text + "'", e);
    }
  }

  /**
   * A whole number within a range; its digits may be divided by underscores.
   *
   * @throws IllegalArgumentException if it is none, with what was expected
   */
  static long number(String text, long min, long max) {
    try {
      long number = number(text);
      if (digits(text) == text.length() && number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    String range = max == Long.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
    throw new IllegalArgumentException("expected a number " + range + ", found '" + text + "'");
  }

  private static long number(String digits) {
    return Long.parseLong(digits.replace("_", ""));
  }

  /** How many digits and underscores a text begins with; it cannot begin with an underscore. */
  private static int digits(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.digit(text.charAt(end), 10) >= 0 && text.charAt(end) < 128
            || end > 0 && text.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  /**
   * A duration: a number with one of the units ns, us, ms, s, m and h.
   *
   * @throws IllegalArgumentException if it is none, or not positive, with what was expected
   */
  static Duration duration(String text) {
    int end = 0;
    while (end < text.length() && "0123456789.".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    long unit =
        switch (text.substring(end)) {
          case "ns" -> 1;
          case "us" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 0;
        };
    try {
      BigDecimal nanos = new BigDecimal(text.substring(0, end)).multiply(BigDecimal.valueOf(unit));
      Duration duration = Duration.ofNanos(nanos.longValueExact());
      if (duration.isPositive()) {
        return duration;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "expected a duration such as 500ms, 2s or 1m, found '" + text + "'");
  }

  /** A size as text, with the largest unit that divides it. */
  static String text(long bytes) {
    int power = 0;
    long amount = bytes;
    while (power + 1 < SIZE_UNITS.size() && amount != 0 && amount % (1 << UNIT_BITS) == 0) {
      amount >>= UNIT_BITS;
      power++;
    }
    return power == 0 ? bytes + " bytes" : amount + " " + SIZE_UNITS.get(power) + "iB";
  }

  /** A duration as text, with the largest unit that divides it. */
  static String text(Duration duration) {
    long nanos = duration.toNanos();
    String[] units = {"h", "m", "s", "ms", "us"};
    long[] sizes = {3_600_000_000_000L, 60_000_000_000L, 1_000_000_000, 1_000_000, 1_000};
    for (int i = 0; i < units.length; i++) {
      if (nanos % sizes[i] == 0) {
        return nanos / sizes[i] + units[i];
      }
    }
    return nanos + "ns";
  }
}
