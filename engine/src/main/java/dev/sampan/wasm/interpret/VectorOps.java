package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.VectorF32x4;
import dev.sampan.wasm.runtime.VectorF64x2;
import dev.sampan.wasm.runtime.VectorI16x8;
import dev.sampan.wasm.runtime.VectorI32x4;
import dev.sampan.wasm.runtime.VectorI64x2;
import dev.sampan.wasm.runtime.VectorI8x16;
import dev.sampan.wasm.runtime.Vectors;

/**
 * Runs the vector instructions. Operands lie in slots from a base on, two for each vector; the
 * result takes their place.
 */
final class VectorOps {

  private VectorOps() {}

  static void unary(Opcode opcode, long[] slots, int base) {
    slots[base] = unary(opcode, slots[base]);
    slots[base + 1] = unary(opcode, slots[base + 1]);
  }

  static void binary(Opcode opcode, long[] slots, int base) {
    slots[base] = binary(opcode, slots[base], slots[base + 2]);
    slots[base + 1] = binary(opcode, slots[base + 1], slots[base + 3]);
  }

  static void ternary(Opcode opcode, long[] slots, int base) {
    slots[base] = ternary(opcode, slots[base], slots[base + 2], slots[base + 4]);
    slots[base + 1] = ternary(opcode, slots[base + 1], slots[base + 3], slots[base + 5]);
  }

  static void shift(Opcode opcode, long[] slots, int base) {
    int count = (int) slots[base + 2];
    slots[base] = shift(opcode, slots[base], count);
    slots[base + 1] = shift(opcode, slots[base + 1], count);
  }

  static void reduce(Opcode opcode, long[] slots, int base) {
    slots[base] = reduce(opcode, slots[base], slots[base + 1]);
  }

  static void crossUnary(Opcode opcode, long[] slots, int base) {
    long low = slots[base];
    long high = slots[base + 1];
    slots[base] = crossUnaryLow(opcode, low, high);
    slots[base + 1] = crossUnaryHigh(opcode, low, high);
  }

  static void crossBinary(Opcode opcode, long[] slots, int base) {
    long a = slots[base];
    long b = slots[base + 1];
    long c = slots[base + 2];
    long d = slots[base + 3];
    slots[base] = crossBinaryLow(opcode, a, b, c, d);
    slots[base + 1] = crossBinaryHigh(opcode, a, b, c, d);
  }

  static void shuffle(long[] slots, int base, long lanesLow, long lanesHigh) {
    long a = slots[base];
    long b = slots[base + 1];
    long c = slots[base + 2];
    long d = slots[base + 3];
    slots[base] = VectorI8x16.i8x16ShuffleLow(a, b, c, d, lanesLow, lanesHigh);
    slots[base + 1] = VectorI8x16.i8x16ShuffleHigh(a, b, c, d, lanesLow, lanesHigh);
  }

  static void splat(Opcode opcode, long[] slots, int base) {
    long value = slots[base];
    long half =
        switch (opcode) {
          case I8X16_SPLAT -> VectorI8x16.i8x16Splat((int) value);
          case I16X8_SPLAT -> VectorI16x8.i16x8Splat((int) value);
          case I32X4_SPLAT -> VectorI32x4.i32x4Splat((int) value);
          case I64X2_SPLAT -> VectorI64x2.i64x2Splat(value);
          case F32X4_SPLAT -> VectorI32x4.i32x4Splat((int) value);
          case F64X2_SPLAT -> VectorI64x2.i64x2Splat(value);
          default -> throw unexpected(opcode);
        };
    slots[base] = half;
    slots[base + 1] = half;
  }

  static void extractLane(Opcode opcode, long[] slots, int base, int lane) {
    int perHalf = opcode.width() / 2;
    long half = slots[lane < perHalf ? base : base + 1];
    int at = lane % perHalf;
    slots[base] =
        switch (opcode) {
          case I8X16_EXTRACT_LANE_S -> VectorI8x16.i8x16ExtractLaneS(half, at);
          case I8X16_EXTRACT_LANE_U -> VectorI8x16.i8x16ExtractLaneU(half, at);
          case I16X8_EXTRACT_LANE_S -> VectorI16x8.i16x8ExtractLaneS(half, at);
          case I16X8_EXTRACT_LANE_U -> VectorI16x8.i16x8ExtractLaneU(half, at);
          case I32X4_EXTRACT_LANE, F32X4_EXTRACT_LANE -> VectorI32x4.i32x4ExtractLane(half, at);
          case I64X2_EXTRACT_LANE, F64X2_EXTRACT_LANE -> half;
          default -> throw unexpected(opcode);
        };
  }

