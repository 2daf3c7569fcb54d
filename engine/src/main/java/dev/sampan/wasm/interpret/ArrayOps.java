package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.PackedType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.VecType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.ArrayObject;
import dev.sampan.wasm.runtime.ArraySegments;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.SlotAggregates;
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
      numbers[base] = ArrayObject.length(references[base]);
      return;
    }
    DefType type = instance.module().types().type(first);
    StorageType storage = ((ArrayType) type.composite()).element().storage();
    int width = storage == VecType.V128 ? 2 : 1;
    Aggregates aggregates = SlotAggregates.INSTANCE;
    switch (opcode.kind()) {
      case ARRAY_NEW -> {
        ArrayObject array = make(instance, type, (int) numbers[base + width]);
        fill(array, storage, 0, array.length(), numbers, references, base);
        references[base] = array;
      }
      case ARRAY_NEW_DEFAULT -> references[base] = make(instance, type, (int) numbers[base]);
      case ARRAY_NEW_FIXED -> {
        ArrayObject array = make(instance, type, second);
        for (int i = 0; i < second; i++) {
          set(array, storage, i, numbers, references, base + i * width);
        }
        references[base] = array;
      }
      case ARRAY_NEW_DATA -> {
        int offset = (int) numbers[base];
        int count = (int) numbers[base + 1];
        references[base] =
            made(
                ArraySegments.newData(aggregates, type, offset, count, instance, second),
                instance,
                type);
      }
      case ARRAY_INIT_DATA -> {
        int index = (int) numbers[base + 1];
        int offset = (int) numbers[base + 2];
        int count = (int) numbers[base + 3];
        ArraySegments.initData(references[base], index, offset, count, instance, second);
      }
      case ARRAY_NEW_ELEM -> {
        int offset = (int) numbers[base];
        int count = (int) numbers[base + 1];
        references[base] =
            made(
                ArraySegments.newElements(aggregates, type, offset, count, instance, second),
                instance,
                type);
      }
      case ARRAY_INIT_ELEM -> {
        int index = (int) numbers[base + 1];
        int offset = (int) numbers[base + 2];
        int count = (int) numbers[base + 3];
        ArraySegments.initElements(references[base], index, offset, count, instance, second);
      }
      case ARRAY_SET ->
          set(
              ArrayObject.nonNull(references[base]),
              storage,
              (int) numbers[base + 1],
              numbers,
              references,
              base + 2);
      case ARRAY_FILL -> {
        ArrayObject array = ArrayObject.nonNull(references[base]);
        int count = (int) numbers[base + 2 + width];
        fill(array, storage, (int) numbers[base + 1], count, numbers, references, base + 2);
      }
      case ARRAY_COPY ->
          ArrayObject.nonNull(references[base])
              .copy(
                  (int) numbers[base + 1],
                  ArrayObject.nonNull(references[base + 2]),
                  (int) numbers[base + 3],
                  (int) numbers[base + 4]);
      default -> get(opcode, storage, numbers, references, base);
    }
  }

  private static ArrayObject make(ModuleInstance instance, DefType type, int length) {
    HeapAccount.room(length, ArrayObject.width(type), instance.heap());
    ArrayObject array = SlotAggregates.INSTANCE.array(type, length);
    made(array, instance, type);
    return array;
  }

  private static Object made(ArrayObject array, ModuleInstance instance, DefType type) {
    return HeapAccount.madeArray(array, ArrayObject.width(type), instance.heap());
  }

  private static void get(
      Opcode opcode, StorageType storage, long[] numbers, @Nullable Object[] references, int base) {
    ArrayObject array = ArrayObject.nonNull(references[base]);
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
}
