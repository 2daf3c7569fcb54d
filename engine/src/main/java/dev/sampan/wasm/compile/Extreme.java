package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import org.jspecify.annotations.Nullable;

/**
 * The minimum or maximum of the two integers on top, in the form that Wasm has to give it: both are
 * read once more, compared, and the comparison selects one of the two.
 *
 * @param method what yields the signed minimum or maximum
 * @param unsigned whether the comparison is without sign
 */
record Extreme(Member method, boolean unsigned) {

  /** How many instructions it consists of: two reads, a comparison and a select. */
  static final int INSTRUCTIONS = 4;

  private static final Member MIN_I32 = Member.of(Math.class, "min", "(II)I");
  private static final Member MAX_I32 = Member.of(Math.class, "max", "(II)I");
  private static final Member MIN_I64 = Member.of(Math.class, "min", "(JJ)J");
  private static final Member MAX_I64 = Member.of(Math.class, "max", "(JJ)J");

  /** Looks at what begins at an instruction; yields null if it is no such thing. */
  static @Nullable Extreme of(Body body, int i, Operands operands) {
    if (i + INSTRUCTIONS > body.count()
        || operands.height() < 2
        || body.opcode(i + 3) != Opcode.SELECT
        || !Transformations.EXTREMES.enabled()) {
      return null;
    }
    int second = operands.height() - 1;
    int first = second - 1;
    boolean straight = reads(body, i, operands, first) && reads(body, i + 1, operands, second);
    boolean turned = reads(body, i, operands, second) && reads(body, i + 1, operands, first);
    return straight || turned ? of(body.opcode(i + 2), straight) : null;
  }

  private static boolean reads(Body body, int i, Operands operands, int index) {
    return switch (body.opcode(i)) {
      case LOCAL_GET -> operands.isLocal(index, body.first[i]);
      case I32_CONST, I64_CONST -> operands.isConstant(index, body.low[i]);
      default -> false;
    };
  }

  /** The lesser one is selected by "less" from the first and the second, in this order. */
  private static @Nullable Extreme of(Opcode comparison, boolean straight) {
    return switch (comparison) {
      case I32_LT_S, I32_LE_S -> new Extreme(straight ? MIN_I32 : MAX_I32, false);
      case I32_LT_U, I32_LE_U -> new Extreme(straight ? MIN_I32 : MAX_I32, true);
      case I32_GT_S, I32_GE_S -> new Extreme(straight ? MAX_I32 : MIN_I32, false);
      case I32_GT_U, I32_GE_U -> new Extreme(straight ? MAX_I32 : MIN_I32, true);
      case I64_LT_S, I64_LE_S -> new Extreme(straight ? MIN_I64 : MAX_I64, false);
      case I64_LT_U, I64_LE_U -> new Extreme(straight ? MIN_I64 : MAX_I64, true);
      case I64_GT_S, I64_GE_S -> new Extreme(straight ? MAX_I64 : MIN_I64, false);
      case I64_GT_U, I64_GE_U -> new Extreme(straight ? MAX_I64 : MIN_I64, true);
      default -> null;
    };
  }

  /** Takes both integers from the stack and leaves one. */
  void write(Code code) {
    boolean wide = method.equals(MIN_I64) || method.equals(MAX_I64);
    if (unsigned) {
      shift(code, wide);
      code.op(wide ? Jvm.DUP2_X2 : Jvm.SWAP);
      if (wide) {
        code.op(Jvm.POP2);
      }
      shift(code, wide);
    }
    code.invokeStatic(method);
    if (unsigned) {
      shift(code, wide);
    }
  }

  /**
   * Maps the order without sign to the one with it, or back. By addition, because HotSpot joins
   * that with additions before and behind.
   */
  private static void shift(Code code, boolean wide) {
    if (wide) {
      code.pushLong(Long.MIN_VALUE);
      code.op(Jvm.LADD);
    } else {
      code.pushInt(Integer.MIN_VALUE);
      code.op(Jvm.IADD);
    }
  }
}