  static void replaceLane(Opcode opcode, long[] slots, int base, int lane) {
    int perHalf = opcode.width() / 2;
    int slot = lane < perHalf ? base : base + 1;
    slots[slot] = replace(opcode.width(), slots[slot], slots[base + 2], lane % perHalf);
  }

  /**
   * A half with one lane replaced.
   *
   * @param lanes the number of lanes of a whole vector
   */
  static long replace(int lanes, long half, long value, int lane) {
    return switch (lanes) {
      case 16 -> VectorI8x16.i8x16ReplaceLane(half, (int) value, lane);
      case 8 -> VectorI16x8.i16x8ReplaceLane(half, (int) value, lane);
      case 4 -> VectorI32x4.i32x4ReplaceLane(half, (int) value, lane);
      default -> value;
    };
  }

  /** One half of an instruction on one vector. */
  private static long unary(Opcode opcode, long a) {
    return switch (opcode) {
      case V128_NOT -> Vectors.v128Not(a);
      case I8X16_ABS -> VectorI8x16.i8x16Abs(a);
      case I8X16_NEG -> VectorI8x16.i8x16Neg(a);
      case I8X16_POPCNT -> VectorI8x16.i8x16Popcnt(a);
      case F32X4_CEIL -> VectorF32x4.f32x4Ceil(a);
      case F32X4_FLOOR -> VectorF32x4.f32x4Floor(a);
      case F32X4_TRUNC -> VectorF32x4.f32x4Trunc(a);
      case F32X4_NEAREST -> VectorF32x4.f32x4Nearest(a);
      case F64X2_CEIL -> VectorF64x2.f64x2Ceil(a);
      case F64X2_FLOOR -> VectorF64x2.f64x2Floor(a);
      case F64X2_TRUNC -> VectorF64x2.f64x2Trunc(a);
      case I16X8_EXTADD_PAIRWISE_I8X16_S -> VectorI16x8.i16x8ExtaddPairwiseI8x16S(a);
      case I16X8_EXTADD_PAIRWISE_I8X16_U -> VectorI16x8.i16x8ExtaddPairwiseI8x16U(a);
      case I32X4_EXTADD_PAIRWISE_I16X8_S -> VectorI32x4.i32x4ExtaddPairwiseI16x8S(a);
      case I32X4_EXTADD_PAIRWISE_I16X8_U -> VectorI32x4.i32x4ExtaddPairwiseI16x8U(a);
      case I16X8_ABS -> VectorI16x8.i16x8Abs(a);
      case I16X8_NEG -> VectorI16x8.i16x8Neg(a);
      case F64X2_NEAREST -> VectorF64x2.f64x2Nearest(a);
      case I32X4_ABS -> VectorI32x4.i32x4Abs(a);
      case I32X4_NEG -> VectorI32x4.i32x4Neg(a);
      case I64X2_ABS -> VectorI64x2.i64x2Abs(a);
      case I64X2_NEG -> VectorI64x2.i64x2Neg(a);
      case F32X4_ABS -> VectorF32x4.f32x4Abs(a);
      case F32X4_NEG -> VectorF32x4.f32x4Neg(a);
      case F32X4_SQRT -> VectorF32x4.f32x4Sqrt(a);
      case F64X2_ABS -> VectorF64x2.f64x2Abs(a);
      case F64X2_NEG -> VectorF64x2.f64x2Neg(a);
      case F64X2_SQRT -> VectorF64x2.f64x2Sqrt(a);
      case I32X4_TRUNC_SAT_F32X4_S -> VectorI32x4.i32x4TruncSatF32x4S(a);
      case I32X4_TRUNC_SAT_F32X4_U -> VectorI32x4.i32x4TruncSatF32x4U(a);
      case F32X4_CONVERT_I32X4_S -> VectorF32x4.f32x4ConvertI32x4S(a);
      case F32X4_CONVERT_I32X4_U -> VectorF32x4.f32x4ConvertI32x4U(a);
      case I32X4_RELAXED_TRUNC_F32X4_S -> VectorI32x4.i32x4RelaxedTruncF32x4S(a);
      case I32X4_RELAXED_TRUNC_F32X4_U -> VectorI32x4.i32x4RelaxedTruncF32x4U(a);
      default -> throw unexpected(opcode);
    };
  }

