package dev.sampan.wasm.text;

import dev.sampan.wasm.model.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All words, in a table that is asked with bytes, so that looking up a word makes no string. */
final class Vocabulary {

  /** The answer for a word that is not in the table. */
  static final int UNKNOWN = Integer.MIN_VALUE;

  private static final int SIZE = 4096;
  private static final byte[] @Nullable [] WORDS = new byte[SIZE][];
  private static final int[] MEANINGS = new int[SIZE];

  static {
    for (int i = 0; i < Opcode.count(); i++) {
      add(Opcode.at(i).text(), i);
    }
    for (Keyword keyword : Keyword.values()) {
      add(keyword.text(), ~keyword.ordinal());
    }
  }

  private Vocabulary() {}

  /** Continues a hash with the next byte of a word; the first hash is 0. */
  static int hash(int hash, byte next) {
    return hash * 31 + next;
  }

  /**
   * The meaning of a word: an instruction's ordinal, or the complement of a keyword's ordinal.
   * Where instructions share their mnemonic it is the first of them.
   */
  static int find(byte[] bytes, int start, int end, int hash) {
    int slot = slot(hash);
    while (true) {
      byte[] word = WORDS[slot];
      if (word == null) {
        return UNKNOWN;
      }
      if (Arrays.equals(word, 0, word.length, bytes, start, end)) {
        return MEANINGS[slot];
      }
      slot = slot + 1 & SIZE - 1;
    }
  }

  private static int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed >>> 20;
  }

  private static void add(String text, int meaning) {
    byte[] word = text.getBytes(StandardCharsets.US_ASCII);
    int hash = 0;
    for (byte b : word) {
      hash = hash(hash, b);
    }
    if (find(word, 0, word.length, hash) != UNKNOWN) {
      return;
    }
    int slot = slot(hash);
    while (WORDS[slot] != null) {
      slot = slot + 1 & SIZE - 1;
    }
    WORDS[slot] = word;
    MEANINGS[slot] = meaning;
  }
}
