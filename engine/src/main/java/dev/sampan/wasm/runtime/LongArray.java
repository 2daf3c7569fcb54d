package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of integers of 64 bits. */
@SuppressWarnings("NullAway") // the guest's null is not tested for but caught
public abstract class LongArray extends ArrayObject {

  private static final VarHandle DATA =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The elements. */
  public final long[] elements;

  /**
   * An array of zeros.
   *
   * @param length unsigned
   * @throws dev.sampan.wasm.Trap if so many elements cannot be had
   */
  protected LongArray(int length) {
    elements = allocate(length);
  }

  private static long[] allocate(int length) {
    try {
      return new long[length];
    } catch (NegativeArraySizeException | OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  // ---- for compiled code ----

  /** {@code array.get}. */
  public static long get(@Nullable Object array, int index) {
    try {
      return ((LongArray) array).elements[index];
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** {@code array.set}. */
  public static void set(@Nullable Object array, int index, long value) {
    try {
      ((LongArray) array).elements[index] = value;
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** Sets an element and gives the array back: one step of {@code array.new_fixed}. */
  public static Object put(long value, Object array, int index) {
    set(array, index, value);
    return array;
  }

  /** Sets all elements and gives the array back: the end of {@code array.new}. */
  public static Object filled(long value, Object array) {
    Arrays.fill(((LongArray) array).elements, value);
    return array;
  }

  /** {@code array.len}. */
  public static int count(@Nullable Object array) {
    try {
      return ((LongArray) array).elements.length;
    } catch (NullPointerException e) {
      throw trap(e);
    }
  }

  /** {@code array.fill}. */
  public static void fill(@Nullable Object array, int index, long value, int count) {
    LongArray target = (LongArray) nonNull(array);
    target.checkRange(index, count);
    Arrays.fill(target.elements, index, index + count, value);
  }

  /** {@code array.copy}. */
  public static void copy(
      @Nullable Object array, int index, @Nullable Object source, int sourceIndex, int count) {
    LongArray target = (LongArray) nonNull(array);
    target.copy(index, nonNull(source), sourceIndex, count);
  }

  // ---- for everybody else ----

  @Override
  public final int length() {
    return elements.length;
  }

  @Override
  public final int elementBytes() {
    return 8;
  }

  @Override
  public final long number(int index) {
    return get(this, index);
  }

  @Override
  public final void number(int index, long value) {
    set(this, index, value);
  }

  @Override
  public final void fill(int index, int count, long low, long high) {
    fill(this, index, low, count);
  }

  @Override
  public final void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    System.arraycopy(((LongArray) source).elements, sourceIndex, elements, index, count);
  }

  @Override
  final void read(int index, byte[] bytes, int offset, int count) {
    for (int i = 0; i < count; i++) {
      elements[index + i] = (long) DATA.get(bytes, offset + 8 * i);
    }
  }
}
