package dev.sampan.wasm.compile;

import dev.sampan.wasm.compile.VectorApi.Lane;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import org.jspecify.annotations.Nullable;

/**
 * Writes vector instructions as operations on the JDK's vectors. What it does not write is done on
 * halves, which are taken out of the vectors and put together again: instructions that are rare,
 * and those that HotSpot has no processor instructions for on common processors.
 */
final class VectorObjectCode {

  private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
  private static final long EVERY_SHORT = 0x0001_0001_0001_0001L;
  private static final long EVERY_INT = 0x0000_0001_0000_0001L;

  private final Emission e;
  private final Code code;

  VectorObjectCode(Emission emission) {
    this.e = emission;
    this.code = emission.code;
  }

  /** Writes an instruction; yields whether it has. */
  boolean write(int i, Opcode opcode) {
    String text = opcode.text();
    int dot = text.indexOf('.');
    Lane lane = Lane.of(text.substring(0, Math.max(dot, 0)));
    String name = text.substring(dot + 1);
    return switch (opcode.kind()) {
      case CONST -> opcode == Opcode.V128_CONST && constant(i);
      case SELECT, SELECT_TYPED ->
          e.operands.kind(e.operands.height() - 2) == TypeCode.V128 && select();
      case VECTOR_UNARY -> unary(lane, name);
      case VECTOR_BINARY -> binary(lane, name);
      case VECTOR_TERNARY -> ternary(lane, name);
      case VECTOR_SHIFT -> shift(lane, name);
      case VECTOR_REDUCE -> reduce(lane, name);
      case VECTOR_CROSS_UNARY -> crossUnary(lane, name);
      case VECTOR_CROSS_BINARY -> crossBinary(lane, name);
      case SHUFFLE -> shuffle(i);
      case SPLAT -> splat(lane);
      case EXTRACT_LANE -> extractLane(i, opcode, lane);
      case REPLACE_LANE -> replaceLane(i, lane);
      default -> false;
    };
  }

  // ---- operands ----

  private int first(int count) {
    return e.operands.height() - count;
  }

  private void push(int index, Lane lane) {
    e.operands.vector(index);
    VectorApi.from(code, lane);
  }

  /** The result is on the stack; it takes the place of operands. */
  private boolean result(int operands, Lane lane) {
    VectorApi.toBytes(code, lane);
    e.operands.pop(operands);
    e.variables.storeVector(e.operands.home(e.operands.height()));
    e.operands.push(TypeCode.V128);
    return true;
  }

  private boolean constant(int i) {
    VectorApi.constant(code, e.body.low[i], e.body.high(i));
    return result(0, Lane.BYTE);
  }

  // ---- lane by lane ----

  private boolean unary(Lane lane, String name) {
    int a = first(1);
    switch (name) {
      case "not" -> {
        push(a, Lane.LONG);
        VectorApi.binaryConstant(code, Lane.LONG, "XOR", -1);
        return result(1, Lane.LONG);
      }
      case "neg", "abs" -> {
        boolean negate = name.equals("neg");
        if (!lane.isFloat()) {
          push(a, lane);
          VectorApi.unary(code, lane, negate ? "NEG" : "ABS");
          return result(1, lane);
        }
        long signs = lane == Lane.FLOAT ? EVERY_INT << 31 : Long.MIN_VALUE;
        push(a, Lane.LONG);
        VectorApi.binaryConstant(code, Lane.LONG, negate ? "XOR" : "AND", negate ? signs : ~signs);
        return result(1, Lane.LONG);
      }
      case "sqrt" -> {
        push(a, lane);
        VectorApi.unary(code, lane, "SQRT");
        return result(1, lane);
      }
      case "convert_i32x4_s" -> {
        push(a, Lane.INT);
        VectorApi.convert(code, "I2F");
        return result(1, Lane.BYTE);
      }
      case "trunc_sat_f32x4_s", "relaxed_trunc_f32x4_s" -> {
        push(a, Lane.FLOAT);
        VectorApi.convert(code, "F2I");
        return result(1, Lane.BYTE);
      }
      case "extadd_pairwise_i8x16_s" -> {
        return addPairs(a, lane, 8, "ASHR");
      }
      case "extadd_pairwise_i16x8_s" -> {
        return addPairs(a, lane, 16, "ASHR");
      }
      case "extadd_pairwise_i8x16_u" -> {
        return addPairs(a, lane, 8, "LSHR");
      }
      case "extadd_pairwise_i16x8_u" -> {
        return addPairs(a, lane, 16, "LSHR");
      }
      default -> {
        return false;
      }
    }
  }

