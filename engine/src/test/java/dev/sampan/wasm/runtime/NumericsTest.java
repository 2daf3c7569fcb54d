package dev.sampan.wasm.runtime;

import static java.math.RoundingMode.CEILING;
import static java.math.RoundingMode.DOWN;
import static java.math.RoundingMode.FLOOR;
import static java.math.RoundingMode.HALF_EVEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each scalar instruction against a model in exact arithmetic ({@link BigInteger}, {@link
 * BigDecimal}) that rounds once, and the known hard cases literally.
 */
class NumericsTest {

  private static final int TRIALS = 4000;
  private static final int COMPILING_ROUNDS = 500_000;

  /** The result's bits for the operands' bits; throws the trap that the instruction must raise. */
  private interface Model {
    long apply(long[] operands);
  }

  /** Operands are the unsigned values; the result counts modulo 2 to the width. */
  private interface IntegerModel {
    BigInteger apply(BigInteger a, BigInteger b, int width);
  }

  /**
   * An instruction to be tested.
   *
   * @param type operands, colon, result as JVM descriptor letters
   * @param bitwise whether NaNs come out with exactly the model's bits
   */
  private record Instruction(String mnemonic, String type, boolean bitwise, Model model) {

    Method method() {
      MethodType methodType =
          MethodType.fromMethodDescriptorString(
              "(" + type.substring(0, type.length() - 2) + ")" + type.substring(type.length() - 1),
              null);
      try {
        Method method =
            Numerics.class.getMethod(Samples.methodName(mnemonic), methodType.parameterArray());
        assertThat(method.getReturnType()).isEqualTo(methodType.returnType());
        return method;
      } catch (NoSuchMethodException e) {
        throw new AssertionError(mnemonic + " has no method " + type, e);
      }
    }
  }

  private static final List<Instruction> INSTRUCTIONS = new ArrayList<>();

  static {
    for (int width : new int[] {32, 64}) {
      integers(width);
      floats(width);
      conversions(width);
    }
    conversion("i32.wrap_i64", "J:I", a -> a[0]);
    conversion("i64.extend_i32_s", "I:J", a -> (int) a[0]);
    conversion("i64.extend_i32_u", "I:J", a -> a[0]);
    conversion("i64.extend32_s", "J:J", a -> (int) a[0]);
    bitwise("i32.reinterpret_f32", "F:I", a -> a[0]);
    bitwise("i64.reinterpret_f64", "D:J", a -> a[0]);
    bitwise("f32.reinterpret_i32", "I:F", a -> a[0]);
    bitwise("f64.reinterpret_i64", "J:D", a -> a[0]);
    conversion("f32.demote_f64", "D:F", a -> rounded(value(a[0], 64), 32));
    conversion("f64.promote_f32", "F:D", a -> rounded(value(a[0], 32), 64));
    wide("i64.add128", BigInteger::add);
    wide("i64.sub128", BigInteger::subtract);
    wideProduct("i64.mul_wide_s", true);
    wideProduct("i64.mul_wide_u", false);
  }

  // Models of integer instructions