  /** One half of an instruction on two vectors. */
  private static long binary(Opcode opcode, long a, long b) {
    return switch (opcode) {
      case I8X16_EQ -> VectorI8x16.i8x16Eq(a, b);
      case I8X16_NE -> VectorI8x16.i8x16Ne(a, b);
      case I8X16_LT_S -> VectorI8x16.i8x16LtS(a, b);
      case I8X16_LT_U -> VectorI8x16.i8x16LtU(a, b);
      case I8X16_GT_S -> VectorI8x16.i8x16GtS(a, b);
      case I8X16_GT_U -> VectorI8x16.i8x16GtU(a, b);
      case I8X16_LE_S -> VectorI8x16.i8x16LeS(a, b);
      case I8X16_LE_U -> VectorI8x16.i8x16LeU(a, b);
      case I8X16_GE_S -> VectorI8x16.i8x16GeS(a, b);
      case I8X16_GE_U -> VectorI8x16.i8x16GeU(a, b);
      case I16X8_EQ -> VectorI16x8.i16x8Eq(a, b);
      case I16X8_NE -> VectorI16x8.i16x8Ne(a, b);
      case I16X8_LT_S -> VectorI16x8.i16x8LtS(a, b);
      case I16X8_LT_U -> VectorI16x8.i16x8LtU(a, b);
      case I16X8_GT_S -> VectorI16x8.i16x8GtS(a, b);
      case I16X8_GT_U -> VectorI16x8.i16x8GtU(a, b);
      case I16X8_LE_S -> VectorI16x8.i16x8LeS(a, b);
      case I16X8_LE_U -> VectorI16x8.i16x8LeU(a, b);
      case I16X8_GE_S -> VectorI16x8.i16x8GeS(a, b);
      case I16X8_GE_U -> VectorI16x8.i16x8GeU(a, b);
      case I32X4_EQ -> VectorI32x4.i32x4Eq(a, b);
      case I32X4_NE -> VectorI32x4.i32x4Ne(a, b);
      case I32X4_LT_S -> VectorI32x4.i32x4LtS(a, b);
      case I32X4_LT_U -> VectorI32x4.i32x4LtU(a, b);
      case I32X4_GT_S -> VectorI32x4.i32x4GtS(a, b);
      case I32X4_GT_U -> VectorI32x4.i32x4GtU(a, b);
      case I32X4_LE_S -> VectorI32x4.i32x4LeS(a, b);
      case I32X4_LE_U -> VectorI32x4.i32x4LeU(a, b);
      case I32X4_GE_S -> VectorI32x4.i32x4GeS(a, b);
      case I32X4_GE_U -> VectorI32x4.i32x4GeU(a, b);
      case F32X4_EQ -> VectorF32x4.f32x4Eq(a, b);
      case F32X4_NE -> VectorF32x4.f32x4Ne(a, b);
      case F32X4_LT -> VectorF32x4.f32x4Lt(a, b);
      case F32X4_GT -> VectorF32x4.f32x4Gt(a, b);
      case F32X4_LE -> VectorF32x4.f32x4Le(a, b);
      case F32X4_GE -> VectorF32x4.f32x4Ge(a, b);
      case F64X2_EQ -> VectorF64x2.f64x2Eq(a, b);
      case F64X2_NE -> VectorF64x2.f64x2Ne(a, b);
      case F64X2_LT -> VectorF64x2.f64x2Lt(a, b);
      case F64X2_GT -> VectorF64x2.f64x2Gt(a, b);
      case F64X2_LE -> VectorF64x2.f64x2Le(a, b);
      case F64X2_GE -> VectorF64x2.f64x2Ge(a, b);
      case V128_AND -> Vectors.v128And(a, b);
      case V128_ANDNOT -> Vectors.v128Andnot(a, b);
      case V128_OR -> Vectors.v128Or(a, b);
      case V128_XOR -> Vectors.v128Xor(a, b);
      case I8X16_ADD -> VectorI8x16.i8x16Add(a, b);
      case I8X16_ADD_SAT_S -> VectorI8x16.i8x16AddSatS(a, b);
      case I8X16_ADD_SAT_U -> VectorI8x16.i8x16AddSatU(a, b);
      case I8X16_SUB -> VectorI8x16.i8x16Sub(a, b);
      case I8X16_SUB_SAT_S -> VectorI8x16.i8x16SubSatS(a, b);
      case I8X16_SUB_SAT_U -> VectorI8x16.i8x16SubSatU(a, b);
      case I8X16_MIN_S -> VectorI8x16.i8x16MinS(a, b);
      case I8X16_MIN_U -> VectorI8x16.i8x16MinU(a, b);
      case I8X16_MAX_S -> VectorI8x16.i8x16MaxS(a, b);
      case I8X16_MAX_U -> VectorI8x16.i8x16MaxU(a, b);
      case I8X16_AVGR_U -> VectorI8x16.i8x16AvgrU(a, b);
      case I16X8_Q15MULR_SAT_S -> VectorI16x8.i16x8Q15mulrSatS(a, b);
      case I16X8_ADD -> VectorI16x8.i16x8Add(a, b);
      case I16X8_ADD_SAT_S -> VectorI16x8.i16x8AddSatS(a, b);
      case I16X8_ADD_SAT_U -> VectorI16x8.i16x8AddSatU(a, b);
      case I16X8_SUB -> VectorI16x8.i16x8Sub(a, b);
      case I16X8_SUB_SAT_S -> VectorI16x8.i16x8SubSatS(a, b);
      case I16X8_SUB_SAT_U -> VectorI16x8.i16x8SubSatU(a, b);
      case I16X8_MUL -> VectorI16x8.i16x8Mul(a, b);
      case I16X8_MIN_S -> VectorI16x8.i16x8MinS(a, b);
      case I16X8_MIN_U -> VectorI16x8.i16x8MinU(a, b);
      case I16X8_MAX_S -> VectorI16x8.i16x8MaxS(a, b);
      case I16X8_MAX_U -> VectorI16x8.i16x8MaxU(a, b);
      case I16X8_AVGR_U -> VectorI16x8.i16x8AvgrU(a, b);
      case I32X4_ADD -> VectorI32x4.i32x4Add(a, b);
      case I32X4_SUB -> VectorI32x4.i32x4Sub(a, b);
      case I32X4_MUL -> VectorI32x4.i32x4Mul(a, b);
      case I32X4_MIN_S -> VectorI32x4.i32x4MinS(a, b);
      case I32X4_MIN_U -> VectorI32x4.i32x4MinU(a, b);
      case I32X4_MAX_S -> VectorI32x4.i32x4MaxS(a, b);
      case I32X4_MAX_U -> VectorI32x4.i32x4MaxU(a, b);
      case I32X4_DOT_I16X8_S -> VectorI32x4.i32x4DotI16x8S(a, b);
      case I64X2_ADD -> VectorI64x2.i64x2Add(a, b);
      case I64X2_SUB -> VectorI64x2.i64x2Sub(a, b);
      case I64X2_MUL -> VectorI64x2.i64x2Mul(a, b);
      case I64X2_EQ -> VectorI64x2.i64x2Eq(a, b);
      case I64X2_NE -> VectorI64x2.i64x2Ne(a, b);
      case I64X2_LT_S -> VectorI64x2.i64x2LtS(a, b);
      case I64X2_GT_S -> VectorI64x2.i64x2GtS(a, b);
      case I64X2_LE_S -> VectorI64x2.i64x2LeS(a, b);
      case I64X2_GE_S -> VectorI64x2.i64x2GeS(a, b);
      case F32X4_ADD -> VectorF32x4.f32x4Add(a, b);
      case F32X4_SUB -> VectorF32x4.f32x4Sub(a, b);
      case F32X4_MUL -> VectorF32x4.f32x4Mul(a, b);
      case F32X4_DIV -> VectorF32x4.f32x4Div(a, b);
      case F32X4_MIN -> VectorF32x4.f32x4Min(a, b);
      case F32X4_MAX -> VectorF32x4.f32x4Max(a, b);
      case F32X4_PMIN -> VectorF32x4.f32x4Pmin(a, b);
      case F32X4_PMAX -> VectorF32x4.f32x4Pmax(a, b);
      case F64X2_ADD -> VectorF64x2.f64x2Add(a, b);
      case F64X2_SUB -> VectorF64x2.f64x2Sub(a, b);
      case F64X2_MUL -> VectorF64x2.f64x2Mul(a, b);
      case F64X2_DIV -> VectorF64x2.f64x2Div(a, b);
      case F64X2_MIN -> VectorF64x2.f64x2Min(a, b);
      case F64X2_MAX -> VectorF64x2.f64x2Max(a, b);
      case F64X2_PMIN -> VectorF64x2.f64x2Pmin(a, b);
      case F64X2_PMAX -> VectorF64x2.f64x2Pmax(a, b);
      case F32X4_RELAXED_MIN -> VectorF32x4.f32x4RelaxedMin(a, b);
      case F32X4_RELAXED_MAX -> VectorF32x4.f32x4RelaxedMax(a, b);
      case F64X2_RELAXED_MIN -> VectorF64x2.f64x2RelaxedMin(a, b);
      case F64X2_RELAXED_MAX -> VectorF64x2.f64x2RelaxedMax(a, b);
      case I16X8_RELAXED_Q15MULR_S -> VectorI16x8.i16x8RelaxedQ15mulrS(a, b);
      case I16X8_RELAXED_DOT_I8X16_I7X16_S -> VectorI16x8.i16x8RelaxedDotI8x16I7x16S(a, b);
      default -> throw unexpected(opcode);
    };
  }

