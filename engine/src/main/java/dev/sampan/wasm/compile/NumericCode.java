package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import org.jspecify.annotations.Nullable;

/**
 * Writes the instructions on numbers. What is one instruction of the Java virtual machine becomes
 * that one; everything else is a call of the method that says what it means.
 *
 * <p>A comparison is held back until it is known whether a branch follows, which then compares for
 * itself; so is its negation by {@code i32.eqz}.
 */
final class NumericCode {

  private static final Member I32_COMPARE_UNSIGNED =
      new Member("java/lang/Integer", "compareUnsigned", "(II)I");
  private static final Member I64_COMPARE_UNSIGNED =
      new Member("java/lang/Long", "compareUnsigned", "(JJ)I");

  private static final int F32_ONE = Float.floatToRawIntBits(1.0f);
  private static final int F32_MINUS_ZERO = Float.floatToRawIntBits(-0.0f);
  private static final long F64_ONE = Double.doubleToRawLongBits(1.0);
  private static final long F64_MINUS_ZERO = Double.doubleToRawLongBits(-0.0);

  private final Emission e;

  /** The comparison whose operands lie on the stack in the place of its result. */
  private @Nullable Opcode pending;

  private boolean negated;

  NumericCode(Emission emission) {
    this.e = emission;
  }

  // ---- comparisons ----

  boolean hasPending() {
    return pending != null;
  }

  /** Makes the result of a comparison that was held back. */
  void settle() {
    Opcode comparison = pending;
    if (comparison != null) {
      pending = null;
      switch (comparison) {
        case REF_IS_NULL -> e.code.invokeStatic(References.IS_NULL);
        default -> e.code.invokeStatic(Emission.numerics(comparison));
      }
      if (negated) {
        e.code.invokeStatic(Emission.numerics(Opcode.I32_EQZ));
      }
    }
  }

  /** Holds back a comparison or test. */
  void compare(Opcode comparison) {
    if (comparison == Opcode.I32_EQZ && pending != null) {
      negated = !negated;
      return;
    }
    int operands = comparison == Opcode.REF_IS_NULL ? 1 : comparison.signature().parameterCount();
    e.operands.load(operands);
    e.operands.pop(operands);
    e.operands.push(TypeCode.I32);
    pending = comparison;
    negated = false;
  }

  /** Takes the condition on top, and forgets it. */
  void drop() {
    Opcode comparison = pending;
    int values = comparison == null ? 1 : comparison.signature().parameterCount();
    for (int k = 0; k < values; k++) {
      e.code.op(Jvm.POP);
    }
    e.operands.pop();
    pending = null;
    negated = false;
  }

  /** Takes the condition on top, and jumps if it is true, or if it is false. */
  void jumpIf(boolean condition, Label target) {
    e.operands.pop();
    boolean sense = condition != negated;
    Opcode comparison = pending;
    pending = null;
    if (comparison == null) {
      e.code.jump(condition ? Jvm.IFNE : Jvm.IFEQ, target);
    } else {
      e.code.jump(test(comparison, sense), target);
    }
    negated = false;
  }

