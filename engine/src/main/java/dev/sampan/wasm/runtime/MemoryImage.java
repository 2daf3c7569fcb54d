package dev.sampan.wasm.runtime;

import java.util.Arrays;

/**
 * The bytes of a memory at one time; what is zero takes no room. Restoring writes only where the
 * memory differs, because comparing is cheaper than copying, and most of a memory stays as it is.
 */
final class MemoryImage {

  /** So much is compared, and copied if it differs. */
  private static final int PIECE = 1 << 14;

  private static final byte[] ZEROS = new byte[PIECE];

  private final long size;
  private final byte[][] pieces;

  private MemoryImage(long size, byte[][] pieces) {
    this.size = size;
    this.pieces = pieces;
  }

  static MemoryImage of(MemoryInstance memory) {
    long size = memory.size();
    byte[][] pieces = new byte[(int) ((size + PIECE - 1) / PIECE)][];
    int count = 0;
    byte[] buffer = new byte[PIECE];
    for (int i = 0; i < pieces.length; i++) {
      int length = (int) Math.min(PIECE, size - (long) i * PIECE);
      memory.copyOut((long) i * PIECE, buffer, 0, length);
      if (Arrays.equals(buffer, 0, length, ZEROS, 0, length)) {
        pieces[i] = ZEROS;
      } else {
        pieces[i] = Arrays.copyOf(buffer, length);
        count = i + 1;
      }
    }
    return new MemoryImage(size, Arrays.copyOf(pieces, count));
  }

  /** Makes a memory what was kept. */
  void restore(MemoryInstance memory) {
    memory.resize(size);
    byte[] buffer = new byte[PIECE];
    for (long at = 0; at < size; at += PIECE) {
      int index = (int) (at / PIECE);
      int length = (int) Math.min(PIECE, size - at);
      byte[] wanted = index < pieces.length ? pieces[index] : ZEROS;
      if (memory.differs(at, wanted, length, buffer)) {
        memory.copyIn(at, wanted, 0, length);
      }
    }
  }
}
