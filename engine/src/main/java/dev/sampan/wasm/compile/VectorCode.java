package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.VectorI16x8;
import dev.sampan.wasm.runtime.VectorI32x4;
import dev.sampan.wasm.runtime.VectorI64x2;
import dev.sampan.wasm.runtime.Vectors;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the vector instructions. A vector is two longs in its home, so each half of a result is
 * one call, or two where both halves of the operands matter.
 */
final class VectorCode {

  static final Member[] EXTEND_8X8_S = pair(VectorI16x8.class, "i16x8ExtendLowI8x16S");
  static final Member[] EXTEND_8X8_U = pair(VectorI16x8.class, "i16x8ExtendLowI8x16U");
  static final Member[] EXTEND_16X4_S = pair(VectorI32x4.class, "i32x4ExtendLowI16x8S");
  static final Member[] EXTEND_16X4_U = pair(VectorI32x4.class, "i32x4ExtendLowI16x8U");
  static final Member[] EXTEND_32X2_S = pair(VectorI64x2.class, "i64x2ExtendLowI32x4S");
  static final Member[] EXTEND_32X2_U = pair(VectorI64x2.class, "i64x2ExtendLowI32x4U");

  private static final Member REPLACE_8 =
      Member.of(dev.sampan.wasm.runtime.VectorI8x16.class, "i8x16ReplaceLane", "(JII)J");
  private static final Member REPLACE_16 =
      Member.of(VectorI16x8.class, "i16x8ReplaceLane", "(JII)J");
  private static final Member REPLACE_32 =
      Member.of(VectorI32x4.class, "i32x4ReplaceLane", "(JII)J");
  private static final Member EXTRACT_32 =
      Member.of(VectorI32x4.class, "i32x4ExtractLane", "(JI)I");

  private static final Map<String, Member> METHODS = new ConcurrentHashMap<>();

  private final Emission e;

  VectorCode(Emission emission) {
    this.e = emission;
  }

  private static Member[] pair(Class<?> owner, String name) {
    return new Member[] {
      Member.of(owner, name + "Low", "(JJ)J"), Member.of(owner, name + "High", "(JJ)J")
    };
  }

  /** The method of an instruction that is not told by both halves. */
  static Member method(Opcode opcode, String half) {
    return METHODS.computeIfAbsent(
        opcode.text() + half,
        key -> {
          // lanes of floats are moved as the integers of their bits
          Opcode row =
              switch (opcode) {
                case F32X4_SPLAT -> Opcode.I32X4_SPLAT;
                case F64X2_SPLAT -> Opcode.I64X2_SPLAT;
                default -> opcode;
              };
          return Member.of(
              Vectors.owner(row.text()), Emission.javaName(row.text()) + half, descriptor(row));
        });
  }

  private static String descriptor(Opcode opcode) {
    return switch (opcode.kind()) {
      case VECTOR_UNARY -> "(J)J";
      case VECTOR_BINARY -> "(JJ)J";
      case VECTOR_TERNARY -> "(JJJ)J";
      case VECTOR_SHIFT -> "(JI)J";
      case VECTOR_REDUCE -> "(JJ)I";
      case VECTOR_CROSS_UNARY -> "(JJ)J";
      case VECTOR_CROSS_BINARY -> "(JJJJ)J";
      case SHUFFLE -> "(JJJJJJ)J";
      case EXTRACT_LANE -> "(JI)" + Emission.letter(opcode.signature().results());
      case SPLAT -> "(" + Emission.letter(opcode.signature().parameters()) + ")J";
      default -> throw new AssertionError(opcode.text() + " has no method; please report");
    };
  }

  /** An instruction whose halves are independent, on one, two or three vectors. */
  void halves(int i, Opcode opcode) {
    int count = opcode.signature().parameterCount();
    Member method = method(opcode, "");
    int first = e.operands.height() - count;
    int home = e.operands.home(first);
    e.mark(i);
    for (int half = 0; half < 2; half++) {
      for (int k = 0; k < count; k++) {
        e.operands.half(first + k, half);
      }
      e.code.invokeStatic(method);
      e.variables.storeHalf(home, half);
    }
    e.operands.pop(count);
    e.operands.push(TypeCode.V128);
  }

  void shift(Opcode opcode) {
    e.operands.settleTop(1);
    Member method = method(opcode, "");
    int vector = e.operands.height() - 2;
    int home = e.operands.home(vector);
    for (int half = 0; half < 2; half++) {
      e.operands.half(vector, half);
      e.operands.copy(vector + 1);
      e.code.invokeStatic(method);
      e.variables.storeHalf(home, half);
    }
    e.operands.pop(2);
    e.operands.push(TypeCode.V128);
  }

  void reduce(Opcode opcode) {
    int vector = e.operands.height() - 1;
    e.operands.half(vector, 0);
    e.operands.half(vector, 1);
    e.code.invokeStatic(method(opcode, ""));
    e.operands.pop();
    e.operands.push(TypeCode.I32);
  }

  /** An instruction whose halves need both halves of one or two vectors. */
  void cross(Opcode opcode) {
    int count = opcode.signature().parameterCount();
    int first = e.operands.height() - count;
    for (String half : new String[] {"Low", "High"}) {
      for (int k = 0; k < count; k++) {
        e.operands.copyVector(first + k);
      }
      e.code.invokeStatic(method(opcode, half));
    }
    result(count, first);
  }

