package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.MemoryType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A memory in chunks that never move: for memories that several threads share, which may grow while
 * others are reading, and for memories above 2 GiB. A chunk is an array of longs, because those
 * alone allow atomic access at their natural alignment. Only an access across two chunks is slow.
 */
final class ChunkedMemory extends MemoryInstance {

  private static final int CHUNK_LOG2 = 16;
  private static final int CHUNK_BYTES = 1 << CHUNK_LOG2;
  private static final int CHUNK_MASK = CHUNK_BYTES - 1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ATOMIC_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle ATOMIC_LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private volatile MemorySegment[] chunks = {};
  private volatile long size;

  ChunkedMemory(MemoryType type, Budget budget) {
    super(type, budget);
    extend(type.limits().min() << type.pageSizeLog2());
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  long maxBytes() {
    return (long) Integer.MAX_VALUE << CHUNK_LOG2;
  }

  @Override
  void extend(long newSize) {
    int count = (int) (newSize + CHUNK_MASK >>> CHUNK_LOG2);
    MemorySegment[] old = chunks;
    if (count > old.length) {
      MemorySegment[] grown = Arrays.copyOf(old, count);
      for (int i = old.length; i < count; i++) {
        grown[i] = MemorySegment.ofArray(new long[CHUNK_BYTES / 8]);
      }
      chunks = grown;
    }
    size = newSize;
  }

  @Override
  void shrink(long newSize) {
    size = newSize;
    int count = (int) (newSize + CHUNK_MASK >>> CHUNK_LOG2);
    chunks = Arrays.copyOf(chunks, count);
    if ((newSize & CHUNK_MASK) != 0) {
      // the rest of the last chunk must be zero if the memory grows again
      chunks[count - 1].asSlice(newSize & CHUNK_MASK).fill((byte) 0);
    }
  }

  @Override
  void close() {
    size = 0;
    chunks = new MemorySegment[0];
  }

  private MemorySegment chunk(long ea, int width) {
    if (ea < 0 || ea > size - width) {
      throw outOfBounds();
    }
    return chunks[(int) (ea >>> CHUNK_LOG2)];
  }

  private static boolean crosses(long ea, int width) {
    return (ea & CHUNK_MASK) > CHUNK_BYTES - width;
  }

  private long slowGet(long ea, int width) {
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = value << 8 | get8(ea + i) & 0xFF;
    }
    return value;
  }

  private void slowPut(long ea, int width, long value) {
    for (int i = 0; i < width; i++) {
      put8(ea + i, (byte) (value >>> 8 * i));
    }
  }

  @Override
  public byte get8(long ea) {
    return chunk(ea, 1).get(ValueLayout.JAVA_BYTE, ea & CHUNK_MASK);
  }

  @Override
  public short get16(long ea) {
    MemorySegment chunk = chunk(ea, 2);
    return crosses(ea, 2) ? (short) slowGet(ea, 2) : chunk.get(SHORT, ea & CHUNK_MASK);
  }

  @Override
  public int get32(long ea) {
    MemorySegment chunk = chunk(ea, 4);
    return crosses(ea, 4) ? (int) slowGet(ea, 4) : chunk.get(INT, ea & CHUNK_MASK);
  }

  @Override
  public long get64(long ea) {
    MemorySegment chunk = chunk(ea, 8);
    return crosses(ea, 8) ? slowGet(ea, 8) : chunk.get(LONG, ea & CHUNK_MASK);
  }

  @Override
  public void put8(long ea, byte value) {
    chunk(ea, 1).set(ValueLayout.JAVA_BYTE, ea & CHUNK_MASK, value);
  }

  @Override
  public void put16(long ea, short value) {
    MemorySegment chunk = chunk(ea, 2);
    if (crosses(ea, 2)) {
      slowPut(ea, 2, value);
    } else {
      chunk.set(SHORT, ea & CHUNK_MASK, value);
    }
  }

  @Override
  public void put32(long ea, int value) {
    MemorySegment chunk = chunk(ea, 4);
    if (crosses(ea, 4)) {
      slowPut(ea, 4, value);
    } else {
      chunk.set(INT, ea & CHUNK_MASK, value);
    }
  }

  @Override
  public void put64(long ea, long value) {
    MemorySegment chunk = chunk(ea, 8);
    if (crosses(ea, 8)) {
      slowPut(ea, 8, value);
    } else {
      chunk.set(LONG, ea & CHUNK_MASK, value);
    }
  }

  @Override
  int getVolatile32(long ea) {
    return (int) ATOMIC_INT.getVolatile(chunk(ea, 1), ea & CHUNK_MASK);
  }

  @Override
  long getVolatile64(long ea) {
    return (long) ATOMIC_LONG.getVolatile(chunk(ea, 8), ea & CHUNK_MASK);
  }

  @Override
  boolean compareAndSet32(long ea, int expected, int replacement) {
    return ATOMIC_INT.compareAndSet(chunk(ea, 1), ea & CHUNK_MASK, expected, replacement);
  }

  @Override
  boolean compareAndSet64(long ea, long expected, long replacement) {
    return ATOMIC_LONG.compareAndSet(chunk(ea, 8), ea & CHUNK_MASK, expected, replacement);
  }

  /** Does something with the part of a range that lies in one chunk. */
  private interface Piece {
    void accept(MemorySegment chunk, long offset, long done, long length);
  }

  private void forEachPiece(long ea, long length, Piece piece) {
    MemorySegment[] all = chunks;
    long done = 0;
    while (done < length) {
      long at = ea + done;
      long offset = at & CHUNK_MASK;
      long part = Math.min(length - done, CHUNK_BYTES - offset);
      piece.accept(all[(int) (at >>> CHUNK_LOG2)], offset, done, part);
      done += part;
    }
  }

  @Override
  void copyOut(long ea, byte[] target, int offset, int length) {
    MemorySegment to = MemorySegment.ofArray(target);
    forEachPiece(
        ea,
        length,
        (chunk, at, done, part) -> MemorySegment.copy(chunk, at, to, offset + done, part));
  }

  @Override
  void copyIn(long ea, byte[] source, int offset, int length) {
    MemorySegment from = MemorySegment.ofArray(source);
    forEachPiece(
        ea,
        length,
        (chunk, at, done, part) -> MemorySegment.copy(from, offset + done, chunk, at, part));
  }

  @Override
  void set(long ea, byte value, long length) {
    forEachPiece(ea, length, (chunk, at, done, part) -> chunk.asSlice(at, part).fill(value));
  }

  @Override
  void copyFrom(MemoryInstance source, long sourceAddress, long address, long length) {
    byte[] buffer = new byte[(int) Math.min(length, CHUNK_BYTES)];
    boolean backwards = source == this && sourceAddress < address;
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(length - done, buffer.length);
      long at = backwards ? length - done - part : done;
      source.copyOut(sourceAddress + at, buffer, 0, part);
      copyIn(address + at, buffer, 0, part);
      done += part;
    }
  }
}
