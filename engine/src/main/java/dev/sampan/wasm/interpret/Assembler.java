package dev.sampan.wasm.interpret;

import java.util.Arrays;

/** Gathers the words of a function, and which byte of the module each comes from. */
final class Assembler {

  private long[] words = new long[64];
  private int size;
  private int[] places = new int[32];
  private int placeCount;
  private int offset;

  /** The instruction that wrote a result last, if it can still be changed. */
  private int lastStart = -1;

  void reset() {
    size = 0;
    placeCount = 0;
    lastStart = -1;
  }

  /** The byte that the next words come from. */
  void at(int newOffset) {
    offset = newOffset;
  }

  int size() {
    return size;
  }

  long[] words() {
    return words;
  }

  long[] toWords() {
    return Arrays.copyOf(words, size);
  }

  int[] places() {
    return Arrays.copyOf(places, placeCount);
  }

  /** Adds the first word of an instruction. */
  void add(long word) {
    place();
    append(word);
    lastStart = -1;
  }

  /** Adds the first word of an instruction whose field a is the slot of its only result. */
  void addResult(long word) {
    place();
    lastStart = size;
    append(word);
  }

  /** Adds a further word of an instruction. */
  void append(long word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, 2 * size);
    }
    words[size++] = word;
  }

  private void place() {
    if (placeCount > 0 && places[placeCount - 1] == offset) {
      return;
    }
    if (placeCount == places.length) {
      places = Arrays.copyOf(places, 2 * placeCount);
    }
    places[placeCount++] = size;
    places[placeCount++] = offset;
  }

  /** Binds a label here. What was written before can be reached from elsewhere now. */
  void bind(Label label) {
    label.bind(words, size);
    lastStart = -1;
  }

  /** Whether the last instruction wrote its result to a slot and can be changed. */
  boolean hasResult(int slot) {
    return lastStart >= 0 && (int) (words[lastStart] >>> Op.A_SHIFT & Op.FIELD_MAX) == slot;
  }

  /** The last instruction. */
  long last() {
    return words[lastStart];
  }

  /** Has the last instruction write its result to another slot. */
  void redirect(int slot) {
    words[lastStart] =
        words[lastStart] & ~((long) Op.FIELD_MAX << Op.A_SHIFT) | (long) slot << Op.A_SHIFT;
    lastStart = -1;
  }

  /** Takes words back: the last instruction, and perhaps the one before, of one word each. */
  void remove(int count) {
    size -= count;
    lastStart = -1;
    while (placeCount > 0 && places[placeCount - 2] >= size) {
      placeCount -= 2;
    }
  }
}