  /** Writes what comes before the jump, and yields the jump for a comparison, or its negation. */
  private int test(Opcode comparison, boolean sense) {
    return switch (comparison) {
      case I32_EQZ -> sense ? Jvm.IFEQ : Jvm.IFNE;
      case I32_EQ -> sense ? Jvm.IF_ICMPEQ : Jvm.IF_ICMPNE;
      case I32_NE -> sense ? Jvm.IF_ICMPNE : Jvm.IF_ICMPEQ;
      case I32_LT_S -> sense ? Jvm.IF_ICMPLT : Jvm.IF_ICMPGE;
      case I32_GT_S -> sense ? Jvm.IF_ICMPGT : Jvm.IF_ICMPLE;
      case I32_LE_S -> sense ? Jvm.IF_ICMPLE : Jvm.IF_ICMPGT;
      case I32_GE_S -> sense ? Jvm.IF_ICMPGE : Jvm.IF_ICMPLT;
      case I32_LT_U -> compared(I32_COMPARE_UNSIGNED, sense ? Jvm.IFLT : Jvm.IFGE);
      case I32_GT_U -> compared(I32_COMPARE_UNSIGNED, sense ? Jvm.IFGT : Jvm.IFLE);
      case I32_LE_U -> compared(I32_COMPARE_UNSIGNED, sense ? Jvm.IFLE : Jvm.IFGT);
      case I32_GE_U -> compared(I32_COMPARE_UNSIGNED, sense ? Jvm.IFGE : Jvm.IFLT);
      case I64_EQZ -> {
        e.code.pushLong(0);
        yield compared(Jvm.LCMP, sense ? Jvm.IFEQ : Jvm.IFNE);
      }
      case I64_EQ -> compared(Jvm.LCMP, sense ? Jvm.IFEQ : Jvm.IFNE);
      case I64_NE -> compared(Jvm.LCMP, sense ? Jvm.IFNE : Jvm.IFEQ);
      case I64_LT_S -> compared(Jvm.LCMP, sense ? Jvm.IFLT : Jvm.IFGE);
      case I64_GT_S -> compared(Jvm.LCMP, sense ? Jvm.IFGT : Jvm.IFLE);
      case I64_LE_S -> compared(Jvm.LCMP, sense ? Jvm.IFLE : Jvm.IFGT);
      case I64_GE_S -> compared(Jvm.LCMP, sense ? Jvm.IFGE : Jvm.IFLT);
      case I64_LT_U -> compared(I64_COMPARE_UNSIGNED, sense ? Jvm.IFLT : Jvm.IFGE);
      case I64_GT_U -> compared(I64_COMPARE_UNSIGNED, sense ? Jvm.IFGT : Jvm.IFLE);
      case I64_LE_U -> compared(I64_COMPARE_UNSIGNED, sense ? Jvm.IFLE : Jvm.IFGT);
      case I64_GE_U -> compared(I64_COMPARE_UNSIGNED, sense ? Jvm.IFGE : Jvm.IFLT);
      // a NaN must make each of these false
      case F32_EQ -> compared(Jvm.FCMPL, sense ? Jvm.IFEQ : Jvm.IFNE);
      case F32_NE -> compared(Jvm.FCMPL, sense ? Jvm.IFNE : Jvm.IFEQ);
      case F32_LT -> compared(Jvm.FCMPG, sense ? Jvm.IFLT : Jvm.IFGE);
      case F32_GT -> compared(Jvm.FCMPL, sense ? Jvm.IFGT : Jvm.IFLE);
      case F32_LE -> compared(Jvm.FCMPG, sense ? Jvm.IFLE : Jvm.IFGT);
      case F32_GE -> compared(Jvm.FCMPL, sense ? Jvm.IFGE : Jvm.IFLT);
      case F64_EQ -> compared(Jvm.DCMPL, sense ? Jvm.IFEQ : Jvm.IFNE);
      case F64_NE -> compared(Jvm.DCMPL, sense ? Jvm.IFNE : Jvm.IFEQ);
      case F64_LT -> compared(Jvm.DCMPG, sense ? Jvm.IFLT : Jvm.IFGE);
      case F64_GT -> compared(Jvm.DCMPL, sense ? Jvm.IFGT : Jvm.IFLE);
      case F64_LE -> compared(Jvm.DCMPG, sense ? Jvm.IFLE : Jvm.IFGT);
      case F64_GE -> compared(Jvm.DCMPL, sense ? Jvm.IFGE : Jvm.IFLT);
      case REF_IS_NULL -> sense ? Jvm.IFNULL : Jvm.IFNONNULL;
      default -> throw new AssertionError(comparison.text() + " is no comparison; please report");
    };
  }

  private int compared(int instruction, int jump) {
    e.code.op(instruction);
    return jump;
  }

  private int compared(Member method, int jump) {
    e.code.invokeStatic(method);
    return jump;
  }

