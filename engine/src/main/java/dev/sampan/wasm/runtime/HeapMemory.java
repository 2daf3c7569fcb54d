package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A memory in one Java array: the fast back end, for memories of one thread below 2 GiB.
 *
 * <p>The array is as long as the memory, so that compiled code needs no check but the Java virtual
 * machine's own. The price is that growing copies the memory.
 */
public final class HeapMemory extends MemoryInstance {

  /** The largest size, 64 KiB less than 2 GiB. */
  static final long MAX_BYTES = (1L << 31) - (1 << 16);

  static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The array that holds the memory; another one after growth. For executors, to be read only. */
  public byte[] bytes;

  /** The size in bytes, which is the array's length. For executors, to be read only. */
  public int limit;

  HeapMemory(MemoryType type, Budget budget) {
    super(type, budget);
    limit = (int) (type.limits().min() << type.pageSizeLog2());
    bytes = new byte[limit];
  }

  /** A memory without bytes, to stand where there is none. */
  public static HeapMemory empty() {
    return new HeapMemory(
        new MemoryType(AddressType.I32, Limits.between(0, 0), false, 16), new Budget(0));
  }

  @Override
  public long size() {
    return limit;
  }

  @Override
  long maxBytes() {
    return MAX_BYTES;
  }

  @Override
  void extend(long newSize) {
    bytes = Arrays.copyOf(bytes, (int) newSize);
    limit = (int) newSize;
  }

  @Override
  void shrink(long newSize) {
    extend(newSize);
  }

  @Override
  boolean differs(long ea, byte[] other, int length, byte[] buffer) {
    int from = (int) ea;
    return !Arrays.equals(bytes, from, from + length, other, 0, length);
  }

  @Override
  void close() {
    bytes = new byte[0];
    limit = 0;
  }

  private int check(long ea, int width) {
    if (ea < 0 || ea > limit - width) {
      throw outOfBounds();
    }
    return (int) ea;
  }

  @Override
  public byte get8(long ea) {
    return bytes[check(ea, 1)];
  }

  @Override
  public short get16(long ea) {
    return (short) SHORTS.get(bytes, check(ea, 2));
  }

  @Override
  public int get32(long ea) {
    return (int) INTS.get(bytes, check(ea, 4));
  }

  @Override
  public long get64(long ea) {
    return (long) LONGS.get(bytes, check(ea, 8));
  }

  @Override
  public void put8(long ea, byte value) {
    bytes[check(ea, 1)] = value;
  }

  @Override
  public void put16(long ea, short value) {
    SHORTS.set(bytes, check(ea, 2), value);
  }

  @Override
  public void put32(long ea, int value) {
    INTS.set(bytes, check(ea, 4), value);
  }

  @Override
  public void put64(long ea, long value) {
    LONGS.set(bytes, check(ea, 8), value);
  }

  @Override
  int getVolatile32(long ea) {
    return get32(ea);
  }

  @Override
  long getVolatile64(long ea) {
    return get64(ea);
  }

  @Override
  boolean compareAndSet32(long ea, int expected, int replacement) {
    if (get32(ea) != expected) {
      return false;
    }
    put32(ea, replacement);
    return true;
  }

  @Override
  boolean compareAndSet64(long ea, long expected, long replacement) {
    if (get64(ea) != expected) {
      return false;
    }
    put64(ea, replacement);
    return true;
  }

  @Override
  void copyOut(long ea, byte[] target, int offset, int length) {
    System.arraycopy(bytes, (int) ea, target, offset, length);
  }

  @Override
  void copyIn(long ea, byte[] source, int offset, int length) {
    System.arraycopy(source, offset, bytes, (int) ea, length);
  }

  @Override
  void set(long ea, byte value, long length) {
    Arrays.fill(bytes, (int) ea, (int) (ea + length), value);
  }

  @Override
  void copyFrom(MemoryInstance source, long sourceAddress, long address, long length) {
    source.copyOut(sourceAddress, bytes, (int) address, (int) length);
  }
}
