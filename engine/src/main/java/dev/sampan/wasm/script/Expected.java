package dev.sampan.wasm.script;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a script expects of one result. */
public sealed interface Expected {

  /** Which values that are not a number are meant. */
  enum NanKind {
    /** The payload's highest bit alone is set. */
    CANONICAL,
    /** The payload's highest bit is set. */
    ARITHMETIC;

    @Override
    public String toString() {
      return this == CANONICAL ? "nan:canonical" : "nan:arithmetic";
    }
  }

  /** What sort of reference, other than null, is meant. */
  enum RefKind {
    ANY,
    EQ,
    I31,
    STRUCT,
    ARRAY,
    FUNC,
    EXTERN,
    EXN,
    HOST
  }

  /** An {@code i32}. */
  record Int32(int value) implements Expected {
    @Override
    public String toString() {
      return "(i32.const " + value + ")";
    }
  }

  /** An {@code i64}. */
  record Int64(long value) implements Expected {
    @Override
    public String toString() {
      return "(i64.const " + value + ")";
    }
  }

  /** An {@code f32} of exactly these bits. */
  record Float32(int bits) implements Expected {
    @Override
    public String toString() {
      return "(f32.const " + Float.intBitsToFloat(bits) + " = 0x" + Integer.toHexString(bits) + ")";
    }
  }

  /** An {@code f64} of exactly these bits. */
  record Float64(long bits) implements Expected {
    @Override
    public String toString() {
      return "(f64.const " + Double.longBitsToDouble(bits) + " = 0x" + Long.toHexString(bits) + ")";
    }
  }

  /** An {@code f32} that is not a number. */
  record Nan32(NanKind kind) implements Expected {
    @Override
    public String toString() {
      return "(f32.const " + kind + ")";
    }
  }

  /** An {@code f64} that is not a number. */
  record Nan64(NanKind kind) implements Expected {
    @Override
    public String toString() {
      return "(f64.const " + kind + ")";
    }
  }

  /**
   * A vector.
   *
   * @param laneBits the width of a lane
   * @param lanes for each lane a number or float; integers are {@link Int64}, sign-extended
   */
  record Vector(int laneBits, List<Expected> lanes) implements Expected {
    @Override
    public String toString() {
      return lanes.stream().map(Object::toString).collect(Collectors.joining(" ", "(v128 ", ")"));
    }
  }

  /** A null reference of any type. */
  record Null() implements Expected {
    @Override
    public String toString() {
      return "(ref.null)";
    }
  }

  /** Any reference of a sort. */
  record Reference(RefKind kind) implements Expected {
    @Override
    public String toString() {
      return "(ref." + kind.name().toLowerCase(Locale.ROOT) + ")";
    }
  }

  /** A certain object of the host. */
  record Host(HostRef object) implements Expected {
    @Override
    public String toString() {
      return "(ref.extern " + object.number() + ")";
    }
  }

  /** One of several. */
  record Either(List<Expected> alternatives) implements Expected {
    @Override
    public String toString() {
      return alternatives.stream()
          .map(Object::toString)
          .collect(Collectors.joining(" ", "(either ", ")"));
    }
  }
}
