package dev.sampan.wasm.runtime;

/** What the {@code i32x4} instructions mean; {@link Vectors} says which form each has. */
public final class VectorI32x4 {

  private static final long SIGNS = 0x8000_0000_8000_0000L;

  private VectorI32x4() {}

  private static long pack(int first, int second) {
    return (first & 0xFFFF_FFFFL) | ((long) second << 32);
  }

  private static int second(long half) {
    return (int) (half >>> 32);
  }

  // Lanes

  public static long i32x4Splat(int value) {
    return pack(value, value);
  }

  public static int i32x4ExtractLane(long half, int lane) {
    return (int) (half >>> (lane << 5));
  }

  public static long i32x4ReplaceLane(long half, int value, int lane) {
    int shift = lane << 5;
    return (half & ~(0xFFFF_FFFFL << shift)) | ((value & 0xFFFF_FFFFL) << shift);
  }

  public static long i32x4RelaxedLaneselect(long a, long b, long c) {
    return Lanes.choose(c, a, b);
  }

  // Tests

  public static int i32x4AllTrue(long low, long high) {
    return (Lanes.nonZero(low, SIGNS) & Lanes.nonZero(high, SIGNS)) == SIGNS ? 1 : 0;
  }

  public static int i32x4Bitmask(long low, long high) {
    return bitmask(low) | (bitmask(high) << 2);
  }

  private static int bitmask(long half) {
    return (int) ((half >>> 31) & 1) | (int) ((half >>> 62) & 2);
  }

  // Comparisons

  public static long i32x4Eq(long a, long b) {
    return ~i32x4Ne(a, b);
  }

  public static long i32x4Ne(long a, long b) {
    return Lanes.fill(Lanes.nonZero(a ^ b, SIGNS), 32);
  }

  public static long i32x4LtS(long a, long b) {
    return Lanes.fill(Lanes.lessS(a, b, SIGNS), 32);
  }

  public static long i32x4GtS(long a, long b) {
    return i32x4LtS(b, a);
  }

  public static long i32x4LeS(long a, long b) {
    return ~i32x4LtS(b, a);
  }

  public static long i32x4GeS(long a, long b) {
    return ~i32x4LtS(a, b);
  }

  public static long i32x4LtU(long a, long b) {
    return Lanes.fill(Lanes.lessU(a, b, SIGNS), 32);
  }

  public static long i32x4GtU(long a, long b) {
    return i32x4LtU(b, a);
  }

  public static long i32x4LeU(long a, long b) {
    return ~i32x4LtU(b, a);
  }

  public static long i32x4GeU(long a, long b) {
    return ~i32x4LtU(a, b);
  }

  // Arithmetic

  public static long i32x4Abs(long a) {
    return Lanes.absolute(a, SIGNS, 32);
  }

  public static long i32x4Neg(long a) {
    return Lanes.subtract(0, a, SIGNS);
  }

  public static long i32x4Add(long a, long b) {
    return Lanes.add(a, b, SIGNS);
  }

  public static long i32x4Sub(long a, long b) {
    return Lanes.subtract(a, b, SIGNS);
  }

  public static long i32x4MinS(long a, long b) {
    return Lanes.choose(i32x4LtS(a, b), a, b);
  }

  public static long i32x4MaxS(long a, long b) {
    return Lanes.choose(i32x4LtS(a, b), b, a);
  }

  public static long i32x4MinU(long a, long b) {
    return Lanes.choose(i32x4LtU(a, b), a, b);
  }

  public static long i32x4MaxU(long a, long b) {
    return Lanes.choose(i32x4LtU(a, b), b, a);
  }

  public static long i32x4Shl(long a, int count) {
    return Lanes.shiftLeft(a, count & 31, SIGNS, 32);
  }

  public static long i32x4ShrS(long a, int count) {
    return Lanes.shiftRightS(a, count & 31, SIGNS, 32);
  }

  public static long i32x4ShrU(long a, int count) {
    return Lanes.shiftRightU(a, count & 31, SIGNS, 32);
  }

  // Products

  public static long i32x4Mul(long a, long b) {
    return pack((int) a * (int) b, second(a) * second(b));
  }

  public static long i32x4DotI16x8S(long a, long b) {
    return pack(dot((int) a, (int) b), dot(second(a), second(b)));
  }

  private static int dot(int a, int b) {
    return (short) a * (short) b + (a >> 16) * (b >> 16);
  }

  public static long i32x4RelaxedDotI8x16I7x16AddS(long a, long b, long c) {
    long dot = VectorI16x8.i16x8RelaxedDotI8x16I7x16S(a, b);
    return i32x4Add(i32x4ExtaddPairwiseI16x8S(dot), c);
  }