  private boolean addPairs(int a, Lane lane, int bits, String shift) {
    evenLanes(a, lane, bits, shift);
    VectorApi.binaryOperator(code, "ADD");
    oddLanes(a, lane, bits, shift);
    VectorApi.binary(code, lane);
    return result(1, lane);
  }

  /** The lower halves of lanes, widened. */
  private void evenLanes(int a, Lane lane, int bits, String shift) {
    push(a, lane);
    VectorApi.binaryConstant(code, lane, "LSHL", bits);
    VectorApi.binaryConstant(code, lane, shift, bits);
  }

  private void oddLanes(int a, Lane lane, int bits, String shift) {
    push(a, lane);
    VectorApi.binaryConstant(code, lane, shift, bits);
  }

  /** The JDK's operator of an instruction that is one, or null. */
  private static @Nullable String operator(Lane lane, String name) {
    return switch (name) {
      case "add" -> "ADD";
      case "sub" -> "SUB";
      case "mul" -> "MUL";
      case "div" -> "DIV";
      case "and" -> "AND";
      case "andnot" -> "AND_NOT";
      case "or" -> "OR";
      case "xor" -> "XOR";
      case "min_s" -> "MIN";
      case "max_s" -> "MAX";
      case "min_u" -> "UMIN";
      case "max_u" -> "UMAX";
      case "add_sat_s" -> "SADD";
      case "add_sat_u" -> "SUADD";
      case "sub_sat_s" -> "SSUB";
      case "sub_sat_u" -> "SUSUB";
      default -> null;
    };
  }

  private static @Nullable String comparison(String name) {
    return switch (name) {
      case "eq" -> "EQ";
      case "ne" -> "NE";
      case "lt", "lt_s" -> "LT";
      case "le", "le_s" -> "LE";
      case "gt", "gt_s" -> "GT";
      case "ge", "ge_s" -> "GE";
      case "lt_u" -> "ULT";
      case "le_u" -> "ULE";
      case "gt_u" -> "UGT";
      case "ge_u" -> "UGE";
      default -> null;
    };
  }

  private boolean binary(Lane lane, String name) {
    int a = first(2);
    int b = a + 1;
    String operator = operator(lane, name);
    if (operator != null) {
      operate(a, b, lane, operator);
      return result(2, lane);
    }
    String comparison = comparison(name);
    if (comparison != null) {
      compare(a, b, lane, comparison);
      VectorApi.maskToBytes(code, lane);
      return result(2, Lane.BYTE);
    }
    switch (name) {
      case "min", "relaxed_min" -> {
        return extreme(a, b, lane, "MIN");
      }
      case "max", "relaxed_max" -> {
        return extreme(a, b, lane, "MAX");
      }
      case "pmin" -> {
        push(a, lane);
        push(b, lane);
        compare(b, a, lane, "LT");
        VectorApi.blend(code, lane);
        return result(2, lane);
      }
      case "pmax" -> {
        push(a, lane);
        push(b, lane);
        compare(a, b, lane, "LT");
        VectorApi.blend(code, lane);
        return result(2, lane);
      }
      case "avgr_u" -> {
        return average(a, b, lane);
      }
      case "dot_i16x8_s" -> {
        evenLanes(a, lane, 16, "ASHR");
        VectorApi.binaryOperator(code, "MUL");
        evenLanes(b, lane, 16, "ASHR");
        VectorApi.binary(code, lane);
        VectorApi.binaryOperator(code, "ADD");
        oddLanes(a, lane, 16, "ASHR");
        VectorApi.binaryOperator(code, "MUL");
        oddLanes(b, lane, 16, "ASHR");
        VectorApi.binary(code, lane);
        VectorApi.binary(code, lane);
        return result(2, lane);
      }
      default -> {
        return false;
      }
    }
  }

