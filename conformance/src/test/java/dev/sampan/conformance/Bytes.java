package dev.sampan.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes bytes of modules, right and wrong ones: nothing is checked. What is written with the
 * engine's own writer could not be wrong.
 */
final class Bytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The beginning of a module. */
  static Bytes module() {
    return new Bytes().raw(0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00);
  }

  /** Bytes, given as integers. */
  Bytes raw(int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
    return this;
  }

  /** Bytes as they are. */
  Bytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The same bytes several times. */
  Bytes repeat(int times, int... bytes) {
    for (int i = 0; i < times; i++) {
      raw(bytes);
    }
    return this;
  }

  /** An unsigned LEB128 number. */
  Bytes u(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  /** A signed LEB128 number. */
  Bytes s(long value) {
    long rest = value;
    while (rest >= 64 || rest < -64) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7F));
    return this;
  }

  /** A name with its length. */
  Bytes name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return u(utf8.length).raw(utf8);
  }

  /** Something with its size before it. */
  Bytes sized(Bytes content) {
    return u(content.size()).raw(content.toByteArray());
  }

  /** A section. */
  Bytes section(int id, Bytes content) {
    return raw(id).sized(content);
  }

  /** The sections for one function without parameters and results, and its body with "end". */
  Bytes function(Bytes body) {
    return section(1, new Bytes().raw(1, 0x60, 0, 0))
        .section(3, new Bytes().raw(1, 0))
        .section(10, new Bytes().raw(1).sized(body));
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
