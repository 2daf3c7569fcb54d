package dev.sampan.wasm.interpret;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.StructObject;
import org.jspecify.annotations.Nullable;

/** Runs the instructions on arrays. */
final class ArrayOps {

  private ArrayOps() {}

  static void run(
      Opcode opcode,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int base,
      int first,
      int second) {
    if (opcode == Opcode.ARRAY_LEN) {
      numbers[base] = array(references[base]).length();
      return;
    }
    DefType type = instance.module().types().type(first);
    StorageType storage = ((ArrayType) type.composite()).element().storage();
    int width = storage == VecType.V128 ? 2 : 1;
    switch (opcode.kind()) {
      case ARRAY_NEW -> {
        ArrayObject array = new ArrayObject(type, (int) numbers[base + width]);
        fill(array, storage, 0, array.length(), numbers, references, base);
        references[base] = array;
      }
      case ARRAY_NEW_DEFAULT -> references[base] = new ArrayObject(type, (int) numbers[base]);
      case ARRAY_NEW_FIXED -> {
        ArrayObject array = new ArrayObject(type, second);
        for (int i = 0; i < second; i++) {
          set(array, storage, i, numbers, references, base + i * width);
        }
        references[base] = array;
      }
      case ARRAY_NEW_DATA -> {
        int offset = (int) numbers[base];
        int count = (int) numbers[base + 1];
        int start = checkData(instance, type, second, offset, count);
        ArrayObject array = new ArrayObject(type, count);
        array.read(0, instance.data(second).bytes(), start, count);
        references[base] = array;
      }
      case ARRAY_INIT_DATA -> {
        ArrayObject array = array(references[base]);
        int index = (int) numbers[base + 1];
        int count = (int) numbers[base + 3];
        array.checkRange(index, count);
        int start = checkData(instance, type, second, (int) numbers[base + 2], count);
        array.read(index, instance.data(second).bytes(), start, count);
      }
      case ARRAY_NEW_ELEM -> {
        int offset = (int) numbers[base];
        int count = (int) numbers[base + 1];
        checkElements(instance, second, offset, count);
        ArrayObject array = new ArrayObject(type, count);
        copyElements(array, 0, instance.element(second), offset, count);
        references[base] = array;
      }
      case ARRAY_INIT_ELEM -> {
        ArrayObject array = array(references[base]);
        int index = (int) numbers[base + 1];
        int offset = (int) numbers[base + 2];
        int count = (int) numbers[base + 3];
        array.checkRange(index, count);
        checkElements(instance, second, offset, count);
        copyElements(array, index, instance.element(second), offset, count);
      }
      case ARRAY_SET ->
          set(
              array(references[base]),
              storage,
              (int) numbers[base + 1],
              numbers,
              references,
              base + 2);
      case ARRAY_FILL -> {
        ArrayObject array = array(references[base]);
        int count = (int) numbers[base + 2 + width];
        fill(array, storage, (int) numbers[base + 1], count, numbers, references, base + 2);
      }
      case ARRAY_COPY ->
          array(references[base])
              .copy(
                  (int) numbers[base + 1],
                  array(references[base + 2]),
                  (int) numbers[base + 3],
                  (int) numbers[base + 4]);
      default -> get(opcode, storage, numbers, references, base);
    }
  }

  private static void get(
      Opcode opcode, StorageType storage, long[] numbers, @Nullable Object[] references, int base) {
    ArrayObject array = array(references[base]);
    int index = (int) numbers[base + 1];
    switch (storage) {
      case RefType ref -> references[base] = array.reference(index);
      case PackedType packed ->
          numbers[base] =
              StructObject.unpack(array.number(index), packed, opcode == Opcode.ARRAY_GET_S);
      case VecType vec -> {
        numbers[base] = array.number(index);
        numbers[base + 1] = array.high(index);
      }
      default -> numbers[base] = array.number(index);
    }
  }

  private static ArrayObject array(@Nullable Object reference) {
    if (reference == null) {
      throw new Trap(Trap.Kind.NULL_ARRAY_REFERENCE);
    }
    return (ArrayObject) reference;
  }

  private static void set(
      ArrayObject array,
      StorageType storage,
      int index,
      long[] numbers,
      @Nullable Object[] references,
      int source) {
    switch (storage) {
      case RefType ref -> array.reference(index, references[source]);
      case VecType vec -> array.vector(index, numbers[source], numbers[source + 1]);
      default -> array.number(index, numbers[source]);
    }
  }

  private static void fill(
      ArrayObject array,
      StorageType storage,
      int index,
      int count,
      long[] numbers,
      @Nullable Object[] references,
      int source) {
    if (storage instanceof RefType) {
      array.fill(index, count, references[source]);
    } else {
      long high = storage == VecType.V128 ? numbers[source + 1] : 0;
      array.fill(index, count, numbers[source], high);
    }
  }

  /** Where in the segment's array the bytes begin, after a look whether they are all there. */
  private static int checkData(
      ModuleInstance instance, DefType type, int segment, int offset, int count) {
    long bytes = Integer.toUnsignedLong(count) * ArrayObject.elementBytes(type);
    if (Integer.toUnsignedLong(offset) + bytes > instance.dataSize(segment)) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    DataSegment data = instance.data(segment);
    return data.start() + offset;
  }

  private static void checkElements(ModuleInstance instance, int segment, int offset, int count) {
    if (Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(count)
        > instance.element(segment).length) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_TABLE);
    }
  }

  private static void copyElements(
      ArrayObject array, int index, @Nullable Object[] segment, int offset, int count) {
    for (int i = 0; i < count; i++) {
      array.reference(index + i, segment[offset + i]);
    }
  }
}
