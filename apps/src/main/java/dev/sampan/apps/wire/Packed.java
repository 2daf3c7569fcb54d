package dev.sampan.apps.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes that are read one after the other, and never past their end. */
final class Packed {

  private final ByteBuffer bytes;
  private final String what;

  /**
   * Bytes to be read.
   *
   * @param what they should be, for messages
   */
  Packed(byte[] bytes, ByteOrder order, String what) {
    this.bytes = ByteBuffer.wrap(bytes).order(order);
    this.what = what;
  }

  WireException wrong(String why) {
    return new WireException("no " + what + ": " + why);
  }

  private void require(long count, String part) throws WireException {
    if (count > bytes.remaining()) {
      throw wrong(
          "expected %d bytes for %s at offset %d, found %d"
              .formatted(count, part, bytes.position(), bytes.remaining()));
    }
  }

  int u8(String part) throws WireException {
    require(1, part);
    return bytes.get() & 0xff;
  }

  int u16(String part) throws WireException {
    require(2, part);
    return bytes.getShort() & 0xffff;
  }

  int i32(String part) throws WireException {
    require(4, part);
    return bytes.getInt();
  }

  long u32(String part) throws WireException {
    return Integer.toUnsignedLong(i32(part));
  }

  long i64(String part) throws WireException {
    require(8, part);
    return bytes.getLong();
  }

  byte[] bytes(long count, String part) throws WireException {
    require(count, part);
    byte[] result = new byte[(int) count];
    bytes.get(result);
    return result;
  }

  private byte[] raw(int length, String part) throws WireException {
    byte[] raw = bytes(length, part);
    if (length == 0 || raw[length - 1] != 0) {
      throw wrong("expected NUL at the end of " + part + ", at offset " + bytes.position());
    }
    return raw;
  }

  /**
   * Text for people, whose length counts the NUL at its end: as guests see it, up to the first NUL;
   * what is not UTF-8 is replaced.
   */
  String words(int length, String part) throws WireException {
    byte[] raw = raw(length, part);
    int end = 0;
    while (raw[end] != 0) {
      end++;
    }
    return new String(raw, 0, end, StandardCharsets.UTF_8);
  }

  /** Text that counts byte by byte, whose length counts the NUL at its end. */
  String text(int length, String part) throws WireException {
    byte[] raw = raw(length, part);
    for (int i = 0; i < length - 1; i++) {
      if (raw[i] == 0) {
        throw wrong("found NUL inside of " + part);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(raw, 0, length - 1))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong("expected " + part + " in UTF-8");
    }
  }

  int remaining() {
    return bytes.remaining();
  }

  void requireEnd() throws WireException {
    if (bytes.hasRemaining()) {
      throw wrong("found %d bytes behind its end".formatted(bytes.remaining()));
    }
  }

  /** Forgets what lies behind the next bytes, so that nobody reads it. */
  void end(long count, String part) throws WireException {
    require(count, part);
    bytes.limit(bytes.position() + (int) count);
  }
}
