package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Memory;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import java.util.Arrays;

/**
 * A linear memory. There are two back ends, chosen when a memory is made: one Java array for the
 * usual case, and chunks for memories that several threads share or that may exceed 2 GiB.
 *
 * <p>The methods with an {@code ea} take an effective address: the sum of address and offset as
 * {@link #effective} makes it. They trap unless the whole access lies in the memory.
 */
public abstract sealed class MemoryInstance implements Memory permits HeapMemory, ChunkedMemory {

  private final MemoryType type;
  private final Budget budget;
  private final boolean wide;
  private final Waiters waiters = new Waiters();

  MemoryInstance(MemoryType type, Budget budget) {
    this.type = type;
    this.budget = budget;
    this.wide = type.address() == AddressType.I64;
  }

  /**
   * Makes a memory.
   *
   * @param budget what its bytes are charged to
   * @throws Trap if there is no room for it
   */
  static MemoryInstance create(MemoryType type, Budget budget, ResourceLimits limits) {
    long page = 1L << type.pageSizeLog2();
    long min = type.limits().min();
    if (min < 0 || min > Long.MAX_VALUE / page || !budget.reserve(min * page)) {
      throw tooLarge(type, budget);
    }
    try {
      boolean small =
          Math.min(limits.maxMemory(), saturatingMax(type)) <= HeapMemory.MAX_BYTES
              || limits.maxMemory() <= 1L << 31;
      return type.shared() || !small || min * page > HeapMemory.MAX_BYTES
          ? new ChunkedMemory(type, budget)
          : new HeapMemory(type, budget);
    } catch (OutOfMemoryError e) {
      budget.release(min * page);
      throw tooLarge(type, budget);
    }
  }

  private static long saturatingMax(MemoryType type) {
    Limits limits = type.limits();
    long pages = limits.bounded() ? limits.max() : Long.MAX_VALUE;
    return pages < 0 || pages > Long.MAX_VALUE >> type.pageSizeLog2()
        ? Long.MAX_VALUE
        : pages << type.pageSizeLog2();
  }

  private static Trap tooLarge(MemoryType type, Budget budget) {
    long min = type.limits().min();
    return new Trap(
        Trap.Kind.ALLOCATION_FAILURE,
        "allocation failure: a memory of "
            + Long.toUnsignedString(min)
            + " pages does not fit the limits"
            + budget.reason(min << type.pageSizeLog2()));
  }

  /** The effective address of an access; negative if no memory can be that large. */
  public final long effective(long address, long offset) {
    if (!wide) {
      return (address & 0xFFFF_FFFFL) + offset;
    }
    long sum = address + offset;
    return Long.compareUnsigned(sum, offset) < 0 ? -1 : sum;
  }

  private long effective(long address) {
    return !wide && address < 0 && address >= Integer.MIN_VALUE ? address & 0xFFFF_FFFFL : address;
  }

  static Trap outOfBounds() {
    return new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
  }

  /** Traps unless a range lies in the memory; all numbers unsigned. */
  final void checkRange(long address, long count) {
    long size = size();
    if (address < 0 || count < 0 || address > size - count) {
      throw outOfBounds();
    }
  }

  @Override
  public final MemoryType type() {
    Limits declared = type.limits();
    return new MemoryType(
        type.address(),
        new Limits(pages(), declared.max(), declared.bounded()),
        type.shared(),
        type.pageSizeLog2());
  }

  @Override
  public final MemoryType externType() {
    return type();
  }

  /** Whether several threads may hold it. */
  public final boolean isShared() {
    return type.shared();
  }

  @Override
  public final long pages() {
    return size() >>> type.pageSizeLog2();
  }

  @Override
  public final long grow(long pages) {
    synchronized (this) {
      long before = pages();
      Limits declared = type.limits();
      long max = declared.bounded() ? declared.max() : Long.MAX_VALUE >>> type.pageSizeLog2();
      if (pages < 0 || pages > maxPages() - before || max >= 0 && pages > max - before) {
        return -1;
      }
      long bytes = pages << type.pageSizeLog2();
      if (!budget.reserve(bytes)) {
        return -1;
      }
      try {
        extend(size() + bytes);
      } catch (OutOfMemoryError e) {
        budget.release(bytes);
        return -1;
      }
      return before;
    }
  }

  private long maxPages() {
    int bits = type.address() == AddressType.I32 ? 32 : 62;
    return Math.min(maxBytes(), 1L << bits) >>> type.pageSizeLog2();
  }

  /** The largest size the back end can hold. */
  abstract long maxBytes();

  /** Makes room for a larger size, which is at most {@link #maxBytes}. */
  abstract void extend(long newSize);

  /** Makes it larger or smaller by itself, as when it is brought back to an earlier state. */
  final synchronized void resize(long newSize) {
    long before = size();
    if (newSize > before) {
      if (!budget.reserve(newSize - before)) {
        throw tooLarge(type(), budget);
      }
      try {
        extend(newSize);
      } catch (OutOfMemoryError e) {
        budget.release(newSize - before);
        throw tooLarge(type(), budget);
      }
    } else if (newSize < before) {
      shrink(newSize);
      budget.release(before - newSize);
    }
  }

  /** Becomes smaller. */
  abstract void shrink(long newSize);

