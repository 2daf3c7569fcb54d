package dev.sampan.cli;

import dev.sampan.wasi.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Grants and limits in TOML: a policy's file as a whole, and the tables {@code grants} and {@code
 * limits} of other files.
 */
final class PolicyFile {

  static final String LIMITS = "limits";
  private static final String DIR = "dir";
  private static final String ENV = "env";
  private static final String MAX_INSTANCES = "max-instances";
  private static final List<String> STANDARD = List.of("stdio", "clocks", "random");
  private static final List<String> LISTS =
      List.of("inherit-env", "network", "allow-resolve", "addr-pool", "listen");

  /** Grants that only apps of a host can use. */
  private static final List<String> OF_APPS =
      List.of("publish", "subscribe", "requests", "devices");

  /** What apps of a host have in another way, or always. */
  private static final Set<String> NOT_FOR_APPS = Set.of("stdio", "max-stack", MAX_INSTANCES);

  private static final List<String> DIR_KEYS = List.of("host", "guest", "read-only", "max-bytes");

  private final TomlFile file;
  private final boolean ofApp;
  private Granted granted;

  private PolicyFile(TomlFile file, boolean ofApp, Granted granted) {
    this.file = file;
    this.ofApp = ofApp;
    this.granted = granted;
  }

  /**
   * Reads a policy.
   *
   * @param standard what holds where the file says nothing
   * @throws Failure if it cannot be read, or makes no sense
   */
  static Granted read(Path path, Granted standard) {
    Granted[] result = {standard};
    TomlFile.read(
        path,
        "a policy",
        (file, table) -> {
          PolicyFile policy = new PolicyFile(file, false, standard);
          policy.grants(table, "", List.of(LIMITS));
          if (table.keySet().contains(LIMITS)) {
            policy.limits(table);
          }
          result[0] = policy.granted;
        });
    return result[0];
  }

  /**
   * Reads the tables {@code grants} and {@code limits} of an app's manifest.
   *
   * @param standard what holds where they say nothing
   */
  static Granted ofApp(TomlFile file, TomlTable table, String grants, Granted standard) {
    PolicyFile policy = new PolicyFile(file, true, standard);
    if (table.keySet().contains(grants)) {
      file.table(
          grants,
          TomlFile.position(table, grants),
          TomlFile.value(table, grants),
          each -> policy.grants(each, " in [" + grants + "]", List.of()));
    }
    if (table.keySet().contains(LIMITS)) {
      policy.limits(table);
    }
    return policy.granted;
  }

  /** All keys of an app's grants; of tables in them with the table's name and a dot. */
  static List<String> appGrants() {
    List<String> keys = new ArrayList<>();
    Stream.of(STANDARD, LISTS, OF_APPS, List.of(ENV)).forEach(keys::addAll);
    keys.removeAll(NOT_FOR_APPS);
    DIR_KEYS.forEach(key -> keys.add(DIR + "." + key));
    return keys;
  }

  /** All keys of an app's limits. */
  static List<String> appLimits() {
    return limits().filter(key -> !NOT_FOR_APPS.contains(key)).toList();
  }

  private static Stream<String> limits() {
    return Stream.concat(Stream.of(Limit.values()).map(Limit::key), Stream.of(MAX_INSTANCES));
  }

  private boolean isKnown(String key) {
    return !ofApp || !NOT_FOR_APPS.contains(key);
  }

  private void change(@Nullable TomlPosition position, String what, UnaryOperator<Policy> change) {
    file.attempt(position, what, () -> granted = granted.policy(change.apply(granted.policy())));
  }

  // ---- what there is ----

  /**
   * Reads grants.
   *
   * @param where what to say of the table, in messages
   * @param others keys beside them that somebody else reads
   */
  private void grants(TomlTable table, String where, List<String> others) {
    for (String key : table.keySet()) {
      Object value = TomlFile.value(table, key);
      TomlPosition position = TomlFile.position(table, key);
      if (STANDARD.contains(key) && isKnown(key)) {
        if (value instanceof Boolean standard) {
          change(position, key, now -> Grants.standard(now, key, standard));
        } else {
          file.wrong(position, key, "true or false", value);
        }
      } else if (LISTS.contains(key) || OF_APPS.contains(key)) {
        file.strings(key, position, value, text -> granted = grant(granted, key, text));
      } else if (key.equals(ENV)) {
        file.table(key, position, value, this::variables);
      } else if (key.equals(DIR)) {
        file.tables(key, position, value, this::directory);
      } else if (!others.contains(key)) {
        List<String> known =
            Stream.of(STANDARD, LISTS, OF_APPS, List.of(DIR, ENV), others)
                .flatMap(List::stream)
                .filter(this::isKnown)
                .toList();
        file.unknown(table, key, where, known);
      }
    }
  }

