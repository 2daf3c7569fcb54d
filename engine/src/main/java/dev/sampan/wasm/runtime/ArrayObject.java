package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.VecType;
import org.jspecify.annotations.Nullable;

/**
 * An array: a Java array of the narrowest fitting type. Indices are unsigned, and every access
 * checks them.
 *
 * <p>The methods here serve those who know an element's type only when they run. Compiled code uses
 * the static methods of the classes for the element types; each is named for its instruction, takes
 * its operands in their order, and is small enough to be inlined always.
 */
public abstract non-sealed class ArrayObject extends Aggregate {

  /** For the classes of the element types. */
  ArrayObject() {}

  /** An array of the same type whose elements have their default value. */
  public abstract ArrayObject blank(int length);

  /** The number of elements. */
  public abstract int length();

  /** The number of elements of an array of any type: {@code array.len}. */
  public static int length(@Nullable Object array) {
    return nonNull(array).length();
  }

  /** Traps unless a range of elements, given unsigned, lies in the array. */
  public final void checkRange(int index, int count) {
    if (Integer.toUnsignedLong(index) + Integer.toUnsignedLong(count) > length()) {
      throw outOfBounds();
    }
  }

  /** An element that is a number, as a slot holds it; of a vector the low half. */
  public long number(int index) {
    throw notThese();
  }

  /** The high half of an element that is a vector. */
  public long high(int index) {
    throw notThese();
  }

  /** An element that is a reference. */
  public @Nullable Object reference(int index) {
    throw notThese();
  }

  /** Sets an element that is a number. */
  public void number(int index, long value) {
    throw notThese();
  }

  /** Sets an element that is a vector. */
  public void vector(int index, long low, long high) {
    throw notThese();
  }

  /** Sets an element that is a reference. */
  public void reference(int index, @Nullable Object value) {
    throw notThese();
  }

  /** Sets a range of numbers or vectors. */
  public void fill(int index, int count, long low, long high) {
    throw notThese();
  }

  /** Sets a range of references. */
  public void fill(int index, int count, @Nullable Object value) {
    throw notThese();
  }

  /** Copies a range from an array of a matching type, which may be this one. */
  public abstract void copy(int index, ArrayObject source, int sourceIndex, int count);

  /** The bytes that one element takes in a data segment. */
  public int elementBytes() {
    throw notThese();
  }

  /** Sets a range from bytes; the caller has checked that both are there. */
  void read(int index, byte[] bytes, int offset, int count) {
    throw notThese();
  }

  /** Sets a range from references; the caller has checked that both are there. */
  void read(int index, @Nullable Object[] references, int offset, int count) {
    throw notThese();
  }

  /** The bytes that one element of a type takes in a data segment. */
  static int elementBytes(DefType type) {
    return switch (((ArrayType) type.composite()).element().storage()) {
      case PackedType packed -> packed == PackedType.I8 ? 1 : 2;
      case NumType num ->
          switch (num) {
            case I32, F32 -> 4;
            case I64, F64 -> 8;
          };
      case VecType vec -> 16;
      case RefType ref -> throw new AssertionError("references lie in no data segment");
    };
  }

  /** The bytes that one element of a type takes, or counts as. */
  public static int width(DefType type) {
    return ((ArrayType) type.composite()).element().storage() instanceof RefType
        ? REFERENCE_BYTES
        : elementBytes(type);
  }

  private static final int REFERENCE_BYTES = 4;

  private AssertionError notThese() {
    return new AssertionError(
        "elements of " + type() + " were used as what they are not; please report");
  }

  // ---- traps ----

  /** A reference as an array. */
  public static ArrayObject nonNull(@Nullable Object reference) {
    if (reference == null) {
      throw new Trap(Trap.Kind.NULL_ARRAY_REFERENCE);
    }
    return (ArrayObject) reference;
  }

  /** The trap for what the JVM found wrong with an access to an element. */
  static Trap trap(RuntimeException found) {
    return found instanceof NullPointerException
        ? new Trap(Trap.Kind.NULL_ARRAY_REFERENCE)
        : outOfBounds();
  }

  static Trap outOfBounds() {
    return new Trap(Trap.Kind.OUT_OF_BOUNDS_ARRAY);
  }

  static Trap tooLarge(int length) {
    return new Trap(
        Trap.Kind.ALLOCATION_FAILURE,
        "allocation failure: an array of " + Integer.toUnsignedString(length) + " elements");
  }
}
