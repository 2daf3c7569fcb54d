package dev.sampan.apps.json;

import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Attribute containers as JSON objects. On the way in a number becomes a {@code double}, as clients
 * of the Micro Runtime's framework have it, an array of numbers becomes bytes, and null is left
 * out; who wants another type says so: {@code {"port": {"uint16": 80}}}. On the way out all numbers
 * are numbers, and a fraction that JSON has no word for is null. The tag is not part of it.
 */
public final class AttributeJson {

  private AttributeJson() {}

  /**
   * The container that a JSON object says.
   *
   * @throws IllegalArgumentException if it is no object, or something in it is no attribute
   */
  public static AttributeContainer read(byte[] json) {
    JsonNode tree;
    try {
      tree = Json.parse(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("expected JSON: " + Json.reason(e), e);
    }
    if (!tree.isObject()) {
      throw new IllegalArgumentException(
          "expected a JSON object for the attributes, found " + tree.getNodeType());
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : tree.properties()) {
      if (!each.getValue().isNull()) {
        attributes.put(each.getKey(), attribute(each.getKey(), each.getValue()));
      }
    }
    return AttributeContainer.of("", attributes);
  }

  private static Attribute attribute(String key, JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> new Attribute.Fraction(value.doubleValue());
      case BOOLEAN -> new Attribute.Truth(value.booleanValue());
      case STRING -> new Attribute.Text(value.stringValue());
      case ARRAY -> new Attribute.Bytes(bytes(key, value));
      case OBJECT -> typed(key, value);
      case NULL, MISSING, BINARY, POJO -> throw wrong(key, value);
    };
  }

  private static IllegalArgumentException wrong(String key, JsonNode value) {
    String text = value.toString();
    return new IllegalArgumentException(
        "expected a number, true, false, a text, an array of bytes or {TYPE: VALUE} for '%s',"
                .formatted(key)
            + " found "
            + (text.length() > 80 ? text.substring(0, 80) + "…" : text));
  }

  private static byte[] bytes(String key, JsonNode array) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JsonNode each : array) {
      if (!each.isIntegralNumber() || !each.canConvertToInt()) {
        throw wrong(key, array);
      }
      int number = each.intValue();
      if (number < Byte.MIN_VALUE || number > 255) {
        throw wrong(key, array);
      }
      bytes.write(number);
    }
    return bytes.toByteArray();
  }

  /** A value with its type. */
  private static Attribute typed(String key, JsonNode object) {
    if (object.size() != 1) {
      throw wrong(key, object);
    }
    Map.Entry<String, JsonNode> only = object.properties().iterator().next();
    JsonNode value = only.getValue();
    Optional<AttributeType> named = AttributeType.ofWord(only.getKey());
    AttributeType type = named.orElseThrow(() -> wrong(key, object));
    return switch (type) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> {
        boolean fits =
            type == AttributeType.UINT64
                ? value.isIntegralNumber()
                    && value.bigIntegerValue().signum() >= 0
                    && value.bigIntegerValue().bitLength() <= 64
                : value.isIntegralNumber() && value.canConvertToLong();
        if (!fits) {
          throw wrong(key, object);
        }
        yield new Attribute.Whole(type, value.bigIntegerValue().longValue());
      }
      case FLOAT -> {
        require(value.isNumber(), key, object);
        yield new Attribute.Single(value.floatValue());
      }
      case DOUBLE -> {
        require(value.isNumber(), key, object);
        yield attribute(key, value);
      }
      case BOOLEAN -> {
        require(value.isBoolean(), key, object);
        yield attribute(key, value);
      }
      case STRING -> {
        require(value.isString(), key, object);
        yield attribute(key, value);
      }
      case BYTES -> {
        require(value.isArray(), key, object);
        yield attribute(key, value);
      }
    };
  }

  private static void require(boolean holds, String key, JsonNode value) {
    if (!holds) {
      throw wrong(key, value);
    }
  }

  /** A container's attributes as a JSON object. */
  public static byte[] write(AttributeContainer container) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    container.attributes().forEach((key, value) -> values.put(key, value(value)));
    return Json.bytes(values);
  }

  private static @Nullable Object value(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Whole(AttributeType type, long value) ->
          type == AttributeType.UINT64 && value < 0
              ? new BigInteger(Long.toUnsignedString(value))
              : (Object) value;
      case Attribute.Single(float value) -> Float.isFinite(value) ? (Object) value : null;
      case Attribute.Fraction(double value) -> Double.isFinite(value) ? fraction(value) : null;
      case Attribute.Truth(boolean value) -> value;
      case Attribute.Text(String value) -> value;
      case Attribute.Bytes(byte[] value) -> {
        int[] numbers = new int[value.length];
        for (int i = 0; i < value.length; i++) {
          numbers[i] = value[i] & 0xff;
        }
        yield numbers;
      }
    };
  }

  /** A whole number stays one to look at: 5, not 5.0. */
  private static Object fraction(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53 ? (Object) (long) value : value;
  }
}