  void shuffle(int i, Opcode opcode) {
    int first = e.operands.height() - 2;
    long[] lanes = {e.body.low[i], e.body.high(i)};
    for (int half = 0; half < 2; half++) {
      if (runs(lanes[half]) <= MAX_RUNS) {
        shuffleRuns(first, lanes[half]);
      } else {
        e.operands.copyVector(first);
        e.operands.copyVector(first + 1);
        e.code.pushLong(lanes[0]);
        e.code.pushLong(lanes[1]);
        e.code.invokeStatic(method(opcode, half == 0 ? "Low" : "High"));
      }
    }
    result(2, first);
  }

  /** A shuffle is a few shifts where neighbours stay neighbours, as they mostly do. */
  private static final int MAX_RUNS = 4;

  /** How many runs of bytes, each from one half of an operand, a half of a shuffle's result has. */
  private static int runs(long lanes) {
    int runs = 0;
    for (int k = 0; k < 8; k = runEnd(lanes, k)) {
      runs++;
    }
    return runs;
  }

  private static int lane(long lanes, int k) {
    return (int) (lanes >>> 8 * k) & 31;
  }

  /** Where the run ends that begins at a byte. */
  private static int runEnd(long lanes, int from) {
    int k = from + 1;
    while (k < 8 && lane(lanes, k) == lane(lanes, k - 1) + 1 && lane(lanes, k) % 8 != 0) {
      k++;
    }
    return k;
  }

  /** Pushes a half of a shuffle's result. */
  private void shuffleRuns(int first, long lanes) {
    int end;
    for (int k = 0; k < 8; k = end) {
      end = runEnd(lanes, k);
      int from = lane(lanes, k);
      int length = end - k;
      e.operands.half(first + from / 16, from / 8 % 2);
      // what is above or below the run falls out by shifting, or is cut off
      int down = 8 * (from % 8);
      int up = 8 * k;
      if (down > up && from % 8 + length == 8) {
        shiftBits(Jvm.LUSHR, down);
        shiftBits(Jvm.LSHL, up);
      } else {
        shiftBits(Jvm.LSHL, 64 - down - 8 * length);
        shiftBits(Jvm.LUSHR, 64 - 8 * length);
        shiftBits(Jvm.LSHL, up);
      }
      if (k > 0) {
        e.code.op(Jvm.LOR);
      }
    }
  }

  private void shiftBits(int opcode, int count) {
    if (count > 0) {
      e.code.pushInt(count);
      e.code.op(opcode);
    }
  }

  /** Both halves are on the stack. */
  private void result(int count, int first) {
    int home = e.operands.home(first);
    e.variables.storeHalf(home, 1);
    e.variables.storeHalf(home, 0);
    e.operands.pop(count);
    e.operands.push(TypeCode.V128);
  }

  void splat(Opcode opcode) {
    e.operands.load(1);
    e.operands.pop();
    int home = e.operands.home(e.operands.height());
    switch (opcode) {
      case F32X4_SPLAT -> e.code.invokeStatic(NumberBits.FLOAT_BITS);
      case F64X2_SPLAT -> e.code.invokeStatic(NumberBits.DOUBLE_BITS);
      default -> {}
    }
    e.code.invokeStatic(method(opcode, ""));
    e.variables.storeBothHalves(home, e.code);
    e.operands.push(TypeCode.V128);
  }

  void extractLane(int i, Opcode opcode) {
    int perHalf = opcode.width() / 2;
    int lane = e.body.first[i];
    e.operands.half(e.operands.height() - 1, lane / perHalf);
    switch (opcode) {
      case I64X2_EXTRACT_LANE -> {}
      case F64X2_EXTRACT_LANE -> e.code.invokeStatic(NumberBits.DOUBLE_OF_BITS);
      case F32X4_EXTRACT_LANE -> {
        e.code.pushInt(lane % perHalf);
        e.code.invokeStatic(EXTRACT_32);
        e.code.invokeStatic(NumberBits.FLOAT_OF_BITS);
      }
      default -> {
        e.code.pushInt(lane % perHalf);
        e.code.invokeStatic(method(opcode, ""));
      }
    }
    e.operands.pop();
    e.operands.push(opcode.signature().results());
  }

  void replaceLane(int i, Opcode opcode) {
    e.operands.load(1);
    int kind = e.operands.top();
    switch (opcode) {
      case F32X4_REPLACE_LANE -> {
        e.code.invokeStatic(NumberBits.FLOAT_BITS);
        kind = TypeCode.I32;
      }
      case F64X2_REPLACE_LANE -> {
        e.code.invokeStatic(NumberBits.DOUBLE_BITS);
        kind = TypeCode.I64;
      }
      default -> {}
    }
    int top = e.operands.height() - 1;
    e.variables.store(kind, e.operands.home(top));
    replaceLane(top - 1, opcode.width(), e.body.first[i], kind, e.operands.home(top));
    e.operands.pop();
  }

  /**
   * Replaces a lane of a vector at home.
   *
   * @param lanes how many there are in a whole vector
   * @param valueHome where the new one is
   */
  void replaceLane(int vector, int lanes, int lane, int kind, int valueHome) {
    int perHalf = lanes / 2;
    int half = lane / perHalf;
    e.operands.ownHome(vector);
    if (lanes == 2) {
      e.variables.load(kind, valueHome);
    } else {
      e.operands.half(vector, half);
      e.variables.load(kind, valueHome);
      e.code.pushInt(lane % perHalf);
      e.code.invokeStatic(lanes == 16 ? REPLACE_8 : lanes == 8 ? REPLACE_16 : REPLACE_32);
    }
    e.variables.storeHalf(e.operands.home(vector), half);
  }
}
