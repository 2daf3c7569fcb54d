package dev.sampan.wasm.model;

/** What follows an instruction's code in the binary format, in the order of the bytes. */
public enum Immediates {
  NONE,
  /** {@code blocktype}: {@code 0x40}, a value type, or a type index as s33. */
  BLOCK_TYPE,
  /** A block type, then a vector of catch clauses. */
  BLOCK_TYPE_CATCHES,
  LABEL,
  /** A vector of labels, then the default label. */
  LABELS,
  FUNC,
  TYPE,
  /** Type index, then table index. */
  TYPE_TABLE,
  TAG,
  LOCAL,
  GLOBAL,
  TABLE,
  /** Destination, then source. */
  TABLE_TABLE,
  /** Element segment, then table. */
  ELEM_TABLE,
  ELEM,
  MEMORY,
  /** Destination, then source. */
  MEMORY_MEMORY,
  /** Data segment, then memory. */
  DATA_MEMORY,
  DATA,
  /** Alignment exponent (bit 6: a memory index follows), then offset. */
  MEMARG,
  /** A memory argument, then a lane. */
  MEMARG_LANE,
  LANE,
  /** Sixteen lanes of the two operands together. */
  LANES,
  I32,
  I64,
  F32,
  F64,
  V128,
  /** A vector of value types. */
  VAL_TYPES,
  HEAP_TYPE,
  /** Flags for the nullability of both types, label, source and target heap type. */
  CAST,
  /** Type index, then field index. */
  TYPE_FIELD,
  /** Type index, then a number of operands. */
  TYPE_COUNT,
  TYPE_DATA,
  TYPE_ELEM,
  /** Destination's type, then source's. */
  TYPE_TYPE,
  /** One zero byte, kept for orderings weaker than sequential consistency. */
  FENCE
}
