package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.TypeCode;

/** Instructions that put a value into a slot. */
final class Moves {

  private Moves() {}

  static void move(Assembler code, int type, int target, int source) {
    if (TypeCode.isReference(type)) {
      code.add(Op.word(Op.MOVE_REFERENCE, target, source, 0));
    } else if (type == TypeCode.V128) {
      code.add(Op.word(Op.MOVE_V128, target, source, 0));
    } else {
      code.addResult(Op.word(Op.MOVE, target, source, 0));
    }
  }

  static void constant(Assembler code, int target, long value) {
    if (Op.fitsNumber(value)) {
      code.addResult(Op.word(Op.CONST, target, value));
    } else {
      code.add(Op.word(Op.CONST_WORD, target, 0, 0));
      code.append(value);
    }
  }

  /** Writes the sum of a slot and a constant of 32 bits. */
  static void sum(Assembler code, int target, int source, long constant) {
    if (Op.fitsField(constant)) {
      code.addResult(Op.word(Op.I32_ADD_CONST, target, source, (int) constant));
    } else {
      code.addResult(Op.word(Op.I32_ADD_WORD, target, source, 0));
      code.append(constant);
    }
  }
}
