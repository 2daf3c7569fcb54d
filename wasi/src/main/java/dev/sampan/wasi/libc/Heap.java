package dev.sampan.wasi.libc;

import dev.sampan.wasm.Memory;
import java.util.BitSet;

/**
 * The host's own allocator in a guest's memory, for guests that bring none. It uses what the linker
 * left free in the memory the guest begins with, and then grows the memory; pages that the guest
 * itself has added are never touched.
 *
 * <p>What is in use stands in two bit sets outside of memory, one bit for 16 bytes, so that a guest
 * which writes past the end of a piece spoils its own data only. The search goes on where the last
 * one ended.
 */
final class Heap implements Allocator {

  private static final int UNIT_LOG2 = 4;
  private static final int UNIT = 1 << UNIT_LOG2;
  private static final long ADDRESSES = 1L << 32;

  /** After so many free places that are too small the thread is asked whether it is interrupted. */
  private static final int STEPS = 1 << 14;

  private final Memory memory;
  private final Space space;

  /** The address of unit 0. */
  private final long base;

  private final BitSet used = new BitSet();
  private final BitSet first = new BitSet();

  /** Where units begin that are not the heap's, but lie between those that are. */
  private final BitSet foreign = new BitSet();

  /** How many units there are, with those between that are not the heap's. */
  private int units;

  private int free;
  private int next;

  /**
   * A heap.
   *
   * @param start where free room begins
   * @param end where it ends; not behind {@code start} if there is none
   */
  Heap(Memory memory, long start, long end) {
    this.memory = memory;
    this.space = new Space(memory);
    long to = Math.min(end, memory.size()) & -UNIT;
    boolean room = start < to;
    // address 0 means that there is no room, so nothing may lie there
    base = Math.max(UNIT, aligned(room ? start : memory.size()));
    if (room && base < to) {
      add(base, to);
    }
  }

  private static long aligned(long address) {
    return address + UNIT - 1 & -UNIT;
  }

  private int unit(long address) {
    return (int) (address - base >>> UNIT_LOG2);
  }

  private int address(int unit) {
    return (int) (base + ((long) unit << UNIT_LOG2));
  }

  private static int unitsFor(long size) {
    return (int) (Math.max(size, 1) + UNIT - 1 >>> UNIT_LOG2);
  }

  /** Adds a range behind all there is; what lies between belongs to somebody else. */
  private void add(long from, long to) {
    if (unit(from) > units) {
      used.set(units, unit(from));
      first.set(units);
      foreign.set(units);
    }
    units = unit(to);
    free += unit(to) - unit(from);
  }

  @Override
  public synchronized int allocate(long size) {
    if (size >= ADDRESSES) {
      return 0;
    }
    int count = unitsFor(size);
    int unit = find(count);
    if (unit < 0 && grow(count)) {
      unit = find(count);
    }
    if (unit < 0) {
      return 0;
    }
    take(unit, count);
    return address(unit);
  }

  private void take(int unit, int count) {
    used.set(unit, unit + count);
    first.set(unit);
    free -= count;
    next = unit + count;
  }

  /** A run of free units, or -1. */
  private int find(int count) {
    if (count > free) {
      return -1;
    }
    int unit = find(count, next, units);
    return unit >= 0 ? unit : find(count, 0, (int) Math.min(units, (long) next + count - 1));
  }

  private int find(int count, int from, int to) {
    int unit = used.nextClearBit(from);
    for (int step = 1; unit <= to - count; step++) {
      int end = used.nextSetBit(unit);
      if (end < 0 || end - unit >= count) {
        return unit;
      }
      unit = used.nextClearBit(end);
      if (step % STEPS == 0) {
        Space.poll();
      }
    }
    return -1;
  }

  /** Grows the memory by half of the heap if possible, because growing may copy all of it. */
  private boolean grow(int count) {
    long needed = (long) count << UNIT_LOG2;
    long generous = Math.max(needed, (long) units << UNIT_LOG2 - 1);
    return growBy(generous) || growBy(needed);
  }

  private boolean growBy(long bytes) {
    int pageSizeLog2 = memory.type().pageSizeLog2();
    long before = memory.size();
    long from = Math.max(aligned(before), base);
    long pages = (from - before + bytes - 1 >> pageSizeLog2) + 1;
    if (before + (pages << pageSizeLog2) > ADDRESSES) {
      return false;
    }
    long grownFrom = memory.grow(pages);
    if (grownFrom < 0) {
      return false;
    }
    // another thread may have grown the memory meanwhile
    long start = Math.max(aligned(grownFrom << pageSizeLog2), base);
    long end = Math.min(grownFrom + pages << pageSizeLog2, ADDRESSES) & -UNIT;
    if (end > start) {
      add(start, end);
    }
    return true;
  }

  /** The unit where a piece begins, or -1. */
  private int piece(int address) {
    long distance = Space.unsigned(address) - base;
    if (distance < 0 || distance % UNIT != 0) {
      return -1;
    }
    int unit = (int) (distance >>> UNIT_LOG2);
    return first.get(unit) && !foreign.get(unit) ? unit : -1;
  }

  /** Where a piece ends: at the next one, at something free or foreign, or with the heap. */
  private int end(int unit) {
    int clear = used.nextClearBit(unit);
    int other = first.nextSetBit(unit + 1);
    int end = Math.min(clear, units);
    return other < 0 ? end : Math.min(end, other);
  }

  @Override
  public synchronized void free(int address) {
    int unit = piece(address);
    if (unit >= 0) {
      int end = end(unit);
      first.clear(unit);
      used.clear(unit, end);
      free += end - unit;
    }
  }

  @Override
  public synchronized int reallocate(int address, long size) {
    if (address == 0) {
      return allocate(size);
    }
    int unit = piece(address);
    if (unit < 0 || size >= ADDRESSES) {
      return 0;
    }
    int had = end(unit) - unit;
    int count = unitsFor(size);
    if (count <= had) {
      used.clear(unit + count, unit + had);
      free += had - count;
      return address;
    }
    int behind = used.nextSetBit(unit + had);
    if ((long) unit + count <= (behind < 0 ? units : behind)) {
      used.set(unit + had, unit + count);
      free -= count - had;
      return address;
    }
    int fresh = allocate(size);
    if (fresh != 0) {
      space.move(Space.unsigned(fresh), Space.unsigned(address), (long) had << UNIT_LOG2);
      free(address);
    }
    return fresh;
  }
}