  static boolean isComparison(Opcode opcode) {
    return opcode.ordinal() >= Opcode.I32_EQZ.ordinal()
            && opcode.ordinal() <= Opcode.F64_GE.ordinal()
        || opcode == Opcode.REF_IS_NULL;
  }

  // ---- constants ----

  /** Writes a constant, and what follows if it is better done at once; yields how many more. */
  int constant(int i) {
    Opcode next = i + 1 < e.body.count() ? e.body.opcode(i + 1) : Opcode.NOP;
    long value = e.body.low[i];
    switch (e.body.opcode(i)) {
      case I32_CONST -> {
        if (value != 0 && isUnsignedDivision(next)) {
          e.operands.load(1);
          e.operands.pop();
          divide32(next, (int) value);
          e.operands.push(TypeCode.I32);
          return 1;
        }
        e.code.pushInt((int) value);
        e.operands.push(TypeCode.I32);
        e.operands.topIsConstant(value);
      }
      case I64_CONST -> {
        switch (next) {
          case I64_SHL, I64_SHR_S, I64_SHR_U -> {
            e.operands.load(1);
            e.code.pushInt((int) value & 63);
            e.code.op(
                next == Opcode.I64_SHL
                    ? Jvm.LSHL
                    : next == Opcode.I64_SHR_S ? Jvm.LSHR : Jvm.LUSHR);
            return 1;
          }
          default -> {}
        }
        if (value != 0 && isUnsignedDivision(next)) {
          e.operands.load(1);
          divide64(next, value);
          return 1;
        }
        e.code.pushLong(value);
        e.operands.push(TypeCode.I64);
        e.operands.topIsConstant(value);
      }
      case F32_CONST -> {
        int bits = (int) value;
        if (bits == F32_ONE && (next == Opcode.F32_MUL || next == Opcode.F32_DIV)
            || bits == 0 && next == Opcode.F32_SUB) {
          // HotSpot would take the operation away, and leave a signalling NaN as it is
          e.operands.load(1);
          e.code.pushFloat(F32_MINUS_ZERO);
          e.code.op(Jvm.FADD);
          return 1;
        }
        e.code.pushFloat(bits);
        e.operands.push(TypeCode.F32);
      }
      case F64_CONST -> {
        if (value == F64_ONE && (next == Opcode.F64_MUL || next == Opcode.F64_DIV)
            || value == 0 && next == Opcode.F64_SUB) {
          e.operands.load(1);
          e.code.pushDouble(F64_MINUS_ZERO);
          e.code.op(Jvm.DADD);
          return 1;
        }
        e.code.pushDouble(value);
        e.operands.push(TypeCode.F64);
      }
      default -> {
        e.operands.push(TypeCode.V128);
        int top = e.operands.height() - 1;
        e.code.pushLong(value);
        e.variables.storeHalf(e.operands.home(top), 0);
        e.code.pushLong(e.body.high(i));
        e.variables.storeHalf(e.operands.home(top), 1);
      }
    }
    return 0;
  }

  /**
   * Writes a select of one of the two integers on top by comparing just these: a minimum or
   * maximum. HotSpot makes a conditional move of those, but seldom of branches. Yields how many
   * instructions there are behind this one, or 0 if it is no such thing.
   */
  int extreme(int i) {
    Extreme extreme = Extreme.of(e.body, i, e.operands);
    if (extreme == null) {
      return 0;
    }
    e.operands.load(2);
    int kind = e.operands.top();
    e.operands.pop(2);
    extreme.write(e.code);
    e.operands.push(kind);
    return Extreme.INSTRUCTIONS - 1;
  }

