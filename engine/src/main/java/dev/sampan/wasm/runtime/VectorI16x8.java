package dev.sampan.wasm.runtime;

/** What the {@code i16x8} instructions mean; {@link Vectors} says which form each has. */
public final class VectorI16x8 {

  private static final long SIGNS = 0x8000_8000_8000_8000L;
  private static final long ONES = 0x0001_0001_0001_0001L;
  private static final long LOW_BYTES = 0x00FF_00FF_00FF_00FFL;

  private VectorI16x8() {}

  // Lanes

  public static long i16x8Splat(int value) {
    return (value & 0xFFFF) * ONES;
  }

  public static int i16x8ExtractLaneS(long half, int lane) {
    return (short) (half >>> (lane << 4));
  }

  public static int i16x8ExtractLaneU(long half, int lane) {
    return (int) (half >>> (lane << 4)) & 0xFFFF;
  }

  public static long i16x8ReplaceLane(long half, int value, int lane) {
    int shift = lane << 4;
    return (half & ~(0xFFFFL << shift)) | ((value & 0xFFFFL) << shift);
  }

  public static long i16x8RelaxedLaneselect(long a, long b, long c) {
    return Lanes.choose(c, a, b);
  }

  // Tests

  public static int i16x8AllTrue(long low, long high) {
    return (Lanes.nonZero(low, SIGNS) & Lanes.nonZero(high, SIGNS)) == SIGNS ? 1 : 0;
  }

  public static int i16x8Bitmask(long low, long high) {
    return bitmask(low) | (bitmask(high) << 4);
  }

  /** The product brings the bit of lane i to place 60 + i; no two bits meet below. */
  private static int bitmask(long half) {
    return (int) ((((half & SIGNS) >>> 15) * 0x1000_2000_4000_8000L) >>> 60);
  }

  // Comparisons

  public static long i16x8Eq(long a, long b) {
    return ~i16x8Ne(a, b);
  }

  public static long i16x8Ne(long a, long b) {
    return Lanes.fill(Lanes.nonZero(a ^ b, SIGNS), 16);
  }

  public static long i16x8LtS(long a, long b) {
    return Lanes.fill(Lanes.lessS(a, b, SIGNS), 16);
  }

  public static long i16x8GtS(long a, long b) {
    return i16x8LtS(b, a);
  }

  public static long i16x8LeS(long a, long b) {
    return ~i16x8LtS(b, a);
  }

  public static long i16x8GeS(long a, long b) {
    return ~i16x8LtS(a, b);
  }

  public static long i16x8LtU(long a, long b) {
    return Lanes.fill(Lanes.lessU(a, b, SIGNS), 16);
  }

  public static long i16x8GtU(long a, long b) {
    return i16x8LtU(b, a);
  }

  public static long i16x8LeU(long a, long b) {
    return ~i16x8LtU(b, a);
  }

  public static long i16x8GeU(long a, long b) {
    return ~i16x8LtU(a, b);
  }

  // Arithmetic

  public static long i16x8Abs(long a) {
    return Lanes.absolute(a, SIGNS, 16);
  }

  public static long i16x8Neg(long a) {
    return Lanes.subtract(0, a, SIGNS);
  }

  public static long i16x8Add(long a, long b) {
    return Lanes.add(a, b, SIGNS);
  }

  public static long i16x8Sub(long a, long b) {
    return Lanes.subtract(a, b, SIGNS);
  }

  public static long i16x8MinS(long a, long b) {
    return Lanes.choose(i16x8LtS(a, b), a, b);
  }

  public static long i16x8MaxS(long a, long b) {
    return Lanes.choose(i16x8LtS(a, b), b, a);
  }

  public static long i16x8MinU(long a, long b) {
    return Lanes.choose(i16x8LtU(a, b), a, b);
  }

  public static long i16x8MaxU(long a, long b) {
    return Lanes.choose(i16x8LtU(a, b), b, a);
  }

  public static long i16x8AddSatS(long a, long b) {
    return Lanes.addSaturatingS(a, b, SIGNS, 16);
  }

  public static long i16x8AddSatU(long a, long b) {
    return Lanes.addSaturatingU(a, b, SIGNS, 16);
  }

  public static long i16x8SubSatS(long a, long b) {
    return Lanes.subtractSaturatingS(a, b, SIGNS, 16);
  }

  public static long i16x8SubSatU(long a, long b) {
    return Lanes.subtractSaturatingU(a, b, SIGNS, 16);
  }

  public static long i16x8AvgrU(long a, long b) {
    return Lanes.averageU(a, b, SIGNS);
  }

  public static long i16x8Shl(long a, int count) {
    return Lanes.shiftLeft(a, count & 15, SIGNS, 16);
  }

  public static long i16x8ShrS(long a, int count) {
    return Lanes.shiftRightS(a, count & 15, SIGNS, 16);
  }

  public static long i16x8ShrU(long a, int count) {
    return Lanes.shiftRightU(a, count & 15, SIGNS, 16);
  }

  // Products

  /** The lowest 16 bits of a product depend on the lowest 16 bits of its factors only. */
  public static long i16x8Mul(long a, long b) {
    return join(a * b, (a >>> 16) * (b >>> 16), (a >>> 32) * (b >>> 32), (a >>> 48) * (b >>> 48));
  }

