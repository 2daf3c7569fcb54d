package dev.sampan.wasi.libc;

/**
 * The formatting of the {@code printf} family. The format lies in memory, and so do the arguments:
 * one after the other, as compilers for 32-bit WebAssembly store variable arguments, those of eight
 * bytes at multiples of eight.
 */
final class Format {

  /** How much longer than its string the text of {@code %s} may be, through its width. */
  private static final int STRING_MARGIN = 63;

  private static final byte[] NULL_TEXT = {'(', 'n', 'u', 'l', 'l', ')'};

  private final Space space;
  private final Sink sink;
  private long argument;

  private Format(Space space, long arguments, Sink sink) {
    this.space = space;
    this.argument = arguments;
    this.sink = sink;
  }

  /** Formats; what was made before a trap has been handed over. Returns the function's result. */
  static int print(Space space, long format, long arguments, Sink sink) {
    space.check(arguments, 4);
    try {
      new Format(space, arguments, sink).run(format);
    } finally {
      sink.flush();
    }
    return sink.finish();
  }

  private void run(long format) {
    ByteReader reader = new ByteReader(space);
    long[] at = {format};
    for (int c = reader.at(at[0]++); c != 0; c = reader.at(at[0]++)) {
      if (c != '%') {
        sink.put(c);
        continue;
      }
      Conversion conversion = Conversion.parse(reader, at);
      if (conversion.letter() == 0) {
        return;
      }
      convert(conversion);
    }
  }

  private void convert(Conversion conversion) {
    switch (conversion.letter()) {
      case 'd', 'i', 'u', 'o', 'x', 'X', 'c', 'p' ->
          IntegerText.of(conversion, conversion.longs() >= 2 ? next64() : next32()).print(sink);
      case 'e', 'E', 'f', 'F', 'g', 'G' ->
          FloatText.of(conversion, Double.longBitsToDouble(next64())).print(sink);
      case 's' -> string(conversion, next32());
      case '%' -> sink.put('%');
      case 'n' -> {
        // would write to wherever an argument points
      }
      default -> {
        sink.put('%');
        sink.put(conversion.letter());
      }
    }
  }

  private int next32() {
    int value = space.i32(argument);
    argument += 4;
    return value;
  }

  private long next64() {
    argument = argument + 7 & -8;
    long value = space.i64(argument);
    argument += 8;
    return value;
  }

  private void string(Conversion conversion, int address) {
    long length = space.stringLength(address);
    int precision = conversion.precision();
    if (address == 0 && length == 0) {
      // as the C library of Linux has it: all or nothing
      boolean shown = precision < 0 || precision >= NULL_TEXT.length;
      long text = shown ? NULL_TEXT.length : 0;
      pad(conversion, text, STRING_MARGIN, i -> NULL_TEXT[(int) i]);
      return;
    }
    long text = precision < 0 ? length : Math.min(precision, length);
    ByteReader reader = new ByteReader(space);
    long start = Space.unsigned(address);
    pad(conversion, text, length + STRING_MARGIN, i -> reader.at(start + i));
  }

  /** Where characters come from. */
  private interface Characters {
    int at(long index);
  }

  private void pad(Conversion conversion, long length, long limit, Characters text) {
    long missing = Math.max(0, conversion.width() - length);
    boolean left = conversion.has(Conversion.LEFT);
    long before = left ? 0 : Math.min(missing, limit);
    sink.repeat(' ', before);
    long shown = Math.min(length, limit - before);
    for (long i = 0; i < shown; i++) {
      sink.put(text.at(i));
    }
    if (left) {
      sink.repeat(' ', Math.min(missing, limit - shown));
    }
  }
}
