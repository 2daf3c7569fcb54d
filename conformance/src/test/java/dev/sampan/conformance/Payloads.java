package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.regex.Pattern;

/**
 * Writes operators whose result may have the payload of either of two operands that are no numbers:
 * the specification allows both, and compilers exchange operands. Then all such results become the
 * same, so that engines can be compared bit by bit.
 */
final class Payloads {

  private static final Pattern EXCHANGED =
      Pattern.compile("f\\d+(x\\d)?\\.(relaxed_)?(add|mul|min|max|n?madd)");

  private static final int NAN_F32 = 0x7FC0_0000;
  private static final long NAN_F64 = 0x7FF8_0000_0000_0000L;
  private static final long NAN_LANES_F32 = 0x7FC0_0000_7FC0_0000L;

  private Payloads() {}

  static boolean mayDiffer(Opcode opcode) {
    return EXCHANGED.matcher(opcode.text()).matches();
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
    boolean vector = opcode.kind() != Kind.BINARY;
    ValType type = vector ? VecType.V128 : single ? NumType.F32 : NumType.F64;
    Opcode equal = vector ? (single ? F32X4_EQ : F64X2_EQ) : (single ? F32_EQ : F64_EQ);
    int first = function.fresh(type);
    int second = first;
    if (opcode.kind() == Kind.VECTOR_TERNARY) {
      code.op(opcode);
      function.teeLocal(first);
    } else {
      second = function.fresh(type);
      function.setLocal(second);
      function.teeLocal(first);
      code.op(LOCAL_GET, second).op(opcode);
    }
    if (vector) {
      long nan = single ? NAN_LANES_F32 : NAN_F64;
      code.v128(nan, nan);
    } else if (single) {
      code.f32(NAN_F32);
    } else {
      code.f64(NAN_F64);
    }
    code.op(LOCAL_GET, first).op(LOCAL_GET, first).op(equal);
    code.op(LOCAL_GET, second).op(LOCAL_GET, second).op(equal);
    code.op(vector ? V128_OR : I32_OR).op(vector ? V128_BITSELECT : SELECT);
  }
}
