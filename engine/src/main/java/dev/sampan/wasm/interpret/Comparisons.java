package dev.sampan.wasm.interpret;

/** Comparisons that become part of a jump. */
final class Comparisons {

  private static final int EQ = 0;
  private static final int NE = 1;
  private static final int LT_S = 2;
  private static final int LT_U = 3;
  private static final int GT_S = 4;
  private static final int GT_U = 5;
  private static final int LE_S = 6;
  private static final int LE_U = 7;
  private static final int GE_S = 8;
  private static final int GE_U = 9;
  private static final int COUNT = 10;

  private Comparisons() {}

  static boolean isComparison(int op) {
    return of(op) >= 0;
  }

  private static boolean isWide(int op) {
    return op >= Op.I64_EQ;
  }

  private static int of(int op) {
    int index = op - (isWide(op) ? Op.I64_EQ : Op.I32_EQ);
    return index >= 0 && index < COUNT ? index : -1;
  }

  private static int negate(int comparison) {
    return switch (comparison) {
      case EQ -> NE;
      case NE -> EQ;
      case LT_S -> GE_S;
      case LT_U -> GE_U;
      case GT_S -> LE_S;
      case GT_U -> LE_U;
      case LE_S -> GT_S;
      case LE_U -> GT_U;
      case GE_S -> LT_S;
      default -> LT_U;
    };
  }

  /** The first word of a jump if a comparison of two slots holds, or if it does not. */
  static long jump(int op, boolean wanted, int b, int c) {
    boolean wide = isWide(op);
    int comparison = wanted ? of(op) : negate(of(op));
    return switch (comparison) {
      case EQ -> Op.word(wide ? Op.I64_EQ_JUMP : Op.I32_EQ_JUMP, b, c, 0);
      case NE -> Op.word(wide ? Op.I64_NE_JUMP : Op.I32_NE_JUMP, b, c, 0);
      case LT_S -> Op.word(wide ? Op.I64_LT_S_JUMP : Op.I32_LT_S_JUMP, b, c, 0);
      case LT_U -> Op.word(wide ? Op.I64_LT_U_JUMP : Op.I32_LT_U_JUMP, b, c, 0);
      case GT_S -> Op.word(wide ? Op.I64_LT_S_JUMP : Op.I32_LT_S_JUMP, c, b, 0);
      case GT_U -> Op.word(wide ? Op.I64_LT_U_JUMP : Op.I32_LT_U_JUMP, c, b, 0);
      case LE_S -> Op.word(wide ? Op.I64_GE_S_JUMP : Op.I32_GE_S_JUMP, c, b, 0);
      case LE_U -> Op.word(wide ? Op.I64_GE_U_JUMP : Op.I32_GE_U_JUMP, c, b, 0);
      case GE_S -> Op.word(wide ? Op.I64_GE_S_JUMP : Op.I32_GE_S_JUMP, b, c, 0);
      default -> Op.word(wide ? Op.I64_GE_U_JUMP : Op.I32_GE_U_JUMP, b, c, 0);
    };
  }

  /** The same for a slot and a constant. */
  static long jumpWithConstant(int op, boolean wanted, int b, int constant) {
    int comparison = wanted ? of(op) : negate(of(op));
    int first = isWide(op) ? Op.I64_EQ_CONST_JUMP : Op.I32_EQ_CONST_JUMP;
    return Op.word(first + comparison, b, 0, constant);
  }
}
