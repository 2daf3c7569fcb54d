package dev.sampan.wasi.libc;

/**
 * Numbers from text. A {@code long} of the guest has 32 bits; what does not fit becomes the nearest
 * number that does.
 */
final class Numbers {

  private static final long UNSIGNED_MAX = 0xFFFF_FFFFL;

  private Numbers() {}

  /**
   * What was read.
   *
   * @param negative whether there was a minus sign
   * @param magnitude the number without sign, at most 2<sup>32</sup>
   * @param end the address behind it, or where the text begins if there is no number
   */
  private record Parsed(boolean negative, long magnitude, long end) {}

  static int decimal(Invocation in) {
    return signed(parse(in.space(), in.unsigned(0), 10));
  }

  /** {@code strtol}: the end is stored whatever its address, as the guests' compiler expects. */
  static int signed(Invocation in) {
    return signed(parseAndStoreEnd(in));
  }

  static int unsigned(Invocation in) {
    Parsed parsed = parseAndStoreEnd(in);
    if (parsed.magnitude > UNSIGNED_MAX) {
      return (int) UNSIGNED_MAX;
    }
    return (int) (parsed.negative ? -parsed.magnitude : parsed.magnitude);
  }

  private static int signed(Parsed parsed) {
    long number = parsed.negative ? -parsed.magnitude : parsed.magnitude;
    return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static Parsed parseAndStoreEnd(Invocation in) {
    in.space().check(in.i32(1), 4);
    Parsed parsed = parse(in.space(), in.unsigned(0), in.i32(2));
    in.space().set32(in.unsigned(1), (int) parsed.end);
    return parsed;
  }

  private static Parsed parse(Space space, long start, int wantedBase) {
    Parsed nothing = new Parsed(false, 0, start);
    if (wantedBase < 0 || wantedBase == 1 || wantedBase > Character.MAX_RADIX) {
      return nothing;
    }
    ByteReader reader = new ByteReader(space);
    long at = start;
    while (Characters.isSpace(reader.at(at))) {
      at++;
    }
    boolean negative = reader.at(at) == '-';
    if (negative || reader.at(at) == '+') {
      at++;
    }
    int base = wantedBase;
    if (reader.at(at) == '0') {
      boolean hexadecimal =
          Characters.toLower(reader.at(at + 1)) == 'x' && Characters.isHexDigit(reader.at(at + 2));
      if (hexadecimal && (base == 0 || base == 16)) {
        base = 16;
        at += 2;
      } else if (base == 0) {
        base = 8;
      }
    } else if (base == 0) {
      base = 10;
    }
    long magnitude = 0;
    boolean found = false;
    int digit;
    while ((digit = digit(reader.at(at))) < base) {
      magnitude = Math.min(magnitude * base + digit, UNSIGNED_MAX + 1);
      found = true;
      at++;
    }
    return found ? new Parsed(negative, magnitude, at) : nothing;
  }

  private static int digit(int c) {
    return Characters.isDigit(c)
        ? c - '0'
        : Characters.isAlpha(c) ? Characters.toLower(c) - 'a' + 10 : Integer.MAX_VALUE;
  }
}
