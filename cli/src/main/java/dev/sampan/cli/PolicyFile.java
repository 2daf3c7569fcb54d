package dev.sampan.cli;

import dev.sampan.wasi.Policy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A policy in TOML. Nothing in it is passed over: a key that is not known, and a value that makes
 * no sense, is an error with its place, and all errors are told at once. Apart from the rest, so
 * that its library is loaded only here.
 */
final class PolicyFile {

  private static final String DIR = "dir";
  private static final String ENV = "env";
  private static final String LIMITS = "limits";
  private static final String MAX_INSTANCES = "max-instances";
  private static final List<String> STANDARD = List.of("stdio", "clocks", "random");
  private static final List<String> LISTS =
      List.of("inherit-env", "network", "allow-resolve", "addr-pool", "listen");

  private record Problem(@Nullable TomlPosition position, String message) {
    int line() {
      return position == null ? 1 : position.line();
    }

    int column() {
      return position == null ? 1 : position.column();
    }
  }

  private final Path file;

  /** Whether the text is not TOML, so that what is missing may be there. */
  private boolean malformed;

  private final List<Problem> problems = new ArrayList<>();
  private Policy policy;

  private PolicyFile(Path file, Policy policy) {
    this.file = file;
    this.policy = policy;
  }

  /**
   * Reads a policy.
   *
   * @param standard what holds where the file says nothing
   * @throws Failure if it cannot be read, or makes no sense
   */
  static Policy read(Path path, Policy standard) {
    String text;
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("a directory, not a policy");
      }
      text = Files.readString(path);
    } catch (CharacterCodingException e) {
      throw Failure.of(path, new IOException("malformed UTF-8 encoding", e));
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
    PolicyFile file = new PolicyFile(path, standard);
    TomlTable table = file.parse(text);
    if (table != null) {
      file.read(table);
    }
    if (!file.problems.isEmpty()) {
      throw Failure.file(
          file.problems.stream()
              .sorted(Comparator.comparing(Problem::line).thenComparing(Problem::column))
              .map(each -> path + ":" + each.line() + ":" + each.column() + ": " + each.message)
              .collect(Collectors.joining("\n")));
    }
    return file.policy;
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

  private void problem(@Nullable TomlPosition position, String message) {
    problems.add(new Problem(position, message));
  }

  private void change(@Nullable TomlPosition position, String what, UnaryOperator<Policy> change) {
    try {
      policy = change.apply(policy);
    } catch (IllegalArgumentException e) {
      problem(position, what + ": " + e.getMessage());
    }
  }

  private static @Nullable TomlPosition position(TomlTable table, String key) {
    return table.inputPositionOf(List.of(key));
  }

  private static Object value(TomlTable table, String key) {
    Object value = table.get(List.of(key));
    if (value == null) {
      throw new AssertionError("a key without value: " + key + "; please report");
    }
    return value;
  }

  private void unknown(TomlTable table, String key, String where, List<String> known) {
    problem(
        position(table, key),
        "unknown key '" + key + "'" + where + "; there is " + String.join(", ", known));
  }

  private void wrong(@Nullable TomlPosition position, String what, String expected, Object found) {
    problem(position, what + ": expected " + expected + ", found " + type(found));
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

  private void read(TomlTable file) {
    for (String key : file.keySet()) {
      Object value = value(file, key);
      TomlPosition position = position(file, key);
      if (STANDARD.contains(key)) {
        if (value instanceof Boolean granted) {
          change(position, key, now -> Grants.standard(now, key, granted));
        } else {
          wrong(position, key, "true or false", value);
        }
      } else if (LISTS.contains(key)) {
        list(key, position, value);
      } else if (key.equals(ENV)) {
        table(key, position, value, this::variables);
      } else if (key.equals(LIMITS)) {
        table(key, position, value, this::limits);
      } else if (key.equals(DIR)) {
        directories(position, value);
      } else {
        List<String> known =
            Stream.of(STANDARD, LISTS, List.of(DIR, ENV, LIMITS)).flatMap(List::stream).toList();
        unknown(file, key, "", known);
      }
    }
  }

  private void table(
      String key, @Nullable TomlPosition position, Object value, Consumer<TomlTable> reading) {
    if (value instanceof TomlTable table) {
      reading.accept(table);
    } else {
      wrong(position, key, "a table", value);
    }
  }

  private void list(String key, @Nullable TomlPosition position, Object value) {
    if (!(value instanceof TomlArray array)) {
      wrong(position, key, "an array of strings", value);
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      TomlPosition place = array.inputPositionOf(i);
      if (array.get(i) instanceof String text) {
        change(place, key, now -> grant(now, key, text));
      } else {
        wrong(place, key, "a string", array.get(i));
      }
    }
  }

  private static Policy grant(Policy policy, String key, String text) {
    return switch (key) {
      case "inherit-env" -> policy.inheritEnv(text);
      case "network" -> Grants.network(policy, text);
      case "allow-resolve" -> Grants.lookup(policy, text);
      case "addr-pool" -> Grants.addresses(policy, text);
      case "listen" -> Grants.listener(policy, text);
      default -> throw new AssertionError("nobody knows " + key + "; please report");
    };
  }

  private void variables(TomlTable variables) {
    for (String name : variables.keySet()) {
      Object value = value(variables, name);
      TomlPosition position = position(variables, name);
      if (value instanceof String text) {
        change(position, ENV, now -> now.env(name, text));
      } else {
        wrong(position, ENV + " " + name, "a string", value);
      }
    }
  }

  private void limits(TomlTable limits) {
    for (String key : limits.keySet()) {
      TomlPosition position = position(limits, key);
      Object value = value(limits, key);
      Limit limit =
          Stream.of(Limit.values()).filter(each -> each.key().equals(key)).findAny().orElse(null);
      if (limit == null && !key.equals(MAX_INSTANCES)) {
        List<String> known = new ArrayList<>();
        Stream.of(Limit.values()).map(Limit::key).forEach(known::add);
        known.add(MAX_INSTANCES);
        unknown(limits, key, " in [limits]", known);
      } else if (value instanceof String || value instanceof Long) {
        String text = String.valueOf(value);
        change(position, key, now -> limit != null ? limit.set(now, text) : instances(now, text));
      } else {
        wrong(position, key, "a number, or a string with a unit", value);
      }
    }
  }

  private static Policy instances(Policy policy, String text) {
    return policy.maxInstances((int) Quantity.number(text, 1, Integer.MAX_VALUE));
  }

  private void directories(@Nullable TomlPosition position, Object value) {
    if (!(value instanceof TomlArray array)) {
      wrong(position, DIR, "tables that begin with [[dir]]", value);
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof TomlTable table) {
        directory(table, array.inputPositionOf(i));
      } else {
        wrong(array.inputPositionOf(i), DIR, "a table", array.get(i));
      }
    }
  }

  private void directory(TomlTable table, TomlPosition position) {
    int before = problems.size();
    Set<String> keys = table.keySet();
    for (String key : keys) {
      Object value = value(table, key);
      String expected =
          switch (key) {
            case "host", "guest" -> value instanceof String ? "" : "a string";
            case "read-only" -> value instanceof Boolean ? "" : "true or false";
            case "max-bytes" ->
                value instanceof String || value instanceof Long
                    ? ""
                    : "a number, or a string with a unit";
            default -> {
              unknown(
                  table, key, " in [[dir]]", List.of("host", "guest", "read-only", "max-bytes"));
              yield "";
            }
          };
      if (!expected.isEmpty()) {
        wrong(position(table, key), DIR + " " + key, expected, value);
      }
    }
    if (!keys.contains("host") && !malformed) {
      problem(position, DIR + ": the key 'host' is missing");
    }
    if (problems.size() > before || !keys.contains("host")) {
      return;
    }
    String host = String.valueOf(table.getString("host"));
    String guest = keys.contains("guest") ? String.valueOf(table.getString("guest")) : host;
    change(
        keys.contains("max-bytes") ? position(table, "max-bytes") : position,
        DIR,
        now -> {
          long maxBytes =
              keys.contains("max-bytes")
                  ? Quantity.size(String.valueOf(table.get(List.of("max-bytes"))))
                  : Long.MAX_VALUE;
          boolean readOnly = Boolean.TRUE.equals(table.get(List.of("read-only")));
          return Grants.directory(now, file.resolveSibling(host), guest, readOnly, maxBytes);
        });
  }
}