  private static long join(long r0, long r1, long r2, long r3) {
    return (r0 & 0xFFFF) | ((r1 & 0xFFFF) << 16) | ((r2 & 0xFFFF) << 32) | (r3 << 48);
  }

  public static long i16x8Q15mulrSatS(long a, long b) {
    return join(
        q15((short) a, (short) b),
        q15((short) (a >>> 16), (short) (b >>> 16)),
        q15((short) (a >>> 32), (short) (b >>> 32)),
        q15((short) (a >>> 48), (short) (b >>> 48)));
  }

  /** Only the square of the least number is too large. */
  private static int q15(int a, int b) {
    return Math.min((a * b + 0x4000) >> 15, 0x7FFF);
  }

  public static long i16x8RelaxedQ15mulrS(long a, long b) {
    return i16x8Q15mulrSatS(a, b);
  }

  public static long i16x8RelaxedDotI8x16I7x16S(long a, long b) {
    long even = i16x8Mul(evenS(a), evenS(b));
    long odd = i16x8Mul(oddS(a), oddS(b));
    return Lanes.add(even, odd, SIGNS);
  }

  public static long i16x8ExtmulLowI8x16SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenS(aLow), widenS(bLow));
  }

  public static long i16x8ExtmulLowI8x16SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenS(aLow >>> 32), widenS(bLow >>> 32));
  }

  public static long i16x8ExtmulLowI8x16ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenU(aLow), widenU(bLow));
  }

  public static long i16x8ExtmulLowI8x16UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenU(aLow >>> 32), widenU(bLow >>> 32));
  }

  public static long i16x8ExtmulHighI8x16SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenS(aHigh), widenS(bHigh));
  }

  public static long i16x8ExtmulHighI8x16SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenS(aHigh >>> 32), widenS(bHigh >>> 32));
  }

  public static long i16x8ExtmulHighI8x16ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenU(aHigh), widenU(bHigh));
  }

  public static long i16x8ExtmulHighI8x16UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(widenU(aHigh >>> 32), widenU(bHigh >>> 32));
  }

  // Widening and narrowing

  public static long i16x8ExtaddPairwiseI8x16S(long a) {
    return Lanes.add(evenS(a), oddS(a), SIGNS);
  }

  public static long i16x8ExtaddPairwiseI8x16U(long a) {
    return (a & LOW_BYTES) + ((a >>> 8) & LOW_BYTES);
  }

  /** The low byte of each lane, its sign copied to the high byte. */
  private static long evenS(long a) {
    long even = a & LOW_BYTES;
    long tops = even & (0x80 * ONES);
    return even | ((tops << 9) - (tops << 1));
  }

  private static long oddS(long a) {
    return Lanes.shiftRightS(a, 8, SIGNS, 16);
  }

  public static long i16x8ExtendLowI8x16SLow(long aLow, long aHigh) {
    return widenS(aLow);
  }

  public static long i16x8ExtendLowI8x16SHigh(long aLow, long aHigh) {
    return widenS(aLow >>> 32);
  }

  public static long i16x8ExtendLowI8x16ULow(long aLow, long aHigh) {
    return widenU(aLow);
  }

  public static long i16x8ExtendLowI8x16UHigh(long aLow, long aHigh) {
    return widenU(aLow >>> 32);
  }

  public static long i16x8ExtendHighI8x16SLow(long aLow, long aHigh) {
    return widenS(aHigh);
  }

  public static long i16x8ExtendHighI8x16SHigh(long aLow, long aHigh) {
    return widenS(aHigh >>> 32);
  }

  public static long i16x8ExtendHighI8x16ULow(long aLow, long aHigh) {
    return widenU(aHigh);
  }

  public static long i16x8ExtendHighI8x16UHigh(long aLow, long aHigh) {
    return widenU(aHigh >>> 32);
  }

  private static long widenS(long bytes) {
    return evenS(widenU(bytes));
  }

  /** The four lowest bytes, each in a lane of its own. */
  private static long widenU(long bytes) {
    long r = bytes & 0xFFFF_FFFFL;
    r = (r | (r << 16)) & 0x0000_FFFF_0000_FFFFL;
    return (r | (r << 8)) & LOW_BYTES;
  }

  public static long i16x8NarrowI32x4SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(aLow) | (narrowS(aHigh) << 32);
  }

  public static long i16x8NarrowI32x4SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(bLow) | (narrowS(bHigh) << 32);
  }

  public static long i16x8NarrowI32x4ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(aLow) | (narrowU(aHigh) << 32);
  }

  public static long i16x8NarrowI32x4UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(bLow) | (narrowU(bHigh) << 32);
  }

  private static long narrowS(long half) {
    return pack(
        clamp((int) half, Short.MIN_VALUE, Short.MAX_VALUE),
        clamp((int) (half >>> 32), Short.MIN_VALUE, Short.MAX_VALUE));
  }

  private static long narrowU(long half) {
    return pack(clamp((int) half, 0, 0xFFFF), clamp((int) (half >>> 32), 0, 0xFFFF));
  }

  /** {@code Math.clamp} would take the way through long. */
  private static int clamp(int value, int least, int greatest) {
    return Math.max(least, Math.min(value, greatest));
  }

  private static long pack(int first, int second) {
    return (first & 0xFFFFL) | ((second & 0xFFFFL) << 16);
  }
}
