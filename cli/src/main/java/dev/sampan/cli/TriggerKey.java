package dev.sampan.cli;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Isolation;
import dev.sampan.apps.Restart;
import dev.sampan.apps.Trigger.Schedule;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.Formats;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.json.Json;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** The keys of a manifest's table {@code trigger}, and what becomes of them in JSON. */
enum TriggerKey {
  RESTART("restart.when", List.of("start", "service")),
  ATTEMPTS("restart.attempts", List.of("start", "service")),
  DELAY("restart.delay", List.of("start", "service")),
  MAX_DELAY("restart.maxDelay", List.of("start", "service")),
  CRON("cron", List.of("schedule")),
  ZONE("zone", List.of("schedule")),
  OVERLAP("overlap", List.of("schedule")),
  MISSED("missed", List.of("schedule")),
  TOPICS("topics", List.of("events")),
  ISOLATION("isolation", List.of("http", "events")),
  CONCURRENCY("concurrency", List.of("http", "events")),
  QUEUE("queue", List.of("http", "events", "service")),
  TIME_LIMIT("timeLimit", List.of("http", "schedule", "events", "service")),
  MAX_REQUEST("maxRequestBytes", List.of("http")),
  MAX_RESPONSE("maxResponseBytes", List.of("http")),
  HEALTH("health", List.of("http")),
  REPLY("reply", List.of("events")),
  REPLY_FORMAT("replyFormat", List.of("events")),
  MAX_REPLY("maxReplyBytes", List.of("events")),
  WATCHDOG("watchdog", List.of("service")),
  MAX_TIMERS("maxTimers", List.of("service")),
  MAX_CONNECTIONS("maxConnections", List.of("service")),
  MAX_MESSAGE("maxMessageBytes", List.of("service")),
  HTTP("http", List.of("service"));

  private final String component;
  private final List<String> types;

  TriggerKey(String component, List<String> types) {
    this.component = component;
    this.types = types;
  }

  /** The name in a manifest. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The types of triggers that have it. */
  List<String> types() {
    return types;
  }

  /** All types of triggers that there are. */
  static List<String> allTypes() {
    return Arrays.stream(values()).flatMap(key -> key.types.stream()).distinct().toList();
  }

  /** Whether a trigger makes no sense without it. */
  boolean isRequired() {
    return this == CRON || this == TOPICS;
  }

  /**
   * Puts a value where it belongs.
   *
   * @throws IllegalArgumentException if it makes no sense, with what was expected and found
   */
  void put(ObjectNode trigger, Object value) {
    int dot = component.indexOf('.');
    ObjectNode target = dot < 0 ? trigger : trigger.withObject("/" + component.substring(0, dot));
    target.set(component.substring(dot + 1), Json.tree(json(value)));
  }

  private Object json(Object value) {
    return switch (this) {
      case RESTART -> TomlValue.word(value, TomlValue.words(Restart.When.values()));
      case OVERLAP -> TomlValue.word(value, TomlValue.words(Schedule.Overlap.values()));
      case MISSED -> TomlValue.word(value, TomlValue.words(Schedule.Missed.values()));
      case ISOLATION -> TomlValue.word(value, TomlValue.words(Isolation.values()));
      case ATTEMPTS, QUEUE, MAX_TIMERS, MAX_CONNECTIONS ->
          TomlValue.number(value, 0, Integer.MAX_VALUE);
      case REPLY_FORMAT -> format(value);
      case CONCURRENCY -> TomlValue.number(value, 1, Integer.MAX_VALUE);
      case DELAY, MAX_DELAY, TIME_LIMIT, WATCHDOG -> TomlValue.duration(value);
      case MAX_REQUEST, MAX_RESPONSE, MAX_MESSAGE -> TomlValue.size(value);
      case HTTP -> TomlValue.truth(value);
      case MAX_REPLY -> replyBytes(value);
      case CRON -> cron(TomlValue.text(value));
      case ZONE -> zone(TomlValue.text(value));
      case HEALTH -> health(TomlValue.text(value));
      case TOPICS -> topics(TomlValue.texts(value));
      case REPLY -> reply(TomlValue.text(value));
    };
  }

  private static long format(Object value) {
    if (value instanceof String type) {
      int format = Formats.of(type);
      if (format == Event.OPAQUE) {
        throw new IllegalArgumentException(
            "expected a number, or one of %s; found '%s'".formatted(Formats.mediaTypes(), type));
      }
      return format;
    }
    return TomlValue.number(value, 0, Integer.MAX_VALUE);
  }

  private static long replyBytes(Object value) {
    long bytes = TomlValue.size(value);
    if (bytes > Event.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "expected a size up to " + Quantity.text(Event.MAX_PAYLOAD) + ", found '" + value + "'");
    }
    return bytes;
  }

  private static String cron(String text) {
    try {
      return Schedule.at(text).cron();
    } catch (AppException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String zone(String text) {
    try {
      return ZoneId.of(text).getId();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a time zone such as UTC or Europe/Berlin, found '" + text + "'", e);
    }
  }

  private static String health(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "expected a path that begins with '/', found '" + path + "'");
    }
    return path;
  }

  private static List<String> topics(List<String> filters) {
    if (filters.isEmpty()) {
      throw new IllegalArgumentException("expected one or more topics, found none");
    }
    return filters.stream().map(each -> TopicFilter.of(each).toString()).toList();
  }

  private static String reply(String topic) {
    TopicFilter.requireTopic(topic);
    return topic;
  }
}
