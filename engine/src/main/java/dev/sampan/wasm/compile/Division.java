package dev.sampan.wasm.compile;

/**
 * Unsigned division of 64-bit numbers by constants, as a multiplication by the divisor's reciprocal
 * (Granlund and Montgomery's method). With {@code l} bits in the divisor less one, the multiplier
 * is the low 64 bits of {@code floor(2^64 * (2^l - d) / d) + 1}, its 65th bit being left out.
 */
public final class Division {

  static final Member QUOTIENT = Member.of(Division.class, "quotient", "(JJI)J");
  static final Member REMAINDER = Member.of(Division.class, "remainder", "(JJIJ)J");

  private Division() {}

  private static int bits(long divisor) {
    return 64 - Long.numberOfLeadingZeros(divisor - 1);
  }

  /** The multiplier for a divisor that is no power of two. */
  static long multiplier(long divisor) {
    int bits = bits(divisor);
    // 2^bits - divisor fits 64 bits, also where 2^bits does not
    long high = (bits == 64 ? 0 : 1L << bits) - divisor;
    long quotient = 0;
    long rest = high;
    for (int i = 0; i < 64; i++) {
      boolean carry = rest < 0;
      rest <<= 1;
      quotient <<= 1;
      if (carry || Long.compareUnsigned(rest, divisor) >= 0) {
        rest -= divisor;
        quotient |= 1;
      }
    }
    return quotient + 1;
  }

  /** How far the sum is shifted at the end. */
  static int shift(long divisor) {
    return bits(divisor) - 1;
  }

  /** The quotient of a dividend and the divisor that the constants stand for. */
  public static long quotient(long dividend, long multiplier, int shift) {
    long high = Math.unsignedMultiplyHigh(multiplier, dividend);
    return (dividend - high >>> 1) + high >>> shift;
  }

  /** The remainder. */
  public static long remainder(long dividend, long multiplier, int shift, long divisor) {
    return dividend - quotient(dividend, multiplier, shift) * divisor;
  }
}