  /** One half of an instruction on three vectors. */
  private static long ternary(Opcode opcode, long a, long b, long c) {
    return switch (opcode) {
      case V128_BITSELECT -> Vectors.v128Bitselect(a, b, c);
      case F32X4_RELAXED_MADD -> VectorF32x4.f32x4RelaxedMadd(a, b, c);
      case F32X4_RELAXED_NMADD -> VectorF32x4.f32x4RelaxedNmadd(a, b, c);
      case F64X2_RELAXED_MADD -> VectorF64x2.f64x2RelaxedMadd(a, b, c);
      case F64X2_RELAXED_NMADD -> VectorF64x2.f64x2RelaxedNmadd(a, b, c);
      case I8X16_RELAXED_LANESELECT -> VectorI8x16.i8x16RelaxedLaneselect(a, b, c);
      case I16X8_RELAXED_LANESELECT -> VectorI16x8.i16x8RelaxedLaneselect(a, b, c);
      case I32X4_RELAXED_LANESELECT -> VectorI32x4.i32x4RelaxedLaneselect(a, b, c);
      case I64X2_RELAXED_LANESELECT -> VectorI64x2.i64x2RelaxedLaneselect(a, b, c);
      case I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S ->
          VectorI32x4.i32x4RelaxedDotI8x16I7x16AddS(a, b, c);
      default -> throw unexpected(opcode);
    };
  }

