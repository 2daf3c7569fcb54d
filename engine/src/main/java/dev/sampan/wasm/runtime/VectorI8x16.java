package dev.sampan.wasm.runtime;

/** What the {@code i8x16} instructions mean; {@link Vectors} says which form each has. */
public final class VectorI8x16 {

  private static final long SIGNS = 0x8080_8080_8080_8080L;
  private static final long ONES = 0x0101_0101_0101_0101L;

  private VectorI8x16() {}

  // Lanes

  public static long i8x16Splat(int value) {
    return (value & 0xFF) * ONES;
  }

  public static int i8x16ExtractLaneS(long half, int lane) {
    return (byte) (half >>> (lane << 3));
  }

  public static int i8x16ExtractLaneU(long half, int lane) {
    return (int) (half >>> (lane << 3)) & 0xFF;
  }

  public static long i8x16ReplaceLane(long half, int value, int lane) {
    int shift = lane << 3;
    return (half & ~(0xFFL << shift)) | ((value & 0xFFL) << shift);
  }

  /**
   * The immediates, 16 lane numbers below 32, are given as two longs; each half of the result needs
   * only its own.
   */
  public static long i8x16ShuffleLow(
      long aLow, long aHigh, long bLow, long bHigh, long lanesLow, long lanesHigh) {
    return shuffle(aLow, aHigh, bLow, bHigh, lanesLow);
  }

  public static long i8x16ShuffleHigh(
      long aLow, long aHigh, long bLow, long bHigh, long lanesLow, long lanesHigh) {
    return shuffle(aLow, aHigh, bLow, bHigh, lanesHigh);
  }

