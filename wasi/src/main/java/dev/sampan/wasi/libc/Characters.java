package dev.sampan.wasi.libc;

/** The functions of {@code ctype.h} in the locale "C": what is not ASCII belongs to no class. */
final class Characters {

  private Characters() {}

  private static boolean between(int c, char first, char last) {
    return c >= first && c <= last;
  }

  static boolean isUpper(int c) {
    return between(c, 'A', 'Z');
  }

  private static boolean isLower(int c) {
    return between(c, 'a', 'z');
  }

  static boolean isAlpha(int c) {
    return isUpper(c) || isLower(c);
  }

  static boolean isDigit(int c) {
    return between(c, '0', '9');
  }

  static boolean isHexDigit(int c) {
    return isDigit(c) || between(c, 'A', 'F') || between(c, 'a', 'f');
  }

  static boolean isAlphanumeric(int c) {
    return isAlpha(c) || isDigit(c);
  }

  static boolean isSpace(int c) {
    return c == ' ' || between(c, '\t', '\r');
  }

  static boolean isGraphic(int c) {
    return between(c, '!', '~');
  }

  static boolean isPrintable(int c) {
    return between(c, ' ', '~');
  }

  static int toLower(int c) {
    return isUpper(c) ? c + ('a' - 'A') : c;
  }

  static int toUpper(int c) {
    return isLower(c) ? c - ('a' - 'A') : c;
  }
}
