package dev.sampan.wasm.model;

import java.util.Arrays;

/**
 * Bytes in a module that mean nothing to the language itself.
 *
 * @param name what the bytes are for, not necessarily unique
 * @param after the last section of the language before it, in the order of the binary format
 * @param bytes the array that holds the content; not to be changed
 * @param start the content's first byte
 * @param end the index behind the content
 */
public record CustomSection(String name, SectionKind after, byte[] bytes, int start, int end) {

  /** A copy of the content. */
  public byte[] content() {
    return Arrays.copyOfRange(bytes, start, end);
  }

  /** The number of bytes of the content. */
  public int size() {
    return end - start;
  }
}