  private static void integers(int width) {
    test(width, "eqz", 1, (a, b, w) -> bit(a.signum() == 0));
    test(width, "eq", 2, (a, b, w) -> bit(a.equals(b)));
    test(width, "ne", 2, (a, b, w) -> bit(!a.equals(b)));
    test(width, "lt_s", 2, (a, b, w) -> bit(signed(a, w).compareTo(signed(b, w)) < 0));
    test(width, "gt_s", 2, (a, b, w) -> bit(signed(a, w).compareTo(signed(b, w)) > 0));
    test(width, "le_s", 2, (a, b, w) -> bit(signed(a, w).compareTo(signed(b, w)) <= 0));
    test(width, "ge_s", 2, (a, b, w) -> bit(signed(a, w).compareTo(signed(b, w)) >= 0));
    test(width, "lt_u", 2, (a, b, w) -> bit(a.compareTo(b) < 0));
    test(width, "gt_u", 2, (a, b, w) -> bit(a.compareTo(b) > 0));
    test(width, "le_u", 2, (a, b, w) -> bit(a.compareTo(b) <= 0));
    test(width, "ge_u", 2, (a, b, w) -> bit(a.compareTo(b) >= 0));
    integer(width, "clz", 1, (a, b, w) -> BigInteger.valueOf(w - a.bitLength()));
    integer(
        width,
        "ctz",
        1,
        (a, b, w) -> BigInteger.valueOf(a.signum() == 0 ? w : a.getLowestSetBit()));
    integer(width, "popcnt", 1, (a, b, w) -> BigInteger.valueOf(a.bitCount()));
    integer(width, "extend8_s", 1, (a, b, w) -> BigInteger.valueOf(a.byteValue()));
    integer(width, "extend16_s", 1, (a, b, w) -> BigInteger.valueOf(a.shortValue()));
    integer(width, "add", 2, (a, b, w) -> a.add(b));
    integer(width, "sub", 2, (a, b, w) -> a.subtract(b));
    integer(width, "mul", 2, (a, b, w) -> a.multiply(b));
    integer(width, "div_s", 2, NumericsTest::divS);
    integer(width, "div_u", 2, (a, b, w) -> a.divide(divisor(b)));
    integer(width, "rem_s", 2, (a, b, w) -> signed(a, w).remainder(signed(divisor(b), w)));
    integer(width, "rem_u", 2, (a, b, w) -> a.remainder(divisor(b)));
    integer(width, "and", 2, (a, b, w) -> a.and(b));
    integer(width, "or", 2, (a, b, w) -> a.or(b));
    integer(width, "xor", 2, (a, b, w) -> a.xor(b));
    integer(width, "shl", 2, (a, b, w) -> a.shiftLeft(count(b, w)));
    integer(width, "shr_s", 2, (a, b, w) -> signed(a, w).shiftRight(count(b, w)));
    integer(width, "shr_u", 2, (a, b, w) -> a.shiftRight(count(b, w)));
    integer(width, "rotl", 2, (a, b, w) -> rotateLeft(a, count(b, w), w));
    integer(width, "rotr", 2, (a, b, w) -> rotateLeft(a, w - count(b, w), w));
  }

  private static BigInteger signed(BigInteger unsigned, int width) {
    return unsigned.testBit(width - 1)
        ? unsigned.subtract(BigInteger.ONE.shiftLeft(width))
        : unsigned;
  }

  private static BigInteger bit(boolean condition) {
    return condition ? BigInteger.ONE : BigInteger.ZERO;
  }

  private static int count(BigInteger operand, int width) {
    return operand.mod(BigInteger.valueOf(width)).intValue();
  }

  private static BigInteger rotateLeft(BigInteger a, int count, int width) {
    BigInteger shifted = a.shiftLeft(count);
    return shifted.or(shifted.shiftRight(width));
  }

  private static BigInteger divisor(BigInteger b) {
    if (b.signum() == 0) {
      throw new Trap(Trap.Kind.INTEGER_DIVIDE_BY_ZERO);
    }
    return b;
  }

