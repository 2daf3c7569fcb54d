package dev.sampan.wasm.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of packed integers of 8 bits. */
@SuppressWarnings("NullAway") // the guest's null is not tested for but caught
public abstract class ByteArray extends ArrayObject {

  /** The elements. */
  public final byte[] elements;

  /**
   * An array of zeros.
   *
   * @param length unsigned
   * @throws dev.sampan.wasm.Trap if so many elements cannot be had
   */
  protected ByteArray(int length) {
    elements = allocate(length);
  }

  private static byte[] allocate(int length) {
    try {
      return new byte[length];
    } catch (NegativeArraySizeException | OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  // ---- for compiled code ----

  /** {@code array.get_s}. */
  public static int getS(@Nullable Object array, int index) {
    try {
      return ((ByteArray) array).elements[index];
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** {@code array.get_u}. */
  public static int getU(@Nullable Object array, int index) {
    return getS(array, index) & 0xFF;
  }

  /** {@code array.set}. */
  public static void set(@Nullable Object array, int index, int value) {
    try {
      ((ByteArray) array).elements[index] = (byte) value;
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** Sets an element and gives the array back: one step of {@code array.new_fixed}. */
  public static Object put(int value, Object array, int index) {
    set(array, index, value);
    return array;
  }

  /** Sets all elements and gives the array back: the end of {@code array.new}. */
  public static Object filled(int value, Object array) {
    Arrays.fill(((ByteArray) array).elements, (byte) value);
    return array;
  }

  /** {@code array.len}. */
  public static int count(@Nullable Object array) {
    try {
      return ((ByteArray) array).elements.length;
    } catch (NullPointerException e) {
      throw trap(e);
    }
  }

  /** {@code array.fill}. */
  public static void fill(@Nullable Object array, int index, int value, int count) {
    ByteArray target = (ByteArray) nonNull(array);
    target.checkRange(index, count);
    Arrays.fill(target.elements, index, index + count, (byte) value);
  }

  /** {@code array.copy}. */
  public static void copy(
      @Nullable Object array, int index, @Nullable Object source, int sourceIndex, int count) {
    ByteArray target = (ByteArray) nonNull(array);
    target.copy(index, nonNull(source), sourceIndex, count);
  }

  // ---- for everybody else ----

  @Override
  public final int length() {
    return elements.length;
  }

  @Override
  public final int elementBytes() {
    return 1;
  }

  @Override
  public final long number(int index) {
    return getS(this, index);
  }

  @Override
  public final void number(int index, long value) {
    set(this, index, (int) value);
  }

  @Override
  public final void fill(int index, int count, long low, long high) {
    fill(this, index, (int) low, count);
  }

  @Override
  public final void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    System.arraycopy(((ByteArray) source).elements, sourceIndex, elements, index, count);
  }

  @Override
  final void read(int index, byte[] bytes, int offset, int count) {
    System.arraycopy(bytes, offset, elements, index, count);
  }
}
