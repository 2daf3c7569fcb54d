package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.VecType;

/** The classes of arrays that serve every type, and so keep it in a field. */
final class PlainArrays {

  private PlainArrays() {}

  /** An array whose elements have their default value. */
  static ArrayObject create(DefType type, int length) {
    return switch (((ArrayType) type.composite()).element().storage()) {
      case PackedType packed ->
          switch (packed) {
            case I8 -> new Bytes(type, length);
            case I16 -> new Shorts(type, length);
          };
      case NumType num ->
          switch (num) {
            case I32 -> new Ints(type, length);
            case I64 -> new Longs(type, length);
            case F32 -> new Floats(type, length);
            case F64 -> new Doubles(type, length);
          };
      case VecType vec -> new Vectors(type, length);
      case RefType ref -> new References(type, length);
    };
  }

  private static final class Bytes extends ByteArray {
    private final DefType type;

    Bytes(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Bytes(type, length);
    }
  }

  private static final class Shorts extends ShortArray {
    private final DefType type;

    Shorts(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Shorts(type, length);
    }
  }

  private static final class Ints extends IntArray {
    private final DefType type;

    Ints(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Ints(type, length);
    }
  }

  private static final class Longs extends LongArray {
    private final DefType type;

    Longs(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Longs(type, length);
    }
  }

  private static final class Floats extends FloatArray {
    private final DefType type;

    Floats(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Floats(type, length);
    }
  }

  private static final class Doubles extends DoubleArray {
    private final DefType type;

    Doubles(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Doubles(type, length);
    }
  }

  private static final class Vectors extends VectorArray {
    private final DefType type;

    Vectors(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new Vectors(type, length);
    }
  }

  private static final class References extends ReferenceArray {
    private final DefType type;

    References(DefType type, int length) {
      super(length);
      this.type = type;
    }

    @Override
    public DefType type() {
      return type;
    }

    @Override
    public ArrayObject blank(int length) {
      return new References(type, length);
    }
  }
}
