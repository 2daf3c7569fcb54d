package dev.sampan.wasm.interpret;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.FuelTank;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.Guard;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.Numerics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The loop. It must stay below 8,000 bytes of bytecode, or HotSpot does not compile it; so it holds
 * what programs do all the time, and leaves the rest to {@link ColdOps}.
 *
 * <p>Integers of 32 bits lie in slots with any upper half. Floating-point numbers lie there as
 * their bits.
 */
final class Loop {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ADDRESS = 0xFFFF_FFFFL;

  /** What jumps ask whether anybody is to be stopped; this loop itself always polls. */
  static final Guard GUARD = new Guard(true);

  private static final MutableCallSite QUESTION = GUARD.question();

  private Loop() {}

  /**
   * Runs the top frame until the stack is back at a depth.
   *
   * @throws RuntimeException what the guest did not catch; the frames are still there then
   */
  static void run(CallStack stack, int depth) {
    while (stack.depth > depth) {
      try {
        execute(stack, depth);
      } catch (GuestException e) {
        if (!Unwinding.unwind(stack, depth, e)) {
          throw e;
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError("the guest threw a checked exception; please report", e);
      }
    }
  }

  @SuppressWarnings({"NullAway", "LabelledBreakTarget"}) // frames that run are whole
  private static void execute(CallStack stack, int depth) throws Throwable {
    Frame frame = stack.top();
    long[] code = frame.code.words;
    int pc = frame.pc;
    int fp = frame.base;
    long[] lo = stack.numbers;
    HeapMemory memory = frame.tier.memory;
    try {
      while (true) {
        long w = code[pc++];
        int a = fp + ((int) (w >>> Op.A_SHIFT) & Op.FIELD_MAX);
        int b = fp + ((int) (w >>> Op.B_SHIFT) & Op.FIELD_MAX);
        int c = (int) (w >>> Op.C_SHIFT);
        long r;
        jump:
        {
          switch ((int) w & (1 << Op.BITS) - 1) {
            case Op.I32_EQZ -> r = (int) lo[b] == 0 ? 1 : 0;
            case Op.I32_EQ -> r = (int) lo[b] == (int) lo[fp + c] ? 1 : 0;
            case Op.I32_NE -> r = (int) lo[b] != (int) lo[fp + c] ? 1 : 0;
            case Op.I32_LT_S -> r = (int) lo[b] < (int) lo[fp + c] ? 1 : 0;
            case Op.I32_LT_U ->
                r = Integer.compareUnsigned((int) lo[b], (int) lo[fp + c]) < 0 ? 1 : 0;
            case Op.I32_GT_S -> r = (int) lo[b] > (int) lo[fp + c] ? 1 : 0;
            case Op.I32_GT_U ->
                r = Integer.compareUnsigned((int) lo[b], (int) lo[fp + c]) > 0 ? 1 : 0;
            case Op.I32_LE_S -> r = (int) lo[b] <= (int) lo[fp + c] ? 1 : 0;
            case Op.I32_LE_U ->
                r = Integer.compareUnsigned((int) lo[b], (int) lo[fp + c]) <= 0 ? 1 : 0;
            case Op.I32_GE_S -> r = (int) lo[b] >= (int) lo[fp + c] ? 1 : 0;
            case Op.I32_GE_U ->
                r = Integer.compareUnsigned((int) lo[b], (int) lo[fp + c]) >= 0 ? 1 : 0;
            case Op.I64_EQZ -> r = lo[b] == 0 ? 1 : 0;
            case Op.I64_EQ -> r = lo[b] == lo[fp + c] ? 1 : 0;
            case Op.I64_NE -> r = lo[b] != lo[fp + c] ? 1 : 0;
            case Op.I64_LT_S -> r = lo[b] < lo[fp + c] ? 1 : 0;
            case Op.I64_LT_U -> r = Long.compareUnsigned(lo[b], lo[fp + c]) < 0 ? 1 : 0;
            case Op.I64_GT_S -> r = lo[b] > lo[fp + c] ? 1 : 0;
            case Op.I64_GT_U -> r = Long.compareUnsigned(lo[b], lo[fp + c]) > 0 ? 1 : 0;
            case Op.I64_LE_S -> r = lo[b] <= lo[fp + c] ? 1 : 0;
            case Op.I64_LE_U -> r = Long.compareUnsigned(lo[b], lo[fp + c]) <= 0 ? 1 : 0;
            case Op.I64_GE_S -> r = lo[b] >= lo[fp + c] ? 1 : 0;
            case Op.I64_GE_U -> r = Long.compareUnsigned(lo[b], lo[fp + c]) >= 0 ? 1 : 0;
            case Op.F32_EQ ->
                r =
                    Float.intBitsToFloat((int) lo[b]) == Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F32_NE ->
                r =
                    Float.intBitsToFloat((int) lo[b]) != Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F32_LT ->
                r =
                    Float.intBitsToFloat((int) lo[b]) < Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F32_GT ->
                r =
                    Float.intBitsToFloat((int) lo[b]) > Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F32_LE ->
                r =
                    Float.intBitsToFloat((int) lo[b]) <= Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F32_GE ->
                r =
                    Float.intBitsToFloat((int) lo[b]) >= Float.intBitsToFloat((int) lo[fp + c])
                        ? 1
                        : 0;
            case Op.F64_EQ ->
                r = Double.longBitsToDouble(lo[b]) == Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.F64_NE ->
                r = Double.longBitsToDouble(lo[b]) != Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.F64_LT ->
                r = Double.longBitsToDouble(lo[b]) < Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.F64_GT ->
                r = Double.longBitsToDouble(lo[b]) > Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.F64_LE ->
                r = Double.longBitsToDouble(lo[b]) <= Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.F64_GE ->
                r = Double.longBitsToDouble(lo[b]) >= Double.longBitsToDouble(lo[fp + c]) ? 1 : 0;
            case Op.I32_ADD -> r = (int) lo[b] + (int) lo[fp + c];
            case Op.I32_SUB -> r = (int) lo[b] - (int) lo[fp + c];
            case Op.I32_MUL -> r = (int) lo[b] * (int) lo[fp + c];
            case Op.I32_DIV_S -> r = Numerics.i32DivS((int) lo[b], (int) lo[fp + c]);
            case Op.I32_DIV_U -> r = Numerics.i32DivU((int) lo[b], (int) lo[fp + c]);
            case Op.I32_REM_S -> r = Numerics.i32RemS((int) lo[b], (int) lo[fp + c]);
            case Op.I32_REM_U -> r = Numerics.i32RemU((int) lo[b], (int) lo[fp + c]);
            case Op.I32_AND -> r = (int) lo[b] & (int) lo[fp + c];
            case Op.I32_OR -> r = (int) lo[b] | (int) lo[fp + c];
            case Op.I32_XOR -> r = (int) lo[b] ^ (int) lo[fp + c];
            case Op.I32_SHL -> r = (int) lo[b] << (int) lo[fp + c];
            case Op.I32_SHR_S -> r = (int) lo[b] >> (int) lo[fp + c];
            case Op.I32_SHR_U -> r = (int) lo[b] >>> (int) lo[fp + c];
            case Op.I32_ROTL -> r = Numerics.i32Rotl((int) lo[b], (int) lo[fp + c]);
            case Op.I64_ADD -> r = lo[b] + lo[fp + c];
            case Op.I64_SUB -> r = lo[b] - lo[fp + c];
            case Op.I64_MUL -> r = lo[b] * lo[fp + c];
            case Op.I64_DIV_S -> r = Numerics.i64DivS(lo[b], lo[fp + c]);
            case Op.I64_DIV_U -> r = Numerics.i64DivU(lo[b], lo[fp + c]);
            case Op.I64_REM_S -> r = Numerics.i64RemS(lo[b], lo[fp + c]);
            case Op.I64_REM_U -> r = Numerics.i64RemU(lo[b], lo[fp + c]);
            case Op.I64_AND -> r = lo[b] & lo[fp + c];
            case Op.I64_OR -> r = lo[b] | lo[fp + c];
            case Op.I64_XOR -> r = lo[b] ^ lo[fp + c];
            case Op.I64_SHL -> r = lo[b] << lo[fp + c];
            case Op.I64_SHR_S -> r = lo[b] >> lo[fp + c];
            case Op.I64_SHR_U -> r = lo[b] >>> lo[fp + c];
            case Op.I64_ROTL -> r = Numerics.i64Rotl(lo[b], lo[fp + c]);
            case Op.F32_ADD ->
                r =
                    Float.floatToRawIntBits(
                        Float.intBitsToFloat((int) lo[b]) + Float.intBitsToFloat((int) lo[fp + c]));
            case Op.F32_SUB ->
                r =
                    Float.floatToRawIntBits(
                        Float.intBitsToFloat((int) lo[b]) - Float.intBitsToFloat((int) lo[fp + c]));
            case Op.F32_MUL ->
                r =
                    Float.floatToRawIntBits(
                        Float.intBitsToFloat((int) lo[b]) * Float.intBitsToFloat((int) lo[fp + c]));
            case Op.F32_DIV ->
                r =
                    Float.floatToRawIntBits(
                        Float.intBitsToFloat((int) lo[b]) / Float.intBitsToFloat((int) lo[fp + c]));
            case Op.F64_ABS ->
                r = Double.doubleToRawLongBits(Numerics.f64Abs(Double.longBitsToDouble(lo[b])));
            case Op.F64_NEG ->
                r = Double.doubleToRawLongBits(Numerics.f64Neg(Double.longBitsToDouble(lo[b])));
            case Op.F64_SQRT ->
                r = Double.doubleToRawLongBits(Numerics.f64Sqrt(Double.longBitsToDouble(lo[b])));
            case Op.F64_ADD ->
                r =
                    Double.doubleToRawLongBits(
                        Double.longBitsToDouble(lo[b]) + Double.longBitsToDouble(lo[fp + c]));
            case Op.F64_SUB ->
                r =
                    Double.doubleToRawLongBits(
                        Double.longBitsToDouble(lo[b]) - Double.longBitsToDouble(lo[fp + c]));
            case Op.F64_MUL ->
                r =
                    Double.doubleToRawLongBits(
                        Double.longBitsToDouble(lo[b]) * Double.longBitsToDouble(lo[fp + c]));
            case Op.F64_DIV ->
                r =
                    Double.doubleToRawLongBits(
                        Double.longBitsToDouble(lo[b]) / Double.longBitsToDouble(lo[fp + c]));
            case Op.I32_WRAP_I64 -> r = (int) lo[b];
            case Op.I32_TRUNC_F64_S -> r = Numerics.i32TruncF64S(Double.longBitsToDouble(lo[b]));
            case Op.I64_EXTEND_I32_S -> r = (int) lo[b];
            case Op.I64_EXTEND_I32_U -> r = lo[b] & 0xFFFF_FFFFL;
            case Op.F64_CONVERT_I32_S ->
                r = Double.doubleToRawLongBits(Numerics.f64ConvertI32S((int) lo[b]));
            case Op.I64_REINTERPRET_F64 -> r = lo[b];
            case Op.F64_REINTERPRET_I64 -> r = lo[b];
            case Op.I32_EXTEND8_S -> r = Numerics.i32Extend8S((int) lo[b]);
            case Op.I32_TRUNC_SAT_F64_S ->
                r = Numerics.i32TruncSatF64S(Double.longBitsToDouble(lo[b]));

            case Op.LOAD_8_S ->
                r = memory.bytes[(int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit)];
            case Op.LOAD_8_U ->
                r =
                    memory.bytes[(int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit)]
                        & 0xFF;
            case Op.LOAD_16_S ->
                r =
                    (short)
                        SHORTS.get(
                            memory.bytes,
                            (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 1L));
            case Op.LOAD_16_U ->
                r =
                    (short)
                            SHORTS.get(
                                memory.bytes,
                                (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 1L))
                        & 0xFFFF;
            case Op.LOAD_32_S ->
                r =
                    (int)
                        INTS.get(
                            memory.bytes,
                            (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 3L));
            case Op.LOAD_32_U ->
                r =
                    (int)
                            INTS.get(
                                memory.bytes,
                                (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 3L))
                        & 0xFFFF_FFFFL;
            case Op.LOAD_64 ->
                r =
                    (long)
                        LONGS.get(
                            memory.bytes,
                            (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 7L));
            case Op.STORE_8 -> {
              memory.bytes[(int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit)] =
                  (byte) lo[a];
              continue;
            }
            case Op.STORE_16 -> {
              SHORTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 1L),
                  (short) lo[a]);
              continue;
            }
            case Op.STORE_32 -> {
              INTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 3L),
                  (int) lo[a]);
              continue;
            }
            case Op.STORE_64 -> {
              LONGS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] & ADDRESS) + c, memory.limit - 7L),
                  lo[a]);
              continue;
            }

            case Op.LOAD_8_S_PLUS ->
                r =
                    memory
                        .bytes[
                        (int) Objects.checkIndex((lo[b] + code[pc++] & ADDRESS) + c, memory.limit)];
            case Op.LOAD_8_U_PLUS ->
                r =
                    memory
                            .bytes[
                            (int)
                                Objects.checkIndex(
                                    (lo[b] + code[pc++] & ADDRESS) + c, memory.limit)]
                        & 0xFF;
            case Op.LOAD_16_S_PLUS ->
                r =
                    (short)
                        SHORTS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    (lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 1L));
            case Op.LOAD_16_U_PLUS ->
                r =
                    (short)
                            SHORTS.get(
                                memory.bytes,
                                (int)
                                    Objects.checkIndex(
                                        (lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 1L))
                        & 0xFFFF;
            case Op.LOAD_32_S_PLUS ->
                r =
                    (int)
                        INTS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    (lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 3L));
            case Op.LOAD_32_U_PLUS ->
                r =
                    (int)
                            INTS.get(
                                memory.bytes,
                                (int)
                                    Objects.checkIndex(
                                        (lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 3L))
                        & 0xFFFF_FFFFL;
            case Op.LOAD_64_PLUS ->
                r =
                    (long)
                        LONGS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    (lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 7L));
            case Op.STORE_8_PLUS -> {
              memory
                      .bytes[
                      (int) Objects.checkIndex((lo[b] + code[pc++] & ADDRESS) + c, memory.limit)] =
                  (byte) lo[a];
              continue;
            }
            case Op.STORE_16_PLUS -> {
              SHORTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 1L),
                  (short) lo[a]);
              continue;
            }
            case Op.STORE_32_PLUS -> {
              INTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 3L),
                  (int) lo[a]);
              continue;
            }
            case Op.STORE_64_PLUS -> {
              LONGS.set(
                  memory.bytes,
                  (int) Objects.checkIndex((lo[b] + code[pc++] & ADDRESS) + c, memory.limit - 7L),
                  lo[a]);
              continue;
            }

            case Op.LOAD_8_S_SUM ->
                r =
                    memory
                        .bytes[
                        (int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit)];
            case Op.LOAD_8_U_SUM ->
                r =
                    memory
                            .bytes[
                            (int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit)]
                        & 0xFF;
            case Op.LOAD_16_S_SUM ->
                r =
                    (short)
                        SHORTS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    lo[b] + lo[fp + c] & ADDRESS, memory.limit - 1L));
            case Op.LOAD_16_U_SUM ->
                r =
                    (short)
                            SHORTS.get(
                                memory.bytes,
                                (int)
                                    Objects.checkIndex(
                                        lo[b] + lo[fp + c] & ADDRESS, memory.limit - 1L))
                        & 0xFFFF;
            case Op.LOAD_32_S_SUM ->
                r =
                    (int)
                        INTS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    lo[b] + lo[fp + c] & ADDRESS, memory.limit - 3L));
            case Op.LOAD_32_U_SUM ->
                r =
                    (int)
                            INTS.get(
                                memory.bytes,
                                (int)
                                    Objects.checkIndex(
                                        lo[b] + lo[fp + c] & ADDRESS, memory.limit - 3L))
                        & 0xFFFF_FFFFL;
            case Op.LOAD_64_SUM ->
                r =
                    (long)
                        LONGS.get(
                            memory.bytes,
                            (int)
                                Objects.checkIndex(
                                    lo[b] + lo[fp + c] & ADDRESS, memory.limit - 7L));
            case Op.STORE_8_SUM -> {
              memory.bytes[(int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit)] =
                  (byte) lo[a];
              continue;
            }
            case Op.STORE_16_SUM -> {
              SHORTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit - 1L),
                  (short) lo[a]);
              continue;
            }
            case Op.STORE_32_SUM -> {
              INTS.set(
                  memory.bytes,
                  (int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit - 3L),
                  (int) lo[a]);
              continue;
            }
            case Op.STORE_64_SUM -> {
              LONGS.set(
                  memory.bytes,
                  (int) Objects.checkIndex(lo[b] + lo[fp + c] & ADDRESS, memory.limit - 7L),
                  lo[a]);
              continue;
            }

            case Op.MOVE -> r = lo[b];
            case Op.MOVE_REFERENCE -> {
              stack.references[a] = stack.references[b];
              continue;
            }
            case Op.CONST -> r = w >> Op.B_SHIFT;
            case Op.CONST_WORD -> r = code[pc++];
            case Op.SELECT -> r = (int) lo[fp + (int) code[pc++]] != 0 ? lo[b] : lo[fp + c];
            case Op.GLOBAL_GET -> r = frame.instance.globals()[(int) (w >>> Op.B_SHIFT)].low;
            case Op.GLOBAL_SET -> {
              frame.instance.globals()[(int) (w >>> Op.B_SHIFT)].low = lo[a];
              continue;
            }

            case Op.JUMP -> {
              pc = (int) (w >>> Op.B_SHIFT);
              if ((Object) QUESTION.getTarget().invokeExact() != null) {
                frame.instance.checkInterruption();
              }
              continue;
            }
            case Op.JUMP_IF -> {
              if ((int) lo[a] != 0) {
                pc = (int) (w >>> Op.B_SHIFT);
                if ((Object) QUESTION.getTarget().invokeExact() != null) {
                  frame.instance.checkInterruption();
                }
              }
              continue;
            }
            case Op.JUMP_UNLESS -> {
              if ((int) lo[a] == 0) {
                pc = (int) (w >>> Op.B_SHIFT);
                if ((Object) QUESTION.getTarget().invokeExact() != null) {
                  frame.instance.checkInterruption();
                }
              }
              continue;
            }
            case Op.JUMP_IF_NULL -> {
              if (stack.references[a] == null) {
                pc = (int) (w >>> Op.B_SHIFT);
                if ((Object) QUESTION.getTarget().invokeExact() != null) {
                  frame.instance.checkInterruption();
                }
              }
              continue;
            }
            case Op.JUMP_IF_NOT_NULL -> {
              if (stack.references[a] != null) {
                pc = (int) (w >>> Op.B_SHIFT);
                if ((Object) QUESTION.getTarget().invokeExact() != null) {
                  frame.instance.checkInterruption();
                }
              }
              continue;
            }
            case Op.JUMP_TABLE -> {
              int count = (int) (w >>> Op.B_SHIFT);
              int index = (int) lo[a];
              pc += index >= 0 && index < count ? index : count;
              break jump;
            }
            case Op.I32_EQ_JUMP -> {
              if ((int) lo[a] == (int) lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_NE_JUMP -> {
              if ((int) lo[a] != (int) lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LT_S_JUMP -> {
              if ((int) lo[a] < (int) lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LT_U_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) lo[b]) < 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GE_S_JUMP -> {
              if ((int) lo[a] >= (int) lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GE_U_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) lo[b]) >= 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_EQ_JUMP -> {
              if (lo[a] == lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_NE_JUMP -> {
              if (lo[a] != lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LT_S_JUMP -> {
              if (lo[a] < lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LT_U_JUMP -> {
              if (Long.compareUnsigned(lo[a], lo[b]) < 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GE_S_JUMP -> {
              if (lo[a] >= lo[b]) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GE_U_JUMP -> {
              if (Long.compareUnsigned(lo[a], lo[b]) >= 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_EQ_CONST_JUMP -> {
              if ((int) lo[a] == (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_NE_CONST_JUMP -> {
              if ((int) lo[a] != (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LT_S_CONST_JUMP -> {
              if ((int) lo[a] < (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LT_U_CONST_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) < 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GT_S_CONST_JUMP -> {
              if ((int) lo[a] > (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GT_U_CONST_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) > 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LE_S_CONST_JUMP -> {
              if ((int) lo[a] <= (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_LE_U_CONST_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) <= 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GE_S_CONST_JUMP -> {
              if ((int) lo[a] >= (int) (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I32_GE_U_CONST_JUMP -> {
              if (Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) >= 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_EQ_CONST_JUMP -> {
              if (lo[a] == (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_NE_CONST_JUMP -> {
              if (lo[a] != (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LT_S_CONST_JUMP -> {
              if (lo[a] < (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LT_U_CONST_JUMP -> {
              if (Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) < 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GT_S_CONST_JUMP -> {
              if (lo[a] > (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GT_U_CONST_JUMP -> {
              if (Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) > 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LE_S_CONST_JUMP -> {
              if (lo[a] <= (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_LE_U_CONST_JUMP -> {
              if (Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) <= 0) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GE_S_CONST_JUMP -> {
              if (lo[a] >= (w >> Op.C_SHIFT)) {
                break jump;
              }
              pc++;
              continue;
            }
            case Op.I64_GE_U_CONST_JUMP -> {
              if (Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) >= 0) {
                break jump;
              }
              pc++;
              continue;
            }

            case Op.I32_ADD_CONST -> r = (int) lo[b] + (int) (w >> Op.C_SHIFT);
            case Op.I32_MUL_CONST -> r = (int) lo[b] * (int) (w >> Op.C_SHIFT);
            case Op.I32_AND_CONST -> r = (int) lo[b] & (int) (w >> Op.C_SHIFT);
            case Op.I32_OR_CONST -> r = (int) lo[b] | (int) (w >> Op.C_SHIFT);
            case Op.I32_XOR_CONST -> r = (int) lo[b] ^ (int) (w >> Op.C_SHIFT);
            case Op.I32_SHL_CONST -> r = (int) lo[b] << (int) (w >> Op.C_SHIFT);
            case Op.I32_SHR_S_CONST -> r = (int) lo[b] >> (int) (w >> Op.C_SHIFT);
            case Op.I32_SHR_U_CONST -> r = (int) lo[b] >>> (int) (w >> Op.C_SHIFT);
            case Op.I32_ROTL_CONST -> r = Numerics.i32Rotl((int) lo[b], c);
            case Op.I64_ADD_CONST -> r = lo[b] + (int) (w >> Op.C_SHIFT);
            case Op.I64_MUL_CONST -> r = lo[b] * (int) (w >> Op.C_SHIFT);
            case Op.I64_AND_CONST -> r = lo[b] & (int) (w >> Op.C_SHIFT);
            case Op.I64_OR_CONST -> r = lo[b] | (int) (w >> Op.C_SHIFT);
            case Op.I64_XOR_CONST -> r = lo[b] ^ (int) (w >> Op.C_SHIFT);
            case Op.I64_SHL_CONST -> r = lo[b] << (int) (w >> Op.C_SHIFT);
            case Op.I64_SHR_S_CONST -> r = lo[b] >> (int) (w >> Op.C_SHIFT);
            case Op.I64_SHR_U_CONST -> r = lo[b] >>> (int) (w >> Op.C_SHIFT);
            case Op.I64_ROTL_CONST -> r = Numerics.i64Rotl(lo[b], c);

            case Op.I32_ADD_WORD -> r = (int) lo[b] + (int) code[pc++];
            case Op.I32_MUL_WORD -> r = (int) lo[b] * (int) code[pc++];
            case Op.I32_AND_WORD -> r = (int) lo[b] & (int) code[pc++];
            case Op.I32_OR_WORD -> r = (int) lo[b] | (int) code[pc++];
            case Op.I32_XOR_WORD -> r = (int) lo[b] ^ (int) code[pc++];
            case Op.I64_ADD_WORD -> r = lo[b] + code[pc++];
            case Op.I64_MUL_WORD -> r = lo[b] * code[pc++];
            case Op.I64_AND_WORD -> r = lo[b] & code[pc++];
            case Op.I64_OR_WORD -> r = lo[b] | code[pc++];
            case Op.I64_XOR_WORD -> r = lo[b] ^ code[pc++];

            case Op.CALL -> {
              frame.pc = pc;
              Calls.enter(stack, frame.tier, frame.instance, (int) (w >>> Op.B_SHIFT), a);
              frame = stack.top();
              code = frame.code.words;
              pc = 0;
              fp = a;
              lo = stack.numbers;
              continue;
            }
            case Op.CALL_IMPORT, Op.CALL_INDIRECT, Op.CALL_REFERENCE -> {
              frame.pc = pc;
              FuncInstance callee = Calls.callee(w, frame, stack.references, lo);
              Calls.call(stack, callee, frame.instance, a);
              frame = stack.top();
              code = frame.code.words;
              pc = frame.pc;
              fp = frame.base;
              lo = stack.numbers;
              memory = frame.tier.memory;
              continue;
            }
            case Op.RETURN_CALL,
                Op.RETURN_CALL_IMPORT,
                Op.RETURN_CALL_INDIRECT,
                Op.RETURN_CALL_REFERENCE -> {
              frame.pc = pc;
              Calls.tailCall(stack, frame, w, a);
              return;
            }
            case Op.RETURN, Op.RETURN_NUMBER, Op.RETURN_REFERENCE, Op.RETURN_SLOTS -> {
              switch ((int) w & (1 << Op.BITS) - 1) {
                case Op.RETURN_NUMBER -> lo[fp] = lo[b];
                case Op.RETURN_REFERENCE -> stack.references[fp] = stack.references[b];
                case Op.RETURN_SLOTS -> {
                  System.arraycopy(lo, a, lo, fp, (int) (w >>> Op.B_SHIFT));
                  System.arraycopy(
                      stack.references, a, stack.references, fp, (int) (w >>> Op.B_SHIFT));
                }
                default -> {}
              }
              frame.code = null;
              frame.instance = null;
              frame.tier = null;
              if (--stack.depth == depth) {
                return;
              }
              frame = stack.top();
              code = frame.code.words;
              pc = frame.pc;
              fp = frame.base;
              memory = frame.tier.memory;
              continue;
            }

            case Op.FUEL -> {
              if ((frame.tier.fuel.left -= w >>> Op.B_SHIFT) < 0) {
                throw frame.tier.fuel.empty();
              }
              continue;
            }
            case Op.FUEL_FOR_RANGE -> {
              boolean narrow = (w >>> Op.A_SHIFT & 1) != 0;
              FuelTank.takeForRange(narrow ? lo[b] & ADDRESS : lo[b], c, frame.tier.fuel);
              continue;
            }

            case Op.UNREACHABLE -> throw new Trap(Trap.Kind.UNREACHABLE);
            case Op.THROW -> throw Unwinding.exception(frame.instance, w, lo, stack.references, a);
            case Op.THROW_REF -> throw Unwinding.rethrown(stack.references[b]);
            case Op.IS_NULL -> r = stack.references[b] == null ? 1 : 0;
            case Op.MEMORY_SIZE -> r = frame.instance.memories()[(int) (w >>> Op.B_SHIFT)].pages();
            case Op.COLD -> {
              ColdOps.run(
                  Opcode.at((int) (w >>> Op.B_SHIFT)),
                  frame.instance,
                  lo,
                  stack.references,
                  a,
                  code[pc],
                  code[pc + 1]);
              pc += 2;
              continue;
            }
            default -> {
              int op = (int) w & (1 << Op.BITS) - 1;
              if (op > Op.LAST_NUMERIC) {
                RareMoves.apply(op, w, code, pc, frame.instance, lo, stack.references, a, fp);
                pc += RareMoves.words(op);
                continue;
              }
              r = RareNumerics.apply(op, lo[b], lo[fp + c]);
            }
          }
          lo[a] = r;
          continue;
        }
        pc = (int) code[pc];
        if ((Object) QUESTION.getTarget().invokeExact() != null) {
          frame.instance.checkInterruption();
        }
      }
    } catch (Throwable e) {
      // a frame that has just been pushed, or that calls, knows its place already
      if (stack.depth > depth && stack.top() == frame) {
        frame.pc = pc;
      }
      // an array of the interpreter's own is never left, so this was the guest's memory
      if (e.getClass() == IndexOutOfBoundsException.class) {
        throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
      }
      throw e;
    }
  }
}
