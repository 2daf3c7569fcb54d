package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.Opcode;

/**
 * What the atomic instructions mean (Threads proposal › Execution). Narrow accesses work on the
 * aligned word around them. Values are zero-extended to 64 bits.
 */
public final class Atomics {

  /** What a read-modify-write does with the old value and the operand. */
  public enum Modification {
    ADD,
    SUB,
    AND,
    OR,
    XOR,
    XCHG;

    private static final Modification[] ALL = values();
    private static final int WIDTHS = 7;

    /** The modification of an instruction; they come in groups of all widths. */
    public static Modification of(Opcode opcode) {
      return ALL[(opcode.ordinal() - Opcode.I32_ATOMIC_RMW_ADD.ordinal()) / WIDTHS];
    }

    long apply(long old, long operand) {
      return switch (this) {
        case ADD -> old + operand;
        case SUB -> old - operand;
        case AND -> old & operand;
        case OR -> old | operand;
        case XOR -> old ^ operand;
        case XCHG -> operand;
      };
    }
  }

  private Atomics() {}

  private static void checkAlignment(long ea, int width) {
    if ((ea & width - 1) != 0) {
      throw new Trap(Trap.Kind.UNALIGNED_ATOMIC);
    }
  }

  private static long mask(int width) {
    return width == 8 ? -1L : (1L << 8 * width) - 1;
  }

  /** Reads {@code width} bytes. */
  public static long load(MemoryInstance memory, long ea, int width) {
    checkAlignment(ea, width);
    return load0(memory, ea, width);
  }

  private static long load0(MemoryInstance memory, long ea, int width) {
    if (width == 8) {
      return memory.getVolatile64(ea);
    }
    memory.checkRange(ea, width);
    if (!memory.isShared()) {
      return plainLoad(memory, ea, width);
    }
    int shift = (int) (ea & 3) * 8;
    return (word(memory, ea) & 0xFFFF_FFFFL) >>> shift & mask(width);
  }

  /** A memory of one thread may end before the word around a narrow access does. */
  private static long plainLoad(MemoryInstance memory, long ea, int width) {
    return switch (width) {
      case 1 -> memory.get8(ea) & 0xFF;
      case 2 -> memory.get16(ea) & 0xFFFF;
      default -> memory.get32(ea) & 0xFFFF_FFFFL;
    };
  }

  private static void plainStore(MemoryInstance memory, long ea, int width, long value) {
    switch (width) {
      case 1 -> memory.put8(ea, (byte) value);
      case 2 -> memory.put16(ea, (short) value);
      default -> memory.put32(ea, (int) value);
    }
  }

  private static int word(MemoryInstance memory, long ea) {
    return memory.getVolatile32(ea & ~3L);
  }

  /** Writes {@code width} bytes. */
  public static void store(MemoryInstance memory, long ea, int width, long value) {
    modify(memory, ea, width, Modification.XCHG, value);
  }

  /** Changes {@code width} bytes in one step, and yields what was there before. */
  public static long modify(
      MemoryInstance memory, long ea, int width, Modification modification, long operand) {
    checkAlignment(ea, width);
    while (true) {
      long old = load0(memory, ea, width);
      if (replace(memory, ea, width, old, modification.apply(old, operand))) {
        return old;
      }
    }
  }

  /**
   * Replaces {@code width} bytes if they are as expected, and yields what was there before. Of the
   * expected value only as many bytes count.
   */
  public static long compareExchange(
      MemoryInstance memory, long ea, int width, long expected, long replacement) {
    checkAlignment(ea, width);
    while (true) {
      long old = load0(memory, ea, width);
      if (old != (expected & mask(width))) {
        return old;
      }
      if (replace(memory, ea, width, old, replacement)) {
        return old;
      }
    }
  }

  private static boolean replace(
      MemoryInstance memory, long ea, int width, long old, long replacement) {
    if (width == 8) {
      return memory.compareAndSet64(ea, old, replacement);
    }
    if (!memory.isShared()) {
      plainStore(memory, ea, width, replacement);
      return true;
    }
    long mask = mask(width);
    int shift = (int) (ea & 3) * 8;
    int word = word(memory, ea);
    if (((word & 0xFFFF_FFFFL) >>> shift & mask) != old) {
      return false;
    }
    int merged = (int) (word & ~(mask << shift) | (replacement & mask) << shift);
    return memory.compareAndSet32(ea & ~3L, word, merged);
  }
}
