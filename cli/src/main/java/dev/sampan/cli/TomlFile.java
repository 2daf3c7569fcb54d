package dev.sampan.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A file in TOML that is being read. Nothing in it is passed over: what is wrong is noted with its
 * place, and all of it is told at once. Apart from the rest, so that its library is loaded only
 * here.
 */
final class TomlFile {

  private record Problem(@Nullable TomlPosition position, String message) {
    int line() {
      return position == null ? 1 : position.line();
    }

    int column() {
      return position == null ? 1 : position.column();
    }
  }

  private final Path path;
  private final List<Problem> problems = new ArrayList<>();
  private boolean malformed;

  private TomlFile(Path path) {
    this.path = path;
  }

  /**
   * Reads a file.
   *
   * @param what what it ought to be, if it is a folder
   * @param reading notes what there is, and what is wrong
   * @throws Failure if the file cannot be read, or something is wrong in it
   */
  static void read(Path path, String what, Reading reading) {
    TomlFile file = new TomlFile(path);
    TomlTable table = file.parse(text(path, what));
    if (table != null) {
      reading.read(file, table);
    }
    file.requireNoProblems();
  }

  /** Reads what is in a file. */
  interface Reading {
    void read(TomlFile file, TomlTable table);
  }

  private static String text(Path path, String what) {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("a directory, not " + what);
      }
      return Files.readString(path);
    } catch (CharacterCodingException e) {
      throw Failure.of(path, new IOException("malformed UTF-8 encoding", e));
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
  }

  private void requireNoProblems() {
    if (!problems.isEmpty()) {
      throw Failure.file(
          problems.stream()
              .sorted(Comparator.comparing(Problem::line).thenComparing(Problem::column))
              .map(each -> path + ":" + each.line() + ":" + each.column() + ": " + each.message)
              .collect(Collectors.joining("\n")));
    }
  }

  /**
   * Parses a text. The library gives up at the first error, so what is wrong is parsed again
   * without its line.
   *
   * @return null if something is wrong that would make errors of all that follows
   */
  private @Nullable TomlTable parse(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    while (true) {
      TomlParseResult result = Toml.parse(String.join("\n", lines) + "\n");
      if (!result.hasErrors()) {
        return result;
      }
      for (TomlParseError error : result.errors()) {
        TomlPosition position = error.position();
        String message = String.valueOf(error.getMessage());
        problem(position, Character.toLowerCase(message.charAt(0)) + message.substring(1));
        malformed = true;
        String line = position.line() <= lines.size() ? lines.get(position.line() - 1) : "";
        int equals = line.indexOf('=');
        if (equals < 0 || message.startsWith("Unexpected") && position.column() <= equals) {
          // what is wrong began before, or is where others belong
          return null;
        }
        lines.set(position.line() - 1, "");
      }
    }
  }

  /** A file that is named in this one. */
  Path sibling(String name) {
    return path.resolveSibling(name);
  }

  // ---- what is wrong ----

  /** Notes that something is wrong. */
  void problem(@Nullable TomlPosition position, String message) {
    problems.add(new Problem(position, message));
  }

  /** How many things are wrong. */
  int problems() {
    return problems.size();
  }

  /** Notes that a key is missing, unless it may be where the text is not TOML. */
  void missing(@Nullable TomlPosition position, String what) {
    if (!malformed) {
      problem(position, what);
    }
  }

  /** Does something, and notes it as wrong if it makes no sense. */
  void attempt(@Nullable TomlPosition position, String what, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      problem(position, what + ": " + e.getMessage());
    }
  }

  /** Notes that nobody knows a key. */
  void unknown(TomlTable table, String key, String where, List<String> known) {
    problem(
        position(table, key),
        "unknown key '" + key + "'" + where + "; there is " + String.join(", ", known));
  }

  /** Notes that a value is of another type than it should be. */
  void wrong(@Nullable TomlPosition position, String what, String expected, Object found) {
    problem(position, what + ": " + mismatch(expected, found));
  }

  /** What is wrong with a value of another type. */
  static String mismatch(String expected, Object found) {
    return "expected " + expected + ", found " + type(found);
  }

  private static String type(Object value) {
    return switch (value) {
      case String text -> "the string '" + text + "'";
      case Long number -> "the integer " + number;
      case Double number -> "the float " + number;
      case Boolean truth -> "the boolean " + truth;
      case TomlArray array -> "an array";
      case TomlTable table -> "a table";
      default -> "the date or time " + value;
    };
  }

  // ---- what there is ----

  static @Nullable TomlPosition position(TomlTable table, String key) {
    return table.inputPositionOf(List.of(key));
  }

  /** The value of a key that is there. */
  static Object value(TomlTable table, String key) {
    Object value = table.get(List.of(key));
    if (value == null) {
      throw new AssertionError("a key without value: " + key + "; please report");
    }
    return value;
  }

  /** Reads a table. */
  void table(
      String key, @Nullable TomlPosition position, Object value, Consumer<TomlTable> reading) {
    if (value instanceof TomlTable table) {
      reading.accept(table);
    } else {
      wrong(position, key, "a table", value);
    }
  }

  /** Reads an array of strings, each with its place. */
  void strings(String key, @Nullable TomlPosition position, Object value, StringReading reading) {
    if (!(value instanceof TomlArray array)) {
      wrong(position, key, "an array of strings", value);
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      TomlPosition place = array.inputPositionOf(i);
      if (array.get(i) instanceof String text) {
        attempt(place, key, () -> reading.read(text));
      } else {
        wrong(place, key, "a string", array.get(i));
      }
    }
  }

  /** Reads a string of an array. */
  interface StringReading {
    void read(String text);
  }

  /** Reads an array of tables, each with its place. */
  void tables(String key, @Nullable TomlPosition position, Object value, TableReading reading) {
    if (!(value instanceof TomlArray array)) {
      wrong(position, key, "tables that begin with [[" + key + "]]", value);
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof TomlTable table) {
        reading.read(table, array.inputPositionOf(i));
      } else {
        wrong(array.inputPositionOf(i), key, "a table", array.get(i));
      }
    }
  }

  /** Reads a table of an array. */
  interface TableReading {
    void read(TomlTable table, TomlPosition position);
  }
}
