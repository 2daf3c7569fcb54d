package dev.sampan.apps.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Typed values by name: the payload of most messages of the app framework. Immutable. In memory it
 * is packed, little endian.
 */
public final class AttributeContainer {

  private static final int FLAGS_BYTES = 2;

  /** Flags: how it is stored; only a plain buffer can travel. */
  private static final int STORAGE = 3;

  private static final int MAX_TEXT = 0xfffe;
  private static final int MAX_COUNT = 0xffff;

  private final String tag;
  private final Map<String, Attribute> attributes;

  private AttributeContainer(String tag, Map<String, Attribute> attributes) {
    this.tag = tag;
    this.attributes = attributes;
  }

  /**
   * A container without attributes.
   *
   * @param tag what it is about
   */
  public static AttributeContainer tagged(String tag) {
    return of(tag, Map.of());
  }

  /**
   * A container.
   *
   * @param tag what it is about
   * @throws IllegalArgumentException if there are more than 65535 attributes, or a text has NUL in
   *     it or is longer than 65534 bytes
   */
  public static AttributeContainer of(String tag, Map<String, Attribute> attributes) {
    requireText(tag, "tag");
    if (attributes.size() > MAX_COUNT) {
      throw new IllegalArgumentException(
          "expected at most %d attributes, found %d".formatted(MAX_COUNT, attributes.size()));
    }
    attributes.forEach(
        (key, value) -> {
          requireText(key, "key");
          if (value instanceof Attribute.Text text) {
            requireText(text.value(), "text");
          }
        });
    return new AttributeContainer(
        tag, Collections.unmodifiableMap(new LinkedHashMap<>(attributes)));
  }

  /** The same with another attribute, or another value of it. */
  public AttributeContainer with(String key, Attribute value) {
    Map<String, Attribute> all = new LinkedHashMap<>(attributes);
    all.put(key, value);
    return of(tag, all);
  }

  private static void requireText(String text, String what) {
    if (text.indexOf('\0') >= 0 || utf8(text).length > MAX_TEXT) {
      throw new IllegalArgumentException(
          "expected a %s of at most %d bytes without NUL".formatted(what, MAX_TEXT));
    }
  }

  /** What it is about. */
  public String tag() {
    return tag;
  }

  /** The attributes, in their order. */
  public Map<String, Attribute> attributes() {
    return attributes;
  }

  /** A whole number of any type. */
  public OptionalLong whole(String key) {
    return attributes.get(key) instanceof Attribute.Whole number
        ? OptionalLong.of(number.value())
        : OptionalLong.empty();
  }

  /** A text. */
  public Optional<String> text(String key) {
    return attributes.get(key) instanceof Attribute.Text text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- reading ----

  /**
   * Reads a container.
   *
   * @throws WireException if it is none
   */
  public static AttributeContainer decode(byte[] packed) throws WireException {
    Packed in = new Packed(packed, ByteOrder.LITTLE_ENDIAN, "attribute container");
    int flags = in.u16("the flags");
    if ((flags & STORAGE) != 0) {
      throw in.wrong("expected one in a buffer, found the flags " + flags);
    }
    long total = in.u32("the length");
    if (total < 4) {
      throw in.wrong("expected a length of 4 or more, found " + total);
    }
    in.end(total - 4, "what the length says");
    String tag = in.words(in.u16("the tag's length"), "the tag");
    int count = in.u16("the number of attributes");
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = in.words(in.u16("the length of a key"), "a key");
      int code = in.u8("the type of '" + key + "'");
      AttributeType type =
          AttributeType.of(code).orElseThrow(() -> in.wrong("'" + key + "' has the type " + code));
      attributes.put(key, value(in, type, "the value of '" + key + "'"));
    }
    // behind the attributes there is slack, which has no meaning
    return new AttributeContainer(tag, Collections.unmodifiableMap(attributes));
  }

  private static Attribute value(Packed in, AttributeType type, String part) throws WireException {
    return switch (type) {
      case INT8 -> new Attribute.Whole(type, (byte) in.u8(part));
      case UINT8 -> new Attribute.Whole(type, in.u8(part));
      case INT16 -> new Attribute.Whole(type, (short) in.u16(part));
      case UINT16 -> new Attribute.Whole(type, in.u16(part));
      case INT32 -> new Attribute.Whole(type, in.i32(part));
      case UINT32 -> new Attribute.Whole(type, in.u32(part));
      case INT64, UINT64 -> new Attribute.Whole(type, in.i64(part));
      case FLOAT -> new Attribute.Single(Float.intBitsToFloat(in.i32(part)));
      case DOUBLE -> new Attribute.Fraction(Double.longBitsToDouble(in.i64(part)));
      case BOOLEAN -> new Attribute.Truth(in.u8(part) != 0);
      case STRING -> {
        int length = in.u16(part);
        yield new Attribute.Text(length == 0 ? "" : in.words(length, part));
      }
      case BYTES -> new Attribute.Bytes(in.bytes(in.u32(part), part));
    };
  }

  // ---- writing ----

  /** The container as it lies in memory, without slack. */
  public byte[] encode() {
    Out out = new Out();
    out.put(2, 0).put(4, 0);
    out.text(tag).put(2, attributes.size());
    attributes.forEach(
        (key, value) -> {
          out.text(key).put(1, value.type().code());
          write(out, value);
        });
    byte[] packed = out.bytes.toByteArray();
    ByteBuffer.wrap(packed)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(FLAGS_BYTES, packed.length - FLAGS_BYTES);
    return packed;
  }

  private static void write(Out out, Attribute attribute) {
    switch (attribute) {
      case Attribute.Whole(AttributeType type, long value) -> out.put(type.wholeBytes(), value);
      case Attribute.Single(float value) -> out.put(4, Float.floatToRawIntBits(value));
      case Attribute.Fraction(double value) -> out.put(8, Double.doubleToRawLongBits(value));
      case Attribute.Truth(boolean value) -> out.put(1, value ? 1 : 0);
      case Attribute.Text(String value) -> out.text(value);
      case Attribute.Bytes(byte[] value) -> {
        out.put(4, value.length);
        out.bytes.writeBytes(value);
      }
    }
  }

  private static final class Out {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Out put(int count, long value) {
      for (int i = 0; i < count; i++) {
        bytes.write((int) (value >>> 8 * i));
      }
      return this;
    }

    Out text(String text) {
      byte[] raw = utf8(text);
      put(2, raw.length + 1);
      bytes.writeBytes(raw);
      bytes.write(0);
      return this;
    }
  }
}
