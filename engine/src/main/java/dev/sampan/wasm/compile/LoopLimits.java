package dev.sampan.wasm.compile;

/** Bounds for the signed comparisons of counted loops. */
public final class LoopLimits {

  static final Member UPPER = Member.of(LoopLimits.class, "upper", "(III)I");
  static final Member LOWER = Member.of(LoopLimits.class, "lower", "(I)I");

  static final Member AGAIN = Member.of(LoopLimits.class, "again", "(I)I");

  private LoopLimits() {}

  public static int again(int counter) {
    return (counter & 0xFFFF_0000) | (counter & 0xFFFF);
  }

  /**
   * The bound of a loop that counts up as long as the counter is less without sign: the bound
   * itself if the counter cannot pass from one half of the numbers to the other on its way there,
   * else one that no number is less than.
   */
  public static int upper(int counter, int bound, int stride) {
    return bound <= Integer.MAX_VALUE - stride - 2 && (counter + stride | bound) >= 0
        ? bound
        : Integer.MIN_VALUE;
  }

  /** The same for a loop that counts down as long as the counter is greater without sign. */
  public static int lower(int bound) {
    return bound >= 0 ? bound : Integer.MAX_VALUE;
  }
}
