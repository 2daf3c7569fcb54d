package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.HeapMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Accesses of compiled code to a memory that is an array, with 32-bit addresses: two methods per
 * instruction, named by its mnemonic in lower camel case, one of them without offset. Offsets are
 * below 2 GiB; other accesses go through {@link MemoryAccess}.
 *
 * <p>The array is exactly as long as the memory, so the Java virtual machine's own check of the
 * index is the memory's, and its exception becomes the trap where the guest is left. The sum of
 * address and offset as an {@code int} is right unless the address is past 2 GiB, where no such
 * memory reaches; such addresses, which look negative, go the long way.
 *
 * <p>No method on numbers is longer than 35 bytes, because HotSpot copies no longer ones to rare
 * callers. Its first compiler copies byte accesses only: the others it leaves as calls, because the
 * build makes them claim a deep operand stack.
 */
public final class HeapAccess {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private HeapAccess() {}

  public static int i32Load(int address, HeapMemory memory) {
    return (int) INTS.get(memory.bytes, address);
  }

  public static int i32Load(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI32Load(address, offset, memory)
        : (int) INTS.get(memory.bytes, address + offset);
  }

  private static int slowI32Load(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i32Load(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load(int address, HeapMemory memory) {
    return (long) LONGS.get(memory.bytes, address);
  }

  public static long i64Load(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load(address, offset, memory)
        : (long) LONGS.get(memory.bytes, address + offset);
  }

  private static long slowI64Load(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static float f32Load(int address, HeapMemory memory) {
    return Float.intBitsToFloat((int) INTS.get(memory.bytes, address));
  }

  public static float f32Load(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowF32Load(address, offset, memory)
        : Float.intBitsToFloat((int) INTS.get(memory.bytes, address + offset));
  }

  private static float slowF32Load(int address, int offset, HeapMemory memory) {
    return MemoryAccess.f32Load(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static double f64Load(int address, HeapMemory memory) {
    return Double.longBitsToDouble((long) LONGS.get(memory.bytes, address));
  }

  public static double f64Load(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowF64Load(address, offset, memory)
        : Double.longBitsToDouble((long) LONGS.get(memory.bytes, address + offset));
  }

  private static double slowF64Load(int address, int offset, HeapMemory memory) {
    return MemoryAccess.f64Load(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static int i32Load8S(int address, HeapMemory memory) {
    return memory.bytes[address];
  }

  public static int i32Load8S(int address, int offset, HeapMemory memory) {
    return address < 0 ? slowI32Load8S(address, offset, memory) : memory.bytes[address + offset];
  }

  private static int slowI32Load8S(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i32Load8S(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static int i32Load8U(int address, HeapMemory memory) {
    return memory.bytes[address] & 0xFF;
  }

  public static int i32Load8U(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI32Load8U(address, offset, memory)
        : memory.bytes[address + offset] & 0xFF;
  }

  private static int slowI32Load8U(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i32Load8U(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static int i32Load16S(int address, HeapMemory memory) {
    return (short) SHORTS.get(memory.bytes, address);
  }

  public static int i32Load16S(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI32Load16S(address, offset, memory)
        : (short) SHORTS.get(memory.bytes, address + offset);
  }

  private static int slowI32Load16S(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i32Load16S(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static int i32Load16U(int address, HeapMemory memory) {
    return (short) SHORTS.get(memory.bytes, address) & 0xFFFF;
  }

  public static int i32Load16U(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI32Load16U(address, offset, memory)
        : (short) SHORTS.get(memory.bytes, address + offset) & 0xFFFF;
  }

  private static int slowI32Load16U(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i32Load16U(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load8S(int address, HeapMemory memory) {
    return memory.bytes[address];
  }

  public static long i64Load8S(int address, int offset, HeapMemory memory) {
    return address < 0 ? slowI64Load8S(address, offset, memory) : memory.bytes[address + offset];
  }

  private static long slowI64Load8S(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load8S(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load8U(int address, HeapMemory memory) {
    return memory.bytes[address] & 0xFF;
  }

  public static long i64Load8U(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load8U(address, offset, memory)
        : memory.bytes[address + offset] & 0xFF;
  }

  private static long slowI64Load8U(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load8U(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load16S(int address, HeapMemory memory) {
    return (short) SHORTS.get(memory.bytes, address);
  }

  public static long i64Load16S(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load16S(address, offset, memory)
        : (short) SHORTS.get(memory.bytes, address + offset);
  }

  private static long slowI64Load16S(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load16S(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load16U(int address, HeapMemory memory) {
    return (short) SHORTS.get(memory.bytes, address) & 0xFFFF;
  }

  public static long i64Load16U(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load16U(address, offset, memory)
        : (short) SHORTS.get(memory.bytes, address + offset) & 0xFFFF;
  }

  private static long slowI64Load16U(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load16U(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load32S(int address, HeapMemory memory) {
    return (int) INTS.get(memory.bytes, address);
  }

  public static long i64Load32S(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load32S(address, offset, memory)
        : (int) INTS.get(memory.bytes, address + offset);
  }

  private static long slowI64Load32S(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load32S(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static long i64Load32U(int address, HeapMemory memory) {
    return (int) INTS.get(memory.bytes, address) & 0xFFFF_FFFFL;
  }

  public static long i64Load32U(int address, int offset, HeapMemory memory) {
    return address < 0
        ? slowI64Load32U(address, offset, memory)
        : (int) INTS.get(memory.bytes, address + offset) & 0xFFFF_FFFFL;
  }

  private static long slowI64Load32U(int address, int offset, HeapMemory memory) {
    return MemoryAccess.i64Load32U(address & 0xFFFF_FFFFL, offset, memory);
  }

  public static void i32Store(int address, int value, HeapMemory memory) {
    INTS.set(memory.bytes, address, value);
  }

  public static void i32Store(int address, int value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i32Store(address, value, (long) offset, memory);
    } else {
      INTS.set(memory.bytes, address + offset, value);
    }
  }

  public static void i64Store(int address, long value, HeapMemory memory) {
    LONGS.set(memory.bytes, address, value);
  }

  public static void i64Store(int address, long value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i64Store(address, value, (long) offset, memory);
    } else {
      LONGS.set(memory.bytes, address + offset, value);
    }
  }

  public static void f32Store(int address, float value, HeapMemory memory) {
    INTS.set(memory.bytes, address, Float.floatToRawIntBits(value));
  }

  public static void f32Store(int address, float value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.f32Store(address, value, (long) offset, memory);
    } else {
      INTS.set(memory.bytes, address + offset, Float.floatToRawIntBits(value));
    }
  }

  public static void f64Store(int address, double value, HeapMemory memory) {
    LONGS.set(memory.bytes, address, Double.doubleToRawLongBits(value));
  }

  public static void f64Store(int address, double value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.f64Store(address, value, (long) offset, memory);
    } else {
      LONGS.set(memory.bytes, address + offset, Double.doubleToRawLongBits(value));
    }
  }

  public static void i32Store8(int address, int value, HeapMemory memory) {
    memory.bytes[address] = (byte) value;
  }

  public static void i32Store8(int address, int value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i32Store8(address, value, (long) offset, memory);
    } else {
      memory.bytes[address + offset] = (byte) value;
    }
  }

  public static void i32Store16(int address, int value, HeapMemory memory) {
    SHORTS.set(memory.bytes, address, (short) value);
  }

  public static void i32Store16(int address, int value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i32Store16(address, value, (long) offset, memory);
    } else {
      SHORTS.set(memory.bytes, address + offset, (short) value);
    }
  }

  public static void i64Store8(int address, long value, HeapMemory memory) {
    memory.bytes[address] = (byte) value;
  }

  public static void i64Store8(int address, long value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i64Store8(address, value, (long) offset, memory);
    } else {
      memory.bytes[address + offset] = (byte) value;
    }
  }

  public static void i64Store16(int address, long value, HeapMemory memory) {
    SHORTS.set(memory.bytes, address, (short) value);
  }

  public static void i64Store16(int address, long value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i64Store16(address, value, (long) offset, memory);
    } else {
      SHORTS.set(memory.bytes, address + offset, (short) value);
    }
  }

  public static void i64Store32(int address, long value, HeapMemory memory) {
    INTS.set(memory.bytes, address, (int) value);
  }

  public static void i64Store32(int address, long value, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.i64Store32(address, value, (long) offset, memory);
    } else {
      INTS.set(memory.bytes, address + offset, (int) value);
    }
  }

  /** The high half first, because nothing may be written if it does not fit. */
  public static void v128Store(int address, long low, long high, int offset, HeapMemory memory) {
    if (address < 0) {
      MemoryAccess.v128Store(address, low, high, (long) offset, memory);
    } else {
      LONGS.set(memory.bytes, address + offset + 8, high);
      LONGS.set(memory.bytes, address + offset, low);
    }
  }
}
