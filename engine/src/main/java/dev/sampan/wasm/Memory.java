package dev.sampan.wasm;

import dev.sampan.wasm.model.MemoryType;
import java.nio.charset.StandardCharsets;

/**
 * A linear memory (Execution › Runtime Structure › Memory Instances). All values are little endian.
 *
 * <p>Addresses are in bytes and unsigned. For a memory with 32-bit addresses a negative address
 * down to -2<sup>31</sup> means the upper half, so that an {@code i32} can be passed on as it is.
 * An access past the end throws {@link Trap} with kind {@link Trap.Kind#OUT_OF_BOUNDS_MEMORY}.
 */
public non-sealed interface Memory extends Extern {

  /** The type, with the present size as minimum. */
  MemoryType type();

  /** The size in pages. */
  long pages();

  /** The size in bytes. */
  long size();

  /**
   * Adds pages.
   *
   * @return the size before, in pages, or -1 if the limits forbid the growth
   */
  long grow(long pages);

  /** The byte at an address. */
  byte i8(long address);

  /** The two bytes at an address. */
  short i16(long address);

  /** The four bytes at an address. */
  int i32(long address);

  /** The eight bytes at an address. */
  long i64(long address);

  /** Sets the byte at an address. */
  void setI8(long address, byte value);

  /** Sets the two bytes at an address. */
  void setI16(long address, short value);

  /** Sets the four bytes at an address. */
  void setI32(long address, int value);

  /** Sets the eight bytes at an address. */
  void setI64(long address, long value);

  /** Copies bytes out of the memory. */
  void read(long address, byte[] target, int offset, int length);

  /** Copies bytes into the memory. */
  void write(long address, byte[] source, int offset, int length);

  /** Sets a range to one byte. */
  void fill(long address, byte value, long length);

  /** The bytes of a range. */
  default byte[] bytes(long address, int length) {
    if (length < 0 || length > size()) {
      throw new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
    }
    byte[] bytes = new byte[length];
    read(address, bytes, 0, length);
    return bytes;
  }

  /** A range as text in UTF-8; malformed bytes become replacement characters. */
  default String utf8(long address, int length) {
    return new String(bytes(address, length), StandardCharsets.UTF_8);
  }
}
