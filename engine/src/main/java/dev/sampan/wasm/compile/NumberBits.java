package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeCode;

/** Writes the conversion between numbers and the 64 bits of a slot, as the runtime has them. */
final class NumberBits {

  static final Member FLOAT_BITS = new Member("java/lang/Float", "floatToRawIntBits", "(F)I");
  static final Member FLOAT_OF_BITS = new Member("java/lang/Float", "intBitsToFloat", "(I)F");
  static final Member DOUBLE_BITS = new Member("java/lang/Double", "doubleToRawLongBits", "(D)J");
  static final Member DOUBLE_OF_BITS = new Member("java/lang/Double", "longBitsToDouble", "(J)D");

  private NumberBits() {}

  /** The number on the stack becomes a long. */
  static void toBits(Code code, int kind) {
    switch (kind) {
      case TypeCode.I32 -> code.op(Jvm.I2L);
      case TypeCode.F32 -> {
        code.invokeStatic(FLOAT_BITS);
        code.op(Jvm.I2L);
      }
      case TypeCode.F64 -> code.invokeStatic(DOUBLE_BITS);
      default -> {}
    }
  }

  /** The long on the stack becomes a number. */
  static void fromBits(Code code, int kind) {
    switch (kind) {
      case TypeCode.I32 -> code.op(Jvm.L2I);
      case TypeCode.F32 -> {
        code.op(Jvm.L2I);
        code.invokeStatic(FLOAT_OF_BITS);
      }
      case TypeCode.F64 -> code.invokeStatic(DOUBLE_OF_BITS);
      default -> {}
    }
  }
}
