package dev.sampan.cli;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.mqtt.MqttMapping;
import dev.sampan.apps.mqtt.MqttSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The settings of a host in TOML. */
final class HostFile {

  /** Its name in the host's folder. */
  static final String NAME = "host.toml";

  private static final String HTTP = "http";
  private static final String TOKEN_FILE = "token-file";
  private static final String MAX_MODULE = "max-module";
  private static final String MAX_CALLS = "max-calls";
  private static final String MQTT = "mqtt";
  private static final String IN = "in";
  private static final String OUT = "out";
  private static final String QOS = "qos";
  private static final List<String> KEYS = List.of(HTTP, TOKEN_FILE, MAX_MODULE, MAX_CALLS, MQTT);
  private static final List<String> MQTT_KEYS =
      List.of(
          "url",
          "client-id",
          "user",
          "password-file",
          "tls-trust",
          "keep-alive",
          "session",
          "queue",
          QOS);
  private static final List<String> MAPPING_KEYS =
      List.of("topic", "local-prefix", "remote-prefix", QOS);

  /**
   * What a file says.
   *
   * @param http where the host serves the network
   * @param tokenFile where the token is
   * @param settings the rest
   */
  record Content(
      Optional<InetSocketAddress> http, Optional<Path> tokenFile, HostSettings settings) {}

  private final TomlFile file;
  private Content content;

  private HostFile(TomlFile file, HostSettings standard) {
    this.file = file;
    this.content = new Content(Optional.empty(), Optional.empty(), standard);
  }

  /**
   * Reads settings.
   *
   * @param standard what holds where the file says nothing
   * @throws Failure if it cannot be read, or makes no sense
   */
  static Content read(Path path, HostSettings standard) {
    Content[] result = {nothing(standard)};
    TomlFile.read(
        path,
        "the settings of a host",
        (file, table) -> {
          HostFile host = new HostFile(file, standard);
          host.read(table);
          result[0] = host.content;
        });
    return result[0];
  }

  /** What a file says that says nothing. */
  static Content nothing(HostSettings standard) {
    return new Content(Optional.empty(), Optional.empty(), standard);
  }

  /** All keys, with the names of their tables and a dot before them. */
  static List<String> keys() {
    List<String> all = new ArrayList<>(KEYS);
    all.remove(MQTT);
    MQTT_KEYS.forEach(key -> all.add(MQTT + "." + key));
    for (String way : List.of(IN, OUT)) {
      MAPPING_KEYS.forEach(key -> all.add(MQTT + "." + way + "." + key));
    }
    return all;
  }

  private void read(TomlTable table) {
    for (String key : table.keySet()) {
      Object value = TomlFile.value(table, key);
      TomlPosition position = TomlFile.position(table, key);
      switch (key) {
        case HTTP ->
            file.attempt(
                position,
                key,
                () -> {
                  InetSocketAddress address = HostStartCommand.address(TomlValue.text(value));
                  content =
                      new Content(Optional.of(address), content.tokenFile(), content.settings());
                });
        case TOKEN_FILE ->
            file.attempt(
                position,
                key,
                () -> {
                  Path token = file.sibling(TomlValue.text(value));
                  content = new Content(content.http(), Optional.of(token), content.settings());
                });
        case MAX_MODULE ->
            file.attempt(
                position,
                key,
                () -> settings(now -> now.limits(TomlValue.size(value), now.maxCalls())));
        case MAX_CALLS ->
            file.attempt(
                position,
                key,
                () -> {
                  int calls = (int) TomlValue.number(value, 1, Integer.MAX_VALUE);
                  settings(now -> now.limits(now.maxModuleBytes(), calls));
                });
        case MQTT -> file.table(key, position, value, each -> mqtt(each, position));
        default -> file.unknown(table, key, "", KEYS);
      }
    }
  }

  private interface Change {
    HostSettings of(HostSettings settings);
  }

