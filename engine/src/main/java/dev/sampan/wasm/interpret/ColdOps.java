package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.ModuleInstance;
import org.jspecify.annotations.Nullable;

/**
 * Runs the instructions that the loop leaves out. Operands lie in consecutive slots from a base on;
 * results take their place.
 */
final class ColdOps {

  private ColdOps() {}

  /**
   * Runs an instruction.
   *
   * @param first the word behind the instruction: indices, or the low half of lanes
   * @param second the word after that: an offset, or the high half of lanes
   */
  static void run(
      Opcode opcode,
      ModuleInstance instance,
      long[] numbers,
      @Nullable Object[] references,
      int base,
      long first,
      long second) {
    switch (opcode.kind()) {
      case VECTOR_UNARY -> VectorOps.unary(opcode, numbers, base);
      case VECTOR_BINARY -> VectorOps.binary(opcode, numbers, base);
      case VECTOR_TERNARY -> VectorOps.ternary(opcode, numbers, base);
      case VECTOR_SHIFT -> VectorOps.shift(opcode, numbers, base);
      case VECTOR_REDUCE -> VectorOps.reduce(opcode, numbers, base);
      case VECTOR_CROSS_UNARY -> VectorOps.crossUnary(opcode, numbers, base);
      case VECTOR_CROSS_BINARY -> VectorOps.crossBinary(opcode, numbers, base);
      case SPLAT -> VectorOps.splat(opcode, numbers, base);
      case EXTRACT_LANE -> VectorOps.extractLane(opcode, numbers, base, (int) first);
      case REPLACE_LANE -> VectorOps.replaceLane(opcode, numbers, base, (int) first);
      case SHUFFLE -> VectorOps.shuffle(numbers, base, first, second);
      case LOAD, STORE, LOAD_LANE, STORE_LANE -> {
        var memory = instance.memories()[(int) first];
        MemoryOps.access(opcode, memory, numbers, base, (int) (first >>> 32), second);
      }
      case ATOMIC_LOAD, ATOMIC_STORE, ATOMIC_RMW, ATOMIC_CMPXCHG, ATOMIC_WAIT, ATOMIC_NOTIFY ->
          MemoryOps.atomic(opcode, instance.memories()[(int) first], numbers, base, second);
      case MEMORY_GROW, MEMORY_FILL, MEMORY_COPY, MEMORY_INIT, DATA_DROP ->
          MemoryOps.bulk(opcode, instance, numbers, base, (int) first, (int) (first >>> 32));
      case TABLE_GET,
          TABLE_SET,
          TABLE_SIZE,
          TABLE_GROW,
          TABLE_FILL,
          TABLE_COPY,
          TABLE_INIT,
          ELEM_DROP ->
          TableOps.run(
              opcode, instance, numbers, references, base, (int) first, (int) (first >>> 32));
      case WIDE -> WideOps.run(opcode, numbers, base);
      case REF_FUNC -> references[base] = instance.function((int) first);
      case REF_AS_NON_NULL,
          REF_EQ,
          REF_TEST,
          REF_CAST,
          REF_I31,
          I31_GET,
          ANY_CONVERT_EXTERN,
          EXTERN_CONVERT_ANY ->
          ReferenceOps.run(opcode, instance, numbers, references, base, (int) first);
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, STRUCT_GET, STRUCT_SET ->
          StructOps.run(
              opcode, instance, numbers, references, base, (int) first, (int) (first >>> 32));
      case ARRAY_NEW,
          ARRAY_NEW_DEFAULT,
          ARRAY_NEW_FIXED,
          ARRAY_NEW_DATA,
          ARRAY_NEW_ELEM,
          ARRAY_GET,
          ARRAY_SET,
          ARRAY_LEN,
          ARRAY_FILL,
          ARRAY_COPY,
          ARRAY_INIT_DATA,
          ARRAY_INIT_ELEM ->
          ArrayOps.run(
              opcode, instance, numbers, references, base, (int) first, (int) (first >>> 32));
      default -> throw new AssertionError(opcode.text() + " was not expected here; please report");
    }
  }
}