  /**
   * Writes the question whether a sum with one is less than the other summand, without sign, as the
   * question whether it is zero: that ends a loop whose rounds HotSpot can count.
   */
  boolean overflow(int i) {
    Body body = e.body;
    if (i < 4
        || i + 1 >= body.count()
        || body.opcode(i - 1) != Opcode.LOCAL_TEE
        || body.first[i - 1] == body.first[i]
        || body.low[i - 3] != 1
        || body.opcode(i - 4) != Opcode.LOCAL_GET
        || body.first[i - 4] != body.first[i]
        || !Transformations.COUNTED_LOOPS.enabled()) {
      return false;
    }
    boolean narrow =
        body.opcode(i + 1) == Opcode.I32_LT_U
            && body.opcode(i - 2) == Opcode.I32_ADD
            && body.opcode(i - 3) == Opcode.I32_CONST;
    boolean wide =
        body.opcode(i + 1) == Opcode.I64_LT_U
            && body.opcode(i - 2) == Opcode.I64_ADD
            && body.opcode(i - 3) == Opcode.I64_CONST;
    if (narrow || wide) {
      compare(narrow ? Opcode.I32_EQZ : Opcode.I64_EQZ);
    }
    return narrow || wide;
  }

  private static boolean isUnsignedDivision(Opcode opcode) {
    if (!Transformations.CONSTANT_DIVISION.enabled()) {
      return false;
    }
    return switch (opcode) {
      case I32_DIV_U, I32_REM_U, I64_DIV_U, I64_REM_U -> true;
      default -> false;
    };
  }

  /**
   * Divides the {@code i32} on the stack by a constant. HotSpot turns signed divisions by constants
   * into multiplications, but not unsigned ones, so this is a signed one of twice the width.
   */
  private void divide32(Opcode opcode, int divisor) {
    boolean quotient = opcode == Opcode.I32_DIV_U;
    if ((divisor & divisor - 1) == 0) {
      e.code.pushInt(quotient ? Integer.numberOfTrailingZeros(divisor) : divisor - 1);
      e.code.op(quotient ? Jvm.IUSHR : Jvm.IAND);
      return;
    }
    e.code.op(Jvm.I2L);
    e.code.pushLong(0xFFFF_FFFFL);
    e.code.op(Jvm.LAND);
    e.code.pushLong(divisor & 0xFFFF_FFFFL);
    e.code.op(quotient ? Jvm.LDIV : Jvm.LREM);
    e.code.op(Jvm.L2I);
  }

  /** The multiplier that stands for a divisor, as the helper explains. */
  private void divide64(Opcode opcode, long divisor) {
    boolean quotient = opcode == Opcode.I64_DIV_U;
    if ((divisor & divisor - 1) == 0) {
      if (quotient) {
        e.code.pushInt(Long.numberOfTrailingZeros(divisor));
        e.code.op(Jvm.LUSHR);
      } else {
        e.code.pushLong(divisor - 1);
        e.code.op(Jvm.LAND);
      }
      return;
    }
    e.code.pushLong(Division.multiplier(divisor));
    e.code.pushInt(Division.shift(divisor));
    if (quotient) {
      e.code.invokeStatic(Division.QUOTIENT);
    } else {
      e.code.pushLong(divisor);
      e.code.invokeStatic(Division.REMAINDER);
    }
  }

  // ---- everything else ----

