package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.regex.Pattern;

/**
 * Writes operators whose result may be one of several values that are no numbers: the payload of
 * either operand, as compilers exchange them, or of either sign where both operands are numbers, as
 * processors and compilers that know the operands choose differently. The specification allows all
 * of that. Such results become the same here, so that engines can be compared bit by bit; what
 * becomes of the payload of one operand is left as it is.
 */
final class Payloads {

  private static final Pattern SEVERAL =
      Pattern.compile("f\\d+(x\\d)?\\.(relaxed_)?(add|sub|mul|div|sqrt|min|max|n?madd)");

  private static final int NAN_F32 = 0x7FC0_0000;
  private static final long NAN_F64 = 0x7FF8_0000_0000_0000L;
  private static final long NAN_LANES_F32 = 0x7FC0_0000_7FC0_0000L;

  private Payloads() {}

  static boolean mayDiffer(Opcode opcode) {
    return SEVERAL.matcher(opcode.text()).matches();
  }

  /** Another operator only if both need the same care. */
  static Opcode vary(Variation variation, Opcode opcode) {
    Opcode other = variation.of(opcode);
    return mayDiffer(opcode) || mayDiffer(other) ? opcode : other;
  }

  /** Writes an operator; its operands are on top. */
  static void operate(FunctionGenerator function, CodeBuffer code, Opcode opcode) {
    if (!mayDiffer(opcode)) {
      code.op(opcode);
      return;
    }
    boolean single = opcode.text().startsWith("f32");
    boolean vector = opcode.signature().result(0) == TypeCode.V128;
    ValType type = vector ? VecType.V128 : single ? NumType.F32 : NumType.F64;
    Opcode equal = vector ? (single ? F32X4_EQ : F64X2_EQ) : (single ? F32_EQ : F64_EQ);
    int[] operands = new int[opcode.signature().parameterCount()];
    for (int k = operands.length - 1; k >= 0; k--) {
      operands[k] = function.fresh(type);
      function.setLocal(operands[k]);
    }
    for (int operand : operands) {
      code.op(LOCAL_GET, operand);
    }
    int result = function.fresh(type);
    code.op(opcode);
    function.teeLocal(result);
    if (vector) {
      long nan = single ? NAN_LANES_F32 : NAN_F64;
      code.v128(nan, nan);
    } else if (single) {
      code.f32(NAN_F32);
    } else {
      code.f64(NAN_F64);
    }
    // the result stays if it is a number, or if one operand of at most two alone is none
    code.op(LOCAL_GET, result).op(LOCAL_GET, result).op(equal);
    if (operands.length < 3) {
      Opcode unequal = vector ? (single ? F32X4_NE : F64X2_NE) : (single ? F32_NE : F64_NE);
      for (int operand : operands) {
        code.op(LOCAL_GET, operand).op(LOCAL_GET, operand).op(unequal);
      }
      if (operands.length == 2) {
        code.op(vector ? V128_XOR : I32_XOR);
      }
      code.op(vector ? V128_OR : I32_OR);
    }
    code.op(vector ? V128_BITSELECT : SELECT);
  }
}