  /**
   * Whether a range differs from some bytes.
   *
   * @param buffer as long as the range, to be used
   */
  boolean differs(long ea, byte[] bytes, int length, byte[] buffer) {
    copyOut(ea, buffer, 0, length);
    return !Arrays.equals(buffer, 0, length, bytes, 0, length);
  }

  /** Gives everything back; accesses trap from then on. */
  abstract void close();

  // ---- what executors use ----

  /** Reads a byte. */
  public abstract byte get8(long ea);

  /** Reads two bytes. */
  public abstract short get16(long ea);

  /** Reads four bytes. */
  public abstract int get32(long ea);

  /** Reads eight bytes. */
  public abstract long get64(long ea);

  /** Writes a byte. */
  public abstract void put8(long ea, byte value);

  /** Writes two bytes. */
  public abstract void put16(long ea, short value);

  /** Writes four bytes. */
  public abstract void put32(long ea, int value);

  /** Writes eight bytes. */
  public abstract void put64(long ea, long value);

  /** Reads the four bytes at an aligned address, in the one order of all atomic accesses. */
  abstract int getVolatile32(long ea);

  /** Reads the eight bytes at an aligned address, in the one order of all atomic accesses. */
  abstract long getVolatile64(long ea);

  /** Replaces the four bytes at an aligned address if they are as expected. */
  abstract boolean compareAndSet32(long ea, int expected, int replacement);

  /** Replaces the eight bytes at an aligned address if they are as expected. */
  abstract boolean compareAndSet64(long ea, long expected, long replacement);

  /** Copies out of the memory; the range has been checked. */
  abstract void copyOut(long ea, byte[] target, int offset, int length);

  /** Copies into the memory; the range has been checked. */
  abstract void copyIn(long ea, byte[] source, int offset, int length);

  /** Sets a range to one byte; the range has been checked. */
  abstract void set(long ea, byte value, long length);

  /** Copies between memories, or within one; both ranges have been checked. */
  abstract void copyFrom(MemoryInstance source, long sourceAddress, long address, long length);

  /** Sets a range (Execution › Memory Instructions › memory.fill). */
  public final void fillRange(long address, byte value, long count) {
    checkRange(address, count);
    for (long done = 0; done < count; done += STEP_BYTES) {
      Interruptions.poll();
      set(address + done, value, Math.min(STEP_BYTES, count - done));
    }
  }

  /** So much at a time is filled or copied; in between guests can be stopped. */
  private static final long STEP_BYTES = 4 << 20;

  /** Copies a range (Execution › Memory Instructions › memory.copy). */
  public final void copyRange(long address, MemoryInstance source, long from, long count) {
    source.checkRange(from, count);
    checkRange(address, count);
    boolean backwards = source == this && from < address;
    for (long done = 0; done < count; done += STEP_BYTES) {
      Interruptions.poll();
      long part = Math.min(STEP_BYTES, count - done);
      long at = backwards ? count - done - part : done;
      copyFrom(source, from + at, address + at, part);
    }
  }

  /**
   * Copies from a data segment (Execution › Memory Instructions › memory.init).
   *
   * @param start the first byte's index in the array
   * @param length the number of bytes of the segment, 0 if it has been dropped
   */
  public final void initRange(
      long address, byte[] segment, int start, int length, long offset, long count) {
    if (offset < 0 || count < 0 || offset > length - count) {
      throw outOfBounds();
    }
    checkRange(address, count);
    copyIn(address, segment, start + (int) offset, (int) count);
  }

  /**
   * Waits for a notification (Threads proposal › memory.atomic.wait).
   *
   * @param width 4 or 8 bytes to compare
   * @param timeout nanoseconds, negative for ever
   * @return 0 if notified, 1 if the value was another, 2 if the time ran out
   */
  public final int await(long ea, int width, long expected, long timeout) {
    if (!isShared()) {
      throw new Trap(Trap.Kind.EXPECTED_SHARED_MEMORY);
    }
    int outcome = waiters.await(this, ea, width, expected, timeout);
    Interruptions.pollAfterBlocking();
    return outcome;
  }

  /** Wakes waiting threads (Threads proposal › memory.atomic.notify), and yields how many. */
  public final int wake(long ea, int count) {
    Atomics.load(this, ea, 4);
    return isShared() ? waiters.notify(ea, count) : 0;
  }

  // ---- the public interface ----

  @Override
  public final byte i8(long address) {
    return get8(effective(address));
  }

  @Override
  public final short i16(long address) {
    return get16(effective(address));
  }

  @Override
  public final int i32(long address) {
    return get32(effective(address));
  }

  @Override
  public final long i64(long address) {
    return get64(effective(address));
  }

  @Override
  public final void setI8(long address, byte value) {
    put8(effective(address), value);
  }

  @Override
  public final void setI16(long address, short value) {
    put16(effective(address), value);
  }

  @Override
  public final void setI32(long address, int value) {
    put32(effective(address), value);
  }

  @Override
  public final void setI64(long address, long value) {
    put64(effective(address), value);
  }

  @Override
  public final void read(long address, byte[] target, int offset, int length) {
    long ea = effective(address);
    checkRange(ea, length);
    copyOut(ea, target, offset, length);
  }

  @Override
  public final void write(long address, byte[] source, int offset, int length) {
    long ea = effective(address);
    checkRange(ea, length);
    copyIn(ea, source, offset, length);
  }

  @Override
  public final void fill(long address, byte value, long length) {
    fillRange(effective(address), value, length);
  }
}
