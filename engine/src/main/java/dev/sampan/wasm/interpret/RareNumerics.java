package dev.sampan.wasm.interpret;

import dev.sampan.wasm.runtime.Numerics;

/** The regular instructions that are too rare for a place in the loop. */
final class RareNumerics {

  private RareNumerics() {}

  /**
   * The result of an instruction, as a slot holds it.
   *
   * @param x the first operand, as a slot holds it
   * @param y the second operand, if there is one
   */
  static long apply(int op, long x, long y) {
    return switch (op) {
      case Op.I32_CLZ -> Numerics.i32Clz((int) x);
      case Op.I32_CTZ -> Numerics.i32Ctz((int) x);
      case Op.I32_POPCNT -> Numerics.i32Popcnt((int) x);
      case Op.I32_ROTR -> Numerics.i32Rotr((int) x, (int) y);
      case Op.I64_CLZ -> Numerics.i64Clz(x);
      case Op.I64_CTZ -> Numerics.i64Ctz(x);
      case Op.I64_POPCNT -> Numerics.i64Popcnt(x);
      case Op.I64_ROTR -> Numerics.i64Rotr(x, y);
      case Op.F32_ABS -> bits(Numerics.f32Abs(float32(x)));
      case Op.F32_NEG -> bits(Numerics.f32Neg(float32(x)));
      case Op.F32_CEIL -> bits(Numerics.f32Ceil(float32(x)));
      case Op.F32_FLOOR -> bits(Numerics.f32Floor(float32(x)));
      case Op.F32_TRUNC -> bits(Numerics.f32Trunc(float32(x)));
      case Op.F32_NEAREST -> bits(Numerics.f32Nearest(float32(x)));
      case Op.F32_SQRT -> bits(Numerics.f32Sqrt(float32(x)));
      case Op.F32_MIN -> bits(Numerics.f32Min(float32(x), float32(y)));
      case Op.F32_MAX -> bits(Numerics.f32Max(float32(x), float32(y)));
      case Op.F32_COPYSIGN -> bits(Numerics.f32Copysign(float32(x), float32(y)));
      case Op.F64_CEIL -> bits(Numerics.f64Ceil(float64(x)));
      case Op.F64_FLOOR -> bits(Numerics.f64Floor(float64(x)));
      case Op.F64_TRUNC -> bits(Numerics.f64Trunc(float64(x)));
      case Op.F64_NEAREST -> bits(Numerics.f64Nearest(float64(x)));
      case Op.F64_MIN -> bits(Numerics.f64Min(float64(x), float64(y)));
      case Op.F64_MAX -> bits(Numerics.f64Max(float64(x), float64(y)));
      case Op.F64_COPYSIGN -> bits(Numerics.f64Copysign(float64(x), float64(y)));
      case Op.I32_TRUNC_F32_S -> Numerics.i32TruncF32S(float32(x));
      case Op.I32_TRUNC_F32_U -> Numerics.i32TruncF32U(float32(x));
      case Op.I32_TRUNC_F64_U -> Numerics.i32TruncF64U(float64(x));
      case Op.I64_TRUNC_F32_S -> Numerics.i64TruncF32S(float32(x));
      case Op.I64_TRUNC_F32_U -> Numerics.i64TruncF32U(float32(x));
      case Op.I64_TRUNC_F64_S -> Numerics.i64TruncF64S(float64(x));
      case Op.I64_TRUNC_F64_U -> Numerics.i64TruncF64U(float64(x));
      case Op.F32_CONVERT_I32_S -> bits(Numerics.f32ConvertI32S((int) x));
      case Op.F32_CONVERT_I32_U -> bits(Numerics.f32ConvertI32U((int) x));
      case Op.F32_CONVERT_I64_S -> bits(Numerics.f32ConvertI64S(x));
      case Op.F32_CONVERT_I64_U -> bits(Numerics.f32ConvertI64U(x));
      case Op.F32_DEMOTE_F64 -> bits(Numerics.f32DemoteF64(float64(x)));
      case Op.F64_CONVERT_I32_U -> bits(Numerics.f64ConvertI32U((int) x));
      case Op.F64_CONVERT_I64_S -> bits(Numerics.f64ConvertI64S(x));
      case Op.F64_CONVERT_I64_U -> bits(Numerics.f64ConvertI64U(x));
      case Op.F64_PROMOTE_F32 -> bits(Numerics.f64PromoteF32(float32(x)));
      case Op.I32_REINTERPRET_F32 -> (int) x;
      case Op.F32_REINTERPRET_I32 -> (int) x;
      case Op.I32_EXTEND16_S -> Numerics.i32Extend16S((int) x);
      case Op.I64_EXTEND8_S -> Numerics.i64Extend8S(x);
      case Op.I64_EXTEND16_S -> Numerics.i64Extend16S(x);
      case Op.I64_EXTEND32_S -> Numerics.i64Extend32S(x);
      case Op.I32_TRUNC_SAT_F32_S -> Numerics.i32TruncSatF32S(float32(x));
      case Op.I32_TRUNC_SAT_F32_U -> Numerics.i32TruncSatF32U(float32(x));
      case Op.I32_TRUNC_SAT_F64_U -> Numerics.i32TruncSatF64U(float64(x));
      case Op.I64_TRUNC_SAT_F32_S -> Numerics.i64TruncSatF32S(float32(x));
      case Op.I64_TRUNC_SAT_F32_U -> Numerics.i64TruncSatF32U(float32(x));
      case Op.I64_TRUNC_SAT_F64_S -> Numerics.i64TruncSatF64S(float64(x));
      case Op.I64_TRUNC_SAT_F64_U -> Numerics.i64TruncSatF64U(float64(x));
      default -> throw new AssertionError("unknown instruction " + op + "; please report");
    };
  }

  private static float float32(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  private static double float64(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