  private void operate(int a, int b, Lane lane, String operator) {
    push(a, lane);
    VectorApi.binaryOperator(code, operator);
    push(b, lane);
    VectorApi.binary(code, lane);
  }

  private void compare(int a, int b, Lane lane, String comparison) {
    push(a, lane);
    VectorApi.comparison(code, comparison);
    push(b, lane);
    VectorApi.compare(code, lane);
  }

  /** The lesser or greater; where one is no number, the sum, which keeps its payload. */
  private boolean extreme(int a, int b, Lane lane, String operator) {
    operate(a, b, lane, operator);
    code.op(Jvm.DUP);
    code.op(Jvm.DUP);
    VectorApi.comparison(code, "NE");
    code.op(Jvm.SWAP);
    VectorApi.compare(code, lane);
    operate(a, b, lane, "ADD");
    code.op(Jvm.SWAP);
    VectorApi.blend(code, lane);
    return result(2, lane);
  }

  /** What both have or one has, less half of what only one has, without bits of other lanes. */
  private boolean average(int a, int b, Lane lane) {
    long signs = lane == Lane.BYTE ? EVERY_BYTE << 7 : EVERY_SHORT << 15;
    operate(a, b, Lane.LONG, "OR");
    VectorApi.binaryOperator(code, "SUB");
    operate(a, b, Lane.LONG, "XOR");
    VectorApi.binaryConstant(code, Lane.LONG, "LSHR", 1);
    VectorApi.binaryConstant(code, Lane.LONG, "AND", ~signs);
    VectorApi.binary(code, Lane.LONG);
    return result(2, Lane.LONG);
  }

  private boolean ternary(Lane lane, String name) {
    int a = first(3);
    switch (name) {
      case "bitselect", "relaxed_laneselect" -> {
        push(a + 1, Lane.BYTE);
        VectorApi.blendOperator(code);
        push(a, Lane.BYTE);
        push(a + 2, Lane.BYTE);
        VectorApi.ternary(code, Lane.BYTE);
        return result(3, Lane.BYTE);
      }
      case "relaxed_madd" -> {
        operate(a, a + 1, lane, "MUL");
        VectorApi.binaryOperator(code, "ADD");
        push(a + 2, lane);
        VectorApi.binary(code, lane);
        return result(3, lane);
      }
      default -> {
        return false;
      }
    }
  }

  private boolean shift(Lane lane, String name) {
    e.operands.settleTop(1);
    int a = first(2);
    push(a, lane);
    VectorApi.binaryOperator(
        code, name.equals("shl") ? "LSHL" : name.equals("shr_s") ? "ASHR" : "LSHR");
    e.operands.copy(a + 1);
    code.pushInt(lane.bits - 1);
    code.op(Jvm.IAND);
    code.op(Jvm.I2L);
    VectorApi.binaryNumber(code, lane);
    return result(2, lane);
  }

  /** One of two vectors by a number: a mask of all ones or none chooses all of their bits. */
  private boolean select() {
    e.operands.settleTop(1);
    int a = first(3);
    push(a + 1, Lane.BYTE);
    VectorApi.blendOperator(code);
    push(a, Lane.BYTE);
    VectorApi.species(code, Lane.INT);
    e.operands.copy(a + 2);
    code.op(Jvm.DUP);
    code.pushInt(0);
    code.op(Jvm.SWAP);
    code.op(Jvm.ISUB);
    code.op(Jvm.IOR);
    code.pushInt(31);
    code.op(Jvm.ISHR);
    VectorApi.broadcast(code, Lane.INT);
    VectorApi.toBytes(code, Lane.INT);
    VectorApi.ternary(code, Lane.BYTE);
    return result(3, Lane.BYTE);
  }

