package dev.sampan.apps.http;

import dev.sampan.apps.json.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What records are in JSON, as JSON Schema: derived from the records themselves, as {@link Json}
 * writes them. A record that was met has a name in {@link #named}.
 */
final class JsonSchemas {

  private final Map<String, Object> named = new TreeMap<>();

  /** The schemas of all records that were met so far, by name. */
  Map<String, Object> named() {
    return named;
  }

  /** The schema of a type. */
  Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return ofGeneric(generic);
    }
    return type instanceof Class<?> plain ? ofClass(plain) : Map.of();
  }

  private Map<String, Object> ofGeneric(ParameterizedType type) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] of = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return nullable(of(of[0]));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return Map.of("type", "array", "items", of(of[0]));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return Map.of("type", "object", "additionalProperties", of(of[1]));
    }
    return ofClass(raw);
  }

  private static Map<String, Object> nullable(Map<String, Object> schema) {
    if (schema.get("type") instanceof String word) {
      Map<String, Object> changed = new LinkedHashMap<>(schema);
      changed.put("type", List.of(word, "null"));
      return changed;
    }
    return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }

  private Map<String, Object> ofClass(Class<?> type) {
    if (type.isEnum()) {
      List<String> constants =
          Arrays.stream(type.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList();
      return Map.of("type", "string", "enum", constants);
    }
    if (type.isRecord() || type.isSealed()) {
      return named(type);
    }
    return switch (type.getSimpleName()) {
      case "boolean", "Boolean" -> Map.of("type", "boolean");
      case "int", "Integer", "short", "Short" -> Map.of("type", "integer", "format", "int32");
      case "long", "Long" -> Map.of("type", "integer", "format", "int64");
      case "double", "Double" -> Map.of("type", "number");
      case "OptionalInt" -> nullable(of(int.class));
      case "OptionalLong" -> nullable(of(long.class));
      case "Instant" -> Map.of("type", "string", "format", "date-time");
      case "Duration" -> Map.of("type", "string", "format", "duration");
      case "String", "Path" -> Map.of("type", "string");
      default -> throw new AssertionError("no schema for " + type + " is known; please report");
    };
  }

  /** By reference, so that each record is described once. */
  private Map<String, Object> named(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    String name =
        (outer == null || outer == type ? "" : outer.getSimpleName() + ".") + type.getSimpleName();
    if (!named.containsKey(name)) {
      named.put(name, Map.of()); // it may hold itself
      named.put(name, type.isSealed() ? ofSorts(type) : ofRecord(type, Optional.empty()));
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> ofSorts(Class<?> type) {
    List<Object> all = new ArrayList<>();
    Json.sorts(type).forEach((word, each) -> all.add(ofRecord(each, Optional.of(word))));
    return Map.of("oneOf", all);
  }

  private Map<String, Object> ofRecord(Class<?> type, Optional<String> sort) {
    Map<String, Object> properties = new LinkedHashMap<>();
    sort.ifPresent(word -> properties.put("type", Map.of("type", "string", "const", word)));
    for (RecordComponent component : type.getRecordComponents()) {
      properties.put(component.getName(), of(component.getGenericType()));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    return schema;
  }
}
