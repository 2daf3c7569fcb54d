package dev.sampan.apps.page;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Amounts as people read them. */
final class Units {

  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] COUNTS = {"", " k", " M", " G", " T", " P"};

  private Units() {}

  /** Bytes. */
  static String bytes(double count) {
    return scaled(count, 1024, BYTES, " ");
  }

  /** How many of something. */
  static String count(double count) {
    return scaled(count, 1000, COUNTS, "");
  }

  private static String scaled(double value, int base, String[] units, String gap) {
    double rest = value;
    int unit = 0;
    while (rest >= base && unit < units.length - 1) {
      rest /= base;
      unit++;
    }
    return number(rest) + gap + units[unit];
  }

  /** At most three digits that count. */
  private static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** How many processors are busy, in percent of one. */
  static String percent(double busy) {
    return number(Math.round(busy * 1000) / 10.0) + " %";
  }

  /** Seconds. */
  static String seconds(double seconds) {
    return seconds < 1
        ? number(Math.round(seconds * 1e5) / 100.0) + " ms"
        : seconds < 120 ? number(seconds) + " s" : duration(Duration.ofSeconds((long) seconds));
  }

  /** A long time in its two largest units. */
  static String duration(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