  private void settings(Change change) {
    content = new Content(content.http(), content.tokenFile(), change.of(content.settings()));
  }

  // ---- the broker ----

  /** The values of a table of strings and numbers, as far as they are what they should be. */
  private Map<String, Object> values(TomlTable table, String where, List<String> known) {
    Map<String, Object> values = new HashMap<>();
    for (String key : table.keySet()) {
      Object value = TomlFile.value(table, key);
      TomlPosition position = TomlFile.position(table, key);
      if (!known.contains(key)) {
        file.unknown(table, key, where, known);
      }
      if (!known.contains(key) || key.equals(IN) || key.equals(OUT)) {
        continue; // mappings are read for themselves
      }
      file.attempt(
          position,
          key,
          () ->
              values.put(
                  key,
                  switch (key) {
                    case QOS -> (int) TomlValue.number(value, 0, 2);
                    case "queue" -> (int) TomlValue.number(value, 1, Integer.MAX_VALUE);
                    case "keep-alive", "session" -> Quantity.duration(TomlValue.text(value));
                    case "password-file", "tls-trust" ->
                        file.sibling(TomlValue.text(value)).toAbsolutePath();
                    case "url" -> url(TomlValue.text(value));
                    default -> TomlValue.text(value);
                  }));
    }
    return values;
  }

  private static URI url(String text) {
    try {
      return MqttSettings.to(URI.create(text)).broker();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT], found '" + text + "'", e);
    }
  }

  private void mqtt(TomlTable table, @Nullable TomlPosition position) {
    int before = file.problems();
    List<String> known = Stream.concat(MQTT_KEYS.stream(), Stream.of(IN, OUT)).toList();
    Map<String, Object> values = values(table, " in [mqtt]", known);
    List<MqttMapping> in = new ArrayList<>();
    List<MqttMapping> out = new ArrayList<>();
    int qos = (int) values.getOrDefault(QOS, 0);
    mappings(table, IN, qos, in);
    mappings(table, OUT, qos, out);
    if (!table.keySet().contains("url")) {
      file.missing(position, "[mqtt]: the key 'url' is missing");
    }
    if (file.problems() > before || !(values.get("url") instanceof URI url)) {
      return;
    }
    file.attempt(
        position,
        MQTT,
        () -> {
          MqttSettings standard = MqttSettings.to(url);
          MqttSettings broker =
              new MqttSettings(
                  standard.broker(),
                  (String) values.getOrDefault("client-id", standard.clientId()),
                  Optional.ofNullable((String) values.get("user")),
                  Optional.ofNullable((Path) values.get("password-file")),
                  Optional.ofNullable((Path) values.get("tls-trust")),
                  (Duration) values.getOrDefault("keep-alive", standard.keepAlive()),
                  Optional.ofNullable((Duration) values.get("session")),
                  (int) values.getOrDefault("queue", standard.queue()),
                  in,
                  out);
          settings(now -> now.mqtt(broker));
        });
  }

  private void mappings(TomlTable mqtt, String way, int qos, List<MqttMapping> mappings) {
    if (!mqtt.keySet().contains(way)) {
      return;
    }
    String name = MQTT + "." + way;
    file.tables(
        name,
        TomlFile.position(mqtt, way),
        TomlFile.value(mqtt, way),
        (table, position) -> {
          int before = file.problems();
          Map<String, Object> values = values(table, " in [[" + name + "]]", MAPPING_KEYS);
          if (!table.keySet().contains("topic")) {
            file.missing(position, "[[" + name + "]]: the key 'topic' is missing");
          }
          if (file.problems() == before && values.containsKey("topic")) {
            file.attempt(
                position,
                name,
                () ->
                    mappings.add(
                        new MqttMapping(
                            (String) values.getOrDefault("topic", ""),
                            (String) values.getOrDefault("local-prefix", ""),
                            (String) values.getOrDefault("remote-prefix", ""),
                            (int) values.getOrDefault(QOS, qos))));
          }
        });
  }
}
