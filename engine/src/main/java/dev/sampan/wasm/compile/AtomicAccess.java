package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.runtime.Atomics;
import dev.sampan.wasm.runtime.MemoryInstance;

/**
 * Atomic accesses of compiled code. Each kind has a method for every combination of address and
 * value types; the number of the instruction's row tells the rest.
 */
public final class AtomicAccess {

  private AtomicAccess() {}

  static String methodName(Opcode opcode) {
    return switch (opcode.kind()) {
      case ATOMIC_LOAD -> opcode.signature().results() == TypeCode.I32 ? "load32" : "load64";
      case ATOMIC_STORE -> "store";
      case ATOMIC_RMW -> "modify";
      case ATOMIC_CMPXCHG -> "compareExchange";
      case ATOMIC_WAIT -> "await";
      case ATOMIC_NOTIFY -> "wake";
      default -> throw new AssertionError(opcode.text() + " is not atomic; please report");
    };
  }

  private static int width(int row) {
    return Opcode.at(row).width();
  }

  private static long loadBits(long address, long offset, int row, MemoryInstance memory) {
    return Atomics.load(memory, memory.effective(address, offset), width(row));
  }

  private static void storeBits(
      long address, long value, long offset, int row, MemoryInstance memory) {
    Atomics.store(memory, memory.effective(address, offset), width(row), value);
  }

  private static long modifyBits(
      long address, long value, long offset, int row, MemoryInstance memory) {
    Atomics.Modification modification = Atomics.Modification.of(Opcode.at(row));
    long ea = memory.effective(address, offset);
    return Atomics.modify(memory, ea, width(row), modification, value);
  }

  private static long exchangeBits(
      long address, long expected, long value, long offset, int row, MemoryInstance memory) {
    long ea = memory.effective(address, offset);
    return Atomics.compareExchange(memory, ea, width(row), expected, value);
  }

  private static int awaitBits(
      long address, long expected, long timeout, long offset, int row, MemoryInstance memory) {
    return memory.await(memory.effective(address, offset), width(row), expected, timeout);
  }

  public static void store(int address, int value, long offset, int row, MemoryInstance memory) {
    storeBits(Integer.toUnsignedLong(address), value, offset, row, memory);
  }

  public static int modify(int address, int value, long offset, int row, MemoryInstance memory) {
    return (int) modifyBits(Integer.toUnsignedLong(address), value, offset, row, memory);
  }

  public static int compareExchange(
      int address, int expected, int value, long offset, int row, MemoryInstance memory) {
    return (int)
        exchangeBits(Integer.toUnsignedLong(address), expected, value, offset, row, memory);
  }

  public static int await(
      int address, int expected, long timeout, long offset, int row, MemoryInstance memory) {
    return awaitBits(Integer.toUnsignedLong(address), expected, timeout, offset, row, memory);
  }

  public static int load32(int address, long offset, int row, MemoryInstance memory) {
    return (int) loadBits(Integer.toUnsignedLong(address), offset, row, memory);
  }

  public static void store(int address, long value, long offset, int row, MemoryInstance memory) {
    storeBits(Integer.toUnsignedLong(address), value, offset, row, memory);
  }

  public static long modify(int address, long value, long offset, int row, MemoryInstance memory) {
    return modifyBits(Integer.toUnsignedLong(address), value, offset, row, memory);
  }

  public static long compareExchange(
      int address, long expected, long value, long offset, int row, MemoryInstance memory) {
    return exchangeBits(Integer.toUnsignedLong(address), expected, value, offset, row, memory);
  }

  public static int await(
      int address, long expected, long timeout, long offset, int row, MemoryInstance memory) {
    return awaitBits(Integer.toUnsignedLong(address), expected, timeout, offset, row, memory);
  }

  public static long load64(int address, long offset, int row, MemoryInstance memory) {
    return loadBits(Integer.toUnsignedLong(address), offset, row, memory);
  }

  public static void store(long address, int value, long offset, int row, MemoryInstance memory) {
    storeBits(address, value, offset, row, memory);
  }

  public static int modify(long address, int value, long offset, int row, MemoryInstance memory) {
    return (int) modifyBits(address, value, offset, row, memory);
  }

  public static int compareExchange(
      long address, int expected, int value, long offset, int row, MemoryInstance memory) {
    return (int) exchangeBits(address, expected, value, offset, row, memory);
  }

  public static int await(
      long address, int expected, long timeout, long offset, int row, MemoryInstance memory) {
    return awaitBits(address, expected, timeout, offset, row, memory);
  }

  public static int load32(long address, long offset, int row, MemoryInstance memory) {
    return (int) loadBits(address, offset, row, memory);
  }

  public static void store(long address, long value, long offset, int row, MemoryInstance memory) {
    storeBits(address, value, offset, row, memory);
  }

  public static long modify(long address, long value, long offset, int row, MemoryInstance memory) {
    return modifyBits(address, value, offset, row, memory);
  }

  public static long compareExchange(
      long address, long expected, long value, long offset, int row, MemoryInstance memory) {
    return exchangeBits(address, expected, value, offset, row, memory);
  }

  public static int await(
      long address, long expected, long timeout, long offset, int row, MemoryInstance memory) {
    return awaitBits(address, expected, timeout, offset, row, memory);
  }

  public static long load64(long address, long offset, int row, MemoryInstance memory) {
    return loadBits(address, offset, row, memory);
  }

  public static int wake(int address, int count, long offset, int row, MemoryInstance memory) {
    return memory.wake(memory.effective(Integer.toUnsignedLong(address), offset), count);
  }

  public static int wake(long address, int count, long offset, int row, MemoryInstance memory) {
    return memory.wake(memory.effective(address, offset), count);
  }
}
