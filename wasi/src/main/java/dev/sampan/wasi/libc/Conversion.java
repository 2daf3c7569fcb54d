package dev.sampan.wasi.libc;

/**
 * A conversion of a format, such as {@code %-5.2f}.
 *
 * @param flags the flags, as bits
 * @param width the least number of characters
 * @param precision the precision, or -1 if there is none
 * @param shorts how many {@code h} there are
 * @param longs 2 or more if the number has 64 bits
 * @param letter what ends it; 0 if the format ends before
 */
record Conversion(int flags, int width, int precision, int shorts, int longs, char letter) {

  static final int LEFT = 1;
  static final int PLUS = 2;
  static final int SPACE = 4;
  static final int ALTERNATE = 8;
  static final int ZEROS = 16;

  /** Numbers in formats end here; nothing that is printed is as long. */
  private static final int MAX_NUMBER = 1_000_000_000;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The sign of a number that may have one. */
  String sign(boolean negative) {
    return negative ? "-" : has(PLUS) ? "+" : has(SPACE) ? " " : "";
  }

  /**
   * Reads what follows a percent sign. Flags and digits may come in any order, as long as there is
   * a letter behind them.
   *
   * @param at the address behind the percent sign, and afterwards behind the letter
   */
  static Conversion parse(ByteReader reader, long[] at) {
    int flags = 0;
    int width = 0;
    int precision = -1;
    int shorts = 0;
    int longs = 0;
    while (true) {
      int c = reader.at(at[0]++);
      switch (c) {
        case '-' -> flags |= LEFT;
        case '+' -> flags |= PLUS;
        case ' ' -> flags |= SPACE;
        case '#' -> flags |= ALTERNATE;
        case '.' -> precision = 0;
        case 'h' -> shorts++;
        case 'l', 'z', 't' -> longs++;
        case 'j' -> longs += 2;
        case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
          if (precision >= 0) {
            precision = append(precision, c);
          } else if (c == '0' && width == 0) {
            flags |= ZEROS;
          } else {
            width = append(width, c);
          }
        }
        default -> {
          return new Conversion(flags, width, precision, shorts, longs, (char) c);
        }
      }
    }
  }

  private static int append(int number, int digit) {
    return (int) Math.min(MAX_NUMBER, number * 10L + (digit - '0'));
  }
}
