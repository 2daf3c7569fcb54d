package dev.sampan.wasi.libc;

import dev.sampan.wasm.Trap;

/** Reads single bytes of memory, mostly one after the other, through a buffer. */
final class ByteReader {

  private static final int FIRST_CHUNK = 64;
  private static final int CHUNK = 1 << 12;

  private final Space space;
  private byte[] chunk = new byte[FIRST_CHUNK];
  private long start;
  private int length;

  ByteReader(Space space) {
    this.space = space;
  }

  /** The byte at an address, as an unsigned number; traps outside of memory. */
  int at(long address) {
    long index = address - start;
    if (index < 0 || index >= length) {
      load(address);
      index = 0;
    }
    return Byte.toUnsignedInt(chunk[(int) index]);
  }

  private void load(long address) {
    long rest = space.memory().size() - address;
    if (rest <= 0) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    if (length > 0) {
      Space.poll();
      if (chunk.length < CHUNK) {
        chunk = new byte[CHUNK];
      }
    }
    start = address;
    length = (int) Math.min(chunk.length, rest);
    space.read(address, chunk, length);
  }
}