  public static long i32x4ExtmulLowI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyS((int) aLow, (int) bLow);
  }

  public static long i32x4ExtmulLowI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyS((int) (aLow >>> 32), (int) (bLow >>> 32));
  }

  public static long i32x4ExtmulLowI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyU((int) aLow, (int) bLow);
  }

  public static long i32x4ExtmulLowI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyU((int) (aLow >>> 32), (int) (bLow >>> 32));
  }

  public static long i32x4ExtmulHighI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyS((int) aHigh, (int) bHigh);
  }

  public static long i32x4ExtmulHighI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyS((int) (aHigh >>> 32), (int) (bHigh >>> 32));
  }

  public static long i32x4ExtmulHighI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyU((int) aHigh, (int) bHigh);
  }

  public static long i32x4ExtmulHighI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return multiplyU((int) (aHigh >>> 32), (int) (bHigh >>> 32));
  }

  private static long multiplyS(int a, int b) {
    return pack((short) a * (short) b, (a >> 16) * (b >> 16));
  }

  private static long multiplyU(int a, int b) {
    return pack((a & 0xFFFF) * (b & 0xFFFF), (a >>> 16) * (b >>> 16));
  }

  // Widening

  public static long i32x4ExtaddPairwiseI16x8S(long a) {
    return pack(addPairS((int) a), addPairS(second(a)));
  }

  private static int addPairS(int pair) {
    return (short) pair + (pair >> 16);
  }

  public static long i32x4ExtaddPairwiseI16x8U(long a) {
    return (a & 0x0000_FFFF_0000_FFFFL) + ((a >>> 16) & 0x0000_FFFF_0000_FFFFL);
  }

  public static long i32x4ExtendLowI16x8SLow(long aLow, long aHigh) {
    return widenS((int) aLow);
  }

  public static long i32x4ExtendLowI16x8SHigh(long aLow, long aHigh) {
    return widenS((int) (aLow >>> 32));
  }

  public static long i32x4ExtendLowI16x8ULow(long aLow, long aHigh) {
    return widenU((int) aLow);
  }

  public static long i32x4ExtendLowI16x8UHigh(long aLow, long aHigh) {
    return widenU((int) (aLow >>> 32));
  }

  public static long i32x4ExtendHighI16x8SLow(long aLow, long aHigh) {
    return widenS((int) aHigh);
  }

  public static long i32x4ExtendHighI16x8SHigh(long aLow, long aHigh) {
    return widenS((int) (aHigh >>> 32));
  }

  public static long i32x4ExtendHighI16x8ULow(long aLow, long aHigh) {
    return widenU((int) aHigh);
  }

  public static long i32x4ExtendHighI16x8UHigh(long aLow, long aHigh) {
    return widenU((int) (aHigh >>> 32));
  }

  private static long widenS(int pair) {
    return pack((short) pair, pair >> 16);
  }

  private static long widenU(int pair) {
    return pack(pair & 0xFFFF, pair >>> 16);
  }

  // From floats

  public static long i32x4TruncSatF32x4S(long a) {
    return pack(
        Numerics.i32TruncSatF32S(Float.intBitsToFloat((int) a)),
        Numerics.i32TruncSatF32S(Float.intBitsToFloat(second(a))));
  }

  public static long i32x4RelaxedTruncF32x4S(long a) {
    return i32x4TruncSatF32x4S(a);
  }

  public static long i32x4TruncSatF32x4U(long a) {
    return pack(
        Numerics.i32TruncSatF32U(Float.intBitsToFloat((int) a)),
        Numerics.i32TruncSatF32U(Float.intBitsToFloat(second(a))));
  }

  public static long i32x4RelaxedTruncF32x4U(long a) {
    return i32x4TruncSatF32x4U(a);
  }

  public static long i32x4TruncSatF64x2SZeroLow(long aLow, long aHigh) {
    return pack(
        Numerics.i32TruncSatF64S(Double.longBitsToDouble(aLow)),
        Numerics.i32TruncSatF64S(Double.longBitsToDouble(aHigh)));
  }

  public static long i32x4TruncSatF64x2SZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4RelaxedTruncF64x2SZeroLow(long aLow, long aHigh) {
    return i32x4TruncSatF64x2SZeroLow(aLow, aHigh);
  }

  public static long i32x4RelaxedTruncF64x2SZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4TruncSatF64x2UZeroLow(long aLow, long aHigh) {
    return pack(
        Numerics.i32TruncSatF64U(Double.longBitsToDouble(aLow)),
        Numerics.i32TruncSatF64U(Double.longBitsToDouble(aHigh)));
  }

  public static long i32x4TruncSatF64x2UZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4RelaxedTruncF64x2UZeroLow(long aLow, long aHigh) {
    return i32x4TruncSatF64x2UZeroLow(aLow, aHigh);
  }

  public static long i32x4RelaxedTruncF64x2UZeroHigh(long aLow, long aHigh) {
    return 0;
  }
}
