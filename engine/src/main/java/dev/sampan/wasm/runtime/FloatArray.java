package dev.sampan.wasm.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of floating-point numbers of 32 bits. */
@SuppressWarnings("NullAway") // the guest's null is not tested for but caught
public abstract class FloatArray extends ArrayObject {

  private static final VarHandle DATA =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** The elements. */
  public final float[] elements;

  /**
   * An array of zeros.
   *
   * @param length unsigned
   * @throws dev.sampan.wasm.Trap if so many elements cannot be had
   */
  protected FloatArray(int length) {
    elements = allocate(length);
  }

  private static float[] allocate(int length) {
    try {
      return new float[length];
    } catch (NegativeArraySizeException | OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  // ---- for compiled code ----

  /** {@code array.get}. */
  public static float get(@Nullable Object array, int index) {
    try {
      return ((FloatArray) array).elements[index];
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** {@code array.set}. */
  public static void set(@Nullable Object array, int index, float value) {
    try {
      ((FloatArray) array).elements[index] = value;
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** Sets an element and gives the array back: one step of {@code array.new_fixed}. */
  public static Object put(float value, Object array, int index) {
    set(array, index, value);
    return array;
  }

  /** Sets all elements and gives the array back: the end of {@code array.new}. */
  public static Object filled(float value, Object array) {
    Arrays.fill(((FloatArray) array).elements, value);
    return array;
  }

  /** {@code array.len}. */
  public static int count(@Nullable Object array) {
    try {
      return ((FloatArray) array).elements.length;
    } catch (NullPointerException e) {
      throw trap(e);
    }
  }

  /** {@code array.fill}. */
  public static void fill(@Nullable Object array, int index, float value, int count) {
    FloatArray target = (FloatArray) nonNull(array);
    target.checkRange(index, count);
    Arrays.fill(target.elements, index, index + count, value);
  }

  /** {@code array.copy}. */
  public static void copy(
      @Nullable Object array, int index, @Nullable Object source, int sourceIndex, int count) {
    FloatArray target = (FloatArray) nonNull(array);
    target.copy(index, nonNull(source), sourceIndex, count);
  }

  // ---- for everybody else ----

  @Override
  public final int length() {
    return elements.length;
  }

  @Override
  public final int elementBytes() {
    return 4;
  }

  @Override
  public final long number(int index) {
    return Float.floatToRawIntBits(get(this, index));
  }

  @Override
  public final void number(int index, long value) {
    set(this, index, Float.intBitsToFloat((int) value));
  }

  @Override
  public final void fill(int index, int count, long low, long high) {
    fill(this, index, Float.intBitsToFloat((int) low), count);
  }

  @Override
  public final void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    System.arraycopy(((FloatArray) source).elements, sourceIndex, elements, index, count);
  }

  @Override
  final void read(int index, byte[] bytes, int offset, int count) {
    for (int i = 0; i < count; i++) {
      elements[index + i] = Float.intBitsToFloat((int) DATA.get(bytes, offset + 4 * i));
    }
  }
}
