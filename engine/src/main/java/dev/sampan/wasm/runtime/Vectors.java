package dev.sampan.wasm.runtime;

/**
 * What the vector instructions mean (Execution › Numerics): here those of {@code v128} itself, and
 * the rule by which all others are found.
 *
 * <p>A v128 is two longs, never an object. The low one holds the lanes at the lower addresses, lane
 * 0 in its lowest bits. Each method gives a primitive. Its name is the mnemonic in lower camel
 * case; its class is named after the shape, {@code i8x16.add_sat_s} is {@link
 * VectorI8x16#i8x16AddSatS} (see {@link #owner}). Its form depends on the instruction:
 *
 * <ul>
 *   <li><i>lane-wise</i>, where each half of the result depends on the same half of the operands
 *       only (conversions that keep the lanes' place included): one method on longs, called once
 *       per half; shifts take the i32 count after the half;
 *   <li><i>across halves</i>: two methods with the suffixes {@code Low} and {@code High}, one for
 *       each half of the result, which take both halves of every operand, low before high;
 *   <li><i>splat</i>: one method, its result serves as both halves;
 *   <li><i>to one i32</i> ({@code any_true}, {@code all_true}, {@code bitmask}): one method on both
 *       halves;
 *   <li><i>extract and replace lane</i>: one method on the half that holds the lane, and the lane's
 *       number counted within that half.
 * </ul>
 *
 * <p>Where relaxed instructions leave a choice, the result is the one of the strict instruction of
 * the same name; {@code relaxed_madd} and {@code relaxed_nmadd} round twice, because the fused
 * operation is very slow on processors without it; dot products take both operands as signed and
 * wrap around.
 */
public final class Vectors {

  private Vectors() {}

  /**
   * The class with the methods of a vector instruction.
   *
   * @param mnemonic its name in the text format, like {@code i8x16.add}
   * @throws IllegalArgumentException if it does not start with a vector shape
   */
  public static Class<?> owner(String mnemonic) {
    int dot = mnemonic.indexOf('.');
    return switch (mnemonic.substring(0, Math.max(dot, 0))) {
      case "v128" -> Vectors.class;
      case "i8x16" -> VectorI8x16.class;
      case "i16x8" -> VectorI16x8.class;
      case "i32x4" -> VectorI32x4.class;
      case "i64x2" -> VectorI64x2.class;
      case "f32x4" -> VectorF32x4.class;
      case "f64x2" -> VectorF64x2.class;
      default ->
          throw new IllegalArgumentException("not a vector instruction: \"" + mnemonic + "\"");
    };
  }

  public static long v128Not(long a) {
    return ~a;
  }

  public static long v128And(long a, long b) {
    return a & b;
  }

  public static long v128Andnot(long a, long b) {
    return a & ~b;
  }

  public static long v128Or(long a, long b) {
    return a | b;
  }

  public static long v128Xor(long a, long b) {
    return a ^ b;
  }

  /** The bits of {@code a} where {@code c} has ones, else those of {@code b}. */
  public static long v128Bitselect(long a, long b, long c) {
    return Lanes.choose(c, a, b);
  }

  public static int v128AnyTrue(long low, long high) {
    return (low | high) != 0 ? 1 : 0;
  }
}
