package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;

/**
 * What the regular scalar instructions mean (Execution › Numerics): one method per instruction,
 * named by its mnemonic in lower camel case ({@code i32.div_s} is {@link #i32DivS}), taking its
 * operands and giving its result. Comparisons and tests give 0 or 1. Every execution mode calls
 * these.
 *
 * <p>The bodies are small, and throws lie in methods of their own, because HotSpot must inline them
 * everywhere: it takes up to 35 bytes of bytecode at any call site.
 *
 * <p>NaNs: the specification demands a quiet NaN from every arithmetic instruction that meets a
 * NaN, and untouched bits from {@code neg}, {@code abs}, {@code copysign} and {@code reinterpret}.
 * Java knows no such difference, and its library hands signalling NaNs through. So methods that do
 * not end in a machine instruction of the arithmetic kind send NaNs through the addition {@code a +
 * a}, which quiets them on every processor and is never folded away. {@code a * 1.0}, {@code a /
 * 1.0} and {@code a - 0.0} would be no help: HotSpot's optimising compiler takes them for {@code
 * a}. Code generated for these three instructions with that constant must add -0.0 instead, which
 * has the same value and is kept.
 */
public final class Numerics {

  private Numerics() {}

  // i32: tests and comparisons

  public static int i32Eqz(int a) {
    return a == 0 ? 1 : 0;
  }

  public static int i32Eq(int a, int b) {
    return a == b ? 1 : 0;
  }

  public static int i32Ne(int a, int b) {
    return a != b ? 1 : 0;
  }

  public static int i32LtS(int a, int b) {
    return a < b ? 1 : 0;
  }

