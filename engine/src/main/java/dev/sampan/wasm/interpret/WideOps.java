package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.runtime.Numerics;

/** Runs the instructions on integers of 128 bits. */
final class WideOps {

  private WideOps() {}

  static void run(Opcode opcode, long[] slots, int base) {
    long a = slots[base];
    long b = slots[base + 1];
    switch (opcode) {
      case I64_ADD128 -> {
        long c = slots[base + 2];
        long d = slots[base + 3];
        slots[base] = Numerics.i64Add128Low(a, b, c, d);
        slots[base + 1] = Numerics.i64Add128High(a, b, c, d);
      }
      case I64_SUB128 -> {
        long c = slots[base + 2];
        long d = slots[base + 3];
        slots[base] = Numerics.i64Sub128Low(a, b, c, d);
        slots[base + 1] = Numerics.i64Sub128High(a, b, c, d);
      }
      case I64_MUL_WIDE_S -> {
        slots[base] = Numerics.i64MulWideSLow(a, b);
        slots[base + 1] = Numerics.i64MulWideSHigh(a, b);
      }
      default -> {
        slots[base] = Numerics.i64MulWideULow(a, b);
        slots[base + 1] = Numerics.i64MulWideUHigh(a, b);
      }
    }
  }
}
