package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** An array of vectors: two longs for each, the low half first. */
public abstract class VectorArray extends ArrayObject {

  private static final VarHandle DATA =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The halves of the elements. */
  public final long[] elements;

  /**
   * An array of zeros.
   *
   * @param length unsigned
   * @throws dev.sampan.wasm.Trap if so many elements cannot be had
   */
  protected VectorArray(int length) {
    elements = allocate(length);
  }

  private static long[] allocate(int length) {
    if (length < 0 || length > Integer.MAX_VALUE / 2) {
      throw tooLarge(length);
    }
    try {
      return new long[2 * length];
    } catch (OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  private static int check(long[] elements, int index) {
    // not left to the JVM, because twice the index may wrap
    if (Integer.compareUnsigned(index, elements.length >> 1) >= 0) {
      throw outOfBounds();
    }
    return 2 * index;
  }

  private static VectorArray array(@Nullable Object array) {
    return (VectorArray) nonNull(array);
  }

  // ---- for compiled code ----

  /** The low half of {@code array.get}. */
  public static long get(@Nullable Object array, int index) {
    long[] elements = array(array).elements;
    return elements[check(elements, index)];
  }

  /** The high half of {@code array.get}. */
  public static long getHigh(@Nullable Object array, int index) {
    long[] elements = array(array).elements;
    return elements[check(elements, index) + 1];
  }

  /** {@code array.set}. */
  public static void set(@Nullable Object array, int index, long low, long high) {
    long[] elements = array(array).elements;
    int i = check(elements, index);
    elements[i] = low;
    elements[i + 1] = high;
  }

  /** Sets an element and gives the array back: one step of {@code array.new_fixed}. */
  public static Object put(long low, long high, Object array, int index) {
    set(array, index, low, high);
    return array;
  }

  /** Sets all elements and gives the array back: the end of {@code array.new}. */
  public static Object filled(long low, long high, Object array) {
    fill(array, 0, low, high, ((VectorArray) array).length());
    return array;
  }

  /** {@code array.len}. */
  public static int count(@Nullable Object array) {
    return array(array).elements.length >> 1;
  }

  /** {@code array.fill}. */
  public static void fill(@Nullable Object array, int index, long low, long high, int count) {
    array(array).fill(index, count, low, high);
  }

  /** {@code array.copy}. */
  public static void copy(
      @Nullable Object array, int index, @Nullable Object source, int sourceIndex, int count) {
    VectorArray target = array(array);
    target.copy(index, nonNull(source), sourceIndex, count);
  }

  // ---- for everybody else ----

  @Override
  public final int length() {
    return elements.length >> 1;
  }

  @Override
  public final int elementBytes() {
    return 16;
  }

  @Override
  public final long number(int index) {
    return get(this, index);
  }

  @Override
  public final long high(int index) {
    return getHigh(this, index);
  }

  @Override
  public final void vector(int index, long low, long high) {
    set(this, index, low, high);
  }

  @Override
  public final void fill(int index, int count, long low, long high) {
    checkRange(index, count);
    for (int i = 2 * index; i < 2 * (index + count); i += 2) {
      elements[i] = low;
      elements[i + 1] = high;
    }
  }

  @Override
  public final void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    long[] from = ((VectorArray) source).elements;
    System.arraycopy(from, 2 * sourceIndex, elements, 2 * index, 2 * count);
  }

  @Override
  final void read(int index, byte[] bytes, int offset, int count) {
    for (int i = 0; i < 2 * count; i++) {
      elements[2 * index + i] = (long) DATA.get(bytes, offset + 8 * i);
    }
  }
}
