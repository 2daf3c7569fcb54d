package dev.sampan.wasm.binary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes with the encodings of the binary format (Binary Format › Values). */
public final class ByteWriter {

  private byte[] bytes;
  private int size;

  /** Creates an empty writer. */
  public ByteWriter() {
    this(64);
  }

  /** Creates an empty writer with room for a number of bytes. */
  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** The number of bytes written. */
  public int size() {
    return size;
  }

  /** Forgets all bytes from an index on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** A copy of the bytes written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** A copy of the bytes written from an index on. */
  public byte[] toByteArray(int start) {
    return Arrays.copyOfRange(bytes, start, size);
  }

  /** Writes one byte. */
  public void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Writes an unsigned number of 32 bits. */
  public void u32(int value) {
    u64(value & 0xFFFF_FFFFL);
  }

  /** Writes an unsigned number of 64 bits. */
  public void u64(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Writes a signed number of 32 bits. */
  public void s32(int value) {
    s64(value);
  }

  /** Writes a signed number of 33 bits. */
  public void s33(long value) {
    s64(value);
  }

  /** Writes a signed number of 64 bits. */
  public void s64(long value) {
    reserve(10);
    long rest = value;
    while (rest < -64 || rest > 63) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>= 7;
    }
    bytes[size++] = (byte) (rest & 0x7F);
  }

  /** Writes four bytes, the lowest first; also a float by its bits. */
  public void fixed32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >> shift);
    }
  }

  /** Writes eight bytes, the lowest first; also a double by its bits. */
  public void fixed64(long value) {
    reserve(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >> shift);
    }
  }

  /** Writes a name: its length in bytes, then its bytes in UTF-8. */
  public void name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    u32(utf8.length);
    bytes(utf8);
  }

  /** Writes bytes as they are. */
  public void bytes(byte[] source) {
    bytes(source, 0, source.length);
  }

  /** Writes a range of an array as it is. */
  public void bytes(byte[] source, int start, int end) {
    reserve(end - start);
    System.arraycopy(source, start, bytes, size, end - start);
    size += end - start;
  }

  /** Writes all that another writer holds. */
  public void bytes(ByteWriter source) {
    bytes(source.bytes, 0, source.size);
  }

  /** Writes all that another writer holds from an index on. */
  public void bytes(ByteWriter source, int start) {
    bytes(source.bytes, start, source.size);
  }

  /** Writes a size, then as many bytes: all that another writer holds. */
  public void sized(ByteWriter content) {
    u32(content.size);
    bytes(content);
  }

  private void reserve(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, count), (int) roomier()));
    }
  }

  private long roomier() {
    return Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
  }
}
