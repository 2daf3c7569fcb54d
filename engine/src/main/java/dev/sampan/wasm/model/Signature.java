package dev.sampan.wasm.model;

/**
 * The constant type of a regular instruction: what it pops and pushes besides the addresses and
 * immediates that its {@link Kind} adds. One constant per type that occurs.
 *
 * <p>Types are packed four bits each, the first operand lowest: 1 is {@code i32}, 2 {@code i64}, 3
 * {@code f32}, 4 {@code f64}, 5 {@code v128}. The numbers are those of {@link TypeCode}.
 */
public enum Signature {
  NONE(0x0, 0x0),
  TO_I32(0x0, 0x1),
  TO_I64(0x0, 0x2),
  TO_F32(0x0, 0x3),
  TO_F64(0x0, 0x4),
  I32(0x1, 0x0),
  I64(0x2, 0x0),
  F32(0x3, 0x0),
  F64(0x4, 0x0),
  I32_TO_I32(0x1, 0x1),
  I32_I32_TO_I32(0x11, 0x1),
  I64_TO_I32(0x2, 0x1),
  I64_I64_TO_I32(0x22, 0x1),
  F32_F32_TO_I32(0x33, 0x1),
  F64_F64_TO_I32(0x44, 0x1),
  I64_TO_I64(0x2, 0x2),
  I64_I64_TO_I64(0x22, 0x2),
  F32_TO_F32(0x3, 0x3),
  F32_F32_TO_F32(0x33, 0x3),
  F64_TO_F64(0x4, 0x4),
  F64_F64_TO_F64(0x44, 0x4),
  F32_TO_I32(0x3, 0x1),
  F64_TO_I32(0x4, 0x1),
  I32_TO_I64(0x1, 0x2),
  F32_TO_I64(0x3, 0x2),
  F64_TO_I64(0x4, 0x2),
  I32_TO_F32(0x1, 0x3),
  I64_TO_F32(0x2, 0x3),
  F64_TO_F32(0x4, 0x3),
  I32_TO_F64(0x1, 0x4),
  I64_TO_F64(0x2, 0x4),
  F32_TO_F64(0x3, 0x4),
  I64_I64_I64_I64_TO_I64_I64(0x2222, 0x22),
  I64_I64_TO_I64_I64(0x22, 0x22),
  TO_V128(0x0, 0x5),
  V128(0x5, 0x0),
  V128_TO_V128(0x5, 0x5),
  V128_V128_TO_V128(0x55, 0x5),
  I32_TO_V128(0x1, 0x5),
  I64_TO_V128(0x2, 0x5),
  F32_TO_V128(0x3, 0x5),
  F64_TO_V128(0x4, 0x5),
  V128_TO_I32(0x5, 0x1),
  V128_I32_TO_V128(0x15, 0x5),
  V128_TO_I64(0x5, 0x2),
  V128_I64_TO_V128(0x25, 0x5),
  V128_TO_F32(0x5, 0x3),
  V128_F32_TO_V128(0x35, 0x5),
  V128_TO_F64(0x5, 0x4),
  V128_F64_TO_V128(0x45, 0x5),
  V128_V128_V128_TO_V128(0x555, 0x5),
  I32_I64_TO_I32(0x21, 0x1);

  private final int parameters;
  private final int results;

  Signature(int parameters, int results) {
    this.parameters = parameters;
    this.results = results;
  }

  /** The operands' type codes, four bits each, the first operand in the lowest bits. */
  public int parameters() {
    return parameters;
  }

  /** The results' type codes, four bits each, the first result in the lowest bits. */
  public int results() {
    return results;
  }

  /** The number of operands. */
  public int parameterCount() {
    return count(parameters);
  }

  /** The number of results. */
  public int resultCount() {
    return count(results);
  }

  /** The type code of operand {@code index}. */
  public int parameter(int index) {
    return parameters >>> 4 * index & 0xF;
  }

  /** The type code of result {@code index}. */
  public int result(int index) {
    return results >>> 4 * index & 0xF;
  }

  private static int count(int packed) {
    return (35 - Integer.numberOfLeadingZeros(packed)) / 4;
  }
}
