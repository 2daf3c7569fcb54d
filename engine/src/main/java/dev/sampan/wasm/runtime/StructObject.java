package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.VecType;
import org.jspecify.annotations.Nullable;

/** A structure. Its fields are reached by their index; compiled code knows better ways. */
public abstract non-sealed class StructObject extends Aggregate {

  /** For the classes of single types. */
  protected StructObject() {}

  /** A structure of the same type whose fields have their default values. */
  public abstract StructObject blank();

  /**
   * A field that is a number, as a slot holds it; of a vector the low half, of a packed integer
   * only the low bits count.
   */
  public long number(int field) {
    throw unknown(field);
  }

  /** The high half of a field that is a vector. */
  public long high(int field) {
    throw unknown(field);
  }

  /** A field that is a reference. */
  public @Nullable Object reference(int field) {
    throw unknown(field);
  }

  /** Sets a field that is a number. */
  public void number(int field, long value) {
    throw unknown(field);
  }

  /** Sets a field that is a vector. */
  public void vector(int field, long low, long high) {
    throw unknown(field);
  }

  /** Sets a field that is a reference. */
  public void reference(int field, @Nullable Object value) {
    throw unknown(field);
  }

  /** The bytes that a structure of a type takes, about. */
  public static int bytes(DefType type) {
    int bytes = HeapAccount.HEADER;
    for (FieldType field : ((StructType) type.composite()).fields()) {
      bytes += field.storage() == VecType.V128 ? 16 : 8;
    }
    return bytes;
  }

  private AssertionError unknown(int field) {
    return new AssertionError(
        "field " + field + " of " + type() + " was used as what it is not; please report");
  }

  /** The bits of a packed integer, extended to an {@code i32}. */
  public static int unpack(long bits, PackedType type, boolean signed) {
    return switch (type) {
      case I8 -> signed ? (byte) bits : (int) bits & 0xFF;
      case I16 -> signed ? (short) bits : (int) bits & 0xFFFF;
    };
  }

  /** What a guest gets that asks for a field of null. */
  public static Trap nullReference() {
    return new Trap(Trap.Kind.NULL_STRUCTURE_REFERENCE);
  }

  /** A reference as a structure. */
  public static StructObject nonNull(@Nullable Object reference) {
    if (reference == null) {
      throw nullReference();
    }
    return (StructObject) reference;
  }
}
