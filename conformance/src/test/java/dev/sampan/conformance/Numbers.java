package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Generated arithmetic: every row, and the combinations that a compiler may treat specially, such
 * as constants beside operators and tests of comparisons.
 */
final class Numbers extends Chapter {

  private static final Map<NumType, List<Opcode>> BY_RESULT = new EnumMap<>(NumType.class);
  private static final Map<NumType, List<Opcode>> ENDO = new EnumMap<>(NumType.class);
  private static final List<Opcode> COMPARISONS = new ArrayList<>();
  private static final List<Opcode> WIDE = new ArrayList<>();

  private static final int[] DIVISORS = {
    0,
    1,
    -1,
    2,
    3,
    4,
    5,
    7,
    8,
    10,
    16,
    60,
    100,
    127,
    128,
    255,
    256,
    641,
    1000,
    0x8000_0000,
    0x8000_0001,
    0x7FFF_FFFF,
    -2,
    -3,
    -7,
    -10,
    -128,
    0x1_0000,
    0x5555_5555
  };

  private static final List<Opcode> DIVISIONS_I32 =
      List.of(I32_DIV_U, I32_REM_U, I32_DIV_S, I32_REM_S);
  private static final List<Opcode> DIVISIONS_I64 =
      List.of(I64_DIV_U, I64_REM_U, I64_DIV_S, I64_REM_S);

  static {
    for (NumType num : NumType.values()) {
      BY_RESULT.put(num, new ArrayList<>());
      ENDO.put(num, new ArrayList<>());
    }
    for (Opcode opcode : Opcode.values()) {
      Signature signature = opcode.signature();
      switch (opcode.kind()) {
        case UNARY, BINARY -> {
          NumType result = number(signature.result(0));
          BY_RESULT.get(result).add(opcode);
          if (opcode.kind() == Kind.BINARY) {
            if (signature.parameter(0) == signature.result(0) && !comparesI32(opcode)) {
              ENDO.get(result).add(opcode);
            } else {
              COMPARISONS.add(opcode);
            }
          }
        }
        case WIDE -> WIDE.add(opcode);
        default -> {}
      }
    }
  }

  private final Variation variation;

  Numbers(FunctionGenerator function, Variation variation) {
    super(function);
    this.variation = variation;
  }

  private static boolean comparesI32(Opcode opcode) {
    return opcode.compareTo(I32_EQ) >= 0 && opcode.compareTo(I32_GE_U) <= 0;
  }

  private static NumType number(int typeCode) {
    return NumType.values()[typeCode - TypeCode.I32];
  }

  /** The type of a code in a signature. */
  static ValType type(int typeCode) {
    return typeCode == TypeCode.V128 ? VecType.V128 : number(typeCode);
  }

  void constant(NumType type) {
    switch (type) {
      case I32 -> code.i32(variation.i32(dice.i32()));
      case I64 -> code.i64(variation.i64(dice.i64()));
      case F32 -> code.f32(variation.f32(dice.f32()));
      case F64 -> code.f64(variation.f64(dice.f64()));
    }
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (!(type instanceof NumType num)) {
      return false;
    }
    switch (dice.below(13)) {
      case 0 -> constant(num);
      case 12 -> {
        if (num == NumType.I32 || num == NumType.I64) {
          extreme(num, depth);
        } else {
          anyRow(num, depth);
        }
      }
      case 1, 2 -> besideConstant(num, depth);
      case 3 -> {
        if (num == NumType.I32) {
          condition(depth);
        } else if (num == NumType.I64) {
          divide(num, depth);
        } else {
          besideNeutral(num, depth);
        }
      }
      case 4 -> {
        if (num == NumType.I32) {
          divide(num, depth);
        } else {
          anyRow(num, depth);
        }
      }
      case 5 -> chain(num, depth);
      case 6 -> {
        if (num == NumType.I64) {
          wide(depth);
          function.settle(List.of(NumType.I64, NumType.I64), NumType.I64);
        } else {
          anyRow(num, depth);
        }
      }
      default -> anyRow(num, depth);
    }
    return true;
  }

  private void anyRow(NumType result, int depth) {
    Opcode opcode = dice.pick(BY_RESULT.get(result));
    Signature signature = opcode.signature();
    for (int i = 0; i < signature.parameterCount(); i++) {
      function.expression(type(signature.parameter(i)), depth);
    }
    operate(opcode);
  }

  /** Writes the operator, after making a trap less likely. */
  private void operate(Opcode opcode) {
    Opcode chosen = Payloads.vary(variation, opcode);
    if (dice.percent(93)) {
      switch (chosen) {
        case I32_DIV_S, I32_DIV_U, I32_REM_S, I32_REM_U -> code.i32(1).op(I32_OR);
        case I64_DIV_S, I64_DIV_U, I64_REM_S, I64_REM_U -> code.i64(1).op(I64_OR);
        case I32_TRUNC_F32_S, I32_TRUNC_F32_U, I64_TRUNC_F32_S, I64_TRUNC_F32_U -> tame(F32_ABS);
        case I32_TRUNC_F64_S, I32_TRUNC_F64_U, I64_TRUNC_F64_S, I64_TRUNC_F64_U -> tame(F64_ABS);
        default -> {}
      }
    }
    Payloads.operate(function, code, chosen);
  }

  /** Makes a number small enough for every conversion, and turns NaN into 0. */
  private void tame(Opcode absolute) {
    code.op(absolute);
    if (absolute == F32_ABS) {
      int kept = function.fresh(NumType.F32);
      function.teeLocal(kept);
      code.f32(0).op(LOCAL_GET, kept).f32(0x4E00_0000).op(F32_LT).op(SELECT);
    } else {
      int kept = function.fresh(NumType.F64);
      function.teeLocal(kept);
      code.f64(0).op(LOCAL_GET, kept).f64(0x41C0_0000_0000_0000L).op(F64_LT).op(SELECT);
    }
  }

