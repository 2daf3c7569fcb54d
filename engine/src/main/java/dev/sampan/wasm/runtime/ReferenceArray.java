package dev.sampan.wasm.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of references. */
@SuppressWarnings("NullAway") // the guest's null is not tested for but caught
public abstract class ReferenceArray extends ArrayObject {

  /** The elements. */
  public final @Nullable Object[] elements;

  /**
   * An array of nulls.
   *
   * @param length unsigned
   * @throws dev.sampan.wasm.Trap if so many elements cannot be had
   */
  protected ReferenceArray(int length) {
    elements = allocate(length);
  }

  private static @Nullable Object[] allocate(int length) {
    try {
      return new Object[length];
    } catch (NegativeArraySizeException | OutOfMemoryError e) {
      throw tooLarge(length);
    }
  }

  // ---- for compiled code ----

  /** {@code array.get}. */
  public static @Nullable Object get(@Nullable Object array, int index) {
    try {
      return ((ReferenceArray) array).elements[index];
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** {@code array.set}. */
  public static void set(@Nullable Object array, int index, @Nullable Object value) {
    try {
      ((ReferenceArray) array).elements[index] = value;
    } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
      throw trap(e);
    }
  }

  /** Sets an element and gives the array back: one step of {@code array.new_fixed}. */
  public static Object put(@Nullable Object value, Object array, int index) {
    set(array, index, value);
    return array;
  }

  /** Sets all elements and gives the array back: the end of {@code array.new}. */
  public static Object filled(@Nullable Object value, Object array) {
    Arrays.fill(((ReferenceArray) array).elements, value);
    return array;
  }

  /** {@code array.len}. */
  public static int count(@Nullable Object array) {
    try {
      return ((ReferenceArray) array).elements.length;
    } catch (NullPointerException e) {
      throw trap(e);
    }
  }

  /** {@code array.fill}. */
  public static void fill(@Nullable Object array, int index, @Nullable Object value, int count) {
    nonNull(array).fill(index, count, value);
  }

  /** {@code array.copy}. */
  public static void copy(
      @Nullable Object array, int index, @Nullable Object source, int sourceIndex, int count) {
    ReferenceArray target = (ReferenceArray) nonNull(array);
    target.copy(index, nonNull(source), sourceIndex, count);
  }

  // ---- for everybody else ----

  @Override
  public final int length() {
    return elements.length;
  }

  @Override
  public final @Nullable Object reference(int index) {
    return get(this, index);
  }

  @Override
  public final void reference(int index, @Nullable Object value) {
    set(this, index, value);
  }

  @Override
  public final void fill(int index, int count, @Nullable Object value) {
    checkRange(index, count);
    Arrays.fill(elements, index, index + count, value);
  }

  @Override
  public final void copy(int index, ArrayObject source, int sourceIndex, int count) {
    checkRange(index, count);
    source.checkRange(sourceIndex, count);
    System.arraycopy(((ReferenceArray) source).elements, sourceIndex, elements, index, count);
  }

  @Override
  final void read(int index, @Nullable Object[] references, int offset, int count) {
    System.arraycopy(references, offset, elements, index, count);
  }
}
