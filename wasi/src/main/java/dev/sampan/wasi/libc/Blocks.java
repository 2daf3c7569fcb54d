package dev.sampan.wasi.libc;

/** The functions {@code mem…}: ranges of memory of given lengths. */
final class Blocks {

  private Blocks() {}

  /** Less than, equal to, or greater than 0, as the first range is to the second. */
  static int compare(Invocation in) {
    return compare(in, Long.MAX_VALUE);
  }

  /** Like {@link #compare}, but only up to a zero that both have at the same place. */
  static int compareStrings(Invocation in) {
    return compare(in, 0);
  }

  private static int compare(Invocation in, long last) {
    long length = in.unsigned(2);
    long first = in.unsigned(0);
    long second = in.unsigned(1);
    in.space().check(first, length);
    ByteReader left = new ByteReader(in.space());
    ByteReader right = new ByteReader(in.space());
    for (long i = 0; i < length; i++) {
      int a = left.at(first + i);
      int b = right.at(second + i);
      if (a != b) {
        return a - b;
      } else if (a == last) {
        return 0;
      }
    }
    return 0;
  }

  /** Copies; the ranges may overlap, even where C does not allow it. Returns the target. */
  static int move(Invocation in) {
    in.space().check(in.i32(0), 1);
    if (in.i32(2) != 0) {
      in.space().move(in.unsigned(0), in.unsigned(1), in.unsigned(2));
    }
    return in.i32(0);
  }

  static int fill(Invocation in) {
    in.space().fill(in.unsigned(0), in.unsigned(2), (byte) in.i32(1));
    return in.i32(0);
  }

  /** The address of a byte, or 0. */
  static int find(Invocation in) {
    long index = in.space().indexOf(in.unsigned(0), in.unsigned(2), (byte) in.i32(1));
    return index < 0 ? 0 : (int) (in.unsigned(0) + index);
  }
}
