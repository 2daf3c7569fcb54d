package dev.sampan.cli;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import tools.jackson.databind.node.ObjectNode;

/** A manifest in TOML: how an app is to be run, as the host takes it in JSON. */
final class ManifestFile {

  static final String TRIGGER = "trigger";
  static final String GRANTS = "grants";
  private static final String TYPE = "type";
  private static final String ARGS = "args";
  private static final String MAX_LOG = "max-log";
  private static final String KEEP = "keep-revisions";
  private static final List<String> TYPES = TriggerKey.allTypes();

  /** All keys outside of tables, and the tables. */
  private static final List<String> KEYS =
      List.of(ARGS, MAX_LOG, KEEP, TRIGGER, GRANTS, PolicyFile.LIMITS);

  /**
   * What a manifest says.
   *
   * @param json what it says, in the form of the management
   * @param granted the grants and limits in it
   */
  record Content(ObjectNode json, Granted granted) {}

  private final TomlFile file;
  private final ObjectNode json = (ObjectNode) Json.tree(Map.of());

  private ManifestFile(TomlFile file) {
    this.file = file;
  }

  /** Whether a file looks like JSON. */
  static boolean isJson(Path path) {
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .findFirst()
          .map(line -> line.startsWith("{"))
          .orElse(false);
    } catch (IOException | UncheckedIOException e) {
      return false; // what is wrong is told when it is read
    }
  }

  /**
   * Reads a manifest.
   *
   * @param standard what is granted where the file says nothing
   * @throws Failure if it cannot be read, or makes no sense
   */
  static Content read(Path path, Granted standard) {
    Content[] result = new Content[1];
    TomlFile.read(
        path,
        "a manifest",
        (file, table) -> {
          ManifestFile manifest = new ManifestFile(file);
          result[0] = new Content(manifest.json, manifest.read(table, standard));
        });
    Content content = result[0];
    if (content == null) {
      throw new AssertionError("a manifest that was not read; please report");
    }
    return content;
  }

  /** All keys, with the names of their tables and a dot before them. */
  static List<String> keys() {
    List<String> all = new ArrayList<>(List.of(ARGS, MAX_LOG, KEEP, TRIGGER + "." + TYPE));
    for (TriggerKey key : TriggerKey.values()) {
      all.add(TRIGGER + "." + key.key());
    }
    PolicyFile.appGrants().forEach(key -> all.add(GRANTS + "." + key));
    PolicyFile.appLimits().forEach(key -> all.add(PolicyFile.LIMITS + "." + key));
    return all;
  }

  private Granted read(TomlTable table, Granted standard) {
    for (String key : table.keySet()) {
      Object value = TomlFile.value(table, key);
      TomlPosition position = TomlFile.position(table, key);
      switch (key) {
        case ARGS -> {
          List<String> args = new ArrayList<>();
          file.strings(key, position, value, args::add);
          json.set("args", Json.tree(args));
        }
        case MAX_LOG -> file.attempt(position, key, () -> json.put("maxLogBytes", logBytes(value)));
        case KEEP ->
            file.attempt(
                position,
                key,
                () -> json.put("keepRevisions", TomlValue.number(value, 1, Integer.MAX_VALUE)));
        case TRIGGER -> file.table(key, position, value, each -> trigger(each, position));
        case GRANTS, PolicyFile.LIMITS -> {}
        default -> file.unknown(table, key, "", KEYS);
      }
    }
    Granted granted = PolicyFile.ofApp(file, table, GRANTS, standard);
    if (table.keySet().contains(GRANTS) || table.keySet().contains(PolicyFile.LIMITS)) {
      json.set("permissions", Json.tree(granted.permissions()));
    }
    return granted;
  }

  private static long logBytes(Object value) {
    long bytes = TomlValue.size(value);
    if (bytes < Manifest.MIN_LOG_BYTES) {
      throw new IllegalArgumentException("expected a size of at least 64K, found '" + value + "'");
    }
    return bytes;
  }

  private void trigger(TomlTable table, @Nullable TomlPosition place) {
    ObjectNode trigger = json.putObject(TRIGGER);
    if (!table.keySet().contains(TYPE)) {
      file.missing(place, "[trigger]: the key 'type' is missing; " + typesToChoose());
      return;
    }
    TomlPosition typePlace = TomlFile.position(table, TYPE);
    Object type = TomlFile.value(table, TYPE);
    if (!TYPES.contains(type)) {
      file.wrong(typePlace, TYPE, typesToChoose(), type);
      return;
    }
    trigger.put(TYPE, (String) type);
    List<TriggerKey> known =
        Arrays.stream(TriggerKey.values()).filter(key -> key.types().contains(type)).toList();
    for (String key : table.keySet()) {
      TomlPosition position = TomlFile.position(table, key);
      TriggerKey found =
          known.stream().filter(each -> each.key().equals(key)).findAny().orElse(null);
      if (found != null) {
        Object value = TomlFile.value(table, key);
        file.attempt(position, key, () -> found.put(trigger, value));
      } else if (!key.equals(TYPE)) {
        List<String> names = new ArrayList<>(List.of(TYPE));
        known.forEach(each -> names.add(each.key()));
        file.unknown(table, key, " in [trigger] of type '" + type + "'", names);
      }
    }
    for (TriggerKey each : known) {
      if (each.isRequired() && !table.keySet().contains(each.key())) {
        file.missing(place, "[trigger]: the key '" + each.key() + "' is missing");
      }
    }
  }

  private static String typesToChoose() {
    return "one of " + String.join(", ", TYPES);
  }
}
