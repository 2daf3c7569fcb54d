package dev.sampan.wasm.compile;

import java.util.Arrays;

/** A place in a method's code that may be known only after the jumps to it. */
final class Label {

  private static final int[] NONE = {};

  /** The place, or -1 as long as it is not known. */
  int position = -1;

  /** How many slots are on the operand stack there. */
  int depth;

  /** Where jumps to it wait for the distance: the place to patch, and the jump's own. */
  private int[] waiting = NONE;

  private int count;

  /** Whether anything jumps here. */
  boolean used;

  /** Adds a jump; a negative place to patch has four bytes, and is given as its complement. */
  void await(int patchAt, int from) {
    if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(8, 2 * count));
    }
    waiting[count++] = patchAt;
    waiting[count++] = from;
  }

  /** Fills in the distances. */
  void resolve(Bytes code) {
    for (int i = 0; i < count; i += 2) {
      int distance = position - waiting[i + 1];
      if (waiting[i] < 0) {
        code.patch4(~waiting[i], distance);
      } else {
        code.patch2(waiting[i], distance);
      }
    }
    count = 0;
  }
}
