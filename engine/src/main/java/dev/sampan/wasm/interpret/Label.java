package dev.sampan.wasm.interpret;

import java.util.ArrayList;
import java.util.List;

/** A place in the code that jumps go to, perhaps before it is known. */
final class Label {

  private static final int UNBOUND = -1;

  private int target = UNBOUND;

  /** Words to be completed: whole ones by their index, parts above a by its complement. */
  private final List<Integer> waiting = new ArrayList<>();

  /** The place, once bound. */
  int target() {
    return target;
  }

  /** Sets the place. */
  void bind(long[] words, int place) {
    target = place;
    for (int index : waiting) {
      complete(words, index);
    }
    waiting.clear();
  }

  /** Has a whole word set to the place. */
  void wholeWord(long[] words, int index) {
    refer(words, index);
  }

  /** Has the part of a word above a set to the place. */
  void partOfWord(long[] words, int index) {
    refer(words, ~index);
  }

  private void refer(long[] words, int index) {
    if (target == UNBOUND) {
      waiting.add(index);
    } else {
      complete(words, index);
    }
  }

  private void complete(long[] words, int index) {
    if (index >= 0) {
      words[index] = target;
    } else {
      words[~index] |= (long) target << Op.B_SHIFT;
    }
  }
}
