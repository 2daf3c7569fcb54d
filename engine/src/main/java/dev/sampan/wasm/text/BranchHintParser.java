package dev.sampan.wasm.text;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.BranchHints;
import dev.sampan.wasm.model.Opcode;

/** Parses and gathers {@code (@metadata.code.branch_hint "…")} annotations. */
final class BranchHintParser {

  private static final String PREFIX = "@metadata.code.branch_hint annotation: ";

  private final BranchHints hints = new BranchHints();
  private int function = -1;

  /** Begins with a function, or with what is no function if the index is negative. */
  void start(int functionIndex) {
    function = functionIndex;
  }

  /** The hints of the functions so far. */
  BranchHints hints() {
    return hints;
  }

  /** The annotation that is next: 0 for unlikely, 1 for likely. */
  int parse(TokenCursor cursor) {
    if (function < 0) {
      throw cursor.malformed(PREFIX + "not in a function");
    }
    int token = cursor.position();
    cursor.advance();
    byte[] value = cursor.at(TokenKind.STRING) ? cursor.string() : new byte[0];
    if (value.length != 1 || value[0] < 0 || value[0] > 1) {
      throw cursor.malformed(PREFIX + "expected \"\\00\" or \"\\01\"", token);
    }
    cursor.close();
    return value[0];
  }

  static boolean isTarget(Opcode opcode) {
    return opcode == Opcode.IF || opcode == Opcode.BR_IF;
  }

  /** Keeps the hint, if there is one, for the instruction that begins at an offset in the body. */
  void record(Opcode opcode, int hint, int offset, TokenCursor cursor, int token) {
    if (hint >= 0) {
      if (!isTarget(opcode)) {
        cursor.position(token);
        throw invalidTarget(cursor);
      }
      record(hint, offset);
    }
  }

  /** Keeps a hint for the instruction that begins at an offset in the body. */
  void record(int hint, int offset) {
    hints.put(function, offset, hint == 1);
  }

  /** The failure that a hint stands before something that does not branch two ways. */
  InvalidException invalidTarget(TokenCursor cursor) {
    return cursor
        .tokens()
        .source()
        .invalid(
            PREFIX + "invalid target: expected if or br_if",
            cursor.tokens().start(cursor.position()));
  }
}
