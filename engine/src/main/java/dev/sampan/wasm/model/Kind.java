package dev.sampan.wasm.model;

/**
 * A family of instructions: one rule of validation and one meaning up to the row's type. The kind
 * settles which {@link Immediates} follow the code.
 *
 * <p>Switches over kinds have no default branch, so a new kind shows as compile errors where work
 * is to be done.
 */
public enum Kind {
  // Control (Execution › Control Instructions)
  UNREACHABLE,
  NOP,
  BLOCK(Immediates.BLOCK_TYPE),
  LOOP(Immediates.BLOCK_TYPE),
  IF(Immediates.BLOCK_TYPE),
  ELSE,
  END,
  TRY_TABLE(Immediates.BLOCK_TYPE_CATCHES),
  THROW(Immediates.TAG),
  THROW_REF,
  BR(Immediates.LABEL),
  BR_IF(Immediates.LABEL),
  BR_TABLE(Immediates.LABELS),
  BR_ON_NULL(Immediates.LABEL),
  BR_ON_NON_NULL(Immediates.LABEL),
  BR_ON_CAST(Immediates.CAST),
  BR_ON_CAST_FAIL(Immediates.CAST),
  RETURN,
  CALL(Immediates.FUNC),
  CALL_REF(Immediates.TYPE),
  CALL_INDIRECT(Immediates.TYPE_TABLE),
  RETURN_CALL(Immediates.FUNC),
  RETURN_CALL_REF(Immediates.TYPE),
  RETURN_CALL_INDIRECT(Immediates.TYPE_TABLE),

  // The exceptions that came before 3.0; rewritten when a module is loaded
  LEGACY_TRY(Immediates.BLOCK_TYPE),
  LEGACY_CATCH(Immediates.TAG),
  LEGACY_CATCH_ALL,
  LEGACY_DELEGATE(Immediates.LABEL),
  LEGACY_RETHROW(Immediates.LABEL),

  // Parametric and variable
  DROP,
  SELECT,
  SELECT_TYPED(Immediates.VAL_TYPES),
  LOCAL_GET(Immediates.LOCAL),
  LOCAL_SET(Immediates.LOCAL),
  LOCAL_TEE(Immediates.LOCAL),
  GLOBAL_GET(Immediates.GLOBAL),
  GLOBAL_SET(Immediates.GLOBAL),

  // Tables
  TABLE_GET(Immediates.TABLE),
  TABLE_SET(Immediates.TABLE),
  TABLE_SIZE(Immediates.TABLE),
  TABLE_GROW(Immediates.TABLE),
  TABLE_FILL(Immediates.TABLE),
  TABLE_COPY(Immediates.TABLE_TABLE),
  TABLE_INIT(Immediates.ELEM_TABLE),
  ELEM_DROP(Immediates.ELEM),

  // Memories; the signature leaves out the address
  LOAD(Immediates.MEMARG),
  STORE(Immediates.MEMARG),
  LOAD_LANE(Immediates.MEMARG_LANE),
  STORE_LANE(Immediates.MEMARG_LANE),
  MEMORY_SIZE(Immediates.MEMORY),
  MEMORY_GROW(Immediates.MEMORY),
  MEMORY_FILL(Immediates.MEMORY),
  MEMORY_COPY(Immediates.MEMORY_MEMORY),
  MEMORY_INIT(Immediates.DATA_MEMORY),
  DATA_DROP(Immediates.DATA),
  ATOMIC_LOAD(Immediates.MEMARG),
  ATOMIC_STORE(Immediates.MEMARG),
  ATOMIC_RMW(Immediates.MEMARG),
  ATOMIC_CMPXCHG(Immediates.MEMARG),
  ATOMIC_WAIT(Immediates.MEMARG),
  ATOMIC_NOTIFY(Immediates.MEMARG),
  ATOMIC_FENCE(Immediates.FENCE),

  // Numbers; each has one method in Numerics, except constants
  /** The immediate follows the signature's result. */
  CONST,
  UNARY,
  BINARY,
  /** Two results: a method for the low word and one for the high word. */
  WIDE,

  // Vectors; a v128 is two halves of 64 bits
  /** Each half of the result depends on the same half of the operands alone. */
  VECTOR_UNARY,
  VECTOR_BINARY,
  VECTOR_TERNARY,
  VECTOR_SHIFT,
  /** Both halves yield one {@code i32}. */
  VECTOR_REDUCE,
  /** A half of the result may depend on both halves of an operand. */
  VECTOR_CROSS_UNARY,
  VECTOR_CROSS_BINARY,
  SPLAT,
  EXTRACT_LANE(Immediates.LANE),
  REPLACE_LANE(Immediates.LANE),
  SHUFFLE(Immediates.LANES),

  // References
  REF_NULL(Immediates.HEAP_TYPE),
  REF_IS_NULL,
  REF_AS_NON_NULL,
  REF_EQ,
  REF_FUNC(Immediates.FUNC),
  REF_TEST(Immediates.HEAP_TYPE),
  REF_CAST(Immediates.HEAP_TYPE),
  REF_I31,
  I31_GET,
  ANY_CONVERT_EXTERN,
  EXTERN_CONVERT_ANY,

  // Aggregates
  STRUCT_NEW(Immediates.TYPE),
  STRUCT_NEW_DEFAULT(Immediates.TYPE),
  STRUCT_GET(Immediates.TYPE_FIELD),
  STRUCT_SET(Immediates.TYPE_FIELD),
  ARRAY_NEW(Immediates.TYPE),
  ARRAY_NEW_DEFAULT(Immediates.TYPE),
  ARRAY_NEW_FIXED(Immediates.TYPE_COUNT),
  ARRAY_NEW_DATA(Immediates.TYPE_DATA),
  ARRAY_NEW_ELEM(Immediates.TYPE_ELEM),
  ARRAY_GET(Immediates.TYPE),
  ARRAY_SET(Immediates.TYPE),
  ARRAY_LEN,
  ARRAY_FILL(Immediates.TYPE),
  ARRAY_COPY(Immediates.TYPE_TYPE),
  ARRAY_INIT_DATA(Immediates.TYPE_DATA),
  ARRAY_INIT_ELEM(Immediates.TYPE_ELEM);

  private final Immediates immediates;

  Kind(Immediates immediates) {
    this.immediates = immediates;
  }

  Kind() {
    this(Immediates.NONE);
  }

  /** What follows the code; for {@link #CONST} ask the row. */
  Immediates immediates() {
    return immediates;
  }
}