  public static int i32LtU(int a, int b) {
    return Integer.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  public static int i32GtS(int a, int b) {
    return a > b ? 1 : 0;
  }

  public static int i32GtU(int a, int b) {
    return Integer.compareUnsigned(a, b) > 0 ? 1 : 0;
  }

  public static int i32LeS(int a, int b) {
    return a <= b ? 1 : 0;
  }

  public static int i32LeU(int a, int b) {
    return Integer.compareUnsigned(a, b) <= 0 ? 1 : 0;
  }

  public static int i32GeS(int a, int b) {
    return a >= b ? 1 : 0;
  }

  public static int i32GeU(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
  }

  // i32: unary and binary

  public static int i32Clz(int a) {
    return Integer.numberOfLeadingZeros(a);
  }

  public static int i32Ctz(int a) {
    return Integer.numberOfTrailingZeros(a);
  }

  public static int i32Popcnt(int a) {
    return Integer.bitCount(a);
  }

  public static int i32Add(int a, int b) {
    return a + b;
  }

  public static int i32Sub(int a, int b) {
    return a - b;
  }

  public static int i32Mul(int a, int b) {
    return a * b;
  }

  public static int i32DivS(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    if (a == Integer.MIN_VALUE && b == -1) {
      throw integerOverflow();
    }
    return a / b;
  }

  public static int i32DivU(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Integer.divideUnsigned(a, b);
  }

  /** The remainder of {@code MIN_VALUE} by -1 is 0, in Java as in Wasm. */
  public static int i32RemS(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return a % b;
  }

  public static int i32RemU(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Integer.remainderUnsigned(a, b);
  }

  public static int i32And(int a, int b) {
    return a & b;
  }

  public static int i32Or(int a, int b) {
    return a | b;
  }

  public static int i32Xor(int a, int b) {
    return a ^ b;
  }

  public static int i32Shl(int a, int b) {
    return a << b;
  }

  public static int i32ShrS(int a, int b) {
    return a >> b;
  }

  public static int i32ShrU(int a, int b) {
    return a >>> b;
  }

  public static int i32Rotl(int a, int b) {
    return Integer.rotateLeft(a, b);
  }

  public static int i32Rotr(int a, int b) {
    return Integer.rotateRight(a, b);
  }

  // i64: tests and comparisons

  public static int i64Eqz(long a) {
    return a == 0 ? 1 : 0;
  }

  public static int i64Eq(long a, long b) {
    return a == b ? 1 : 0;
  }

  public static int i64Ne(long a, long b) {
    return a != b ? 1 : 0;
  }

  public static int i64LtS(long a, long b) {
    return a < b ? 1 : 0;
  }

  public static int i64LtU(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  public static int i64GtS(long a, long b) {
    return a > b ? 1 : 0;
  }

  public static int i64GtU(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? 1 : 0;
  }

  public static int i64LeS(long a, long b) {
    return a <= b ? 1 : 0;
  }

  public static int i64LeU(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? 1 : 0;
  }

  public static int i64GeS(long a, long b) {
    return a >= b ? 1 : 0;
  }

  public static int i64GeU(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
  }

  // i64: unary and binary

  public static long i64Clz(long a) {
    return Long.numberOfLeadingZeros(a);
  }

  public static long i64Ctz(long a) {
    return Long.numberOfTrailingZeros(a);
  }

  public static long i64Popcnt(long a) {
    return Long.bitCount(a);
  }

  public static long i64Add(long a, long b) {
    return a + b;
  }

  public static long i64Sub(long a, long b) {
    return a - b;
  }

  public static long i64Mul(long a, long b) {
    return a * b;
  }

  public static long i64DivS(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    if (a == Long.MIN_VALUE && b == -1) {
      throw integerOverflow();
    }
    return a / b;
  }

  public static long i64DivU(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Long.divideUnsigned(a, b);
  }

  /** The remainder of {@code MIN_VALUE} by -1 is 0, in Java as in Wasm. */
  public static long i64RemS(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return a % b;
  }

  public static long i64RemU(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Long.remainderUnsigned(a, b);
  }

  public static long i64And(long a, long b) {
    return a & b;
  }

  public static long i64Or(long a, long b) {
    return a | b;
  }

  public static long i64Xor(long a, long b) {
    return a ^ b;
  }

  public static long i64Shl(long a, long b) {
    return a << (int) b;
  }

  public static long i64ShrS(long a, long b) {
    return a >> (int) b;
  }

  public static long i64ShrU(long a, long b) {
    return a >>> (int) b;
  }

  public static long i64Rotl(long a, long b) {
    return Long.rotateLeft(a, (int) b);
  }

  public static long i64Rotr(long a, long b) {
    return Long.rotateRight(a, (int) b);
  }

  // i64: wide arithmetic, each half of the 128-bit result by itself

  public static long i64Add128Low(long aLow, long aHigh, long bLow, long bHigh) {
    return aLow + bLow;
  }

  public static long i64Add128High(long aLow, long aHigh, long bLow, long bHigh) {
    long carry = ((aLow & bLow) | ((aLow | bLow) & ~(aLow + bLow))) >>> 63;
    return aHigh + bHigh + carry;
  }

  public static long i64Sub128Low(long aLow, long aHigh, long bLow, long bHigh) {
    return aLow - bLow;
  }

  public static long i64Sub128High(long aLow, long aHigh, long bLow, long bHigh) {
    long borrow = ((~aLow & bLow) | (~(aLow ^ bLow) & (aLow - bLow))) >>> 63;
    return aHigh - bHigh - borrow;
  }

  public static long i64MulWideSLow(long a, long b) {
    return a * b;
  }

  public static long i64MulWideSHigh(long a, long b) {
    return Math.multiplyHigh(a, b);
  }

  public static long i64MulWideULow(long a, long b) {
    return a * b;
  }

  public static long i64MulWideUHigh(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b);
  }

  // f32: comparisons

  public static int f32Eq(float a, float b) {
    return a == b ? 1 : 0;
  }

  public static int f32Ne(float a, float b) {
    return a != b ? 1 : 0;
  }

  public static int f32Lt(float a, float b) {
    return a < b ? 1 : 0;
  }

  public static int f32Gt(float a, float b) {
    return a > b ? 1 : 0;
  }

  public static int f32Le(float a, float b) {
    return a <= b ? 1 : 0;
  }

  public static int f32Ge(float a, float b) {
    return a >= b ? 1 : 0;
  }

  // f32: unary and binary

  /** Clears the sign bit, also of a NaN. */
  public static float f32Abs(float a) {
    return Math.abs(a);
  }

  /**
   * Flips the sign bit, also of a NaN: the machine instruction behind the JVM's touches no other.
   */
  public static float f32Neg(float a) {
    return -a;
  }

  /** The way to {@code double} and back quiets a NaN and is exact for all others. */
  public static float f32Ceil(float a) {
    return (float) Math.ceil(a);
  }

  public static float f32Floor(float a) {
    return (float) Math.floor(a);
  }

  /** Negative numbers go up, so that -0.5 gives -0.0. */
  public static float f32Trunc(float a) {
    return (float) (a < 0 ? Math.ceil(a) : Math.floor(a));
  }

  public static float f32Nearest(float a) {
    return (float) Math.rint(a);
  }

  /** Rounding twice is exact here: {@code double} has more than twice the bits of {@code float}. */
  public static float f32Sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  public static float f32Add(float a, float b) {
    return a + b;
  }

  public static float f32Sub(float a, float b) {
    return a - b;
  }

  public static float f32Mul(float a, float b) {
    return a * b;
  }

  public static float f32Div(float a, float b) {
    return a / b;
  }

  public static float f32Min(float a, float b) {
    float r = Math.min(a, b);
    return Float.isNaN(r) ? a + b : r;
  }

  public static float f32Max(float a, float b) {
    float r = Math.max(a, b);
    return Float.isNaN(r) ? a + b : r;
  }

  /** Bits, because {@code Math.copySign} may take any NaN for a positive one. */
  public static float f32Copysign(float a, float b) {
    int magnitude = Float.floatToRawIntBits(a) & Integer.MAX_VALUE;
    return Float.intBitsToFloat(magnitude | (Float.floatToRawIntBits(b) & Integer.MIN_VALUE));
  }

  // f64: comparisons

  public static int f64Eq(double a, double b) {
    return a == b ? 1 : 0;
  }

  public static int f64Ne(double a, double b) {
    return a != b ? 1 : 0;
  }

  public static int f64Lt(double a, double b) {
    return a < b ? 1 : 0;
  }

  public static int f64Gt(double a, double b) {
    return a > b ? 1 : 0;
  }

  public static int f64Le(double a, double b) {
    return a <= b ? 1 : 0;
  }

  public static int f64Ge(double a, double b) {
    return a >= b ? 1 : 0;
  }

  // f64: unary and binary

  /** Clears the sign bit, also of a NaN. */
  public static double f64Abs(double a) {
    return Math.abs(a);
  }

  /**
   * Flips the sign bit, also of a NaN: the machine instruction behind the JVM's touches no other.
   */
  public static double f64Neg(double a) {
    return -a;
  }

  public static double f64Ceil(double a) {
    return Double.isNaN(a) ? a + a : Math.ceil(a);
  }

  public static double f64Floor(double a) {
    return Double.isNaN(a) ? a + a : Math.floor(a);
  }

  /** Negative numbers go up, so that -0.5 gives -0.0. */
  public static double f64Trunc(double a) {
    if (Double.isNaN(a)) {
      return a + a;
    }
    return a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  public static double f64Nearest(double a) {
    return Double.isNaN(a) ? a + a : Math.rint(a);
  }

  public static double f64Sqrt(double a) {
    return Double.isNaN(a) ? a + a : Math.sqrt(a);
  }

  public static double f64Add(double a, double b) {
    return a + b;
  }

  public static double f64Sub(double a, double b) {
    return a - b;
  }

  public static double f64Mul(double a, double b) {
    return a * b;
  }

  public static double f64Div(double a, double b) {
    return a / b;
  }

  public static double f64Min(double a, double b) {
    double r = Math.min(a, b);
    return Double.isNaN(r) ? a + b : r;
  }

  public static double f64Max(double a, double b) {
    double r = Math.max(a, b);
    return Double.isNaN(r) ? a + b : r;
  }

  public static double f64Copysign(double a, double b) {
    long magnitude = Double.doubleToRawLongBits(a) & Long.MAX_VALUE;
    return Double.longBitsToDouble(magnitude | (Double.doubleToRawLongBits(b) & Long.MIN_VALUE));
  }

  // Conversions between integers

  public static int i32WrapI64(long a) {
    return (int) a;
  }

  public static long i64ExtendI32S(int a) {
    return a;
  }

  public static long i64ExtendI32U(int a) {
    return Integer.toUnsignedLong(a);
  }

  public static int i32Extend8S(int a) {
    return (byte) a;
  }

  public static int i32Extend16S(int a) {
    return (short) a;
  }

  public static long i64Extend8S(long a) {
    return (byte) a;
  }

  public static long i64Extend16S(long a) {
    return (short) a;
  }

  public static long i64Extend32S(long a) {
    return (int) a;
  }

  // Floats to integers, trapping: the bounds are the nearest floats outside, or the first inside

  public static int i32TruncF32S(float a) {
    if (a >= -0x1p31f && a < 0x1p31f) {
      return (int) a;
    }
    throw unconvertible(a);
  }

  public static int i32TruncF32U(float a) {
    if (a > -1f && a < 0x1p32f) {
      return (int) (long) a;
    }
    throw unconvertible(a);
  }

  public static int i32TruncF64S(double a) {
    if (a > -0x1.00000002p31 && a < 0x1p31) {
      return (int) a;
    }
    throw unconvertible(a);
  }

  public static int i32TruncF64U(double a) {
    if (a > -1.0 && a < 0x1p32) {
      return (int) (long) a;
    }
    throw unconvertible(a);
  }

  public static long i64TruncF32S(float a) {
    if (a >= -0x1p63f && a < 0x1p63f) {
      return (long) a;
    }
    throw unconvertible(a);
  }

  public static long i64TruncF32U(float a) {
    if (a > -1f && a < 0x1p64f) {
      return i64TruncSatF32U(a);
    }
    throw unconvertible(a);
  }

  public static long i64TruncF64S(double a) {
    if (a >= -0x1p63 && a < 0x1p63) {
      return (long) a;
    }
    throw unconvertible(a);
  }

  public static long i64TruncF64U(double a) {
    if (a > -1.0 && a < 0x1p64) {
      return i64TruncSatF64U(a);
    }
    throw unconvertible(a);
  }

  // Floats to integers, saturating: Java's casts do so for signed results

  public static int i32TruncSatF32S(float a) {
    return (int) a;
  }

  public static int i32TruncSatF32U(float a) {
    return (int) Math.max(0L, Math.min((long) a, 0xFFFF_FFFFL));
  }

  public static long i64TruncSatF32S(float a) {
    return (long) a;
  }

  /** From 2<sup>63</sup> on, subtracts it first, which is exact, and adds it to the integer. */
  public static long i64TruncSatF32U(float a) {
    if (a >= 0x1p63f) {
      return (long) (a - 0x1p63f) ^ Long.MIN_VALUE;
    }
    return Math.max((long) a, 0L);
  }

  public static int i32TruncSatF64S(double a) {
    return (int) a;
  }

  public static int i32TruncSatF64U(double a) {
    return (int) Math.max(0L, Math.min((long) a, 0xFFFF_FFFFL));
  }

  public static long i64TruncSatF64S(double a) {
    return (long) a;
  }

  public static long i64TruncSatF64U(double a) {
    if (a >= 0x1p63) {
      return (long) (a - 0x1p63) ^ Long.MIN_VALUE;
    }
    return Math.max((long) a, 0L);
  }

  // Integers to floats

  public static float f32ConvertI32S(int a) {
    return (float) a;
  }

  public static float f32ConvertI32U(int a) {
    return (float) Integer.toUnsignedLong(a);
  }

  public static float f32ConvertI64S(long a) {
    return (float) a;
  }

  /**
   * Above 2<sup>63</sup>, rounds the half: its last bit tells whether any bit below was set, so
   * that one rounding decides a tie rightly.
   */
  public static float f32ConvertI64U(long a) {
    return a >= 0 ? (float) a : (float) ((a >>> 1) | (a & 1)) * 2;
  }

  public static double f64ConvertI32S(int a) {
    return a;
  }

  public static double f64ConvertI32U(int a) {
    return Integer.toUnsignedLong(a);
  }

  public static double f64ConvertI64S(long a) {
    return (double) a;
  }

  public static double f64ConvertI64U(long a) {
    return a >= 0 ? (double) a : (double) ((a >>> 1) | (a & 1)) * 2;
  }

  // Between floats, and their bits

  /**
   * HotSpot drops a promotion that is demoted again, and with it the quieting of NaNs: hence the
   * addition.
   */
  public static float f32DemoteF64(double a) {
    return Double.isNaN(a) ? (float) (a + a) : (float) a;
  }

  public static double f64PromoteF32(float a) {
    return a;
  }

  public static int i32ReinterpretF32(float a) {
    return Float.floatToRawIntBits(a);
  }

  public static long i64ReinterpretF64(double a) {
    return Double.doubleToRawLongBits(a);
  }

  public static float f32ReinterpretI32(int a) {
    return Float.intBitsToFloat(a);
  }

  public static double f64ReinterpretI64(long a) {
    return Double.longBitsToDouble(a);
  }

  // Traps

  private static Trap divideByZero() {
    return new Trap(Trap.Kind.INTEGER_DIVIDE_BY_ZERO);
  }

  private static Trap integerOverflow() {
    return new Trap(Trap.Kind.INTEGER_OVERFLOW);
  }

  private static Trap unconvertible(double a) {
    return new Trap(Double.isNaN(a) ? Trap.Kind.INVALID_CONVERSION : Trap.Kind.INTEGER_OVERFLOW);
  }
}
