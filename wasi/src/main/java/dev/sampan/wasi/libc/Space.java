package dev.sampan.wasi.libc;

import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;

/**
 * The caller's memory as the library sees it: addresses are unsigned 32-bit numbers, and what lies
 * outside is a trap. Long ranges are worked through in chunks; between two of them the thread can
 * be interrupted.
 */
record Space(Memory memory) {

  private static final int FIRST_CHUNK = 128;
  private static final int CHUNK = 1 << 14;
  private static final int FILL_CHUNK = 1 << 20;

  /** An address as the unsigned number that it is. */
  static long unsigned(int number) {
    return Integer.toUnsignedLong(number);
  }

  /** Ends the work if the thread is interrupted. */
  static void poll() {
    if (Thread.currentThread().isInterrupted()) {
      throw new Trap(Trap.Kind.INTERRUPTED);
    }
  }

  private static Trap outOfBounds() {
    return new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
  }

  /** Traps unless a range lies inside. */
  void check(int address, long length) {
    check(unsigned(address), length);
  }

  /** Traps unless a range lies inside; neither number is negative. */
  void check(long address, long length) {
    if (address > memory.size() - length) {
      throw outOfBounds();
    }
  }

  /** The four bytes at an address. */
  int i32(long address) {
    check(address, 4);
    return memory.i32(address);
  }

  /** The eight bytes at an address. */
  long i64(long address) {
    check(address, 8);
    return memory.i64(address);
  }

  /** Sets the byte at an address. */
  void set8(long address, int value) {
    check(address, 1);
    memory.setI8(address, (byte) value);
  }

  /** Sets the four bytes at an address. */
  void set32(long address, int value) {
    check(address, 4);
    memory.setI32(address, value);
  }

  /** Sets the eight bytes at an address. */
  void set64(long address, long value) {
    check(address, 8);
    memory.setI64(address, value);
  }

  /** Copies out. */
  void read(long address, byte[] target, int length) {
    check(address, length);
    memory.read(address, target, 0, length);
  }

  /** Copies in. */
  void write(long address, byte[] source, int length) {
    check(address, length);
    memory.write(address, source, 0, length);
  }

  /** The length of a string; traps if nothing ends it. */
  long stringLength(int address) {
    long start = unsigned(address);
    long length = indexOf(start, Math.max(0, memory.size() - start), (byte) 0);
    if (length < 0) {
      throw outOfBounds();
    }
    return length;
  }

  /** How far behind an address a byte is, or -1 if it is not among so many. */
  long indexOf(long address, long length, byte wanted) {
    check(address, length);
    byte[] chunk = new byte[(int) Math.min(FIRST_CHUNK, length)];
    for (long done = 0; done < length; ) {
      int count = (int) Math.min(chunk.length, length - done);
      memory.read(address + done, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        if (chunk[i] == wanted) {
          return done + i;
        }
      }
      done += count;
      if (done < length && chunk.length < CHUNK) {
        chunk = new byte[(int) Math.min(CHUNK, length - done)];
      } else {
        poll();
      }
    }
    return -1;
  }

  /** Copies a range; the two may overlap. */
  void move(long to, long from, long length) {
    check(from, length);
    check(to, length);
    byte[] chunk = new byte[(int) Math.min(CHUNK, length)];
    boolean backwards = to > from;
    for (long done = 0; done < length; ) {
      int count = (int) Math.min(chunk.length, length - done);
      long offset = backwards ? length - done - count : done;
      memory.read(from + offset, chunk, 0, count);
      memory.write(to + offset, chunk, 0, count);
      done += count;
      if (done < length) {
        poll();
      }
    }
  }

  /** Sets all bytes of a range. */
  void fill(long address, long length, byte value) {
    check(address, length);
    for (long done = 0; done < length; ) {
      long count = Math.min(FILL_CHUNK, length - done);
      memory.fill(address + done, value, count);
      done += count;
      if (done < length) {
        poll();
      }
    }
  }
}
