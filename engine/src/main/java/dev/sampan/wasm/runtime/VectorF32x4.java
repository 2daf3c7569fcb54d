package dev.sampan.wasm.runtime;

/**
 * What the {@code f32x4} instructions mean; {@link Vectors} says which form each has. Each lane
 * follows the scalar instruction in {@link Numerics}.
 */
public final class VectorF32x4 {

  private VectorF32x4() {}

  private static float first(long half) {
    return Float.intBitsToFloat((int) half);
  }

  private static float second(long half) {
    return Float.intBitsToFloat((int) (half >>> 32));
  }

  private static long pack(float first, float second) {
    return (Float.floatToRawIntBits(first) & 0xFFFF_FFFFL)
        | ((long) Float.floatToRawIntBits(second) << 32);
  }

  /** All ones in each lane for which the comparison gave 1. */
  private static long mask(int first, int second) {
    return (-first & 0xFFFF_FFFFL) | ((long) -second << 32);
  }

  // Lanes

  public static long f32x4Splat(float value) {
    return pack(value, value);
  }

  public static float f32x4ExtractLane(long half, int lane) {
    return Float.intBitsToFloat((int) (half >>> (lane << 5)));
  }

  public static long f32x4ReplaceLane(long half, float value, int lane) {
    return VectorI32x4.i32x4ReplaceLane(half, Float.floatToRawIntBits(value), lane);
  }

  // Comparisons

  public static long f32x4Eq(long a, long b) {
    return mask(Numerics.f32Eq(first(a), first(b)), Numerics.f32Eq(second(a), second(b)));
  }

  public static long f32x4Ne(long a, long b) {
    return mask(Numerics.f32Ne(first(a), first(b)), Numerics.f32Ne(second(a), second(b)));
  }

  public static long f32x4Lt(long a, long b) {
    return mask(Numerics.f32Lt(first(a), first(b)), Numerics.f32Lt(second(a), second(b)));
  }

  public static long f32x4Gt(long a, long b) {
    return mask(Numerics.f32Gt(first(a), first(b)), Numerics.f32Gt(second(a), second(b)));
  }

  public static long f32x4Le(long a, long b) {
    return mask(Numerics.f32Le(first(a), first(b)), Numerics.f32Le(second(a), second(b)));
  }

  public static long f32x4Ge(long a, long b) {
    return mask(Numerics.f32Ge(first(a), first(b)), Numerics.f32Ge(second(a), second(b)));
  }

  // Arithmetic

  public static long f32x4Abs(long a) {
    return a & 0x7FFF_FFFF_7FFF_FFFFL;
  }

  public static long f32x4Neg(long a) {
    return a ^ 0x8000_0000_8000_0000L;
  }

  public static long f32x4Ceil(long a) {
    return pack(Numerics.f32Ceil(first(a)), Numerics.f32Ceil(second(a)));
  }

  public static long f32x4Floor(long a) {
    return pack(Numerics.f32Floor(first(a)), Numerics.f32Floor(second(a)));
  }

  public static long f32x4Trunc(long a) {
    return pack(Numerics.f32Trunc(first(a)), Numerics.f32Trunc(second(a)));
  }

  public static long f32x4Nearest(long a) {
    return pack(Numerics.f32Nearest(first(a)), Numerics.f32Nearest(second(a)));
  }

  public static long f32x4Sqrt(long a) {
    return pack(Numerics.f32Sqrt(first(a)), Numerics.f32Sqrt(second(a)));
  }

  public static long f32x4Add(long a, long b) {
    return pack(Numerics.f32Add(first(a), first(b)), Numerics.f32Add(second(a), second(b)));
  }

  public static long f32x4Sub(long a, long b) {
    return pack(Numerics.f32Sub(first(a), first(b)), Numerics.f32Sub(second(a), second(b)));
  }

  public static long f32x4Mul(long a, long b) {
    return pack(Numerics.f32Mul(first(a), first(b)), Numerics.f32Mul(second(a), second(b)));
  }

  public static long f32x4Div(long a, long b) {
    return pack(Numerics.f32Div(first(a), first(b)), Numerics.f32Div(second(a), second(b)));
  }

  public static long f32x4Min(long a, long b) {
    return pack(Numerics.f32Min(first(a), first(b)), Numerics.f32Min(second(a), second(b)));
  }

  public static long f32x4Max(long a, long b) {
    return pack(Numerics.f32Max(first(a), first(b)), Numerics.f32Max(second(a), second(b)));
  }

  /**
   * Chooses whole lanes: no NaN is quieted, and the first operand wins unless the second is less.
   */
  public static long f32x4Pmin(long a, long b) {
    return Lanes.choose(f32x4Lt(b, a), b, a);
  }

  public static long f32x4Pmax(long a, long b) {
    return Lanes.choose(f32x4Lt(a, b), b, a);
  }

  public static long f32x4RelaxedMin(long a, long b) {
    return f32x4Min(a, b);
  }

  public static long f32x4RelaxedMax(long a, long b) {
    return f32x4Max(a, b);
  }

  public static long f32x4RelaxedMadd(long a, long b, long c) {
    return f32x4Add(f32x4Mul(a, b), c);
  }

  public static long f32x4RelaxedNmadd(long a, long b, long c) {
    return f32x4Add(f32x4Mul(f32x4Neg(a), b), c);
  }

  // Conversions

  public static long f32x4ConvertI32x4S(long a) {
    return pack(Numerics.f32ConvertI32S((int) a), Numerics.f32ConvertI32S((int) (a >>> 32)));
  }

  public static long f32x4ConvertI32x4U(long a) {
    return pack(Numerics.f32ConvertI32U((int) a), Numerics.f32ConvertI32U((int) (a >>> 32)));
  }

  public static long f32x4DemoteF64x2ZeroLow(long aLow, long aHigh) {
    return pack(
        Numerics.f32DemoteF64(Double.longBitsToDouble(aLow)),
        Numerics.f32DemoteF64(Double.longBitsToDouble(aHigh)));
  }

  public static long f32x4DemoteF64x2ZeroHigh(long aLow, long aHigh) {
    return 0;
  }
}
