package dev.sampan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tomlj.TomlArray;

/**
 * Values of keys as they stand in TOML. What makes no sense is an {@link IllegalArgumentException}
 * that says what was expected and found.
 */
final class TomlValue {

  private TomlValue() {}

  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(TomlFile.mismatch("a string", value));
  }

  static List<String> texts(Object value) {
    if (!(value instanceof TomlArray array)) {
      throw new IllegalArgumentException(TomlFile.mismatch("an array of strings", value));
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      texts.add(text(array.get(i)));
    }
    return texts;
  }

  static boolean truth(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw new IllegalArgumentException(TomlFile.mismatch("true or false", value));
  }

  static long number(Object value, long min, long max) {
    if (value instanceof Long number) {
      return Quantity.number(String.valueOf(number), min, max);
    }
    throw new IllegalArgumentException(TomlFile.mismatch("a number", value));
  }

  /** A size in bytes, as a number or with a unit. */
  static long size(Object value) {
    if (value instanceof Long || value instanceof String) {
      return Quantity.size(String.valueOf(value));
    }
    throw new IllegalArgumentException(
        TomlFile.mismatch("a number, or a string with a unit", value));
  }

  /** A duration, in the form of ISO 8601. */
  static String duration(Object value) {
    return Quantity.duration(text(value)).toString();
  }

  /** One of the constants of an enumeration, by its name. */
  static String word(Object value, List<String> words) {
    String text = text(value);
    if (!words.contains(text)) {
      throw new IllegalArgumentException(
          "expected one of " + String.join(", ", words) + ", found '" + text + "'");
    }
    return text.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The constants of an enumeration as people write them. */
  static List<String> words(Enum<?>... constants) {
    return Arrays.stream(constants)
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }
}
