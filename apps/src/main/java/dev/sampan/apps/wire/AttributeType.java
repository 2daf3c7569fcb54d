package dev.sampan.apps.wire;

import java.util.Locale;
import java.util.Optional;

/** The types of attributes, with the numbers that stand for them. */
public enum AttributeType {
  INT8(0, 1, true),
  INT16(1, 2, true),
  INT32(2, 4, true),
  INT64(3, 8, true),
  UINT8(4, 1, false),
  UINT16(5, 2, false),
  UINT32(6, 4, false),
  UINT64(7, 8, false),
  FLOAT(10, 0, true),
  DOUBLE(11, 0, true),
  BOOLEAN(12, 0, false),
  STRING(13, 0, false),
  BYTES(14, 0, false);

  private final int code;
  private final int wholeBytes;
  private final boolean signed;

  AttributeType(int code, int wholeBytes, boolean signed) {
    this.code = code;
    this.wholeBytes = wholeBytes;
    this.signed = signed;
  }

  /** Its number. */
  int code() {
    return code;
  }

  /** How many bytes a whole number of this type has; 0 if the type has none. */
  int wholeBytes() {
    return wholeBytes;
  }

  /** Whether it is a type of whole numbers. */
  public boolean isWhole() {
    return wholeBytes > 0;
  }

  /** Whether a number is in the range of a whole type. */
  boolean holds(long value) {
    int bits = 8 * wholeBytes;
    return bits == 64 || (signed ? value >> bits - 1 == value >> 63 : value >>> bits == 0);
  }

  /** Its name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of a number. */
  static Optional<AttributeType> of(int code) {
    for (AttributeType each : values()) {
      if (each.code == code) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The type of a name in lower case. */
  public static Optional<AttributeType> ofWord(String word) {
    for (AttributeType each : values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
