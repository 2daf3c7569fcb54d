package dev.sampan.wasm.compile;

import dev.sampan.wasm.runtime.HeapMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Accesses of compiled code to a memory that is an array, with 32-bit addresses: one method per
 * instruction, named by its mnemonic in lower camel case.
 *
 * <p>The array is exactly as long as the memory, so the Java virtual machine's own check of the
 * index is the memory's, and its exception becomes the trap where the guest is left. Address and
 * offset are unsigned. Their sum as an {@code int} is right unless one of them is past 2 GiB, where
 * no such memory reaches; HotSpot drops the test where the offset is the constant zero.
 */
public final class HeapAccess {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private HeapAccess() {}

  private static IndexOutOfBoundsException outOfBounds() {
    return new IndexOutOfBoundsException();
  }

  public static int i32Load(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (int) INTS.get(memory.bytes, address + offset);
  }

  public static long i64Load(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (long) LONGS.get(memory.bytes, address + offset);
  }

  public static float f32Load(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return Float.intBitsToFloat((int) INTS.get(memory.bytes, address + offset));
  }

  public static double f64Load(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return Double.longBitsToDouble((long) LONGS.get(memory.bytes, address + offset));
  }

  public static int i32Load8S(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return memory.bytes[address + offset];
  }

  public static int i32Load8U(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return memory.bytes[address + offset] & 0xFF;
  }

  public static int i32Load16S(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (short) SHORTS.get(memory.bytes, address + offset);
  }

  public static int i32Load16U(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (short) SHORTS.get(memory.bytes, address + offset) & 0xFFFF;
  }

  public static long i64Load8S(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return memory.bytes[address + offset];
  }

  public static long i64Load8U(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return memory.bytes[address + offset] & 0xFF;
  }

  public static long i64Load16S(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (short) SHORTS.get(memory.bytes, address + offset);
  }

  public static long i64Load16U(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (short) SHORTS.get(memory.bytes, address + offset) & 0xFFFF;
  }

  public static long i64Load32S(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (int) INTS.get(memory.bytes, address + offset);
  }

  public static long i64Load32U(int address, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    return (int) INTS.get(memory.bytes, address + offset) & 0xFFFF_FFFFL;
  }

  public static void i32Store(int address, int value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    INTS.set(memory.bytes, address + offset, value);
  }

  public static void i64Store(int address, long value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    LONGS.set(memory.bytes, address + offset, value);
  }

  public static void f32Store(int address, float value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    INTS.set(memory.bytes, address + offset, Float.floatToRawIntBits(value));
  }

  public static void f64Store(int address, double value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    LONGS.set(memory.bytes, address + offset, Double.doubleToRawLongBits(value));
  }

  public static void i32Store8(int address, int value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    memory.bytes[address + offset] = (byte) value;
  }

  public static void i32Store16(int address, int value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    SHORTS.set(memory.bytes, address + offset, (short) value);
  }

  public static void i64Store8(int address, long value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    memory.bytes[address + offset] = (byte) value;
  }

  public static void i64Store16(int address, long value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    SHORTS.set(memory.bytes, address + offset, (short) value);
  }

  public static void i64Store32(int address, long value, int offset, HeapMemory memory) {
    if (offset != 0 && (address | offset) < 0) {
      throw outOfBounds();
    }
    INTS.set(memory.bytes, address + offset, (int) value);
  }

  /** The high half first, because nothing may be written if it does not fit. */
  public static void v128Store(int address, long low, long high, int offset, HeapMemory memory) {
    if ((address | offset) < 0 || offset > Integer.MAX_VALUE - 8) {
      throw outOfBounds();
    }
    byte[] bytes = memory.bytes;
    LONGS.set(bytes, address + offset + 8, high);
    LONGS.set(bytes, address + offset, low);
  }
}
