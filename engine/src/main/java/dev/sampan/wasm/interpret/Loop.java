package dev.sampan.wasm.interpret;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.GlobalInstance;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.Numerics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The loop. It must stay below 8,000 bytes of bytecode, or HotSpot does not compile it; so it holds
 * what programs do all the time, and leaves the rest to {@link ColdOps}.
 *
 * <p>Integers of 32 bits lie in slots with any upper half. Floating-point numbers lie there as their
 * bits.
 */
final class Loop {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
      }
    }
  }

  @SuppressWarnings({"NullAway", "StatementSwitchToExpressionSwitch"}) // frames that run are whole
  private static void execute(CallStack stack, int depth) {
    Frame frame = stack.top();
    long[] code = frame.code.words;
    int pc = frame.pc;
    int fp = frame.base;
    long[] lo = stack.numbers;
    @Nullable Object[] refs = stack.references;
    ModuleInstance instance = frame.instance;
    GlobalInstance[] globals = instance.globals();
    Tier tier = Tier.of(instance);
    byte[] mem = tier.memory.bytes();
    int limit = tier.memory.limit();
    try {
      while (true) {
        long w = code[pc++];
        int a = fp + ((int) (w >>> Op.A_SHIFT) & Op.FIELD_MAX);
        int b = fp + ((int) (w >>> Op.B_SHIFT) & Op.FIELD_MAX);
        int c = (int) (w >>> Op.C_SHIFT);
        switch ((int) w & (1 << Op.BITS) - 1) {
          case Op.I32_EQZ -> lo[a] = (int) lo[b] == 0 ? 1 : 0;
          case Op.I32_EQ -> lo[a] = (int) lo[b] == (int) lo[fp + c] ? 1 : 0;
          case Op.I32_NE -> lo[a] = (int) lo[b] != (int) lo[fp + c] ? 1 : 0;
          case Op.I32_LT_S -> lo[a] = (int) lo[b] < (int) lo[fp + c] ? 1 : 0;
          case Op.I32_LT_U -> lo[a] = Numerics.i32LtU((int) lo[b], (int) lo[fp + c]);
          case Op.I32_GT_S -> lo[a] = (int) lo[b] > (int) lo[fp + c] ? 1 : 0;
          case Op.I32_GT_U -> lo[a] = Numerics.i32GtU((int) lo[b], (int) lo[fp + c]);
          case Op.I32_LE_S -> lo[a] = (int) lo[b] <= (int) lo[fp + c] ? 1 : 0;
          case Op.I32_LE_U -> lo[a] = Numerics.i32LeU((int) lo[b], (int) lo[fp + c]);
          case Op.I32_GE_S -> lo[a] = (int) lo[b] >= (int) lo[fp + c] ? 1 : 0;
          case Op.I32_GE_U -> lo[a] = Numerics.i32GeU((int) lo[b], (int) lo[fp + c]);
          case Op.I64_EQZ -> lo[a] = lo[b] == 0 ? 1 : 0;
          case Op.I64_EQ -> lo[a] = lo[b] == lo[fp + c] ? 1 : 0;
          case Op.I64_NE -> lo[a] = lo[b] != lo[fp + c] ? 1 : 0;
          case Op.I64_LT_S -> lo[a] = lo[b] < lo[fp + c] ? 1 : 0;
          case Op.I64_LT_U -> lo[a] = Numerics.i64LtU(lo[b], lo[fp + c]);
          case Op.I64_GT_S -> lo[a] = lo[b] > lo[fp + c] ? 1 : 0;
          case Op.I64_GT_U -> lo[a] = Numerics.i64GtU(lo[b], lo[fp + c]);
          case Op.I64_LE_S -> lo[a] = lo[b] <= lo[fp + c] ? 1 : 0;
          case Op.I64_LE_U -> lo[a] = Numerics.i64LeU(lo[b], lo[fp + c]);
          case Op.I64_GE_S -> lo[a] = lo[b] >= lo[fp + c] ? 1 : 0;
          case Op.I64_GE_U -> lo[a] = Numerics.i64GeU(lo[b], lo[fp + c]);
          case Op.F32_EQ -> lo[a] = float32(lo[b]) == float32(lo[fp + c]) ? 1 : 0;
          case Op.F32_NE -> lo[a] = float32(lo[b]) != float32(lo[fp + c]) ? 1 : 0;
          case Op.F32_LT -> lo[a] = float32(lo[b]) < float32(lo[fp + c]) ? 1 : 0;
          case Op.F32_GT -> lo[a] = float32(lo[b]) > float32(lo[fp + c]) ? 1 : 0;
          case Op.F32_LE -> lo[a] = float32(lo[b]) <= float32(lo[fp + c]) ? 1 : 0;
          case Op.F32_GE -> lo[a] = float32(lo[b]) >= float32(lo[fp + c]) ? 1 : 0;
          case Op.F64_EQ -> lo[a] = float64(lo[b]) == float64(lo[fp + c]) ? 1 : 0;
          case Op.F64_NE -> lo[a] = float64(lo[b]) != float64(lo[fp + c]) ? 1 : 0;
          case Op.F64_LT -> lo[a] = float64(lo[b]) < float64(lo[fp + c]) ? 1 : 0;
          case Op.F64_GT -> lo[a] = float64(lo[b]) > float64(lo[fp + c]) ? 1 : 0;
          case Op.F64_LE -> lo[a] = float64(lo[b]) <= float64(lo[fp + c]) ? 1 : 0;
          case Op.F64_GE -> lo[a] = float64(lo[b]) >= float64(lo[fp + c]) ? 1 : 0;
          case Op.I32_ADD -> lo[a] = (int) lo[b] + (int) lo[fp + c];
          case Op.I32_SUB -> lo[a] = (int) lo[b] - (int) lo[fp + c];
          case Op.I32_MUL -> lo[a] = (int) lo[b] * (int) lo[fp + c];
          case Op.I32_DIV_S -> lo[a] = Numerics.i32DivS((int) lo[b], (int) lo[fp + c]);
          case Op.I32_DIV_U -> lo[a] = Numerics.i32DivU((int) lo[b], (int) lo[fp + c]);
          case Op.I32_REM_S -> lo[a] = Numerics.i32RemS((int) lo[b], (int) lo[fp + c]);
          case Op.I32_REM_U -> lo[a] = Numerics.i32RemU((int) lo[b], (int) lo[fp + c]);
          case Op.I32_AND -> lo[a] = (int) lo[b] & (int) lo[fp + c];
          case Op.I32_OR -> lo[a] = (int) lo[b] | (int) lo[fp + c];
          case Op.I32_XOR -> lo[a] = (int) lo[b] ^ (int) lo[fp + c];
          case Op.I32_SHL -> lo[a] = (int) lo[b] << (int) lo[fp + c];
          case Op.I32_SHR_S -> lo[a] = (int) lo[b] >> (int) lo[fp + c];
          case Op.I32_SHR_U -> lo[a] = (int) lo[b] >>> (int) lo[fp + c];
          case Op.I32_ROTL -> lo[a] = Numerics.i32Rotl((int) lo[b], (int) lo[fp + c]);
          case Op.I64_ADD -> lo[a] = lo[b] + lo[fp + c];
          case Op.I64_SUB -> lo[a] = lo[b] - lo[fp + c];
          case Op.I64_MUL -> lo[a] = lo[b] * lo[fp + c];
          case Op.I64_DIV_S -> lo[a] = Numerics.i64DivS(lo[b], lo[fp + c]);
          case Op.I64_DIV_U -> lo[a] = Numerics.i64DivU(lo[b], lo[fp + c]);
          case Op.I64_REM_S -> lo[a] = Numerics.i64RemS(lo[b], lo[fp + c]);
          case Op.I64_REM_U -> lo[a] = Numerics.i64RemU(lo[b], lo[fp + c]);
          case Op.I64_AND -> lo[a] = lo[b] & lo[fp + c];
          case Op.I64_OR -> lo[a] = lo[b] | lo[fp + c];
          case Op.I64_XOR -> lo[a] = lo[b] ^ lo[fp + c];
          case Op.I64_SHL -> lo[a] = lo[b] << lo[fp + c];
          case Op.I64_SHR_S -> lo[a] = lo[b] >> lo[fp + c];
          case Op.I64_SHR_U -> lo[a] = lo[b] >>> lo[fp + c];
          case Op.I64_ROTL -> lo[a] = Numerics.i64Rotl(lo[b], lo[fp + c]);
          case Op.F32_ADD -> lo[a] = bits(float32(lo[b]) + float32(lo[fp + c]));
          case Op.F32_SUB -> lo[a] = bits(float32(lo[b]) - float32(lo[fp + c]));
          case Op.F32_MUL -> lo[a] = bits(float32(lo[b]) * float32(lo[fp + c]));
          case Op.F32_DIV -> lo[a] = bits(float32(lo[b]) / float32(lo[fp + c]));
          case Op.F64_ABS -> lo[a] = bits(Numerics.f64Abs(float64(lo[b])));
          case Op.F64_NEG -> lo[a] = bits(Numerics.f64Neg(float64(lo[b])));
          case Op.F64_SQRT -> lo[a] = bits(Numerics.f64Sqrt(float64(lo[b])));
          case Op.F64_ADD -> lo[a] = bits(float64(lo[b]) + float64(lo[fp + c]));
          case Op.F64_SUB -> lo[a] = bits(float64(lo[b]) - float64(lo[fp + c]));
          case Op.F64_MUL -> lo[a] = bits(float64(lo[b]) * float64(lo[fp + c]));
          case Op.F64_DIV -> lo[a] = bits(float64(lo[b]) / float64(lo[fp + c]));
          case Op.I32_WRAP_I64 -> lo[a] = (int) lo[b];
          case Op.I32_TRUNC_F64_S -> lo[a] = Numerics.i32TruncF64S(float64(lo[b]));
          case Op.I64_EXTEND_I32_S -> lo[a] = (int) lo[b];
          case Op.I64_EXTEND_I32_U -> lo[a] = lo[b] & 0xFFFF_FFFFL;
          case Op.F64_CONVERT_I32_S -> lo[a] = bits(Numerics.f64ConvertI32S((int) lo[b]));
          case Op.I64_REINTERPRET_F64 -> lo[a] = lo[b];
          case Op.F64_REINTERPRET_I64 -> lo[a] = lo[b];
          case Op.I32_EXTEND8_S -> lo[a] = Numerics.i32Extend8S((int) lo[b]);
          case Op.I32_TRUNC_SAT_F64_S -> lo[a] = Numerics.i32TruncSatF64S(float64(lo[b]));

          case Op.I32_LOAD -> lo[a] = (int) INTS.get(mem, index(lo[b], c, limit, 4));
          case Op.I64_LOAD -> lo[a] = (long) LONGS.get(mem, index(lo[b], c, limit, 8));
          case Op.F32_LOAD -> lo[a] = (int) INTS.get(mem, index(lo[b], c, limit, 4));
          case Op.F64_LOAD -> lo[a] = (long) LONGS.get(mem, index(lo[b], c, limit, 8));
          case Op.I32_LOAD8_S -> lo[a] = mem[index(lo[b], c, limit, 1)];
          case Op.I32_LOAD8_U -> lo[a] = mem[index(lo[b], c, limit, 1)] & 0xFF;
          case Op.I32_LOAD16_S -> lo[a] = (short) SHORTS.get(mem, index(lo[b], c, limit, 2));
          case Op.I32_LOAD16_U -> lo[a] = (short) SHORTS.get(mem, index(lo[b], c, limit, 2)) & 0xFFFF;
          case Op.I64_LOAD8_S -> lo[a] = mem[index(lo[b], c, limit, 1)];
          case Op.I64_LOAD8_U -> lo[a] = mem[index(lo[b], c, limit, 1)] & 0xFF;
          case Op.I64_LOAD16_S -> lo[a] = (short) SHORTS.get(mem, index(lo[b], c, limit, 2));
          case Op.I64_LOAD16_U -> lo[a] = (short) SHORTS.get(mem, index(lo[b], c, limit, 2)) & 0xFFFF;
          case Op.I64_LOAD32_S -> lo[a] = (int) INTS.get(mem, index(lo[b], c, limit, 4));
          case Op.I64_LOAD32_U -> lo[a] = (int) INTS.get(mem, index(lo[b], c, limit, 4)) & 0xFFFF_FFFFL;
          case Op.I32_STORE -> INTS.set(mem, index(lo[b], c, limit, 4), (int) lo[a]);
          case Op.I64_STORE -> LONGS.set(mem, index(lo[b], c, limit, 8), lo[a]);
          case Op.F32_STORE -> INTS.set(mem, index(lo[b], c, limit, 4), (int) lo[a]);
          case Op.F64_STORE -> LONGS.set(mem, index(lo[b], c, limit, 8), lo[a]);
          case Op.I32_STORE8 -> mem[index(lo[b], c, limit, 1)] = (byte) lo[a];
          case Op.I32_STORE16 -> SHORTS.set(mem, index(lo[b], c, limit, 2), (short) lo[a]);
          case Op.I64_STORE8 -> mem[index(lo[b], c, limit, 1)] = (byte) lo[a];
          case Op.I64_STORE16 -> SHORTS.set(mem, index(lo[b], c, limit, 2), (short) lo[a]);
          case Op.I64_STORE32 -> INTS.set(mem, index(lo[b], c, limit, 4), (int) lo[a]);

          case Op.MOVE -> lo[a] = lo[b];
          case Op.MOVE_REFERENCE -> refs[a] = refs[b];
          case Op.MOVE_V128 -> {
            lo[a] = lo[b];
            lo[a + 1] = lo[b + 1];
          }
          case Op.CONST -> lo[a] = w >> Op.B_SHIFT;
          case Op.CONST_WORD -> lo[a] = code[pc++];
          case Op.CONST_V128 -> {
            lo[a] = code[pc++];
            lo[a + 1] = code[pc++];
          }
          case Op.NULL -> refs[a] = null;
          case Op.SELECT -> lo[a] = (int) lo[fp + (int) code[pc++]] != 0 ? lo[b] : lo[fp + c];
          case Op.SELECT_REFERENCE ->
              refs[a] = (int) lo[fp + (int) code[pc++]] != 0 ? refs[b] : refs[fp + c];
          case Op.SELECT_V128 -> {
            int from = (int) lo[fp + (int) code[pc++]] != 0 ? b : fp + c;
            lo[a] = lo[from];
            lo[a + 1] = lo[from + 1];
          }
          case Op.GLOBAL_GET -> lo[a] = globals[(int) (w >>> Op.B_SHIFT)].low;
          case Op.GLOBAL_GET_REFERENCE -> refs[a] = globals[(int) (w >>> Op.B_SHIFT)].reference;
          case Op.GLOBAL_GET_V128 -> {
            lo[a] = globals[(int) (w >>> Op.B_SHIFT)].low;
            lo[a + 1] = globals[(int) (w >>> Op.B_SHIFT)].high;
          }
          case Op.GLOBAL_SET -> globals[(int) (w >>> Op.B_SHIFT)].low = lo[a];
          case Op.GLOBAL_SET_REFERENCE -> globals[(int) (w >>> Op.B_SHIFT)].reference = refs[a];
          case Op.GLOBAL_SET_V128 -> {
            globals[(int) (w >>> Op.B_SHIFT)].low = lo[a];
            globals[(int) (w >>> Op.B_SHIFT)].high = lo[a + 1];
          }

          case Op.JUMP -> pc = (int) (w >>> Op.B_SHIFT);
          case Op.JUMP_IF -> pc = (int) lo[a] != 0 ? (int) (w >>> Op.B_SHIFT) : pc;
          case Op.JUMP_UNLESS -> pc = (int) lo[a] == 0 ? (int) (w >>> Op.B_SHIFT) : pc;
          case Op.JUMP_IF_NULL -> pc = refs[a] == null ? (int) (w >>> Op.B_SHIFT) : pc;
          case Op.JUMP_IF_NOT_NULL -> pc = refs[a] != null ? (int) (w >>> Op.B_SHIFT) : pc;
          case Op.JUMP_TABLE -> {
            int count = (int) (w >>> Op.B_SHIFT);
            int index = (int) lo[a];
            pc = (int) code[pc + (index >= 0 && index < count ? index : count)];
          }
          case Op.I32_EQ_JUMP -> pc = (int) lo[a] == (int) lo[b] ? (int) code[pc] : pc + 1;
          case Op.I32_NE_JUMP -> pc = (int) lo[a] != (int) lo[b] ? (int) code[pc] : pc + 1;
          case Op.I32_LT_S_JUMP -> pc = (int) lo[a] < (int) lo[b] ? (int) code[pc] : pc + 1;
          case Op.I32_LT_U_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) lo[b]) < 0 ? (int) code[pc] : pc + 1;
          case Op.I32_GE_S_JUMP -> pc = (int) lo[a] >= (int) lo[b] ? (int) code[pc] : pc + 1;
          case Op.I32_GE_U_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) lo[b]) >= 0 ? (int) code[pc] : pc + 1;
          case Op.I64_EQ_JUMP -> pc = lo[a] == lo[b] ? (int) code[pc] : pc + 1;
          case Op.I64_NE_JUMP -> pc = lo[a] != lo[b] ? (int) code[pc] : pc + 1;
          case Op.I64_LT_S_JUMP -> pc = lo[a] < lo[b] ? (int) code[pc] : pc + 1;
          case Op.I64_LT_U_JUMP -> pc = Long.compareUnsigned(lo[a], lo[b]) < 0 ? (int) code[pc] : pc + 1;
          case Op.I64_GE_S_JUMP -> pc = lo[a] >= lo[b] ? (int) code[pc] : pc + 1;
          case Op.I64_GE_U_JUMP -> pc = Long.compareUnsigned(lo[a], lo[b]) >= 0 ? (int) code[pc] : pc + 1;
          case Op.I32_EQ_CONST_JUMP -> pc = (int) lo[a] == (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_NE_CONST_JUMP -> pc = (int) lo[a] != (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_LT_S_CONST_JUMP -> pc = (int) lo[a] < (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_LT_U_CONST_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) < 0 ? (int) code[pc] : pc + 1;
          case Op.I32_GT_S_CONST_JUMP -> pc = (int) lo[a] > (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_GT_U_CONST_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) > 0 ? (int) code[pc] : pc + 1;
          case Op.I32_LE_S_CONST_JUMP -> pc = (int) lo[a] <= (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_LE_U_CONST_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) <= 0 ? (int) code[pc] : pc + 1;
          case Op.I32_GE_S_CONST_JUMP -> pc = (int) lo[a] >= (int) (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I32_GE_U_CONST_JUMP -> pc = Integer.compareUnsigned((int) lo[a], (int) (w >> Op.C_SHIFT)) >= 0 ? (int) code[pc] : pc + 1;
          case Op.I64_EQ_CONST_JUMP -> pc = lo[a] == (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_NE_CONST_JUMP -> pc = lo[a] != (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_LT_S_CONST_JUMP -> pc = lo[a] < (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_LT_U_CONST_JUMP -> pc = Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) < 0 ? (int) code[pc] : pc + 1;
          case Op.I64_GT_S_CONST_JUMP -> pc = lo[a] > (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_GT_U_CONST_JUMP -> pc = Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) > 0 ? (int) code[pc] : pc + 1;
          case Op.I64_LE_S_CONST_JUMP -> pc = lo[a] <= (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_LE_U_CONST_JUMP -> pc = Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) <= 0 ? (int) code[pc] : pc + 1;
          case Op.I64_GE_S_CONST_JUMP -> pc = lo[a] >= (w >> Op.C_SHIFT) ? (int) code[pc] : pc + 1;
          case Op.I64_GE_U_CONST_JUMP -> pc = Long.compareUnsigned(lo[a], w >> Op.C_SHIFT) >= 0 ? (int) code[pc] : pc + 1;

          case Op.I32_ADD_CONST -> lo[a] = (int) lo[b] + (int) (w >> Op.C_SHIFT);
          case Op.I32_MUL_CONST -> lo[a] = (int) lo[b] * (int) (w >> Op.C_SHIFT);
          case Op.I32_AND_CONST -> lo[a] = (int) lo[b] & (int) (w >> Op.C_SHIFT);
          case Op.I32_OR_CONST -> lo[a] = (int) lo[b] | (int) (w >> Op.C_SHIFT);
          case Op.I32_XOR_CONST -> lo[a] = (int) lo[b] ^ (int) (w >> Op.C_SHIFT);
          case Op.I32_SHL_CONST -> lo[a] = (int) lo[b] << (int) (w >> Op.C_SHIFT);
          case Op.I32_SHR_S_CONST -> lo[a] = (int) lo[b] >> (int) (w >> Op.C_SHIFT);
          case Op.I32_SHR_U_CONST -> lo[a] = (int) lo[b] >>> (int) (w >> Op.C_SHIFT);
          case Op.I64_ADD_CONST -> lo[a] = lo[b] + (int) (w >> Op.C_SHIFT);
          case Op.I64_MUL_CONST -> lo[a] = lo[b] * (int) (w >> Op.C_SHIFT);
          case Op.I64_AND_CONST -> lo[a] = lo[b] & (int) (w >> Op.C_SHIFT);
          case Op.I64_OR_CONST -> lo[a] = lo[b] | (int) (w >> Op.C_SHIFT);
          case Op.I64_XOR_CONST -> lo[a] = lo[b] ^ (int) (w >> Op.C_SHIFT);
          case Op.I64_SHL_CONST -> lo[a] = lo[b] << (int) (w >> Op.C_SHIFT);
          case Op.I64_SHR_S_CONST -> lo[a] = lo[b] >> (int) (w >> Op.C_SHIFT);
          case Op.I64_SHR_U_CONST -> lo[a] = lo[b] >>> (int) (w >> Op.C_SHIFT);

          case Op.CALL -> {
            frame.pc = pc;
            Calls.enter(stack, tier, instance, (int) (w >>> Op.B_SHIFT), a);
            frame = stack.top();
            code = frame.code.words;
            pc = 0;
            fp = a;
            lo = stack.numbers;
            refs = stack.references;
          }
          case Op.CALL_IMPORT, Op.CALL_INDIRECT, Op.CALL_REFERENCE -> {
            frame.pc = pc;
            FuncInstance callee = Calls.callee(w, frame, refs, lo);
            Calls.call(stack, callee, instance, a);
            frame = stack.top();
            code = frame.code.words;
            pc = frame.pc;
            fp = frame.base;
            lo = stack.numbers;
            refs = stack.references;
            if (instance != frame.instance) {
              instance = frame.instance;
              globals = instance.globals();
              tier = Tier.of(instance);
            }
            mem = tier.memory.bytes();
            limit = tier.memory.limit();
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
              case Op.RETURN_REFERENCE -> refs[fp] = refs[b];
              case Op.RETURN_SLOTS -> {
                System.arraycopy(lo, a, lo, fp, (int) (w >>> Op.B_SHIFT));
                System.arraycopy(refs, a, refs, fp, (int) (w >>> Op.B_SHIFT));
              }
              default -> {}
            }
            frame.code = null;
            frame.instance = null;
            if (--stack.depth == depth) {
              return;
            }
            frame = stack.top();
            code = frame.code.words;
            pc = frame.pc;
            fp = frame.base;
            if (instance != frame.instance) {
              instance = frame.instance;
              globals = instance.globals();
              tier = Tier.of(instance);
            }
            mem = tier.memory.bytes();
            limit = tier.memory.limit();
          }

          case Op.UNREACHABLE -> throw new Trap(Trap.Kind.UNREACHABLE);
          case Op.THROW -> throw Unwinding.exception(instance, w, lo, refs, a);
          case Op.THROW_REF -> throw Unwinding.rethrown(refs[b]);
          case Op.IS_NULL -> lo[a] = refs[b] == null ? 1 : 0;
          case Op.MEMORY_SIZE -> lo[a] = instance.memories()[(int) (w >>> Op.B_SHIFT)].pages();
          case Op.COLD -> {
            ColdOps.run(
                Opcode.at((int) (w >>> Op.B_SHIFT)), instance, lo, refs, a, code[pc], code[pc + 1]);
            pc += 2;
            mem = tier.memory.bytes();
            limit = tier.memory.limit();
          }
          default -> {
            int op = (int) w & (1 << Op.BITS) - 1;
            lo[a] = RareNumerics.apply(op, lo[b], lo[fp + c]);
          }
        }
      }
    } catch (Throwable e) {
      // a frame that has just been pushed, or that calls, knows its place already
      if (stack.depth > depth && stack.top() == frame) {
        frame.pc = pc;
      }
      throw e;
    }
  }

  /** The index of an access that lies in the memory. */
  private static int index(long address, int offset, int limit, int width) {
    long ea = (address & 0xFFFF_FFFFL) + offset;
    if (ea > limit - width) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    return (int) ea;
  }

  private static float float32(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  private static double float64(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
