package dev.sampan.apps.wire;

/** A value of an {@link AttributeContainer}, which knows its type. */
public sealed interface Attribute {

  /** The type. */
  AttributeType type();

  /**
   * A whole number.
   *
   * @param type one of those for whole numbers
   * @param value within the type's range; of {@link AttributeType#UINT64} the bits
   */
  record Whole(AttributeType type, long value) implements Attribute {

    /** Checks the range. */
    public Whole {
      if (!type.isWhole() || !type.holds(value)) {
        throw new IllegalArgumentException(
            "expected a number of type " + type.word() + ", found " + value);
      }
    }
  }

  /** A fraction of 32 bits. */
  record Single(float value) implements Attribute {
    @Override
    public AttributeType type() {
      return AttributeType.FLOAT;
    }
  }

  /** A fraction of 64 bits. */
  record Fraction(double value) implements Attribute {
    @Override
    public AttributeType type() {
      return AttributeType.DOUBLE;
    }
  }

  /** True or false. */
  record Truth(boolean value) implements Attribute {
    @Override
    public AttributeType type() {
      return AttributeType.BOOLEAN;
    }
  }

  /** Text without NUL. */
  record Text(String value) implements Attribute {

    /** Checks for NUL. */
    public Text {
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("expected text without NUL");
      }
    }

    @Override
    public AttributeType type() {
      return AttributeType.STRING;
    }
  }

  /** Bytes; nobody may change them. */
  record Bytes(byte[] value) implements Attribute {
    @Override
    public AttributeType type() {
      return AttributeType.BYTES;
    }
  }
}
