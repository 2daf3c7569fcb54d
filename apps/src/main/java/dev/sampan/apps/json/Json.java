package dev.sampan.apps.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sampan.apps.AppState;
import dev.sampan.apps.Trigger;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records as JSON, with their components' names. Where there are several sorts of something, {@code
 * type} tells which. Unknown and missing names are refused, for they are mistakes.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addMixIn(Trigger.class, TriggerTypes.class)
          .addMixIn(AppState.class, StateTypes.class)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Trigger.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Trigger.Http.class, name = "http"),
    @JsonSubTypes.Type(value = Trigger.Service.class, name = "service"),
    @JsonSubTypes.Type(value = Trigger.Schedule.class, name = "schedule"),
    @JsonSubTypes.Type(value = Trigger.Events.class, name = "events")
  })
  private interface TriggerTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = AppState.Installed.class, name = "installed"),
    @JsonSubTypes.Type(value = AppState.Running.class, name = "running"),
    @JsonSubTypes.Type(value = AppState.Paused.class, name = "paused"),
    @JsonSubTypes.Type(value = AppState.Stopped.class, name = "stopped"),
    @JsonSubTypes.Type(value = AppState.Failed.class, name = "failed")
  })
  private interface StateTypes {}

  /**
   * The sorts of something of which there are several, by the words that tell which; none if there
   * are no such.
   */
  public static Map<String, Class<?>> sorts(Class<?> type) {
    Map<String, Class<?>> sorts = new LinkedHashMap<>();
    Class<?> known = MAPPER.serializationConfig().findMixInClassFor(type);
    JsonSubTypes all = known == null ? null : known.getAnnotation(JsonSubTypes.class);
    if (all != null) {
      for (JsonSubTypes.Type each : all.value()) {
        sorts.put(each.name(), each.value());
      }
    }
    return sorts;
  }

  /** Something as JSON in UTF-8, on one line. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** Something as JSON for people to read. */
  public static byte[] pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
  }

  /** Something as a tree of JSON. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * A tree from JSON in UTF-8.
   *
   * @throws tools.jackson.core.JacksonException if it is none
   */
  public static JsonNode parse(byte[] json) {
    return MAPPER.readTree(json);
  }

  /** What is wrong with JSON, for people, and where, as far as that is known. */
  public static String reason(JacksonException e) {
    String message = e.getOriginalMessage().replaceAll(" ?\\(start marker at \\[[^]]*\\]\\)", "");
    TokenStreamLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? message
        : "%s (line %d, column %d)".formatted(message, at.getLineNr(), at.getColumnNr());
  }

  /**
   * Something from JSON.
   *
   * @throws tools.jackson.core.JacksonException if it is no such thing
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /**
   * Something from a tree of JSON.
   *
   * @throws tools.jackson.core.JacksonException if it is no such thing
   */
  public static <T> T read(JsonNode json, Class<T> type) {
    return MAPPER.treeToValue(json, type);
  }
}