  private static BigInteger divS(BigInteger a, BigInteger b, int width) {
    BigInteger quotient = signed(a, width).divide(signed(divisor(b), width));
    if (quotient.bitLength() >= width) {
      throw new Trap(Trap.Kind.INTEGER_OVERFLOW);
    }
    return quotient;
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static void test(int width, String name, int operands, IntegerModel model) {
    integer(width, name, operands, model, "I");
  }

  private static void integer(int width, String name, int operands, IntegerModel model) {
    integer(width, name, operands, model, width == 32 ? "I" : "J");
  }

  private static void integer(
      int width, String name, int operands, IntegerModel model, String result) {
    add(
        "i" + width + "." + name,
        (width == 32 ? "I" : "J").repeat(operands) + ":" + result,
        true,
        a -> model.apply(unsigned(a[0]), unsigned(a[operands - 1]), width).longValue());
  }

  private static void wide(String mnemonic, BinaryOperator<BigInteger> operator) {
    for (int half = 0; half < 2; half++) {
      int shift = half * 64;
      Model model =
          a ->
              operator
                  .apply(
                      unsigned(a[1]).shiftLeft(64).or(unsigned(a[0])),
                      unsigned(a[3]).shiftLeft(64).or(unsigned(a[2])))
                  .shiftRight(shift)
                  .longValue();
      add(mnemonic + (half == 0 ? "_low" : "_high"), "JJJJ:J", true, model);
    }
  }

  private static void wideProduct(String mnemonic, boolean signed) {
    for (int half = 0; half < 2; half++) {
      int shift = half * 64;
      Model model =
          a -> {
            BigInteger x = signed ? BigInteger.valueOf(a[0]) : unsigned(a[0]);
            BigInteger y = signed ? BigInteger.valueOf(a[1]) : unsigned(a[1]);
            return x.multiply(y).shiftRight(shift).longValue();
          };
      add(mnemonic + (half == 0 ? "_low" : "_high"), "JJ:J", true, model);
    }
  }

  // Models of float instructions

  private static void floats(int width) {
    String type = width == 32 ? "F" : "D";
    String prefix = "f" + width + ".";
    long sign = 1L << (width - 1);
    comparison(width, "eq", (a, b) -> a == b);
    comparison(width, "ne", (a, b) -> a != b);
    comparison(width, "lt", (a, b) -> a < b);
    comparison(width, "gt", (a, b) -> a > b);
    comparison(width, "le", (a, b) -> a <= b);
    comparison(width, "ge", (a, b) -> a >= b);
    bitwise(prefix + "abs", type + ":" + type, a -> a[0] & ~sign);
    bitwise(prefix + "neg", type + ":" + type, a -> a[0] ^ sign);
    bitwise(prefix + "copysign", type + type + ":" + type, a -> (a[0] & ~sign) | (a[1] & sign));
    integral(width, "ceil", CEILING);
    integral(width, "floor", FLOOR);
    integral(width, "trunc", DOWN);
    integral(width, "nearest", HALF_EVEN);
    unary(
        width,
        "sqrt",
        a ->
            a > 0 && a < Double.POSITIVE_INFINITY
                ? round(new BigDecimal(a).sqrt(new MathContext(60)), width)
                : a < 0 ? Double.NaN : a);
    binary(width, "add", (a, b) -> sum(a, b, width));
    binary(width, "sub", (a, b) -> sum(a, -b, width));
    binary(width, "mul", (a, b) -> product(a, b, width));
    binary(width, "div", (a, b) -> quotient(a, b, width));
    binary(width, "min", (a, b) -> a == b ? (negative(a) ? a : b) : a < b ? a : b < a ? b : a + b);
    binary(width, "max", (a, b) -> a == b ? (negative(a) ? b : a) : a > b ? a : b > a ? b : a + b);
  }

  private interface Comparison {
    boolean apply(double a, double b);
  }

  private interface Unary {
    double apply(double a);
  }

  private interface Binary {
    double apply(double a, double b);
  }

  private static void comparison(int width, String name, Comparison model) {
    String type = width == 32 ? "FF:I" : "DD:I";
    add(
        "f" + width + "." + name,
        type,
        true,
        a -> model.apply(value(a[0], width), value(a[1], width)) ? 1 : 0);
  }

  private static void unary(int width, String name, Unary model) {
    String type = width == 32 ? "F:F" : "D:D";
    conversion("f" + width + "." + name, type, a -> bits(model.apply(value(a[0], width)), width));
  }

  private static void binary(int width, String name, Binary model) {
    String type = width == 32 ? "FF:F" : "DD:D";
    conversion(
        "f" + width + "." + name,
        type,
        a -> bits(model.apply(value(a[0], width), value(a[1], width)), width));
  }

  private static void integral(int width, String name, RoundingMode mode) {
    unary(
        width,
        name,
        a -> finite(a) ? Math.copySign(new BigDecimal(a).setScale(0, mode).doubleValue(), a) : a);
  }

  private static double sum(double a, double b, int width) {
    if (!finite(a) || !finite(b) || (a == 0 && b == 0)) {
      return a + b;
    }
    return round(new BigDecimal(a).add(new BigDecimal(b)), width);
  }

  private static double product(double a, double b, int width) {
    if (!finite(a) || !finite(b)) {
      return a * b;
    }
    double r = Math.abs(round(new BigDecimal(a).multiply(new BigDecimal(b)), width));
    return negative(a) == negative(b) ? r : -r;
  }

  private static double quotient(double a, double b, int width) {
    if (!finite(a) || !finite(b) || b == 0) {
      return a / b;
    }
    var exact = new BigDecimal(a).divide(new BigDecimal(b), new MathContext(1200));
    double r = Math.abs(round(exact, width));
    return negative(a) == negative(b) ? r : -r;
  }

  private static boolean finite(double a) {
    return Math.abs(a) <= Double.MAX_VALUE;
  }

  private static boolean negative(double a) {
    return Double.doubleToRawLongBits(a) < 0;
  }

  private static double round(BigDecimal exact, int width) {
    return width == 32 ? exact.floatValue() : exact.doubleValue();
  }

  private static double value(long bits, int width) {
    return width == 32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  private static long bits(double value, int width) {
    return width == 32
        ? Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL
        : Double.doubleToRawLongBits(value);
  }

  private static long rounded(double value, int width) {
    return bits(
        finite(value) && value != 0
            ? Math.copySign(round(new BigDecimal(value), width), value)
            : value,
        width);
  }

  // Models of conversions between integers and floats

  private static void conversions(int integer) {
    String integerType = integer == 32 ? "I" : "J";
    for (int width : new int[] {32, 64}) {
      String floatType = width == 32 ? "F" : "D";
      for (boolean signed : new boolean[] {true, false}) {
        String suffix = signed ? "_s" : "_u";
        conversion(
            "f" + width + ".convert_i" + integer + suffix,
            integerType + ":" + floatType,
            a -> {
              BigInteger whole = unsigned(a[0]);
              whole = signed ? signed(whole, integer) : whole;
              return bits(round(new BigDecimal(whole), width), width);
            });
        conversion(
            "i" + integer + ".trunc_f" + width + suffix,
            floatType + ":" + integerType,
            a -> truncate(value(a[0], width), integer, signed, false));
        conversion(
            "i" + integer + ".trunc_sat_f" + width + suffix,
            floatType + ":" + integerType,
            a -> truncate(value(a[0], width), integer, signed, true));
      }
    }
  }

  private static long truncate(double a, int width, boolean signed, boolean saturating) {
    BigInteger least = signed ? BigInteger.TWO.pow(width - 1).negate() : BigInteger.ZERO;
    BigInteger greatest = BigInteger.TWO.pow(signed ? width - 1 : width).subtract(BigInteger.ONE);
    if (Double.isNaN(a)) {
      if (saturating) {
        return 0;
      }
      throw new Trap(Trap.Kind.INVALID_CONVERSION);
    }
    BigInteger whole =
        finite(a)
            ? new BigDecimal(a).toBigInteger()
            : BigInteger.TWO.pow(2000).multiply(BigInteger.valueOf(a > 0 ? 1 : -1));
    BigInteger clamped = whole.max(least).min(greatest);
    if (!saturating && !clamped.equals(whole)) {
      throw new Trap(Trap.Kind.INTEGER_OVERFLOW);
    }
    return clamped.longValue();
  }

  private static void conversion(String mnemonic, String type, Model model) {
    add(mnemonic, type, false, model);
  }

  private static void bitwise(String mnemonic, String type, Model model) {
    add(mnemonic, type, true, model);
  }

  private static void add(String mnemonic, String type, boolean bitwise, Model model) {
    INSTRUCTIONS.add(new Instruction(mnemonic, type, bitwise, model));
  }

  // The tests over all instructions

  @TestFactory
  Stream<DynamicTest> everyInstructionFollowsItsModel() {
    return INSTRUCTIONS.stream()
        .map(
            instruction ->
                dynamicTest(
                    instruction.mnemonic(),
                    () -> {
                      var samples = new Samples(instruction.mnemonic());
                      Method method = instruction.method();
                      int trials = instruction.mnemonic().endsWith("64.div") ? 400 : TRIALS;
                      for (int i = 0; i < trials; i++) {
                        check(instruction, method, samples);
                      }
                    }));
  }

  private static void check(Instruction instruction, Method method, Samples samples)
      throws IllegalAccessException {
    String type = instruction.type();
    long[] bits = new long[type.length() - 2];
    Object[] arguments = new Object[bits.length];
    boolean canonical = true;
    for (int i = 0; i < bits.length; i++) {
      switch (type.charAt(i)) {
        case 'I' -> {
          bits[i] = samples.integer(32);
          arguments[i] = (int) bits[i];
        }
        case 'J' -> {
          bits[i] = samples.integer(64);
          arguments[i] = bits[i];
        }
        case 'F' -> {
          bits[i] = samples.floatBits(32);
          arguments[i] = Float.intBitsToFloat((int) bits[i]);
          canonical &= !Double.isNaN(value(bits[i], 32)) || (bits[i] << 33) == 0x7FC0_0000L << 33;
        }
        case 'D' -> {
          bits[i] = samples.floatBits(64);
          arguments[i] = Double.longBitsToDouble(bits[i]);
          canonical &= !Double.isNaN(value(bits[i], 64)) || (bits[i] << 1) == 0x7FF8L << 49;
        }
        default -> throw new AssertionError(type);
      }
    }
    String call = instruction.mnemonic() + Arrays.toString(arguments);
    try {
      long expected = instruction.model().apply(bits);
      Object result = method.invoke(null, arguments);
      switch (result) {
        case Integer i -> assertThat(i).as(call).isEqualTo((int) expected);
        case Long j -> assertThat(j).as(call).isEqualTo(expected);
        case Float f -> {
          int actual = Float.floatToRawIntBits(f);
          if (Float.isNaN(f) && !instruction.bitwise()) {
            assertThat(Float.intBitsToFloat((int) expected)).as(call).isNaN();
            assertThat(actual & 0x40_0000).as(call).isNotZero();
            if (canonical) {
              assertThat(actual & Integer.MAX_VALUE).as(call).isEqualTo(0x7FC0_0000);
            }
          } else {
            assertThat(actual).as(call).isEqualTo((int) expected);
          }
        }
        case Double d -> {
          long actual = Double.doubleToRawLongBits(d);
          if (Double.isNaN(d) && !instruction.bitwise()) {
            assertThat(Double.longBitsToDouble(expected)).as(call).isNaN();
            assertThat(actual & 0x8_0000_0000_0000L).as(call).isNotZero();
            if (canonical) {
              assertThat(actual & Long.MAX_VALUE).as(call).isEqualTo(0x7FF8_0000_0000_0000L);
            }
          } else {
            assertThat(actual).as(call).isEqualTo(expected);
          }
        }
        default -> throw new AssertionError(call);
      }
    } catch (Trap expected) {
      assertThatThrownBy(() -> method.invoke(null, arguments))
          .as(call)
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(expected.kind()));
    } catch (InvocationTargetException e) {
      throw new AssertionError(call + " must not trap", e);
    }
  }

  @Test
  void everyMethodHasItsInstruction() {
    assertThat(INSTRUCTIONS).hasSize(136 + 8).doesNotHaveDuplicates();
    assertThat(
            Arrays.stream(Numerics.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .map(Method::getName))
        .containsExactlyInAnyOrderElementsOf(
            INSTRUCTIONS.stream().map(i -> Samples.methodName(i.mnemonic())).toList());
  }

  @Test
  void everyMethodIsSmallEnoughToBeInlinedAnywhere() throws IOException {
    try (InputStream in = Numerics.class.getResourceAsStream("Numerics.class")) {
      assertThat(ClassFile.of().parse(in.readAllBytes()).methods())
          .allSatisfy(
              method ->
                  assertThat(((CodeAttribute) method.code().orElseThrow()).codeLength())
                      .as(method.methodName().stringValue())
                      .isLessThanOrEqualTo(35));
    }
  }

  // Hard cases

  @Test
  void nearestTiesGoToEvenAndKeepTheSign() {
    assertBits(Numerics.f32Nearest(-0.5f), -0f);
    assertBits(Numerics.f32Nearest(0.5f), 0f);
    assertBits(Numerics.f32Nearest(1.5f), 2f);
    assertBits(Numerics.f32Nearest(-2.5f), -2f);
    assertBits(Numerics.f64Nearest(-0.5), -0.0);
    assertBits(Numerics.f64Nearest(4.5), 4.0);
    assertBits(Numerics.f64Nearest(0x1p52 - 0.5), 0x1p52);
  }

  @Test
  void truncAndCeilOfSmallNegativesAreNegativeZero() {
    assertBits(Numerics.f32Trunc(-0.9f), -0f);
    assertBits(Numerics.f64Trunc(-0.9), -0.0);
    assertBits(Numerics.f64Trunc(-0.0), -0.0);
    assertBits(Numerics.f64Trunc(0.9), 0.0);
    assertBits(Numerics.f32Ceil(-0.9f), -0f);
    assertBits(Numerics.f64Ceil(-0.9), -0.0);
  }

  @Test
  void minAndMaxTellTheZerosApart() {
    assertBits(Numerics.f32Min(-0f, 0f), -0f);
    assertBits(Numerics.f32Min(0f, -0f), -0f);
    assertBits(Numerics.f32Max(-0f, 0f), 0f);
    assertBits(Numerics.f64Min(0.0, -0.0), -0.0);
    assertBits(Numerics.f64Max(0.0, -0.0), 0.0);
    assertThat(Numerics.f64Min(Double.NaN, Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(Numerics.f64Max(Double.POSITIVE_INFINITY, Double.NaN)).isNaN();
  }

  @Test
  void unsignedLongsAreRoundedOnce() {
    assertBits(Numerics.f32ConvertI64U(0x8000_0080_0000_0000L), 0x1p63f);
    assertBits(Numerics.f32ConvertI64U(0x8000_0080_0000_0001L), 0x1.000002p63f);
    assertBits(Numerics.f32ConvertI64U(0x8000_0180_0000_0000L), 0x1.000004p63f);
    assertBits(Numerics.f32ConvertI64U(-1), 0x1p64f);
    assertBits(Numerics.f64ConvertI64U(0x8000_0000_0000_0400L), 0x1p63);
    assertBits(Numerics.f64ConvertI64U(0x8000_0000_0000_0401L), 0x1.0000000000001p63);
    assertBits(Numerics.f64ConvertI64U(0x8000_0000_0000_0C00L), 0x1.0000000000002p63);
    assertBits(Numerics.f64ConvertI64U(-1), 0x1p64);
  }

  @Test
  void truncationTrapsExactlyOutsideTheIntegers() {
    assertThat(Numerics.i32TruncF64S(2147483647.9)).isEqualTo(Integer.MAX_VALUE);
    assertTrap(() -> Numerics.i32TruncF64S(2147483648.0), Trap.Kind.INTEGER_OVERFLOW);
    assertThat(Numerics.i32TruncF64S(-2147483648.9)).isEqualTo(Integer.MIN_VALUE);
    assertTrap(() -> Numerics.i32TruncF64S(-2147483649.0), Trap.Kind.INTEGER_OVERFLOW);
    assertThat(Numerics.i32TruncF32S(-0x1p31f)).isEqualTo(Integer.MIN_VALUE);
    assertTrap(() -> Numerics.i32TruncF32S(0x1p31f), Trap.Kind.INTEGER_OVERFLOW);
    assertThat(Numerics.i32TruncF64U(4294967295.9)).isEqualTo(-1);
    assertThat(Numerics.i32TruncF64U(-0.9)).isZero();
    assertTrap(() -> Numerics.i32TruncF64U(-1.0), Trap.Kind.INTEGER_OVERFLOW);
    assertThat(Numerics.i64TruncF64U(0x1.fffffffffffffp63)).isEqualTo(-2048);
    assertTrap(() -> Numerics.i64TruncF64U(0x1p64), Trap.Kind.INTEGER_OVERFLOW);
    assertTrap(() -> Numerics.i64TruncF64S(0x1p63), Trap.Kind.INTEGER_OVERFLOW);
    assertTrap(() -> Numerics.i64TruncF32S(Float.NaN), Trap.Kind.INVALID_CONVERSION);
  }

  @Test
  void divisionTrapsByZeroAndOnTheOneOverflow() {
    assertTrap(() -> Numerics.i32DivS(1, 0), Trap.Kind.INTEGER_DIVIDE_BY_ZERO);
    assertTrap(() -> Numerics.i64RemU(1, 0), Trap.Kind.INTEGER_DIVIDE_BY_ZERO);
    assertTrap(() -> Numerics.i32DivS(Integer.MIN_VALUE, -1), Trap.Kind.INTEGER_OVERFLOW);
    assertTrap(() -> Numerics.i64DivS(Long.MIN_VALUE, -1), Trap.Kind.INTEGER_OVERFLOW);
    assertThat(Numerics.i32RemS(Integer.MIN_VALUE, -1)).isZero();
    assertThat(Numerics.i64RemS(Long.MIN_VALUE, -1)).isZero();
  }

  /** Enough calls for HotSpot to compile and inline everything, which must change nothing. */
  @Test
  void signallingNansComeOutQuietAlsoFromCompiledCode() {
    float f = Float.intBitsToFloat(0x7FA0_0000);
    double d = Double.longBitsToDouble(0x7FF4_0000_0000_0000L);
    for (int i = 0; i < COMPILING_ROUNDS; i++) {
      if (!allQuietFloats(f, d) || !allQuietDoubles(f, d)) {
        throw new AssertionError("a signalling NaN in round " + i);
      }
    }
  }

  private static boolean allQuietFloats(float f, double d) {
    int quiet =
        bits(Numerics.f32Ceil(f))
            & bits(Numerics.f32Floor(f))
            & bits(Numerics.f32Trunc(f))
            & bits(Numerics.f32Nearest(f))
            & bits(Numerics.f32Sqrt(f))
            & bits(Numerics.f32Min(f, 1))
            & bits(Numerics.f32Max(Float.NaN, f))
            & bits(Numerics.f32DemoteF64(d))
            & bits(Numerics.f32DemoteF64(Numerics.f64PromoteF32(f)))
            & 0x7FC0_0000;
    return quiet == 0x7FC0_0000;
  }

  private static boolean allQuietDoubles(float f, double d) {
    long quiet =
        bits(Numerics.f64Ceil(d))
            & bits(Numerics.f64Floor(d))
            & bits(Numerics.f64Trunc(d))
            & bits(Numerics.f64Nearest(d))
            & bits(Numerics.f64Sqrt(d))
            & bits(Numerics.f64Min(1, d))
            & bits(Numerics.f64Max(d, 1))
            & bits(Numerics.f64PromoteF32(f))
            & 0x7FF8_0000_0000_0000L;
    return quiet == 0x7FF8_0000_0000_0000L;
  }

  @Test
  void onlySignsOfSignallingNansChangeAlsoInCompiledCode() {
    float f = Float.intBitsToFloat(0x7FA0_0000);
    double d = Double.longBitsToDouble(0x7FF4_0000_0000_0000L);
    for (int i = 0; i < COMPILING_ROUNDS; i++) {
      if (!onlySignsChange(f, d)) {
        throw new AssertionError("other bits changed in round " + i);
      }
    }
  }

  private static boolean onlySignsChange(float f, double d) {
    float negative = Numerics.f32Neg(f);
    double negativeDouble = Numerics.f64Neg(d);
    return bits(negative) == 0xFFA0_0000
        && bits(Numerics.f32Abs(negative)) == 0x7FA0_0000
        && bits(Numerics.f32Copysign(f, -1)) == 0xFFA0_0000
        && bits(Numerics.f32Copysign(1, negative)) == bits(-1f)
        && bits(negativeDouble) == 0xFFF4_0000_0000_0000L
        && bits(Numerics.f64Abs(negativeDouble)) == 0x7FF4_0000_0000_0000L
        && bits(Numerics.f64Copysign(d, -1)) == 0xFFF4_0000_0000_0000L;
  }

  private static int bits(float a) {
    return Float.floatToRawIntBits(a);
  }

  private static long bits(double a) {
    return Double.doubleToRawLongBits(a);
  }

  private static void assertBits(float actual, float expected) {
    assertThat(Float.floatToRawIntBits(actual)).isEqualTo(Float.floatToRawIntBits(expected));
  }

  private static void assertBits(double actual, double expected) {
    assertThat(Double.doubleToRawLongBits(actual)).isEqualTo(Double.doubleToRawLongBits(expected));
  }

  private static void assertTrap(Runnable action, Trap.Kind kind) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(Trap.class, trap -> assertThat(trap.kind()).isEqualTo(kind));
  }
}
