package dev.sampan.wasi.libc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The conversions of floating-point numbers: exact, and rounded half to even. */
final class FloatText {

  private static final int DEFAULT_PRECISION = 6;

  /** No double has more digits than this, before and behind the point; what follows are zeros. */
  private static final int MAX_DIGITS = 1100;

  private final Conversion conversion;
  private final double value;
  private final boolean upper;

  private FloatText(Conversion conversion, double value) {
    this.conversion = conversion;
    this.value = value;
    this.upper = Character.isUpperCase(conversion.letter());
  }

  static Field of(Conversion conversion, double value) {
    return new FloatText(conversion, value).field();
  }

  private Field field() {
    String sign = conversion.sign(Double.doubleToRawLongBits(value) < 0);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Field.of(conversion, sign, cased(Double.isNaN(value) ? "nan" : "inf"), 0, "", false);
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    int precision = conversion.precision() < 0 ? DEFAULT_PRECISION : conversion.precision();
    return switch (Character.toLowerCase(conversion.letter())) {
      case 'f' -> fixed(sign, exact, precision);
      case 'e' -> scientific(sign, exact, precision);
      default -> general(sign, exact, Math.max(precision, 1));
    };
  }

  private String cased(String text) {
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  private boolean alternate() {
    return conversion.has(Conversion.ALTERNATE);
  }

  private Field fixed(String sign, BigDecimal exact, int precision) {
    int shown = Math.min(precision, MAX_DIGITS);
    String digits = exact.setScale(shown, RoundingMode.HALF_EVEN).toPlainString();
    String point = precision == 0 && alternate() ? "." : "";
    return Field.of(conversion, sign, digits + point, precision - shown, "", true);
  }

  private Field scientific(String sign, BigDecimal exact, int precision) {
    int shown = Math.min(precision, MAX_DIGITS);
    BigDecimal rounded = rounded(exact, shown + 1);
    String digits = digits(rounded, shown + 1);
    String point = precision > 0 || alternate() ? "." : "";
    return Field.of(
        conversion,
        sign,
        digits.charAt(0) + point + digits.substring(1),
        precision - shown,
        exponent(rounded),
        true);
  }

  /** Scientific or fixed, whichever suits the number, to so many significant digits. */
  private Field general(String sign, BigDecimal exact, int precision) {
    int significant = Math.min(precision, MAX_DIGITS);
    BigDecimal rounded = rounded(exact, significant);
    int exponent = exponentOf(rounded);
    boolean scientific = exponent < -4 || exponent >= precision;
    String digits;
    int whole;
    if (scientific) {
      digits = digits(rounded, significant);
      whole = 1;
    } else {
      digits = rounded.setScale(Math.max(0, significant - 1 - exponent)).toPlainString();
      int point = digits.indexOf('.');
      whole = point < 0 ? digits.length() : point;
      digits = digits.replace(".", "");
    }
    String fraction = digits.substring(whole);
    long zeros = precision - significant;
    if (!alternate()) {
      fraction = fraction.replaceAll("0+$", "");
      zeros = 0;
    }
    String point = alternate() || !fraction.isEmpty() ? "." : "";
    String tail = scientific ? exponent(rounded) : "";
    return Field.of(
        conversion, sign, digits.substring(0, whole) + point + fraction, zeros, tail, true);
  }

  private static BigDecimal rounded(BigDecimal exact, int significant) {
    return exact.round(new MathContext(significant, RoundingMode.HALF_EVEN));
  }

  /** The first digit's power of ten. */
  private static int exponentOf(BigDecimal number) {
    return number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
  }

  /** Exactly so many significant digits. */
  private static String digits(BigDecimal number, int count) {
    String digits = number.unscaledValue().toString();
    return digits + "0".repeat(Math.max(0, count - digits.length()));
  }

  private String exponent(BigDecimal number) {
    int exponent = exponentOf(number);
    return cased("e") + (exponent < 0 ? "-" : "+") + "%02d".formatted(Math.abs(exponent));
  }
}
