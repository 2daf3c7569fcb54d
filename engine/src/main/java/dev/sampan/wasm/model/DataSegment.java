package dev.sampan.wasm.model;

import org.jspecify.annotations.Nullable;

/**
 * Bytes for memories.
 *
 * @param mode what becomes of it
 * @param memory the memory, if active
 * @param offset where in the memory, if active, else null
 * @param bytes the array that holds the bytes; not to be changed
 * @param start the first byte's index
 * @param end the index behind the last byte
 */
public record DataSegment(
    SegmentMode mode, int memory, @Nullable Expr offset, byte[] bytes, int start, int end) {

  /** The number of bytes. */
  public int size() {
    return end - start;
  }
}
