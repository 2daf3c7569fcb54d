package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.VecType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array: a Java array of the narrowest fitting type; a vector takes two longs. Indices are
 * unsigned, and every access checks them.
 */
public final class ArrayObject extends Aggregate {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** byte[], short[], int[], long[] or Object[]. */
  private final Object elements;

  private final int length;

  /**
   * An array whose elements have their default value.
   *
   * @param length unsigned
   * @throws Trap if so many elements cannot be had
   */
  public ArrayObject(DefType type, int length) {
    super(type);
    this.length = length;
    StorageType storage = ((ArrayType) type.composite()).element().storage();
    if (length < 0 || storage == VecType.V128 && length > Integer.MAX_VALUE / 2 - 8) {
      throw tooLarge(length);
    }
    try {
      this.elements = allocate(storage, length);
    } catch (OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  private static Trap tooLarge(int length) {
    return new Trap(
        Trap.Kind.ALLOCATION_FAILURE,
        "allocation failure: an array of " + Integer.toUnsignedString(length) + " elements");
  }

  private static Object allocate(StorageType storage, int length) {
    return switch (storage) {
      case PackedType packed ->
          switch (packed) {
            case I8 -> new byte[length];
            case I16 -> new short[length];
          };
      case NumType num ->
          switch (num) {
            case I32, F32 -> new int[length];
            case I64, F64 -> new long[length];
          };
      case VecType vec -> new long[2 * length];
      case RefType ref -> new Object[length];
    };
  }

  /** The number of elements. */
  public int length() {
    return length;
  }

  /** Traps unless a range of elements, given unsigned, lies in the array. */
  public void checkRange(int index, int count) {
    if (Integer.toUnsignedLong(index) + Integer.toUnsignedLong(count) > length) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_ARRAY);
    }
  }

  private int check(int index) {
    if (Integer.compareUnsigned(index, length) >= 0) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_ARRAY);
    }
    return index;
  }

  /** An element that is a number, as a slot holds it; of a vector the low half. */
  public long number(int index) {
    int i = check(index);
    return switch (elements) {
      case byte[] bytes -> bytes[i];
      case short[] shorts -> shorts[i];
      case int[] ints -> ints[i];
      case long[] longs -> longs.length == length ? longs[i] : longs[2 * i];
      default -> throw notNumbers();
    };
  }

  /** The high half of an element that is a vector. */
  public long high(int index) {
    return ((long[]) elements)[2 * check(index) + 1];
  }

  /** Sets an element that is a number. */
  public void number(int index, long value) {
    int i = check(index);
    switch (elements) {
      case byte[] bytes -> bytes[i] = (byte) value;
      case short[] shorts -> shorts[i] = (short) value;
      case int[] ints -> ints[i] = (int) value;
      case long[] longs -> longs[i] = value;
      default -> throw notNumbers();
    }
  }

  /** Sets an element that is a vector. */
  public void vector(int index, long low, long high) {
    int i = check(index);
    long[] longs = (long[]) elements;
    longs[2 * i] = low;
    longs[2 * i + 1] = high;
  }

  /** An element that is a reference. */
  public @Nullable Object reference(int index) {
    return ((@Nullable Object[]) elements)[check(index)];
  }

  /** Sets an element that is a reference. */
  public void reference(int index, @Nullable Object value) {
    ((@Nullable Object[]) elements)[check(index)] = value;
  }

  /** Sets a range of numbers or vectors. */
  public void fill(int index, int count, long low, long high) {
    checkRange(index, count);
    int end = index + count;
    switch (elements) {
      case byte[] bytes -> Arrays.fill(bytes, index, end, (byte) low);
      case short[] shorts -> Arrays.fill(shorts, index, end, (short) low);
      case int[] ints -> Arrays.fill(ints, index, end, (int) low);
      case long[] longs -> {
        if (longs.length == length) {
          Arrays.fill(longs, index, end, low);
        } else {
          for (int i = index; i < end; i++) {
            vector(i, low, high);
          }
        }
      }
      default -> throw notNumbers();
    }
  }

  /** Sets a range of references. */
  public void fill(int index, int count, @Nullable Object value) {
    checkRange(index, count);
    Arrays.fill((@Nullable Object[]) elements, index, index + count, value);
  }

  /** Copies a range from an array of a matching type, which may be this one. */
  @SuppressWarnings("SuspiciousSystemArraycopy") // validation has matched the types
  public void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    boolean pairs = elements instanceof long[] longs && longs.length != length;
    int factor = pairs ? 2 : 1;
    System.arraycopy(
        source.elements, sourceIndex * factor, elements, index * factor, count * factor);
  }

  /** The bytes that one element takes in a data segment. */
  public static int elementBytes(DefType type) {
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

  /** Sets a range from bytes, which the caller has checked to be enough. */
  public void read(int index, byte[] bytes, int offset, int count) {
    switch (elements) {
      case byte[] target -> System.arraycopy(bytes, offset, target, index, count);
      case short[] target -> {
        for (int i = 0; i < count; i++) {
          target[index + i] = (short) SHORTS.get(bytes, offset + 2 * i);
        }
      }
      case int[] target -> {
        for (int i = 0; i < count; i++) {
          target[index + i] = (int) INTS.get(bytes, offset + 4 * i);
        }
      }
      case long[] target -> {
        int factor = target.length == length ? 1 : 2;
        for (int i = 0; i < factor * count; i++) {
          target[factor * index + i] = (long) LONGS.get(bytes, offset + 8 * i);
        }
      }
      default -> throw notNumbers();
    }
  }

  private static AssertionError notNumbers() {
    return new AssertionError("an array of references was used as numbers; please report");
  }
}