  // ---- to numbers, and from them ----

  private boolean reduce(Lane lane, String name) {
    push(first(1), lane);
    switch (name) {
      case "bitmask" -> {
        VectorApi.compareConstant(code, lane, "LT", 0);
        VectorApi.maskToInt(code);
      }
      case "any_true" -> {
        VectorApi.compareConstant(code, lane, "NE", 0);
        VectorApi.anyTrue(code);
      }
      default -> {
        VectorApi.compareConstant(code, lane, "EQ", 0);
        VectorApi.anyTrue(code);
        code.pushInt(1);
        code.op(Jvm.IXOR);
      }
    }
    e.operands.pop();
    e.operands.push(TypeCode.I32);
    return true;
  }

  private void narrow(Lane lane) {
    if (lane == Lane.BYTE) {
      code.op(Jvm.I2B);
    } else if (lane == Lane.SHORT) {
      code.op(Jvm.I2S);
    }
  }

  private boolean splat(Lane lane) {
    e.operands.settleTop(1);
    VectorApi.species(code, lane);
    e.operands.copy(first(1));
    narrow(lane);
    VectorApi.broadcast(code, lane);
    return result(1, lane);
  }

  private boolean extractLane(int i, Opcode opcode, Lane lane) {
    push(first(1), lane);
    code.pushInt(e.body.first[i]);
    VectorApi.lane(code, lane);
    switch (opcode) {
      case I8X16_EXTRACT_LANE_U -> {
        code.pushInt(0xFF);
        code.op(Jvm.IAND);
      }
      case I16X8_EXTRACT_LANE_U -> {
        code.pushInt(0xFFFF);
        code.op(Jvm.IAND);
      }
      default -> {}
    }
    e.operands.pop();
    e.operands.push(opcode.signature().results());
    return true;
  }

  private boolean replaceLane(int i, Lane lane) {
    e.operands.settleTop(1);
    int a = first(2);
    push(a, lane);
    code.pushInt(e.body.first[i]);
    e.operands.copy(a + 1);
    narrow(lane);
    VectorApi.withLane(code, lane);
    return result(2, lane);
  }

  /**
   * Replaces a lane of the vector on top by a number at home; the result takes the place of the
   * vector and of an address below it.
   */
  void loadedLane(Lane lane, int number, int kind, int home) {
    push(first(1), lane);
    code.pushInt(number);
    e.variables.load(kind, home);
    narrow(lane);
    VectorApi.withLane(code, lane);
    VectorApi.toBytes(code, lane);
    e.variables.storeVector(e.operands.home(first(2)));
    e.operands.dropBelowTop();
  }

  // ---- across halves ----

  private boolean crossUnary(Lane lane, String name) {
    int a = first(1);
    switch (name) {
      case "promote_low_f32x4" -> {
        push(a, Lane.FLOAT);
        VectorApi.convert(code, "F2D");
      }
      case "convert_low_i32x4_s" -> {
        push(a, Lane.INT);
        VectorApi.convert(code, "I2D");
      }
      default -> {
        if (!name.startsWith("extend_")) {
          return false;
        }
        extend(a, lane, name.startsWith("extend_high"), name.endsWith("_u"));
      }
    }
    return result(1, Lane.BYTE);
  }

  /** Pushes half of a vector's lanes, widened to lanes of a shape, as a vector of bytes. */
  private void extend(int a, Lane lane, boolean high, boolean unsigned) {
    Lane narrow = lane == Lane.LONG ? Lane.INT : lane == Lane.INT ? Lane.SHORT : Lane.BYTE;
    if (high) {
      VectorApi.species(code, Lane.LONG);
      e.operands.half(a, 1);
      VectorApi.broadcast(code, Lane.LONG);
      VectorApi.toBytes(code, Lane.LONG);
    } else {
      e.operands.vector(a);
    }
    VectorApi.from(code, narrow);
    String conversion = narrow.name().charAt(0) + "2" + lane.name().charAt(0);
    VectorApi.convert(code, unsigned ? "ZERO_EXTEND_" + conversion : conversion);
  }

