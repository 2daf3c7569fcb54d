package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

  private static long integer(String text, int bits) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Numbers.integer(bytes, 0, bytes.length, bits);
  }

  private static int f32(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Numbers.f32(bytes, 0, bytes.length);
  }

  private static long f64(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Numbers.f64(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 32, 0",
    "4_294_967_295, 32, 4294967295",
    "-2147483648, 32, -2147483648",
    "+0xff, 8, 255",
    "-128, 8, -128",
    "0xffff_ffff_ffff_ffff, 64, -1",
    "-0x8000000000000000, 64, -9223372036854775808"
  })
  void integerHasValue(String text, int bits, long value) {
    assertThat(integer(text, bits)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "4294967296, 32",
    "-2147483649, 32",
    "256, 8",
    "-129, 8",
    "18446744073709551616, 64",
    "0x1_0000_0000_0000_0000, 64",
    "99999999999999999999999999, 64",
    "-9223372036854775809, 64"
  })
  void integerOutOfRangeIsRefused(String text, int bits) {
    assertThatThrownBy(() -> integer(text, bits)).isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 0x3fc00000",
    "-0, 0x80000000",
    "0x1.8, 0x3fc00000",
    "0x1.8p1, 0x40400000",
    "1_0.2_5e0_1, 0x42cd0000",
    "inf, 0x7f800000",
    "-inf, 0xff800000",
    "nan, 0x7fc00000",
    "-nan:0x1, 0xff800001",
    "nan:0x7f_ffff, 0x7fffffff",
    "0x1.fffffep127, 0x7f7fffff",
    "1e-46, 0x0",
    "0x1.000001p0, 0x3f800000",
    "0x1.00000100000000001p0, 0x3f800001"
  })
  void floatHasBits(String text, String bits) {
    assertThat(f32(text)).isEqualTo(Integer.parseUnsignedInt(bits.substring(2), 16));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e39", "0x1p128", "0x1.ffffffp127", "nan:0x80_0000", "nan:0x0", "-3.5e38"})
  void floatOutOfRangeIsRefused(String text) {
    assertThatThrownBy(() -> f32(text)).isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e309", "0x1p1024", "nan:0x10_0000_0000_0000", "nan:0x0"})
  void doubleOutOfRangeIsRefused(String text) {
    assertThatThrownBy(() -> f64(text)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void printedFloatsHaveTheSameBits() {
    Random random = new Random(42);
    for (int i = 0; i < 100_000; i++) {
      int bits = random.nextInt();
      assertThat(f32(FloatText.f32(bits))).as(FloatText.f32(bits)).isEqualTo(bits);
      long longBits = random.nextLong();
      assertThat(f64(FloatText.f64(longBits))).as(FloatText.f64(longBits)).isEqualTo(longBits);
    }
    for (long exponent : new long[] {0, 0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L}) {
      for (long mantissa : new long[] {0, 1, 1L << 51, (1L << 51) + 1}) {
        assertThat(f64(FloatText.f64(exponent | mantissa))).isEqualTo(exponent | mantissa);
      }
    }
  }

  @Test
  void floatsArePrintedShort() {
    assertThat(FloatText.f32(Float.floatToRawIntBits(1))).isEqualTo("1");
    assertThat(FloatText.f32(Float.floatToRawIntBits(-0.1f))).isEqualTo("-0.1");
    assertThat(FloatText.f64(Double.doubleToRawLongBits(1e100))).isEqualTo("1e100");
    assertThat(FloatText.f64(Double.doubleToRawLongBits(1.5e-7))).isEqualTo("1.5e-7");
  }
}
