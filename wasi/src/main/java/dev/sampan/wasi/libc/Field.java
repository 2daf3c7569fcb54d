package dev.sampan.wasi.libc;

/** The text of a number, cut at 63 characters as in the runtime that guests were made for. */
final class Field {

  private static final int LIMIT = 63;

  private final StringBuilder text = new StringBuilder();

  /**
   * Puts a number together.
   *
   * @param sign what comes before zeros that fill the width
   * @param digits the number itself
   * @param zeros how many zeros follow in truth, of which {@code digits} holds none
   * @param tail what comes behind these zeros
   * @param fillWithZeros whether zeros may fill the width
   */
  static Field of(
      Conversion conversion,
      String sign,
      String digits,
      long zeros,
      String tail,
      boolean fillWithZeros) {
    Field field = new Field();
    long missing = conversion.width() - (sign.length() + digits.length() + zeros + tail.length());
    boolean left = conversion.has(Conversion.LEFT);
    boolean filled = !left && fillWithZeros && conversion.has(Conversion.ZEROS);
    if (!left && !filled) {
      field.repeat(' ', missing);
    }
    field.append(sign);
    if (filled) {
      field.repeat('0', missing);
    }
    field.append(digits);
    field.repeat('0', zeros);
    field.append(tail);
    if (left) {
      field.repeat(' ', missing);
    }
    return field;
  }

  private void append(String more) {
    text.append(more, 0, Math.min(more.length(), LIMIT - text.length()));
  }

  private void repeat(char c, long times) {
    text.repeat(c, (int) Math.clamp(times, 0, LIMIT - text.length()));
  }

  /** Prints the text; a zero, which only {@code %c} can bring, ends it. */
  void print(Sink sink) {
    for (int i = 0; i < text.length() && text.charAt(i) != 0; i++) {
      sink.put(text.charAt(i));
    }
  }
}
