package dev.sampan.wasi.libc;

/** The functions {@code str…}: strings that end with a zero. */
final class Strings {

  /** After so many steps of a search the thread is asked whether it is interrupted. */
  private static final int STEPS = 1 << 16;

  private Strings() {}

  /** The address of a character, which may be the terminating zero, or 0. */
  static int find(Invocation in) {
    long index = in.space().indexOf(in.unsigned(0), in.length(0) + 1, (byte) in.i32(1));
    return index < 0 ? 0 : (int) (in.unsigned(0) + index);
  }

  static int compare(Invocation in) {
    return compare(in, Long.MAX_VALUE, false);
  }

  static int compareIgnoringCase(Invocation in) {
    return compare(in, in.unsigned(2), true);
  }

  private static int compare(Invocation in, long limit, boolean ignoreCase) {
    // within the shorter string and its zero there is a difference, or the end of both
    long length = Math.min(limit, Math.min(in.length(0), in.length(1)) + 1);
    ByteReader left = new ByteReader(in.space());
    ByteReader right = new ByteReader(in.space());
    for (long i = 0; i < length; i++) {
      int a = left.at(in.unsigned(0) + i);
      int b = right.at(in.unsigned(1) + i);
      int difference = ignoreCase ? Characters.toLower(a) - Characters.toLower(b) : a - b;
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  /** The address of the first occurrence of the second string in the first, or 0. */
  static int search(Invocation in) {
    long needle = in.length(1);
    ByteReader text = new ByteReader(in.space());
    ByteReader ahead = new ByteReader(in.space());
    ByteReader wanted = new ByteReader(in.space());
    int steps = 0;
    for (long start = 0; start <= in.length(0) - needle; start++) {
      long matching = 0;
      long from = in.unsigned(0) + start;
      if (needle > 0 && text.at(from) == wanted.at(in.unsigned(1))) {
        matching = 1;
        while (matching < needle
            && ahead.at(from + matching) == wanted.at(in.unsigned(1) + matching)) {
          matching++;
          if (++steps % STEPS == 0) {
            Space.poll();
          }
        }
      }
      if (matching == needle) {
        return (int) from;
      }
    }
    return 0;
  }

  /**
   * How many characters at the first string's beginning are, or are not, among those of the second.
   */
  static int span(Invocation in, boolean among) {
    boolean[] set = new boolean[256];
    ByteReader reader = new ByteReader(in.space());
    for (long i = 0; i < in.length(1); i++) {
      set[reader.at(in.unsigned(1) + i)] = true;
    }
    for (long i = 0; i < in.length(0); i++) {
      if (set[reader.at(in.unsigned(0) + i)] != among) {
        return (int) i;
      }
    }
    return (int) in.length(0);
  }

  static int copy(Invocation in) {
    in.space().move(in.unsigned(0), in.unsigned(1), in.length(1) + 1);
    return in.i32(0);
  }

  /** Copies at most so many bytes, and sets those behind the string's end to zero. */
  static int copyBounded(Invocation in) {
    long size = in.unsigned(2);
    in.space().check(in.unsigned(0), size);
    long end = in.space().indexOf(in.unsigned(1), size, (byte) 0);
    long length = end < 0 ? size : end;
    in.space().move(in.unsigned(0), in.unsigned(1), length);
    in.space().fill(in.unsigned(0) + length, size - length, (byte) 0);
    return in.i32(0);
  }
}
