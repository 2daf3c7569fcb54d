package dev.sampan.wasm.compile;

import java.util.Arrays;

/** A growing buffer of big-endian numbers. */
final class Bytes {

  byte[] data;
  int size;

  Bytes(int capacity) {
    data = new byte[capacity];
  }

  private void reserve(int count) {
    if (size + count > data.length) {
      data = Arrays.copyOf(data, Math.max(2 * data.length, size + count));
    }
  }

  void u1(int value) {
    if (size == data.length) {
      reserve(1);
    }
    data[size++] = (byte) value;
  }

  void u2(int value) {
    reserve(2);
    data[size] = (byte) (value >>> 8);
    data[size + 1] = (byte) value;
    size += 2;
  }

  void u4(int value) {
    u2(value >>> 16);
    u2(value);
  }

  void u8(long value) {
    u4((int) (value >>> 32));
    u4((int) value);
  }

  void append(Bytes other) {
    append(other.data, 0, other.size);
  }

  void append(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, data, size, length);
    size += length;
  }

  /** Overwrites two bytes. */
  void patch2(int at, int value) {
    data[at] = (byte) (value >>> 8);
    data[at + 1] = (byte) value;
  }

  /** Overwrites four bytes. */
  void patch4(int at, int value) {
    patch2(at, value >>> 16);
    patch2(at + 2, value);
  }
}