  /** One half of a shift. */
  private static long shift(Opcode opcode, long a, int count) {
    return switch (opcode) {
      case I8X16_SHL -> VectorI8x16.i8x16Shl(a, count);
      case I8X16_SHR_S -> VectorI8x16.i8x16ShrS(a, count);
      case I8X16_SHR_U -> VectorI8x16.i8x16ShrU(a, count);
      case I16X8_SHL -> VectorI16x8.i16x8Shl(a, count);
      case I16X8_SHR_S -> VectorI16x8.i16x8ShrS(a, count);
      case I16X8_SHR_U -> VectorI16x8.i16x8ShrU(a, count);
      case I32X4_SHL -> VectorI32x4.i32x4Shl(a, count);
      case I32X4_SHR_S -> VectorI32x4.i32x4ShrS(a, count);
      case I32X4_SHR_U -> VectorI32x4.i32x4ShrU(a, count);
      case I64X2_SHL -> VectorI64x2.i64x2Shl(a, count);
      case I64X2_SHR_S -> VectorI64x2.i64x2ShrS(a, count);
      case I64X2_SHR_U -> VectorI64x2.i64x2ShrU(a, count);
      default -> throw unexpected(opcode);
    };
  }

  /** One number from a whole vector. */
  private static int reduce(Opcode opcode, long low, long high) {
    return switch (opcode) {
      case V128_ANY_TRUE -> Vectors.v128AnyTrue(low, high);
      case I8X16_ALL_TRUE -> VectorI8x16.i8x16AllTrue(low, high);
      case I8X16_BITMASK -> VectorI8x16.i8x16Bitmask(low, high);
      case I16X8_ALL_TRUE -> VectorI16x8.i16x8AllTrue(low, high);
      case I16X8_BITMASK -> VectorI16x8.i16x8Bitmask(low, high);
      case I32X4_ALL_TRUE -> VectorI32x4.i32x4AllTrue(low, high);
      case I32X4_BITMASK -> VectorI32x4.i32x4Bitmask(low, high);
      case I64X2_ALL_TRUE -> VectorI64x2.i64x2AllTrue(low, high);
      case I64X2_BITMASK -> VectorI64x2.i64x2Bitmask(low, high);
      default -> throw unexpected(opcode);
    };
  }

