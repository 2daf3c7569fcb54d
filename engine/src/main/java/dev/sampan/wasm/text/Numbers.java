package dev.sampan.wasm.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Number literals (Text Format › Values). The functions that yield values expect a literal of the
 * right form and throw {@link ArithmeticException} if its value is out of range.
 */
final class Numbers {

  private Numbers() {}

  /** The value of a hexadecimal digit, or -1. */
  static int digit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int letter = b | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }

  /** What sort of number a word is, or null if it is none. */
  static @Nullable TokenKind classify(byte[] bytes, int start, int end) {
    boolean signed = isSign(bytes[start]);
    int at = signed ? start + 1 : start;
    if (matches(bytes, at, end, "inf") || matches(bytes, at, end, "nan")) {
      return TokenKind.FLOAT;
    }
    if (startsWith(bytes, at, end, "nan:0x")) {
      return digits(bytes, at + 6, end, 16) == end ? TokenKind.FLOAT : null;
    }
    boolean hex = startsWith(bytes, at, end, "0x");
    int radix = hex ? 16 : 10;
    int next = digits(bytes, hex ? at + 2 : at, end, radix);
    if (next < 0) {
      return null;
    }
    if (next == end) {
      return signed ? TokenKind.INT : TokenKind.NAT;
    }
    if (bytes[next] == '.') {
      next++;
      if (next < end && digit(bytes[next]) >= 0 && digit(bytes[next]) < radix) {
        next = digits(bytes, next, end, radix);
      }
    }
    if (next >= 0 && next < end && (bytes[next] | 0x20) == (hex ? 'p' : 'e')) {
      next++;
      next = digits(bytes, next < end && isSign(bytes[next]) ? next + 1 : next, end, 10);
    }
    return next == end ? TokenKind.FLOAT : null;
  }

  /** The index behind digits with single underscores between them, or -1 if there are none. */
  private static int digits(byte[] bytes, int start, int end, int radix) {
    int at = start;
    while (at < end) {
      int digit = digit(bytes[at]);
      if (digit < 0 || digit >= radix) {
        break;
      }
      at++;
      if (at + 1 < end && bytes[at] == '_') {
        int following = digit(bytes[at + 1]);
        if (following >= 0 && following < radix) {
          at++;
        }
      }
    }
    return at == start ? -1 : at;
  }

  private static boolean isSign(byte b) {
    return b == '+' || b == '-';
  }

  private static boolean matches(byte[] bytes, int start, int end, String text) {
    return end - start == text.length() && startsWith(bytes, start, end, text);
  }

  private static boolean startsWith(byte[] bytes, int start, int end, String text) {
    if (end - start < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** An unsigned integer of 64 bits. */
  static long unsigned(byte[] bytes, int start, int end) {
    boolean hex = startsWith(bytes, start, end, "0x");
    int radix = hex ? 16 : 10;
    long limit = Long.divideUnsigned(-1L, radix);
    long value = 0;
    for (int at = hex ? start + 2 : start; at < end; at++) {
      if (bytes[at] == '_') {
        continue;
      }
      int digit = digit(bytes[at]);
      long shifted = value * radix;
      if (Long.compareUnsigned(value, limit) > 0
          || Long.compareUnsigned(shifted + digit, shifted) < 0) {
        throw new ArithmeticException();
      }
      value = shifted + digit;
    }
    return value;
  }

  /** An integer of a number of bits, signed or unsigned, sign-extended if negative. */
  static long integer(byte[] bytes, int start, int end, int bits) {
    boolean negative = bytes[start] == '-';
    long magnitude = unsigned(bytes, isSign(bytes[start]) ? start + 1 : start, end);
    long largest = negative ? 1L << bits - 1 : -1L >>> 64 - bits;
    if (Long.compareUnsigned(magnitude, largest) > 0) {
      throw new ArithmeticException();
    }
    return negative ? -magnitude : magnitude;
  }

  /** The bits of a float of 32 bits. */
  static int f32(byte[] bytes, int start, int end) {
    int sign = bytes[start] == '-' ? Integer.MIN_VALUE : 0;
    int at = isSign(bytes[start]) ? start + 1 : start;
    if (startsWith(bytes, at, end, "nan")) {
      return sign | 0x7F80_0000 | (int) payload(bytes, at, end, 23);
    }
    float value =
        matches(bytes, at, end, "inf")
            ? Float.POSITIVE_INFINITY
            : finite(Float.parseFloat(javaLiteral(bytes, at, end)));
    return sign | Float.floatToRawIntBits(value);
  }

  /** The bits of a float of 64 bits. */
  static long f64(byte[] bytes, int start, int end) {
    long sign = bytes[start] == '-' ? Long.MIN_VALUE : 0;
    int at = isSign(bytes[start]) ? start + 1 : start;
    if (startsWith(bytes, at, end, "nan")) {
      return sign | 0x7FF0_0000_0000_0000L | payload(bytes, at, end, 52);
    }
    double value =
        matches(bytes, at, end, "inf")
            ? Double.POSITIVE_INFINITY
            : finite(Double.parseDouble(javaLiteral(bytes, at, end)));
    return sign | Double.doubleToRawLongBits(value);
  }

  private static float finite(float value) {
    if (Float.isInfinite(value)) {
      throw new ArithmeticException();
    }
    return value;
  }

  private static double finite(double value) {
    if (Double.isInfinite(value)) {
      throw new ArithmeticException();
    }
    return value;
  }

  private static long payload(byte[] bytes, int start, int end, int bits) {
    if (end - start == 3) {
      return 1L << bits - 1;
    }
    long payload = unsigned(bytes, start + 4, end);
    if (payload == 0 || payload >>> bits != 0) {
      throw new ArithmeticException();
    }
    return payload;
  }

  /** The literal as Java's parser wants it: no underscores, and hexadecimal with an exponent. */
  private static String javaLiteral(byte[] bytes, int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    if (text.indexOf('_') >= 0) {
      text = text.replace("_", "");
    }
    boolean hex = text.startsWith("0x");
    return hex && text.indexOf('p') < 0 && text.indexOf('P') < 0 ? text + "p0" : text;
  }
}
