package dev.sampan.wasm.interpret;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.Atomics;
import dev.sampan.wasm.runtime.MemoryInstance;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.VectorI16x8;
import dev.sampan.wasm.runtime.VectorI32x4;
import dev.sampan.wasm.runtime.VectorI64x2;
import dev.sampan.wasm.runtime.VectorI8x16;

/** Runs accesses to any memory at all, and the instructions on whole ranges of memory. */
final class MemoryOps {

  private MemoryOps() {}

  // ---- single accesses ----

  static void access(
      Opcode opcode, MemoryInstance memory, long[] slots, int base, int lane, long offset) {
    long ea = memory.effective(slots[base], offset);
    switch (opcode.kind()) {
      case STORE -> store(opcode, memory, ea, slots, base + 1);
      case LOAD_LANE -> {
        int lanes = 16 / opcode.width();
        long value = loadBits(memory, ea, opcode.width());
        long low = slots[base + 1];
        long high = slots[base + 2];
        boolean inLow = lane < lanes / 2;
        int at = lane % (lanes / 2);
        slots[base] = inLow ? VectorOps.replace(lanes, low, value, at) : low;
        slots[base + 1] = inLow ? high : VectorOps.replace(lanes, high, value, at);
      }
      case STORE_LANE -> {
        int bits = 8 * opcode.width();
        int shift = lane * bits % 64;
        long half = slots[base + 1 + lane * bits / 64];
        storeBits(memory, ea, opcode.width(), half >>> shift);
      }
      default -> {
        if (opcode.signature().results() == TypeCode.V128) {
          loadVector(opcode, memory, ea, slots, base);
        } else {
          slots[base] = load(opcode, memory, ea);
        }
      }
    }
  }

  private static long loadBits(MemoryInstance memory, long ea, int width) {
    return switch (width) {
      case 1 -> memory.get8(ea);
      case 2 -> memory.get16(ea);
      case 4 -> memory.get32(ea);
      default -> memory.get64(ea);
    };
  }

  private static void storeBits(MemoryInstance memory, long ea, int width, long value) {
    switch (width) {
      case 1 -> memory.put8(ea, (byte) value);
      case 2 -> memory.put16(ea, (short) value);
      case 4 -> memory.put32(ea, (int) value);
      default -> memory.put64(ea, value);
    }
  }

  private static long load(Opcode opcode, MemoryInstance memory, long ea) {
    long bits = loadBits(memory, ea, opcode.width());
    return switch (opcode) {
      case I32_LOAD8_U, I64_LOAD8_U -> bits & 0xFF;
      case I32_LOAD16_U, I64_LOAD16_U -> bits & 0xFFFF;
      case I64_LOAD32_U -> bits & 0xFFFF_FFFFL;
      default -> bits;
    };
  }

  private static void store(
      Opcode opcode, MemoryInstance memory, long ea, long[] slots, int value) {
    if (opcode != Opcode.V128_STORE) {
      storeBits(memory, ea, opcode.width(), slots[value]);
      return;
    }
    // nothing may be written if the second half does not fit
    memory.get64(ea + 8);
    memory.put64(ea, slots[value]);
    memory.put64(ea + 8, slots[value + 1]);
  }

