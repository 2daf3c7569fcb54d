package dev.sampan.conformance;

import static dev.sampan.wasm.model.Opcode.*;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Kind;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.Signature;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;

/** Generated atomic accesses to memories, shared or not. No wait is long. */
final class AtomicAccesses extends Chapter {

  private static final List<Opcode> I32 = new ArrayList<>();
  private static final List<Opcode> I64 = new ArrayList<>();
  private static final List<Opcode> STORES = new ArrayList<>();

  static {
    for (Opcode opcode : Opcode.values()) {
      switch (opcode.kind()) {
        case ATOMIC_LOAD, ATOMIC_RMW, ATOMIC_CMPXCHG, ATOMIC_NOTIFY, ATOMIC_WAIT ->
            (opcode.signature().result(0) == TypeCode.I32 ? I32 : I64).add(opcode);
        case ATOMIC_STORE -> STORES.add(opcode);
        default -> {}
      }
    }
  }

  AtomicAccesses(FunctionGenerator function) {
    super(function);
  }

  @Override
  boolean expression(ValType type, int depth) {
    if (world.memories.isEmpty() || type != NumType.I32 && type != NumType.I64) {
      return false;
    }
    access(dice.pick(type == NumType.I32 ? I32 : I64), depth);
    return true;
  }

  @Override
  boolean statement(int depth) {
    if (dice.oneIn(10)) {
      code.op(ATOMIC_FENCE);
      code.out().u8(0);
      return true;
    }
    if (world.memories.isEmpty()) {
      return false;
    }
    access(dice.pick(STORES), depth);
    return true;
  }

  private void access(Opcode opcode, int depth) {
    int memory = dice.below(world.memories.size());
    boolean shared = world.memories.get(memory).shared();
    Opcode chosen = opcode;
    if (opcode.kind() == Kind.ATOMIC_WAIT && !shared && !dice.oneIn(20)) {
      // it would trap
      chosen = MEMORY_ATOMIC_NOTIFY;
    }
    int width = chosen.width();
    address(memory, width, depth);
    Signature signature = chosen.signature();
    for (int i = 0; i < signature.parameterCount(); i++) {
      boolean timeout = chosen.kind() == Kind.ATOMIC_WAIT && i == 1;
      if (timeout) {
        code.i64(dice.pick(0, 0, 1, 1000));
      } else {
        function.expression(Numbers.type(signature.parameter(i)), depth);
      }
    }
    long offset = dice.percent(70) ? 0 : (long) width * dice.below(6);
    if (dice.oneIn(50)) {
      offset = dice.below(100);
    }
    code.access(chosen, memory, Integer.numberOfTrailingZeros(width), offset);
  }

  private void address(int memory, int width, int depth) {
    boolean wide = world.memories.get(memory).address() == AddressType.I64;
    long room = world.bytes(memory) - 64;
    int mask = room < 32 ? 0 : (int) (Long.highestOneBit(room) - 1) & -width;
    if (dice.oneIn(60)) {
      mask = -1;
    }
    if (wide) {
      function.expression(NumType.I64, depth);
      code.i64(mask).op(I64_AND);
    } else {
      function.expression(NumType.I32, depth);
      code.i32(mask).op(I32_AND);
    }
  }
}