  /** The low half of what both halves make. */
  private static long crossUnaryLow(Opcode opcode, long low, long high) {
    return switch (opcode) {
      case F32X4_DEMOTE_F64X2_ZERO -> VectorF32x4.f32x4DemoteF64x2ZeroLow(low, high);
      case F64X2_PROMOTE_LOW_F32X4 -> VectorF64x2.f64x2PromoteLowF32x4Low(low, high);
      case I16X8_EXTEND_LOW_I8X16_S -> VectorI16x8.i16x8ExtendLowI8x16SLow(low, high);
      case I16X8_EXTEND_HIGH_I8X16_S -> VectorI16x8.i16x8ExtendHighI8x16SLow(low, high);
      case I16X8_EXTEND_LOW_I8X16_U -> VectorI16x8.i16x8ExtendLowI8x16ULow(low, high);
      case I16X8_EXTEND_HIGH_I8X16_U -> VectorI16x8.i16x8ExtendHighI8x16ULow(low, high);
      case I32X4_EXTEND_LOW_I16X8_S -> VectorI32x4.i32x4ExtendLowI16x8SLow(low, high);
      case I32X4_EXTEND_HIGH_I16X8_S -> VectorI32x4.i32x4ExtendHighI16x8SLow(low, high);
      case I32X4_EXTEND_LOW_I16X8_U -> VectorI32x4.i32x4ExtendLowI16x8ULow(low, high);
      case I32X4_EXTEND_HIGH_I16X8_U -> VectorI32x4.i32x4ExtendHighI16x8ULow(low, high);
      case I64X2_EXTEND_LOW_I32X4_S -> VectorI64x2.i64x2ExtendLowI32x4SLow(low, high);
      case I64X2_EXTEND_HIGH_I32X4_S -> VectorI64x2.i64x2ExtendHighI32x4SLow(low, high);
      case I64X2_EXTEND_LOW_I32X4_U -> VectorI64x2.i64x2ExtendLowI32x4ULow(low, high);
      case I64X2_EXTEND_HIGH_I32X4_U -> VectorI64x2.i64x2ExtendHighI32x4ULow(low, high);
      case I32X4_TRUNC_SAT_F64X2_S_ZERO -> VectorI32x4.i32x4TruncSatF64x2SZeroLow(low, high);
      case I32X4_TRUNC_SAT_F64X2_U_ZERO -> VectorI32x4.i32x4TruncSatF64x2UZeroLow(low, high);
      case F64X2_CONVERT_LOW_I32X4_S -> VectorF64x2.f64x2ConvertLowI32x4SLow(low, high);
      case F64X2_CONVERT_LOW_I32X4_U -> VectorF64x2.f64x2ConvertLowI32x4ULow(low, high);
      case I32X4_RELAXED_TRUNC_F64X2_S_ZERO ->
          VectorI32x4.i32x4RelaxedTruncF64x2SZeroLow(low, high);
      case I32X4_RELAXED_TRUNC_F64X2_U_ZERO ->
          VectorI32x4.i32x4RelaxedTruncF64x2UZeroLow(low, high);
      default -> throw unexpected(opcode);
    };
  }