  void unary(int i, Opcode opcode) {
    e.operands.load(1);
    e.operands.pop();
    int instruction =
        switch (opcode) {
          case I32_WRAP_I64 -> Jvm.L2I;
          case I64_EXTEND_I32_S -> Jvm.I2L;
          case I32_EXTEND8_S -> Jvm.I2B;
          case I32_EXTEND16_S -> Jvm.I2S;
          case F32_NEG -> Jvm.FNEG;
          case F64_NEG -> Jvm.DNEG;
          case F32_CONVERT_I32_S -> Jvm.I2F;
          case F32_CONVERT_I64_S -> Jvm.L2F;
          case F64_CONVERT_I32_S -> Jvm.I2D;
          case F64_CONVERT_I64_S -> Jvm.L2D;
          case F64_PROMOTE_F32 -> Jvm.F2D;
          case I32_TRUNC_SAT_F32_S -> Jvm.F2I;
          case I32_TRUNC_SAT_F64_S -> Jvm.D2I;
          case I64_TRUNC_SAT_F32_S -> Jvm.F2L;
          case I64_TRUNC_SAT_F64_S -> Jvm.D2L;
          default -> 0;
        };
    if (instruction != 0) {
      e.code.op(instruction);
    } else {
      switch (opcode) {
        case I32_REINTERPRET_F32 -> e.code.invokeStatic(NumberBits.FLOAT_BITS);
        case F32_REINTERPRET_I32 -> e.code.invokeStatic(NumberBits.FLOAT_OF_BITS);
        case I64_REINTERPRET_F64 -> e.code.invokeStatic(NumberBits.DOUBLE_BITS);
        case F64_REINTERPRET_I64 -> e.code.invokeStatic(NumberBits.DOUBLE_OF_BITS);
        case I64_EXTEND32_S -> {
          e.code.op(Jvm.L2I);
          e.code.op(Jvm.I2L);
        }
        case I64_EXTEND_I32_U -> {
          e.code.op(Jvm.I2L);
          e.code.pushLong(0xFFFF_FFFFL);
          e.code.op(Jvm.LAND);
        }
        default -> {
          e.mark(i);
          e.code.invokeStatic(Emission.numerics(opcode));
        }
      }
    }
    e.operands.push(opcode.signature().results());
  }

  void binary(int i, Opcode opcode) {
    e.operands.load(2);
    e.operands.pop(2);
    int instruction =
        switch (opcode) {
          case I32_ADD -> Jvm.IADD;
          case I32_SUB -> Jvm.ISUB;
          case I32_MUL -> Jvm.IMUL;
          case I32_AND -> Jvm.IAND;
          case I32_OR -> Jvm.IOR;
          case I32_XOR -> Jvm.IXOR;
          case I32_SHL -> Jvm.ISHL;
          case I32_SHR_S -> Jvm.ISHR;
          case I32_SHR_U -> Jvm.IUSHR;
          case I64_ADD -> Jvm.LADD;
          case I64_SUB -> Jvm.LSUB;
          case I64_MUL -> Jvm.LMUL;
          case I64_AND -> Jvm.LAND;
          case I64_OR -> Jvm.LOR;
          case I64_XOR -> Jvm.LXOR;
          case I64_SHL -> shift(Jvm.LSHL);
          case I64_SHR_S -> shift(Jvm.LSHR);
          case I64_SHR_U -> shift(Jvm.LUSHR);
          case F32_ADD -> Jvm.FADD;
          case F32_SUB -> Jvm.FSUB;
          case F32_MUL -> Jvm.FMUL;
          case F32_DIV -> Jvm.FDIV;
          case F64_ADD -> Jvm.DADD;
          case F64_SUB -> Jvm.DSUB;
          case F64_MUL -> Jvm.DMUL;
          case F64_DIV -> Jvm.DDIV;
          default -> 0;
        };
    if (instruction != 0) {
      e.code.op(instruction);
    } else {
      e.mark(i);
      e.code.invokeStatic(Emission.numerics(opcode));
    }
    e.operands.push(opcode.signature().results());
  }

  /** The count of a shift is an {@code i64} in Wasm, and an int in Java. */
  private int shift(int instruction) {
    e.code.op(Jvm.L2I);
    return instruction;
  }

  /** Two results from two or four operands, each half by a method of its own. */
  void wide(Opcode opcode) {
    int count = opcode.signature().parameterCount();
    e.operands.settleTop(count);
    int first = e.operands.height() - count;
    String name = javaName(opcode);
    String descriptor = "(" + "J".repeat(count) + ")J";
    for (String half : new String[] {"Low", "High"}) {
      for (int k = 0; k < count; k++) {
        e.operands.copy(first + k);
      }
      e.code.invokeStatic(new Member("dev/sampan/wasm/runtime/Numerics", name + half, descriptor));
    }
    e.operands.pop(count);
    e.operands.push(TypeCode.I64);
    e.operands.push(TypeCode.I64);
  }

  private static String javaName(Opcode opcode) {
    return Emission.javaName(opcode.text());
  }
}
