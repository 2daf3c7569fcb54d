package dev.sampan.apps.json;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;

/** Manifests as people write them: what is not said is as in a manifest that stands behind. */
public final class ManifestJson {

  private ManifestJson() {}

  /**
   * Reads a manifest.
   *
   * @param json an object with some of a manifest's components
   * @param otherwise what holds for the others; if the trigger is of another type than there, the
   *     defaults of that type hold for it
   * @throws AppException if it is no manifest
   */
  public static Manifest read(byte[] json, Manifest otherwise) {
    try {
      JsonNode given = Json.parse(json);
      if (!(given instanceof ObjectNode object)) {
        throw new AppException(
            AppException.Reason.INVALID,
            "expected a manifest as a JSON object, found " + given.getNodeType(),
            null);
      }
      ObjectNode base = (ObjectNode) Json.tree(otherwise);
      JsonNode type = object.path("trigger").path("type");
      if (type.isString() && !type.equals(base.path("trigger").path("type"))) {
        base.set("trigger", defaults(type.stringValue(), base));
      }
      merge(base, object);
      return Json.read(base, Manifest.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof AppException invalid) {
        throw invalid;
      }
      throw new AppException(
          AppException.Reason.INVALID, "the manifest is not understood: " + message(e), e);
    }
  }

  /** What holds for a trigger of a type if nothing else is said; without what must be said. */
  private static JsonNode defaults(String type, ObjectNode base) {
    return switch (type) {
      case "start" -> trigger(Manifest.PROGRAM.trigger());
      case "http" -> trigger(Trigger.Http.DEFAULT);
      case "service" -> trigger(Trigger.Service.DEFAULT);
      case "schedule" -> trigger(Trigger.Schedule.at("@hourly")).without("cron");
      case "events" -> trigger(Trigger.Events.of("any")).without("topics");
      default -> base.objectNode(); // that there is no such type is told when it is read
    };
  }

  private static ObjectNode trigger(Trigger trigger) {
    return (ObjectNode) Json.tree(Manifest.PROGRAM.trigger(trigger)).path("trigger");
  }

  static String message(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      path.append(path.isEmpty() ? "" : ".").append(name == null ? step.getIndex() : name);
    }
    return (path.isEmpty() ? "" : "at " + path + ": ") + what(e);
  }

  /** What is wrong, without the names of Java that the library tells. */
  private static String what(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          "unknown key '%s'; there is %s"
              .formatted(
                  unknown.getPropertyName(),
                  unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(", ")));
      case InvalidFormatException wrong when wrong.getTargetType().isEnum() ->
          "expected one of %s, found '%s'"
              .formatted(
                  Arrays.stream(wrong.getTargetType().getEnumConstants())
                      .map(each -> String.valueOf(each).toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", ")),
                  wrong.getValue());
      default -> Json.reason(e);
    };
  }

  static void merge(ObjectNode base, ObjectNode given) {
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      JsonNode before = base.get(each.getKey());
      // the environment is replaced as a whole, like lists: else nothing could be taken away
      boolean whole = each.getKey().equals("env");
      if (!whole && before instanceof ObjectNode inner && each.getValue() instanceof ObjectNode o) {
        merge(inner, o);
      } else {
        base.set(each.getKey(), each.getValue());
      }
    }
  }
}
