package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.MemoryInstance;

/**
 * Accesses of compiled code to a memory of any kind: one method per instruction, named by its
 * mnemonic in lower camel case. Addresses of 32 bits come as they are, or zero-extended.
 */
public final class MemoryAccess {

  private MemoryAccess() {}

  public static int i32Load(long address, long offset, MemoryInstance memory) {
    return memory.get32(memory.effective(address, offset));
  }

  public static long i64Load(long address, long offset, MemoryInstance memory) {
    return memory.get64(memory.effective(address, offset));
  }

  public static float f32Load(long address, long offset, MemoryInstance memory) {
    return Float.intBitsToFloat(memory.get32(memory.effective(address, offset)));
  }

  public static double f64Load(long address, long offset, MemoryInstance memory) {
    return Double.longBitsToDouble(memory.get64(memory.effective(address, offset)));
  }

  public static int i32Load8S(long address, long offset, MemoryInstance memory) {
    return memory.get8(memory.effective(address, offset));
  }

  public static int i32Load8U(long address, long offset, MemoryInstance memory) {
    return memory.get8(memory.effective(address, offset)) & 0xFF;
  }

  public static int i32Load16S(long address, long offset, MemoryInstance memory) {
    return memory.get16(memory.effective(address, offset));
  }

  public static int i32Load16U(long address, long offset, MemoryInstance memory) {
    return memory.get16(memory.effective(address, offset)) & 0xFFFF;
  }

  public static long i64Load8S(long address, long offset, MemoryInstance memory) {
    return memory.get8(memory.effective(address, offset));
  }

  public static long i64Load8U(long address, long offset, MemoryInstance memory) {
    return memory.get8(memory.effective(address, offset)) & 0xFF;
  }

  public static long i64Load16S(long address, long offset, MemoryInstance memory) {
    return memory.get16(memory.effective(address, offset));
  }

  public static long i64Load16U(long address, long offset, MemoryInstance memory) {
    return memory.get16(memory.effective(address, offset)) & 0xFFFF;
  }

  public static long i64Load32S(long address, long offset, MemoryInstance memory) {
    return memory.get32(memory.effective(address, offset));
  }

  public static long i64Load32U(long address, long offset, MemoryInstance memory) {
    return memory.get32(memory.effective(address, offset)) & 0xFFFF_FFFFL;
  }

  public static void i32Store(int address, int value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), value);
  }

  public static void i32Store(long address, int value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), value);
  }

  public static void i64Store(int address, long value, long offset, MemoryInstance memory) {
    memory.put64(memory.effective(address, offset), value);
  }

  public static void i64Store(long address, long value, long offset, MemoryInstance memory) {
    memory.put64(memory.effective(address, offset), value);
  }

  public static void f32Store(int address, float value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), Float.floatToRawIntBits(value));
  }

  public static void f32Store(long address, float value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), Float.floatToRawIntBits(value));
  }

  public static void f64Store(int address, double value, long offset, MemoryInstance memory) {
    memory.put64(memory.effective(address, offset), Double.doubleToRawLongBits(value));
  }

  public static void f64Store(long address, double value, long offset, MemoryInstance memory) {
    memory.put64(memory.effective(address, offset), Double.doubleToRawLongBits(value));
  }

  public static void i32Store8(int address, int value, long offset, MemoryInstance memory) {
    memory.put8(memory.effective(address, offset), (byte) value);
  }

  public static void i32Store8(long address, int value, long offset, MemoryInstance memory) {
    memory.put8(memory.effective(address, offset), (byte) value);
  }

  public static void i32Store16(int address, int value, long offset, MemoryInstance memory) {
    memory.put16(memory.effective(address, offset), (short) value);
  }

  public static void i32Store16(long address, int value, long offset, MemoryInstance memory) {
    memory.put16(memory.effective(address, offset), (short) value);
  }

  public static void i64Store8(int address, long value, long offset, MemoryInstance memory) {
    memory.put8(memory.effective(address, offset), (byte) value);
  }

  public static void i64Store8(long address, long value, long offset, MemoryInstance memory) {
    memory.put8(memory.effective(address, offset), (byte) value);
  }

  public static void i64Store16(int address, long value, long offset, MemoryInstance memory) {
    memory.put16(memory.effective(address, offset), (short) value);
  }

  public static void i64Store16(long address, long value, long offset, MemoryInstance memory) {
    memory.put16(memory.effective(address, offset), (short) value);
  }

  public static void i64Store32(int address, long value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), (int) value);
  }

  public static void i64Store32(long address, long value, long offset, MemoryInstance memory) {
    memory.put32(memory.effective(address, offset), (int) value);
  }

  public static void v128Store(
      int address, long low, long high, long offset, MemoryInstance memory) {
    v128Store(address & 0xFFFF_FFFFL, low, high, offset, memory);
  }

  /** The high half first, because nothing may be written if it does not fit. */
  public static void v128Store(
      long address, long low, long high, long offset, MemoryInstance memory) {
    long ea = memory.effective(address, offset);
    if (ea < 0 || ea > Long.MAX_VALUE - 8) {
      memory.get8(-1);
    }
    memory.put64(ea + 8, high);
    memory.put64(ea, low);
  }
}