  /** One of two operands, selected by comparing them: mostly a minimum or maximum. */
  private void extreme(NumType num, int depth) {
    int a = function.fresh(num);
    int b = function.fresh(num);
    boolean constant = dice.percent(30);
    function.expression(num, depth);
    function.teeLocal(a);
    long value = num == NumType.I64 ? dice.i64() : dice.i32();
    if (!constant) {
      function.expression(num, depth);
      function.teeLocal(b);
    } else {
      integer(num, value);
    }
    boolean turned = dice.percent(40);
    for (int k = 0; k < 2; k++) {
      if (k == (turned ? 1 : 0)) {
        code.op(LOCAL_GET, a);
      } else if (constant) {
        integer(num, dice.percent(90) ? value : value + 1);
      } else {
        code.op(LOCAL_GET, dice.percent(95) ? b : a);
      }
    }
    code.op(
        num == NumType.I64
            ? dice.pick(
                I64_LT_S, I64_LT_U, I64_GT_S, I64_GT_U, I64_LE_S, I64_LE_U, I64_GE_S, I64_GE_U)
            : dice.pick(
                I32_LT_S, I32_LT_U, I32_GT_S, I32_GT_U, I32_LE_S, I32_LE_U, I32_GE_S, I32_GE_U));
    code.op(SELECT);
  }

  private void integer(NumType num, long value) {
    if (num == NumType.I64) {
      code.i64(value);
    } else {
      code.i32((int) value);
    }
  }

  private void besideConstant(NumType result, int depth) {
    Opcode opcode = dice.pick(ENDO.get(result));
    boolean first = dice.percent(25);
    if (first) {
      constant(result);
    }
    function.expression(result, depth);
    if (!first) {
      constant(result);
    }
    operate(opcode);
  }

  /** Floats with operands that look as if the operation could be left out. */
  private void besideNeutral(NumType num, int depth) {
    boolean single = num == NumType.F32;
    int kind = dice.below(8);
    boolean first = dice.percent(30);
    Opcode opcode =
        single
            ? dice.pick(F32_MUL, F32_DIV, F32_ADD, F32_SUB, F32_MIN, F32_MAX, F32_COPYSIGN)
            : dice.pick(F64_MUL, F64_DIV, F64_ADD, F64_SUB, F64_MIN, F64_MAX, F64_COPYSIGN);
    double[] neutral = {0.0, -0.0, 1.0, -1.0, 2.0, 0.5, Double.NaN, Double.POSITIVE_INFINITY};
    if (first) {
      neutral(single, neutral[kind]);
    }
    function.expression(num, depth);
    if (!first) {
      neutral(single, neutral[kind]);
    }
    operate(opcode);
  }

  private void neutral(boolean single, double value) {
    if (single) {
      code.f32(variation.f32(Float.floatToRawIntBits((float) value)));
    } else {
      code.f64(variation.f64(Double.doubleToRawLongBits(value)));
    }
  }

  private void divide(NumType num, int depth) {
    function.expression(num, depth);
    if (num == NumType.I32) {
      int divisor = dice.percent(70) ? DIVISORS[dice.below(DIVISORS.length)] : dice.i32();
      code.i32(divisor == 0 && dice.percent(95) ? 7 : divisor);
      code.op(variation.of(dice.pick(DIVISIONS_I32)));
    } else {
      long divisor =
          switch (dice.below(4)) {
            case 0 -> dice.i64();
            case 1 -> 1L << dice.below(64);
            default -> DIVISORS[dice.below(DIVISORS.length)];
          };
      code.i64(divisor == 0 && dice.percent(95) ? 10 : divisor);
      code.op(variation.of(dice.pick(DIVISIONS_I64)));
    }
  }

  /** Several operators of one type one after the other, as address and hash computations have. */
  private void chain(NumType num, int depth) {
    function.expression(num, depth);
    for (int i = dice.between(2, 5); i > 0; i--) {
      fold(num);
    }
  }

  /** Changes the number on top of the stack. */
  void fold(NumType num) {
    function.leaf(num);
    operate(dice.pick(ENDO.get(num)));
  }

  /** A number that is 0 or 1, or is tested like one. */
  void condition(int depth) {
    switch (dice.below(5)) {
      case 0 -> {
        condition(Math.max(0, depth - 1));
        code.op(I32_EQZ);
        if (dice.percent(30)) {
          code.op(I32_EQZ);
        }
      }
      case 1 -> {
        function.expression(NumType.I64, depth);
        code.op(I64_EQZ);
      }
      case 2 -> {
        function.i32(depth);
        code.i32(dice.pick(1, 2, 0x80, -1, 0x8000_0000)).op(I32_AND);
      }
      default -> {
        Opcode opcode = variation.of(dice.pick(COMPARISONS));
        ValType operand = type(opcode.signature().parameter(0));
        function.expression(operand, depth);
        function.expression(operand, dice.percent(50) ? 0 : depth);
        code.op(opcode);
      }
    }
  }

  private void wide(int depth) {
    Opcode opcode = dice.pick(WIDE);
    for (int i = 0; i < opcode.signature().parameterCount(); i++) {
      function.expression(NumType.I64, depth);
    }
    code.op(variation.of(opcode));
  }

  @Override
  boolean statement(int depth) {
    if (dice.percent(15)) {
      wide(depth);
      function.consume(List.of(NumType.I64, NumType.I64));
      return true;
    }
    NumType num = dice.pick(Arrays.asList(NumType.values()));
    int local = function.settable(num);
    if (local < 0) {
      local = function.fresh(num);
    }
    expression(num, depth);
    function.setLocal(local);
    return true;
  }
}