  private static void loadVector(
      Opcode opcode, MemoryInstance memory, long ea, long[] slots, int base) {
    long bits = opcode.width() == 16 ? memory.get64(ea) : loadBits(memory, ea, opcode.width());
    long low = bits;
    long high = bits;
    switch (opcode) {
      case V128_LOAD -> high = memory.get64(ea + 8);
      case V128_LOAD8X8_S -> {
        low = VectorI16x8.i16x8ExtendLowI8x16SLow(bits, 0);
        high = VectorI16x8.i16x8ExtendLowI8x16SHigh(bits, 0);
      }
      case V128_LOAD8X8_U -> {
        low = VectorI16x8.i16x8ExtendLowI8x16ULow(bits, 0);
        high = VectorI16x8.i16x8ExtendLowI8x16UHigh(bits, 0);
      }
      case V128_LOAD16X4_S -> {
        low = VectorI32x4.i32x4ExtendLowI16x8SLow(bits, 0);
        high = VectorI32x4.i32x4ExtendLowI16x8SHigh(bits, 0);
      }
      case V128_LOAD16X4_U -> {
        low = VectorI32x4.i32x4ExtendLowI16x8ULow(bits, 0);
        high = VectorI32x4.i32x4ExtendLowI16x8UHigh(bits, 0);
      }
      case V128_LOAD32X2_S -> {
        low = VectorI64x2.i64x2ExtendLowI32x4SLow(bits, 0);
        high = VectorI64x2.i64x2ExtendLowI32x4SHigh(bits, 0);
      }
      case V128_LOAD32X2_U -> {
        low = VectorI64x2.i64x2ExtendLowI32x4ULow(bits, 0);
        high = VectorI64x2.i64x2ExtendLowI32x4UHigh(bits, 0);
      }
      case V128_LOAD8_SPLAT -> {
        low = VectorI8x16.i8x16Splat((int) bits);
        high = low;
      }
      case V128_LOAD16_SPLAT -> {
        low = VectorI16x8.i16x8Splat((int) bits);
        high = low;
      }
      case V128_LOAD32_SPLAT -> {
        low = VectorI32x4.i32x4Splat((int) bits);
        high = low;
      }
      case V128_LOAD32_ZERO -> {
        low = bits & 0xFFFF_FFFFL;
        high = 0;
      }
      case V128_LOAD64_ZERO -> high = 0;
      default -> {
        // v128.load64_splat: both halves are the bits
      }
    }
    slots[base] = low;
    slots[base + 1] = high;
  }

  // ---- atomics ----

  static void atomic(Opcode opcode, MemoryInstance memory, long[] slots, int base, long offset) {
    long ea = memory.effective(slots[base], offset);
    int width = opcode.width();
    switch (opcode.kind()) {
      case ATOMIC_LOAD -> slots[base] = Atomics.load(memory, ea, width);
      case ATOMIC_STORE -> Atomics.store(memory, ea, width, slots[base + 1]);
      case ATOMIC_RMW ->
          slots[base] =
              Atomics.modify(memory, ea, width, Atomics.Modification.of(opcode), slots[base + 1]);
      case ATOMIC_CMPXCHG ->
          slots[base] =
              Atomics.compareExchange(memory, ea, width, slots[base + 1], slots[base + 2]);
      case ATOMIC_WAIT -> slots[base] = memory.await(ea, width, slots[base + 1], slots[base + 2]);
      default -> slots[base] = memory.wake(ea, (int) slots[base + 1]);
    }
  }

  // ---- ranges ----

  /** An address or a size as the address type has it: unsigned. */
  private static long unsigned(long value, AddressType type) {
    return type == AddressType.I32 ? value & 0xFFFF_FFFFL : value;
  }

  static void bulk(
      Opcode opcode, ModuleInstance instance, long[] slots, int base, int first, int second) {
    MemoryInstance[] memories = instance.memories();
    switch (opcode.kind()) {
      case MEMORY_GROW -> {
        AddressType type = addresses(instance, first);
        slots[base] = memories[first].grow(unsigned(slots[base], type));
      }
      case MEMORY_FILL -> {
        AddressType type = addresses(instance, first);
        memories[first].fillRange(
            unsigned(slots[base], type), (byte) slots[base + 1], unsigned(slots[base + 2], type));
      }
      case MEMORY_COPY -> {
        AddressType to = addresses(instance, first);
        AddressType from = addresses(instance, second);
        memories[first].copyRange(
            unsigned(slots[base], to),
            memories[second],
            unsigned(slots[base + 1], from),
            unsigned(slots[base + 2], AddressType.min(to, from)));
      }
      case MEMORY_INIT -> {
        DataSegment segment = instance.data(first);
        memories[second].initRange(
            unsigned(slots[base], addresses(instance, second)),
            segment.bytes(),
            segment.start(),
            instance.dataSize(first),
            slots[base + 1] & 0xFFFF_FFFFL,
            slots[base + 2] & 0xFFFF_FFFFL);
      }
      default -> instance.dropData(first);
    }
  }

  private static AddressType addresses(ModuleInstance instance, int memory) {
    return instance.module().definition().allMemories().get(memory).address();
  }
}