  /** The high half of what both halves make. */
  private static long crossUnaryHigh(Opcode opcode, long low, long high) {
    return switch (opcode) {
      case F32X4_DEMOTE_F64X2_ZERO -> VectorF32x4.f32x4DemoteF64x2ZeroHigh(low, high);
      case F64X2_PROMOTE_LOW_F32X4 -> VectorF64x2.f64x2PromoteLowF32x4High(low, high);
      case I16X8_EXTEND_LOW_I8X16_S -> VectorI16x8.i16x8ExtendLowI8x16SHigh(low, high);
      case I16X8_EXTEND_HIGH_I8X16_S -> VectorI16x8.i16x8ExtendHighI8x16SHigh(low, high);
      case I16X8_EXTEND_LOW_I8X16_U -> VectorI16x8.i16x8ExtendLowI8x16UHigh(low, high);
      case I16X8_EXTEND_HIGH_I8X16_U -> VectorI16x8.i16x8ExtendHighI8x16UHigh(low, high);
      case I32X4_EXTEND_LOW_I16X8_S -> VectorI32x4.i32x4ExtendLowI16x8SHigh(low, high);
      case I32X4_EXTEND_HIGH_I16X8_S -> VectorI32x4.i32x4ExtendHighI16x8SHigh(low, high);
      case I32X4_EXTEND_LOW_I16X8_U -> VectorI32x4.i32x4ExtendLowI16x8UHigh(low, high);
      case I32X4_EXTEND_HIGH_I16X8_U -> VectorI32x4.i32x4ExtendHighI16x8UHigh(low, high);
      case I64X2_EXTEND_LOW_I32X4_S -> VectorI64x2.i64x2ExtendLowI32x4SHigh(low, high);
      case I64X2_EXTEND_HIGH_I32X4_S -> VectorI64x2.i64x2ExtendHighI32x4SHigh(low, high);
      case I64X2_EXTEND_LOW_I32X4_U -> VectorI64x2.i64x2ExtendLowI32x4UHigh(low, high);
      case I64X2_EXTEND_HIGH_I32X4_U -> VectorI64x2.i64x2ExtendHighI32x4UHigh(low, high);
      case I32X4_TRUNC_SAT_F64X2_S_ZERO -> VectorI32x4.i32x4TruncSatF64x2SZeroHigh(low, high);
      case I32X4_TRUNC_SAT_F64X2_U_ZERO -> VectorI32x4.i32x4TruncSatF64x2UZeroHigh(low, high);
      case F64X2_CONVERT_LOW_I32X4_S -> VectorF64x2.f64x2ConvertLowI32x4SHigh(low, high);
      case F64X2_CONVERT_LOW_I32X4_U -> VectorF64x2.f64x2ConvertLowI32x4UHigh(low, high);
      case I32X4_RELAXED_TRUNC_F64X2_S_ZERO ->
          VectorI32x4.i32x4RelaxedTruncF64x2SZeroHigh(low, high);
      case I32X4_RELAXED_TRUNC_F64X2_U_ZERO ->
          VectorI32x4.i32x4RelaxedTruncF64x2UZeroHigh(low, high);
      default -> throw unexpected(opcode);
    };
  }

  /** The low half of what two vectors make. */
  private static long crossBinaryLow(Opcode opcode, long a, long b, long c, long d) {
    return switch (opcode) {
      case I8X16_SWIZZLE -> VectorI8x16.i8x16SwizzleLow(a, b, c, d);
      case I8X16_NARROW_I16X8_S -> VectorI8x16.i8x16NarrowI16x8SLow(a, b, c, d);
      case I8X16_NARROW_I16X8_U -> VectorI8x16.i8x16NarrowI16x8ULow(a, b, c, d);
      case I16X8_NARROW_I32X4_S -> VectorI16x8.i16x8NarrowI32x4SLow(a, b, c, d);
      case I16X8_NARROW_I32X4_U -> VectorI16x8.i16x8NarrowI32x4ULow(a, b, c, d);
      case I16X8_EXTMUL_LOW_I8X16_S -> VectorI16x8.i16x8ExtmulLowI8x16SLow(a, b, c, d);
      case I16X8_EXTMUL_HIGH_I8X16_S -> VectorI16x8.i16x8ExtmulHighI8x16SLow(a, b, c, d);
      case I16X8_EXTMUL_LOW_I8X16_U -> VectorI16x8.i16x8ExtmulLowI8x16ULow(a, b, c, d);
      case I16X8_EXTMUL_HIGH_I8X16_U -> VectorI16x8.i16x8ExtmulHighI8x16ULow(a, b, c, d);
      case I32X4_EXTMUL_LOW_I16X8_S -> VectorI32x4.i32x4ExtmulLowI16x8SLow(a, b, c, d);
      case I32X4_EXTMUL_HIGH_I16X8_S -> VectorI32x4.i32x4ExtmulHighI16x8SLow(a, b, c, d);
      case I32X4_EXTMUL_LOW_I16X8_U -> VectorI32x4.i32x4ExtmulLowI16x8ULow(a, b, c, d);
      case I32X4_EXTMUL_HIGH_I16X8_U -> VectorI32x4.i32x4ExtmulHighI16x8ULow(a, b, c, d);
      case I64X2_EXTMUL_LOW_I32X4_S -> VectorI64x2.i64x2ExtmulLowI32x4SLow(a, b, c, d);
      case I64X2_EXTMUL_HIGH_I32X4_S -> VectorI64x2.i64x2ExtmulHighI32x4SLow(a, b, c, d);
      case I64X2_EXTMUL_LOW_I32X4_U -> VectorI64x2.i64x2ExtmulLowI32x4ULow(a, b, c, d);
      case I64X2_EXTMUL_HIGH_I32X4_U -> VectorI64x2.i64x2ExtmulHighI32x4ULow(a, b, c, d);
      case I8X16_RELAXED_SWIZZLE -> VectorI8x16.i8x16RelaxedSwizzleLow(a, b, c, d);
      default -> throw unexpected(opcode);
    };
  }

