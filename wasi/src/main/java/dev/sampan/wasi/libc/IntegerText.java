package dev.sampan.wasi.libc;

import java.util.Locale;

/** The conversions of integers, addresses and characters. */
final class IntegerText {

  private IntegerText() {}

  static Field of(Conversion conversion, long argument) {
    return switch (conversion.letter()) {
      case 'd', 'i' -> signed(conversion, argument);
      case 'c' -> plain(conversion, String.valueOf((char) (argument & 0xFF)));
      case 'p' ->
          argument == 0
              ? plain(conversion, "(nil)")
              : number(
                  conversion,
                  conversion.sign(false) + "0x",
                  Long.toHexString(narrow(conversion, argument)));
      default -> unsigned(conversion, narrow(conversion, argument));
    };
  }

  private static Field plain(Conversion conversion, String text) {
    return Field.of(conversion, "", text, 0, "", false);
  }

  private static Field signed(Conversion conversion, long argument) {
    long value =
        conversion.longs() >= 2
            ? argument
            : switch (conversion.shorts()) {
              case 0 -> (int) argument;
              case 1 -> (short) argument;
              default -> (byte) argument;
            };
    String digits = Long.toUnsignedString(value < 0 ? -value : value);
    return number(conversion, conversion.sign(value < 0), digits);
  }

  private static long narrow(Conversion conversion, long argument) {
    if (conversion.longs() >= 2) {
      return argument;
    } else if (conversion.letter() == 'p') {
      return argument & 0xFFFF_FFFFL;
    }
    return switch (conversion.shorts()) {
      case 0 -> argument & 0xFFFF_FFFFL;
      case 1 -> argument & 0xFFFF;
      default -> argument & 0xFF;
    };
  }

  private static Field unsigned(Conversion conversion, long value) {
    boolean alternate = conversion.has(Conversion.ALTERNATE) && value != 0;
    return switch (conversion.letter()) {
      case 'o' -> number(conversion, "", octal(conversion, value));
      case 'x' -> number(conversion, alternate ? "0x" : "", Long.toHexString(value));
      case 'X' ->
          number(
              conversion, alternate ? "0X" : "", Long.toHexString(value).toUpperCase(Locale.ROOT));
      default -> number(conversion, "", Long.toUnsignedString(value));
    };
  }

  /** With the flag {@code #} the first digit is a zero, unless precision makes it one. */
  private static String octal(Conversion conversion, long value) {
    String digits = Long.toOctalString(value);
    boolean zero =
        conversion.has(Conversion.ALTERNATE)
            && conversion.precision() <= digits.length()
            && (value != 0 || conversion.precision() == 0);
    return zero ? (value == 0 ? "" : "0") + digits : digits;
  }

  private static Field number(Conversion conversion, String sign, String digits) {
    int precision = conversion.precision();
    boolean nothing =
        precision == 0
            && digits.equals("0")
            && !(conversion.letter() == 'o' && conversion.has(Conversion.ALTERNATE));
    String shown = nothing ? "" : digits;
    long zeros = Math.max(0, (long) precision - shown.length());
    // leading zeros belong before the digits, so they are what is repeated here
    return Field.of(conversion, sign, "", zeros, shown, precision < 0);
  }
}
