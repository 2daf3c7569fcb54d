package dev.sampan.wasi.libc;

/** The functions {@code str…}: strings that end with a zero. */
final class Strings {

  /** So much of what is searched has a table. */
  private static final int MAX_PREFIX = 1 << 14;

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

  /**
   * The address of the first occurrence of the second string in the first, or 0: by the algorithm
   * of Knuth, Morris and Pratt for the beginning of what is searched, so that its table stays
   * small, and byte by byte for the rest.
   */
  static int search(Invocation in) {
    long needle = in.length(1);
    if (needle == 0) {
      return in.i32(0);
    }
    byte[] prefix = new byte[(int) Math.min(needle, MAX_PREFIX)];
    in.space().read(in.unsigned(1), prefix, prefix.length);
    int[] borders = borders(prefix);
    ByteReader text = new ByteReader(in.space());
    int matching = 0;
    for (long i = 0; i < in.length(0); i++) {
      byte next = (byte) text.at(in.unsigned(0) + i);
      while (matching > 0 && prefix[matching] != next) {
        matching = borders[matching];
      }
      if (prefix[matching] == next) {
        matching++;
      }
      if (matching == prefix.length) {
        long start = i + 1 - matching;
        if (start > in.length(0) - needle) {
          return 0;
        } else if (restMatches(in, start, matching)) {
          return (int) (in.unsigned(0) + start);
        }
        matching = borders[matching];
      }
    }
    return 0;
  }

  /** For each length of a beginning how much of its own beginning it ends with. */
  private static int[] borders(byte[] text) {
    int[] borders = new int[text.length + 1];
    int border = 0;
    for (int i = 1; i < text.length; i++) {
      while (border > 0 && text[border] != text[i]) {
        border = borders[border];
      }
      if (text[border] == text[i]) {
        border++;
      }
      borders[i + 1] = border;
    }
    return borders;
  }

  private static boolean restMatches(Invocation in, long start, long matching) {
    ByteReader text = new ByteReader(in.space());
    ByteReader wanted = new ByteReader(in.space());
    for (long i = matching; i < in.length(1); i++) {
      if (text.at(in.unsigned(0) + start + i) != wanted.at(in.unsigned(1) + i)) {
        return false;
      }
    }
    return true;
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