  private static Granted grant(Granted granted, String key, String text) {
    Policy policy = granted.policy();
    return switch (key) {
      case "inherit-env" -> granted.policy(policy.inheritEnv(text));
      case "network" -> granted.policy(Grants.network(policy, text));
      case "allow-resolve" -> granted.policy(Grants.lookup(policy, text));
      case "addr-pool" -> granted.policy(Grants.addresses(policy, text));
      case "listen" -> granted.policy(Grants.listener(policy, text));
      case "publish" -> granted.publish(text);
      case "subscribe" -> granted.subscribe(text);
      case "requests" -> granted.request(text);
      case "devices" -> granted.device(text);
      default -> throw new AssertionError("nobody knows " + key + "; please report");
    };
  }

  private void variables(TomlTable variables) {
    for (String name : variables.keySet()) {
      Object value = TomlFile.value(variables, name);
      TomlPosition position = TomlFile.position(variables, name);
      if (value instanceof String text) {
        change(position, ENV, now -> now.env(name, text));
      } else {
        file.wrong(position, ENV + " " + name, "a string", value);
      }
    }
  }

  private void limits(TomlTable table) {
    file.table(
        LIMITS, TomlFile.position(table, LIMITS), TomlFile.value(table, LIMITS), this::readLimits);
  }

  private void readLimits(TomlTable limits) {
    for (String key : limits.keySet()) {
      TomlPosition position = TomlFile.position(limits, key);
      Object value = TomlFile.value(limits, key);
      Limit limit =
          Stream.of(Limit.values()).filter(each -> each.key().equals(key)).findAny().orElse(null);
      if (limit == null && !key.equals(MAX_INSTANCES) || !isKnown(key)) {
        file.unknown(limits, key, " in [limits]", limits().filter(this::isKnown).toList());
      } else if (value instanceof String || value instanceof Long) {
        String text = String.valueOf(value);
        change(position, key, now -> limit != null ? limit.set(now, text) : instances(now, text));
      } else {
        file.wrong(position, key, "a number, or a string with a unit", value);
      }
    }
  }

  private static Policy instances(Policy policy, String text) {
    return policy.maxInstances((int) Quantity.number(text, 1, Integer.MAX_VALUE));
  }

  private void directory(TomlTable table, TomlPosition position) {
    int before = file.problems();
    Set<String> keys = table.keySet();
    for (String key : keys) {
      Object value = TomlFile.value(table, key);
      String expected =
          switch (key) {
            case "host", "guest" -> value instanceof String ? "" : "a string";
            case "read-only" -> value instanceof Boolean ? "" : "true or false";
            case "max-bytes" ->
                value instanceof String || value instanceof Long
                    ? ""
                    : "a number, or a string with a unit";
            default -> {
              file.unknown(table, key, " in [[dir]]", DIR_KEYS);
              yield "";
            }
          };
      if (!expected.isEmpty()) {
        file.wrong(TomlFile.position(table, key), DIR + " " + key, expected, value);
      }
    }
    if (!keys.contains("host")) {
      file.missing(position, DIR + ": the key 'host' is missing");
    }
    if (file.problems() > before || !keys.contains("host")) {
      return;
    }
    String host = String.valueOf(table.getString("host"));
    String guest = keys.contains("guest") ? String.valueOf(table.getString("guest")) : host;
    change(
        keys.contains("max-bytes") ? TomlFile.position(table, "max-bytes") : position,
        DIR,
        now -> {
          long maxBytes =
              keys.contains("max-bytes")
                  ? Quantity.size(String.valueOf(table.get(List.of("max-bytes"))))
                  : Long.MAX_VALUE;
          boolean readOnly = Boolean.TRUE.equals(table.get(List.of("read-only")));
          Path folder = granted.elsewhere() ? Path.of(host) : file.sibling(host);
          Grants.require(folder, granted.elsewhere());
          return Grants.directory(now, folder, guest, readOnly, maxBytes);
        });
  }
}
