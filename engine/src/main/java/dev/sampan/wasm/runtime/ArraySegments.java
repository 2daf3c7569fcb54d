package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.DefType;
import org.jspecify.annotations.Nullable;

/** Fills arrays from a module's segments. Indices, offsets and counts are unsigned. */
public final class ArraySegments {

  private ArraySegments() {}

  /** {@code array.new_data}. */
  public static ArrayObject newData(
      Aggregates aggregates,
      DefType type,
      int offset,
      int count,
      ModuleInstance instance,
      int segment) {
    checkData(offset, count, instance, segment, ArrayObject.elementBytes(type));
    ArrayObject array = aggregates.array(type, count);
    initData(array, 0, offset, count, instance, segment);
    return array;
  }

  /** {@code array.new_elem}. */
  public static ArrayObject newElements(
      Aggregates aggregates,
      DefType type,
      int offset,
      int count,
      ModuleInstance instance,
      int segment) {
    checkElements(offset, count, instance, segment);
    ArrayObject array = aggregates.array(type, count);
    initElements(array, 0, offset, count, instance, segment);
    return array;
  }

  /**
   * Traps unless a data segment has the bytes for some elements: what {@code array.new_data} does
   * before it makes an array.
   */
  public static void checkData(
      int offset, int count, ModuleInstance instance, int segment, int elementBytes) {
    long bytes = Integer.toUnsignedLong(count) * elementBytes;
    if (Integer.toUnsignedLong(offset) + bytes > instance.dataSize(segment)) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
  }

  /** {@code array.init_data}. */
  public static void initData(
      @Nullable Object array,
      int index,
      int offset,
      int count,
      ModuleInstance instance,
      int segment) {
    ArrayObject target = ArrayObject.nonNull(array);
    target.checkRange(index, count);
    checkData(offset, count, instance, segment, target.elementBytes());
    DataSegment data = instance.data(segment);
    target.read(index, data.bytes(), data.start() + offset, count);
  }

  /**
   * Traps unless an element segment has some elements: what {@code array.new_elem} does before it
   * makes an array.
   */
  public static void checkElements(int offset, int count, ModuleInstance instance, int segment) {
    if (Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(count)
        > instance.element(segment).length) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_TABLE);
    }
  }

  /** {@code array.init_elem}. */
  public static void initElements(
      @Nullable Object array,
      int index,
      int offset,
      int count,
      ModuleInstance instance,
      int segment) {
    ArrayObject target = ArrayObject.nonNull(array);
    target.checkRange(index, count);
    checkElements(offset, count, instance, segment);
    target.read(index, instance.element(segment), offset, count);
  }
}
