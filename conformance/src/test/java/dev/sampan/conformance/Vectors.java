package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.List;

/** Generated vector instructions, the relaxed ones among them, save for those on memories. */
final class Vectors extends Chapter {

  /** The rows by the type code of their result. */
  private static final List<List<Opcode>> BY_RESULT = new ArrayList<>();

  static {
    for (int i = 0; i <= TypeCode.V128; i++) {
      BY_RESULT.add(new ArrayList<>());
    }
    for (Opcode opcode : Opcode.values()) {
      switch (opcode.kind()) {
        case VECTOR_UNARY,
            VECTOR_BINARY,
            VECTOR_TERNARY,
            VECTOR_SHIFT,
            VECTOR_REDUCE,
            VECTOR_CROSS_UNARY,
            VECTOR_CROSS_BINARY,
            SPLAT,
            EXTRACT_LANE,
            REPLACE_LANE,
            SHUFFLE ->
            BY_RESULT.get(opcode.signature().result(0)).add(opcode);
        default -> {}
      }
    }
  }

  private final Variation variation;

  Vectors(FunctionGenerator function, Variation variation) {
    super(function);
    this.variation = variation;
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (type == VecType.V128) {
      if (dice.oneIn(10)) {
        code.v128(dice.lanes(), dice.lanes());
      } else {
        anyRow(TypeCode.V128, depth);
      }
      return true;
    }
    if (type instanceof NumType num) {
      anyRow(TypeCode.I32 + num.ordinal(), depth);
      return true;
    }
    return false;
  }

  private void anyRow(int result, int depth) {
    Opcode opcode = dice.pick(BY_RESULT.get(result));
    Signature signature = opcode.signature();
    for (int i = 0; i < signature.parameterCount(); i++) {
      function.expression(Numbers.type(signature.parameter(i)), depth);
    }
    switch (opcode.kind()) {
      case EXTRACT_LANE, REPLACE_LANE -> {
        code.op(opcode);
        code.out().u8(dice.below(opcode.width()));
      }
      case SHUFFLE -> {
        code.op(opcode);
        shuffle();
      }
      default -> Payloads.operate(function, code, Payloads.vary(variation, opcode));
    }
  }

  private void shuffle() {
    int pattern = dice.below(4);
    int start = dice.below(17);
    for (int i = 0; i < 16; i++) {
      code.out()
          .u8(
              switch (pattern) {
                case 0 -> start + i - (start + i == 32 ? 1 : 0);
                case 1 -> i % 2 == 0 ? i / 2 : 16 + i / 2;
                case 2 -> start % 16;
                default -> dice.below(32);
              });
    }
  }

  @Override
  boolean statement(int depth) {
    int local = function.settable(VecType.V128);
    if (local < 0) {
      local = function.fresh(VecType.V128);
    }
    anyRow(TypeCode.V128, depth);
    function.setLocal(local);
    return true;
  }
}
