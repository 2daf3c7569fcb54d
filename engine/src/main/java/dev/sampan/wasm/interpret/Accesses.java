package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.Opcode;

/** Which instructions of the register form access memory like those of the module. */
final class Accesses {

  private Accesses() {}

  /** Whether an instruction is a load or store of a number. */
  static boolean isAccess(Opcode opcode) {
    return opcode.ordinal() >= Opcode.I32_LOAD.ordinal()
        && opcode.ordinal() <= Opcode.I64_STORE32.ordinal();
  }

  /**
   * The form of an access with its address in one slot. A slot's upper half is free for numbers of
   * 32 bits, and so types that differ only there share a form.
   */
  static int of(Opcode opcode) {
    return switch (opcode) {
      case I32_LOAD8_S, I64_LOAD8_S -> Op.LOAD_8_S;
      case I32_LOAD8_U, I64_LOAD8_U -> Op.LOAD_8_U;
      case I32_LOAD16_S, I64_LOAD16_S -> Op.LOAD_16_S;
      case I32_LOAD16_U, I64_LOAD16_U -> Op.LOAD_16_U;
      case I32_LOAD, F32_LOAD, I64_LOAD32_S -> Op.LOAD_32_S;
      case I64_LOAD32_U -> Op.LOAD_32_U;
      case I64_LOAD, F64_LOAD -> Op.LOAD_64;
      case I32_STORE8, I64_STORE8 -> Op.STORE_8;
      case I32_STORE16, I64_STORE16 -> Op.STORE_16;
      case I32_STORE, F32_STORE, I64_STORE32 -> Op.STORE_32;
      case I64_STORE, F64_STORE -> Op.STORE_64;
      default -> throw new AssertionError(opcode.text() + " is no access; please report");
    };
  }

  /** The form whose address is a slot and a constant in the next word. */
  static int plus(int access) {
    return access + Op.LOAD_8_S_PLUS - Op.LOAD_8_S;
  }

  /** The form whose address is the sum of two slots. */
  static int sum(int access) {
    return access + Op.LOAD_8_S_SUM - Op.LOAD_8_S;
  }
}
