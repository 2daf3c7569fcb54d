package dev.sampan.wasm.runtime;

/**
 * What the {@code f64x2} instructions mean; {@link Vectors} says which form each has. Each half is
 * one lane, which follows the scalar instruction in {@link Numerics}; lane numbers within a half
 * are always 0.
 */
public final class VectorF64x2 {

  private VectorF64x2() {}

  private static double number(long half) {
    return Double.longBitsToDouble(half);
  }

  private static long bits(double number) {
    return Double.doubleToRawLongBits(number);
  }

  // Lanes

  public static long f64x2Splat(double value) {
    return bits(value);
  }

  public static double f64x2ExtractLane(long half, int lane) {
    return number(half);
  }

  public static long f64x2ReplaceLane(long half, double value, int lane) {
    return bits(value);
  }

  // Comparisons

  public static long f64x2Eq(long a, long b) {
    return number(a) == number(b) ? -1 : 0;
  }

  public static long f64x2Ne(long a, long b) {
    return number(a) != number(b) ? -1 : 0;
  }

  public static long f64x2Lt(long a, long b) {
    return number(a) < number(b) ? -1 : 0;
  }

  public static long f64x2Gt(long a, long b) {
    return number(a) > number(b) ? -1 : 0;
  }

  public static long f64x2Le(long a, long b) {
    return number(a) <= number(b) ? -1 : 0;
  }

  public static long f64x2Ge(long a, long b) {
    return number(a) >= number(b) ? -1 : 0;
  }

  // Arithmetic

  public static long f64x2Abs(long a) {
    return a & Long.MAX_VALUE;
  }

  public static long f64x2Neg(long a) {
    return a ^ Long.MIN_VALUE;
  }

  public static long f64x2Ceil(long a) {
    return bits(Numerics.f64Ceil(number(a)));
  }

  public static long f64x2Floor(long a) {
    return bits(Numerics.f64Floor(number(a)));
  }

  public static long f64x2Trunc(long a) {
    return bits(Numerics.f64Trunc(number(a)));
  }

  public static long f64x2Nearest(long a) {
    return bits(Numerics.f64Nearest(number(a)));
  }

  public static long f64x2Sqrt(long a) {
    return bits(Numerics.f64Sqrt(number(a)));
  }

  public static long f64x2Add(long a, long b) {
    return bits(Numerics.f64Add(number(a), number(b)));
  }

  public static long f64x2Sub(long a, long b) {
    return bits(Numerics.f64Sub(number(a), number(b)));
  }

  public static long f64x2Mul(long a, long b) {
    return bits(Numerics.f64Mul(number(a), number(b)));
  }

  public static long f64x2Div(long a, long b) {
    return bits(Numerics.f64Div(number(a), number(b)));
  }

  public static long f64x2Min(long a, long b) {
    return bits(Numerics.f64Min(number(a), number(b)));
  }

  public static long f64x2Max(long a, long b) {
    return bits(Numerics.f64Max(number(a), number(b)));
  }

  /** Chooses bits: no NaN is quieted, and the first operand wins unless the second is less. */
  public static long f64x2Pmin(long a, long b) {
    return number(b) < number(a) ? b : a;
  }

  public static long f64x2Pmax(long a, long b) {
    return number(a) < number(b) ? b : a;
  }

  public static long f64x2RelaxedMin(long a, long b) {
    return f64x2Min(a, b);
  }

  public static long f64x2RelaxedMax(long a, long b) {
    return f64x2Max(a, b);
  }

  public static long f64x2RelaxedMadd(long a, long b, long c) {
    return f64x2Add(f64x2Mul(a, b), c);
  }

  public static long f64x2RelaxedNmadd(long a, long b, long c) {
    return f64x2Add(f64x2Mul(f64x2Neg(a), b), c);
  }

  // Conversions

  public static long f64x2ConvertLowI32x4SLow(long aLow, long aHigh) {
    return bits(Numerics.f64ConvertI32S((int) aLow));
  }

  public static long f64x2ConvertLowI32x4SHigh(long aLow, long aHigh) {
    return bits(Numerics.f64ConvertI32S((int) (aLow >>> 32)));
  }

  public static long f64x2ConvertLowI32x4ULow(long aLow, long aHigh) {
    return bits(Numerics.f64ConvertI32U((int) aLow));
  }

  public static long f64x2ConvertLowI32x4UHigh(long aLow, long aHigh) {
    return bits(Numerics.f64ConvertI32U((int) (aLow >>> 32)));
  }

  public static long f64x2PromoteLowF32x4Low(long aLow, long aHigh) {
    return bits(Numerics.f64PromoteF32(Float.intBitsToFloat((int) aLow)));
  }

  public static long f64x2PromoteLowF32x4High(long aLow, long aHigh) {
    return bits(Numerics.f64PromoteF32(Float.intBitsToFloat((int) (aLow >>> 32))));
  }
}
