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
      case Op.F32_ABS -> Float.floatToRawIntBits(Numerics.f32Abs(Float.intBitsToFloat((int) x)));
      case Op.F32_NEG -> Float.floatToRawIntBits(Numerics.f32Neg(Float.intBitsToFloat((int) x)));
      case Op.F32_CEIL -> Float.floatToRawIntBits(Numerics.f32Ceil(Float.intBitsToFloat((int) x)));
      case Op.F32_FLOOR ->
          Float.floatToRawIntBits(Numerics.f32Floor(Float.intBitsToFloat((int) x)));
      case Op.F32_TRUNC ->
          Float.floatToRawIntBits(Numerics.f32Trunc(Float.intBitsToFloat((int) x)));
      case Op.F32_NEAREST ->
          Float.floatToRawIntBits(Numerics.f32Nearest(Float.intBitsToFloat((int) x)));
      case Op.F32_SQRT -> Float.floatToRawIntBits(Numerics.f32Sqrt(Float.intBitsToFloat((int) x)));
      case Op.F32_MIN ->
          Float.floatToRawIntBits(
              Numerics.f32Min(Float.intBitsToFloat((int) x), Float.intBitsToFloat((int) y)));
      case Op.F32_MAX ->
          Float.floatToRawIntBits(
              Numerics.f32Max(Float.intBitsToFloat((int) x), Float.intBitsToFloat((int) y)));
      case Op.F32_COPYSIGN ->
          Float.floatToRawIntBits(
              Numerics.f32Copysign(Float.intBitsToFloat((int) x), Float.intBitsToFloat((int) y)));
      case Op.F64_CEIL -> Double.doubleToRawLongBits(Numerics.f64Ceil(Double.longBitsToDouble(x)));
      case Op.F64_FLOOR ->
          Double.doubleToRawLongBits(Numerics.f64Floor(Double.longBitsToDouble(x)));
      case Op.F64_TRUNC ->
          Double.doubleToRawLongBits(Numerics.f64Trunc(Double.longBitsToDouble(x)));
      case Op.F64_NEAREST ->
          Double.doubleToRawLongBits(Numerics.f64Nearest(Double.longBitsToDouble(x)));
      case Op.F64_MIN ->
          Double.doubleToRawLongBits(
              Numerics.f64Min(Double.longBitsToDouble(x), Double.longBitsToDouble(y)));
      case Op.F64_MAX ->
          Double.doubleToRawLongBits(
              Numerics.f64Max(Double.longBitsToDouble(x), Double.longBitsToDouble(y)));
      case Op.F64_COPYSIGN ->
          Double.doubleToRawLongBits(
              Numerics.f64Copysign(Double.longBitsToDouble(x), Double.longBitsToDouble(y)));
      case Op.I32_TRUNC_F32_S -> Numerics.i32TruncF32S(Float.intBitsToFloat((int) x));
      case Op.I32_TRUNC_F32_U -> Numerics.i32TruncF32U(Float.intBitsToFloat((int) x));
      case Op.I32_TRUNC_F64_U -> Numerics.i32TruncF64U(Double.longBitsToDouble(x));
      case Op.I64_TRUNC_F32_S -> Numerics.i64TruncF32S(Float.intBitsToFloat((int) x));
      case Op.I64_TRUNC_F32_U -> Numerics.i64TruncF32U(Float.intBitsToFloat((int) x));
      case Op.I64_TRUNC_F64_S -> Numerics.i64TruncF64S(Double.longBitsToDouble(x));
      case Op.I64_TRUNC_F64_U -> Numerics.i64TruncF64U(Double.longBitsToDouble(x));
      case Op.F32_CONVERT_I32_S -> Float.floatToRawIntBits(Numerics.f32ConvertI32S((int) x));
      case Op.F32_CONVERT_I32_U -> Float.floatToRawIntBits(Numerics.f32ConvertI32U((int) x));
      case Op.F32_CONVERT_I64_S -> Float.floatToRawIntBits(Numerics.f32ConvertI64S(x));
      case Op.F32_CONVERT_I64_U -> Float.floatToRawIntBits(Numerics.f32ConvertI64U(x));
      case Op.F32_DEMOTE_F64 ->
          Float.floatToRawIntBits(Numerics.f32DemoteF64(Double.longBitsToDouble(x)));
      case Op.F64_CONVERT_I32_U -> Double.doubleToRawLongBits(Numerics.f64ConvertI32U((int) x));
      case Op.F64_CONVERT_I64_S -> Double.doubleToRawLongBits(Numerics.f64ConvertI64S(x));
      case Op.F64_CONVERT_I64_U -> Double.doubleToRawLongBits(Numerics.f64ConvertI64U(x));
      case Op.F64_PROMOTE_F32 ->
          Double.doubleToRawLongBits(Numerics.f64PromoteF32(Float.intBitsToFloat((int) x)));
      case Op.I32_REINTERPRET_F32 -> (int) x;
      case Op.F32_REINTERPRET_I32 -> (int) x;
      case Op.I32_EXTEND16_S -> Numerics.i32Extend16S((int) x);
      case Op.I64_EXTEND8_S -> Numerics.i64Extend8S(x);
      case Op.I64_EXTEND16_S -> Numerics.i64Extend16S(x);
      case Op.I64_EXTEND32_S -> Numerics.i64Extend32S(x);
      case Op.I32_TRUNC_SAT_F32_S -> Numerics.i32TruncSatF32S(Float.intBitsToFloat((int) x));
      case Op.I32_TRUNC_SAT_F32_U -> Numerics.i32TruncSatF32U(Float.intBitsToFloat((int) x));
      case Op.I32_TRUNC_SAT_F64_U -> Numerics.i32TruncSatF64U(Double.longBitsToDouble(x));
      case Op.I64_TRUNC_SAT_F32_S -> Numerics.i64TruncSatF32S(Float.intBitsToFloat((int) x));
      case Op.I64_TRUNC_SAT_F32_U -> Numerics.i64TruncSatF32U(Float.intBitsToFloat((int) x));
      case Op.I64_TRUNC_SAT_F64_S -> Numerics.i64TruncSatF64S(Double.longBitsToDouble(x));
      case Op.I64_TRUNC_SAT_F64_U -> Numerics.i64TruncSatF64U(Double.longBitsToDouble(x));
      default -> throw new AssertionError("unknown instruction " + op + "; please report");
    };
  }
}