  /** The high half of what two vectors make. */
  private static long crossBinaryHigh(Opcode opcode, long a, long b, long c, long d) {
    return switch (opcode) {
      case I8X16_SWIZZLE -> VectorI8x16.i8x16SwizzleHigh(a, b, c, d);
      case I8X16_NARROW_I16X8_S -> VectorI8x16.i8x16NarrowI16x8SHigh(a, b, c, d);
      case I8X16_NARROW_I16X8_U -> VectorI8x16.i8x16NarrowI16x8UHigh(a, b, c, d);
      case I16X8_NARROW_I32X4_S -> VectorI16x8.i16x8NarrowI32x4SHigh(a, b, c, d);
      case I16X8_NARROW_I32X4_U -> VectorI16x8.i16x8NarrowI32x4UHigh(a, b, c, d);
      case I16X8_EXTMUL_LOW_I8X16_S -> VectorI16x8.i16x8ExtmulLowI8x16SHigh(a, b, c, d);
      case I16X8_EXTMUL_HIGH_I8X16_S -> VectorI16x8.i16x8ExtmulHighI8x16SHigh(a, b, c, d);
      case I16X8_EXTMUL_LOW_I8X16_U -> VectorI16x8.i16x8ExtmulLowI8x16UHigh(a, b, c, d);
      case I16X8_EXTMUL_HIGH_I8X16_U -> VectorI16x8.i16x8ExtmulHighI8x16UHigh(a, b, c, d);
      case I32X4_EXTMUL_LOW_I16X8_S -> VectorI32x4.i32x4ExtmulLowI16x8SHigh(a, b, c, d);
      case I32X4_EXTMUL_HIGH_I16X8_S -> VectorI32x4.i32x4ExtmulHighI16x8SHigh(a, b, c, d);
      case I32X4_EXTMUL_LOW_I16X8_U -> VectorI32x4.i32x4ExtmulLowI16x8UHigh(a, b, c, d);
      case I32X4_EXTMUL_HIGH_I16X8_U -> VectorI32x4.i32x4ExtmulHighI16x8UHigh(a, b, c, d);
      case I64X2_EXTMUL_LOW_I32X4_S -> VectorI64x2.i64x2ExtmulLowI32x4SHigh(a, b, c, d);
      case I64X2_EXTMUL_HIGH_I32X4_S -> VectorI64x2.i64x2ExtmulHighI32x4SHigh(a, b, c, d);
      case I64X2_EXTMUL_LOW_I32X4_U -> VectorI64x2.i64x2ExtmulLowI32x4UHigh(a, b, c, d);
      case I64X2_EXTMUL_HIGH_I32X4_U -> VectorI64x2.i64x2ExtmulHighI32x4UHigh(a, b, c, d);
      case I8X16_RELAXED_SWIZZLE -> VectorI8x16.i8x16RelaxedSwizzleHigh(a, b, c, d);
      default -> throw unexpected(opcode);
    };
  }

  private static AssertionError unexpected(Opcode opcode) {
    return new AssertionError(opcode.text() + " was not expected here; please report");
  }
}
