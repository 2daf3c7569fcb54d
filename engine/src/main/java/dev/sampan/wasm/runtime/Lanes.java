package dev.sampan.wasm.runtime;

/**
 * Arithmetic on all integer lanes of one 64-bit half at once, for lanes of 8, 16 and 32 bits.
 *
 * <p>{@code signs} is the mask of the lanes' top bits; {@code width} the bits of a lane. Callers
 * pass constants, so that everything derived from them folds away when HotSpot inlines.
 */
final class Lanes {

  private Lanes() {}

  /** Adds with the top bits apart, so that no carry leaves its lane. */
  static long add(long a, long b, long signs) {
    return ((a & ~signs) + (b & ~signs)) ^ ((a ^ b) & signs);
  }

  /** Subtracts with the top bits lent, so that no borrow leaves its lane. */
  static long subtract(long a, long b, long signs) {
    return ((a | signs) - (b & ~signs)) ^ ((a ^ ~b) & signs);
  }

  /** The top bits of the lanes that are not zero. */
  static long nonZero(long a, long signs) {
    return (((a & ~signs) + ~signs) | a) & signs;
  }

  /** The top bits of the lanes of {@code a} that are less, as signed numbers. */
  static long lessS(long a, long b, long signs) {
    return lessU(a ^ signs, b ^ signs, signs);
  }

  /**
   * The top bits of the lanes of {@code a} that are less, as unsigned numbers: those that borrow.
   */
  static long lessU(long a, long b, long signs) {
    return ((~a & b) | (~(a ^ b) & subtract(a, b, signs))) & signs;
  }

  /** All ones in each lane whose top bit is set; the other bits of {@code tops} must be clear. */
  static long fill(long tops, int width) {
    return (tops << 1) - (tops >>> (width - 1));
  }

  /** The bits of {@code a} where the mask has ones, else those of {@code b}. */
  static long choose(long mask, long a, long b) {
    return b ^ ((a ^ b) & mask);
  }

  static long addSaturatingS(long a, long b, long signs, int width) {
    long sum = add(a, b, signs);
    long overflow = fill((a ^ sum) & (b ^ sum) & signs, width);
    return choose(overflow, limit(a, signs, width), sum);
  }

  static long addSaturatingU(long a, long b, long signs, int width) {
    long sum = add(a, b, signs);
    long carries = ((a & b) | ((a | b) & ~sum)) & signs;
    return sum | fill(carries, width);
  }

  static long subtractSaturatingS(long a, long b, long signs, int width) {
    long difference = subtract(a, b, signs);
    long overflow = fill((a ^ b) & (a ^ difference) & signs, width);
    return choose(overflow, limit(a, signs, width), difference);
  }

  static long subtractSaturatingU(long a, long b, long signs, int width) {
    return subtract(a, b, signs) & ~fill(lessU(a, b, signs), width);
  }

  /** The greatest signed number in each lane, or the least where {@code a} is negative. */
  private static long limit(long a, long signs, int width) {
    return ~signs + ((a & signs) >>> (width - 1));
  }

  static long absolute(long a, long signs, int width) {
    long negative = fill(a & signs, width);
    return subtract(a ^ negative, negative, signs);
  }

  /** The average, rounded up: what both may have, less half of what only one has. */
  static long averageU(long a, long b, long signs) {
    return (a | b) - (((a ^ b) >>> 1) & ~signs);
  }

  /** The count is below the width, here and below. */
  static long shiftLeft(long a, int count, long signs, int width) {
    return (a & lowest(width - count, signs, width)) << count;
  }

  static long shiftRightU(long a, int count, long signs, int width) {
    return (a >>> count) & lowest(width - count, signs, width);
  }

  /** The former top bit of each lane is copied to all the bits above it. */
  static long shiftRightS(long a, int count, long signs, int width) {
    long shifted = shiftRightU(a, count, signs, width);
    long tops = shifted & (signs >>> count);
    return shifted | ((tops << (count + 1)) - tops);
  }

  /** A mask of the lowest bits, at least one, of each lane. */
  private static long lowest(int bits, long signs, int width) {
    return ((signs >>> (width - bits)) << 1) - (signs >>> (width - 1));
  }
}