  private boolean crossBinary(Lane lane, String name) {
    int a = first(2);
    int b = a + 1;
    if (name.startsWith("extmul_")) {
      boolean high = name.startsWith("extmul_high");
      boolean unsigned = name.endsWith("_u");
      extend(a, lane, high, unsigned);
      VectorApi.from(code, lane);
      VectorApi.binaryOperator(code, "MUL");
      extend(b, lane, high, unsigned);
      VectorApi.from(code, lane);
      VectorApi.binary(code, lane);
      return result(2, lane);
    }
    switch (name) {
      case "swizzle", "relaxed_swizzle" -> {
        e.operands.vector(b);
        e.operands.vector(a);
        VectorApi.select(code);
        VectorApi.binaryOperator(code, "AND");
        e.operands.vector(b);
        VectorApi.compareConstant(code, Lane.BYTE, "ULT", 16);
        VectorApi.maskToBytes(code, Lane.BYTE);
        VectorApi.binary(code, Lane.BYTE);
        return result(2, Lane.BYTE);
      }
      case "narrow_i16x8_s" -> {
        return narrow(a, Lane.SHORT, Byte.MIN_VALUE, Byte.MAX_VALUE);
      }
      case "narrow_i16x8_u" -> {
        return narrow(a, Lane.SHORT, 0, 0xFF);
      }
      case "narrow_i32x4_s" -> {
        return narrow(a, Lane.INT, Short.MIN_VALUE, Short.MAX_VALUE);
      }
      case "narrow_i32x4_u" -> {
        return narrow(a, Lane.INT, 0, 0xFFFF);
      }
      default -> {
        return false;
      }
    }
  }

  private boolean narrow(int a, Lane lane, long least, long greatest) {
    long low = lane == Lane.SHORT ? 0x0E0C_0A08_0604_0200L : 0x0D0C_0908_0504_0100L;
    for (int k = 0; k < 2; k++) {
      VectorApi.constant(code, low, low);
      push(a + k, lane);
      VectorApi.binaryConstant(code, lane, "MAX", least);
      VectorApi.binaryConstant(code, lane, "MIN", greatest);
      VectorApi.toBytes(code, lane);
      VectorApi.select(code);
      VectorApi.from(code, Lane.LONG);
      if (k == 0) {
        VectorApi.binaryOperator(code, "AND");
        VectorApi.constant(code, -1, 0);
        VectorApi.from(code, Lane.LONG);
        VectorApi.binary(code, Lane.LONG);
        VectorApi.binaryOperator(code, "OR");
      } else {
        VectorApi.binaryOperator(code, "AND");
        VectorApi.constant(code, 0, -1);
        VectorApi.from(code, Lane.LONG);
        VectorApi.binary(code, Lane.LONG);
      }
    }
    VectorApi.binary(code, Lane.LONG);
    return result(2, Lane.LONG);
  }

  private boolean shuffle(int i) {
    int a = first(2);
    long[] lanes = {e.body.low[i], e.body.high(i)};
    long[] fromSecond = new long[2];
    long[] within = new long[2];
    for (int half = 0; half < 2; half++) {
      fromSecond[half] = ((lanes[half] >>> 4) & EVERY_BYTE) * 0xFF;
      within[half] = lanes[half] & 15 * EVERY_BYTE;
    }
    boolean first = (fromSecond[0] & fromSecond[1]) != -1;
    boolean second = (fromSecond[0] | fromSecond[1]) != 0;
    if (first) {
      pick(a, within);
    }
    if (second) {
      if (first) {
        VectorApi.blendOperator(code);
      }
      pick(a + 1, within);
      if (first) {
        VectorApi.constant(code, fromSecond[0], fromSecond[1]);
        VectorApi.ternary(code, Lane.BYTE);
      }
    }
    return result(2, Lane.BYTE);
  }

  private void pick(int vector, long[] lanes) {
    VectorApi.constant(code, lanes[0], lanes[1]);
    e.operands.vector(vector);
    VectorApi.select(code);
  }
}
