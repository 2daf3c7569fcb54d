package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.Opcode;

/**
 * What instructions cost in fuel, by their kinds. The unit is a simple instruction; the ratios are
 * those of the work that they stand for, roughly. Instructions on ranges cost more the larger the
 * range is, and that part is paid when they are executed.
 */
public final class FuelCosts {

  /** How many bytes of a memory are filled or copied for a unit, as a power of two. */
  private static final int BYTES_LOG2 = 6;

  /** How many elements of a table or an array are set for a unit, as a power of two. */
  private static final int ELEMENTS_LOG2 = 3;

  private static final int FREE = 0;
  private static final int SIMPLE = 1;
  private static final int ACCESS = 2;
  private static final int VECTOR = 2;
  private static final int DIVISION = 8;
  private static final int CALL = 5;
  private static final int INDIRECT_CALL = 10;
  private static final int ATOMIC = 10;
  private static final int ALLOCATION = 10;
  private static final int RANGE = 10;
  private static final int GROWTH = 100;
  private static final int THROW = 50;

  /** What each function costs that is called, whatever it does. */
  static final int FUNCTION = 1;

  /** The costs by the rows of the opcode table. */
  private static final byte[] COSTS = new byte[Opcode.count()];

  static {
    for (int i = 0; i < COSTS.length; i++) {
      COSTS[i] = (byte) cost(Opcode.at(i));
    }
  }

  private FuelCosts() {}

  /** What an instruction costs whenever it is executed. */
  public static int of(Opcode opcode) {
    return COSTS[opcode.ordinal()];
  }

  private static int cost(Opcode opcode) {
    return switch (opcode.kind()) {
      case NOP, BLOCK, LOOP, ELSE, END, TRY_TABLE, DROP, UNREACHABLE, RETURN -> FREE;
      case LEGACY_TRY, LEGACY_CATCH, LEGACY_CATCH_ALL, LEGACY_DELEGATE, LEGACY_RETHROW -> FREE;
      case IF, BR, BR_IF, BR_TABLE, BR_ON_NULL, BR_ON_NON_NULL -> SIMPLE;
      case BR_ON_CAST, BR_ON_CAST_FAIL, REF_TEST, REF_CAST -> ACCESS;
      case SELECT, SELECT_TYPED, LOCAL_GET, LOCAL_SET, LOCAL_TEE, CONST -> SIMPLE;
      case GLOBAL_GET, GLOBAL_SET -> SIMPLE;
      case UNARY, BINARY -> isDivision(opcode) ? DIVISION : SIMPLE;
      case WIDE -> ACCESS;
      case LOAD, STORE, LOAD_LANE, STORE_LANE -> ACCESS;
      case MEMORY_SIZE, TABLE_SIZE -> SIMPLE;
      case TABLE_GET, TABLE_SET -> ACCESS;
      case MEMORY_GROW, TABLE_GROW -> GROWTH;
      case MEMORY_FILL, MEMORY_COPY, MEMORY_INIT -> RANGE;
      case TABLE_FILL, TABLE_COPY, TABLE_INIT -> RANGE;
      case DATA_DROP, ELEM_DROP -> SIMPLE;
      case ATOMIC_LOAD, ATOMIC_STORE, ATOMIC_RMW, ATOMIC_CMPXCHG, ATOMIC_FENCE -> ATOMIC;
      case ATOMIC_WAIT, ATOMIC_NOTIFY -> GROWTH;
      case CALL, RETURN_CALL -> CALL;
      case CALL_REF, CALL_INDIRECT, RETURN_CALL_REF, RETURN_CALL_INDIRECT -> INDIRECT_CALL;
      case THROW, THROW_REF -> THROW;
      case VECTOR_UNARY, VECTOR_BINARY, VECTOR_TERNARY, VECTOR_SHIFT, VECTOR_REDUCE -> VECTOR;
      case VECTOR_CROSS_UNARY, VECTOR_CROSS_BINARY -> VECTOR;
      case SPLAT, EXTRACT_LANE, REPLACE_LANE, SHUFFLE -> VECTOR;
      case REF_NULL, REF_IS_NULL, REF_AS_NON_NULL, REF_EQ, REF_FUNC -> SIMPLE;
      case REF_I31, I31_GET, ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> SIMPLE;
      case STRUCT_GET, STRUCT_SET, ARRAY_GET, ARRAY_SET, ARRAY_LEN -> ACCESS;
      case STRUCT_NEW, STRUCT_NEW_DEFAULT -> ALLOCATION;
      case ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_FIXED -> ALLOCATION;
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> ALLOCATION;
      case ARRAY_FILL, ARRAY_COPY, ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> RANGE;
    };
  }

  private static boolean isDivision(Opcode opcode) {
    return switch (opcode) {
      case I32_DIV_S,
          I32_DIV_U,
          I32_REM_S,
          I32_REM_U,
          I64_DIV_S,
          I64_DIV_U,
          I64_REM_S,
          I64_REM_U,
          F32_DIV,
          F64_DIV,
          F32_SQRT,
          F64_SQRT ->
          true;
      default -> false;
    };
  }

  /**
   * Of an instruction on a range, whose size is its last operand, how many of what is counted cost
   * a unit, as a power of two; of all others -1.
   */
  public static int rangeLog2(Opcode opcode) {
    return switch (opcode.kind()) {
      case MEMORY_FILL, MEMORY_COPY, MEMORY_INIT -> BYTES_LOG2;
      case MEMORY_GROW -> 0;
      case TABLE_GROW, TABLE_FILL, TABLE_COPY, TABLE_INIT -> ELEMENTS_LOG2;
      case ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> ELEMENTS_LOG2;
      case ARRAY_FILL, ARRAY_COPY, ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> ELEMENTS_LOG2;
      default -> -1;
    };
  }
}