  private static long shuffle(long aLow, long aHigh, long bLow, long bHigh, long lanes) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      long lane = lanes >>> i;
      long low = (lane & 16) == 0 ? aLow : bLow;
      long high = (lane & 16) == 0 ? aHigh : bHigh;
      r |= byteAt(low, high, lane) << i;
    }
    return r;
  }

  public static long i8x16SwizzleLow(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bLow);
  }

  public static long i8x16SwizzleHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bHigh);
  }

  public static long i8x16RelaxedSwizzleLow(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bLow);
  }

  public static long i8x16RelaxedSwizzleHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bHigh);
  }

  /** Lane numbers of 16 and more give 0. */
  private static long swizzle(long low, long high, long lanes) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      r |= byteAt(low, high, lanes >>> i) << i;
    }
    return r & ~Lanes.fill(Lanes.nonZero(lanes & (0xF0 * ONES), SIGNS), 8);
  }

  /** The byte with the number in the four lowest bits of {@code lane}; a shift counts modulo 64. */
  private static long byteAt(long low, long high, long lane) {
    return (((lane & 8) == 0 ? low : high) >>> (lane << 3)) & 0xFF;
  }

  public static long i8x16RelaxedLaneselect(long a, long b, long c) {
    return Lanes.choose(c, a, b);
  }

  // Tests

  public static int i8x16AllTrue(long low, long high) {
    return (Lanes.nonZero(low, SIGNS) & Lanes.nonZero(high, SIGNS)) == SIGNS ? 1 : 0;
  }

  public static int i8x16Bitmask(long low, long high) {
    return bitmask(low) | (bitmask(high) << 8);
  }

  /** The product brings the bit of lane i to place 56 + i; no two bits meet below. */
  private static int bitmask(long half) {
    return (int) ((((half & SIGNS) >>> 7) * 0x0102_0408_1020_4080L) >>> 56);
  }

  // Comparisons

  public static long i8x16Eq(long a, long b) {
    return ~i8x16Ne(a, b);
  }

  public static long i8x16Ne(long a, long b) {
    return Lanes.fill(Lanes.nonZero(a ^ b, SIGNS), 8);
  }

  public static long i8x16LtS(long a, long b) {
    return Lanes.fill(Lanes.lessS(a, b, SIGNS), 8);
  }

  public static long i8x16GtS(long a, long b) {
    return i8x16LtS(b, a);
  }

  public static long i8x16LeS(long a, long b) {
    return ~i8x16LtS(b, a);
  }

  public static long i8x16GeS(long a, long b) {
    return ~i8x16LtS(a, b);
  }

  public static long i8x16LtU(long a, long b) {
    return Lanes.fill(Lanes.lessU(a, b, SIGNS), 8);
  }

  public static long i8x16GtU(long a, long b) {
    return i8x16LtU(b, a);
  }

  public static long i8x16LeU(long a, long b) {
    return ~i8x16LtU(b, a);
  }

  public static long i8x16GeU(long a, long b) {
    return ~i8x16LtU(a, b);
  }

  // Arithmetic

  public static long i8x16Abs(long a) {
    return Lanes.absolute(a, SIGNS, 8);
  }

  public static long i8x16Neg(long a) {
    return Lanes.subtract(0, a, SIGNS);
  }

  public static long i8x16Add(long a, long b) {
    return Lanes.add(a, b, SIGNS);
  }

  public static long i8x16Sub(long a, long b) {
    return Lanes.subtract(a, b, SIGNS);
  }

  public static long i8x16MinS(long a, long b) {
    return Lanes.choose(i8x16LtS(a, b), a, b);
  }

  public static long i8x16MaxS(long a, long b) {
    return Lanes.choose(i8x16LtS(a, b), b, a);
  }

  public static long i8x16MinU(long a, long b) {
    return Lanes.choose(i8x16LtU(a, b), a, b);
  }

  public static long i8x16MaxU(long a, long b) {
    return Lanes.choose(i8x16LtU(a, b), b, a);
  }

  public static long i8x16AddSatS(long a, long b) {
    return Lanes.addSaturatingS(a, b, SIGNS, 8);
  }

  public static long i8x16AddSatU(long a, long b) {
    return Lanes.addSaturatingU(a, b, SIGNS, 8);
  }

  public static long i8x16SubSatS(long a, long b) {
    return Lanes.subtractSaturatingS(a, b, SIGNS, 8);
  }

  public static long i8x16SubSatU(long a, long b) {
    return Lanes.subtractSaturatingU(a, b, SIGNS, 8);
  }

  public static long i8x16AvgrU(long a, long b) {
    return Lanes.averageU(a, b, SIGNS);
  }

  public static long i8x16Shl(long a, int count) {
    return Lanes.shiftLeft(a, count & 7, SIGNS, 8);
  }

  public static long i8x16ShrS(long a, int count) {
    return Lanes.shiftRightS(a, count & 7, SIGNS, 8);
  }

  public static long i8x16ShrU(long a, int count) {
    return Lanes.shiftRightU(a, count & 7, SIGNS, 8);
  }

  /** Counts in lanes of two bits, then of four, then of eight. */
  public static long i8x16Popcnt(long a) {
    long pairs = a - ((a >>> 1) & (0x55 * ONES));
    long nibbles = (pairs & (0x33 * ONES)) + ((pairs >>> 2) & (0x33 * ONES));
    return (nibbles + (nibbles >>> 4)) & (0x0F * ONES);
  }

  // Narrowing

  public static long i8x16NarrowI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(aLow) | (narrowS(aHigh) << 32);
  }

  public static long i8x16NarrowI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(bLow) | (narrowS(bHigh) << 32);
  }

  public static long i8x16NarrowI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(aLow) | (narrowU(aHigh) << 32);
  }

  public static long i8x16NarrowI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(bLow) | (narrowU(bHigh) << 32);
  }

  private static long narrowS(long half) {
    long clamped =
        VectorI16x8.i16x8MinS(
            VectorI16x8.i16x8MaxS(half, 0xFF80_FF80_FF80_FF80L), 0x007F_007F_007F_007FL);
    return pack(clamped);
  }

  private static long narrowU(long half) {
    long clamped = VectorI16x8.i16x8MinS(VectorI16x8.i16x8MaxS(half, 0), 0x00FF_00FF_00FF_00FFL);
    return pack(clamped);
  }

  /** The low bytes of four 16-bit lanes side by side. */
  private static long pack(long words) {
    long r = words & 0x00FF_00FF_00FF_00FFL;
    r = (r | (r >>> 8)) & 0x0000_FFFF_0000_FFFFL;
    return (r | (r >>> 16)) & 0xFFFF_FFFFL;
  }
}
