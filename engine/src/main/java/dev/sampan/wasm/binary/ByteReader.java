package dev.sampan.wasm.binary;

import dev.sampan.wasm.MalformedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the bytes of a module (Binary Format › Values). It allocates nothing but names and
 * never reads past its end.
 */
public final class ByteReader {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int position;

  /** A cursor from {@code start} to {@code end}, exclusive. */
  public ByteReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** The index of the next byte. */
  public int position() {
    return position;
  }

  /** The index behind the last byte. */
  public int end() {
    return end;
  }

  /** The array under the cursor. */
  public byte[] bytes() {
    return bytes;
  }

  /** Whether bytes are left. */
  public boolean hasMore() {
    return position < end;
  }

  /** The number of bytes left. */
  public int remaining() {
    return end - position;
  }

  /** Moves the cursor; the place must lie in its range. */
  public void position(int newPosition) {
    position = newPosition;
  }

  /** The next byte, unsigned. */
  public int u8() {
    if (position >= end) {
      throw unexpectedEnd();
    }
    return bytes[position++] & 0xFF;
  }

  /** The next byte, unsigned, without moving; -1 at the end. */
  public int peek() {
    return position < end ? bytes[position] & 0xFF : -1;
  }

  /** An unsigned LEB128 number of 32 bits. */
  public int u32() {
    if (position < end) {
      byte first = bytes[position];
      if (first >= 0) {
        position++;
        return first;
      }
    }
    return u32Long();
  }

  private int u32Long() {
    int result = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int b = u8();
      result |= (b & 0x7F) << shift;
      if (b < 0x80) {
        return result;
      }
    }
    int last = u8();
    if (last >= 0x80) {
      throw tooLong();
    }
    if (last > 0x0F) {
      throw tooLarge();
    }
    return result | last << 28;
  }

  /** A signed LEB128 number of 32 bits. */
  public int s32() {
    if (position < end) {
      byte first = bytes[position];
      if (first >= 0) {
        position++;
        return first << 25 >> 25;
      }
    }
    return (int) signed(32);
  }

  /** A signed LEB128 number of 33 bits. */
  public long s33() {
    return signed(33);
  }

  /** A signed LEB128 number of 64 bits. */
  public long s64() {
    return signed(64);
  }

  /** An unsigned LEB128 number of 64 bits. */
  public long u64() {
    long result = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int b = u8();
      result |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return result;
      }
    }
    int last = u8();
    if (last >= 0x80) {
      throw tooLong();
    }
    if (last > 1) {
      throw tooLarge();
    }
    return result | (long) last << 63;
  }

  private long signed(int bits) {
    long result = 0;
    int shift = 0;
    while (shift + 7 < bits) {
      int b = u8();
      result |= (long) (b & 0x7F) << shift;
      shift += 7;
      if (b < 0x80) {
        return result << 64 - shift >> 64 - shift;
      }
    }
    int last = u8();
    if (last >= 0x80) {
      throw tooLong();
    }
    // the bits above the value must all repeat its sign
    int used = bits - shift;
    int value = last << 25 >> 25;
    int sign = value >> used - 1;
    if (sign != 0 && sign != -1) {
      throw tooLarge();
    }
    return result | (long) value << shift;
  }

  /** Four bytes, the lowest first. */
  public int fixed32() {
    if (end - position < 4) {
      throw unexpectedEnd();
    }
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  /** Eight bytes, the lowest first. */
  public long fixed64() {
    if (end - position < 8) {
      throw unexpectedEnd();
    }
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /**
   * The number of elements of a vector. It can be no larger than the number of bytes left, so that
   * nobody reserves room for elements that cannot be there.
   */
  public int count() {
    int at = position;
    int count = u32();
    if (Integer.compareUnsigned(count, end - position) > 0) {
      throw malformed(
          "unexpected end of section or function: "
              + Integer.toUnsignedString(count)
              + " elements announced, "
              + (end - position)
              + " bytes left",
          at);
    }
    return count;
  }

  /** Moves past a number of bytes. */
  public void skip(int count) {
    if (Integer.compareUnsigned(count, end - position) > 0) {
      throw malformed(
          "length out of bounds: "
              + Integer.toUnsignedString(count)
              + " bytes announced, "
              + (end - position)
              + " left",
          position);
    }
    position += count;
  }

  /** A name: its length, then its bytes in UTF-8. */
  public String name() {
    int length = u32();
    int start = position;
    skip(length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(
          "malformed UTF-8 encoding: in a name of " + length + " bytes" + at(start), e);
    }
  }

  /** A failure at a place; the message gets the place appended. */
  public static MalformedException malformed(String message, int offset) {
    return new MalformedException(message + at(offset));
  }

  private static String at(int offset) {
    return " (at offset 0x" + Integer.toHexString(offset) + ")";
  }

  private MalformedException unexpectedEnd() {
    return malformed("unexpected end of section or function", position);
  }

  private MalformedException tooLong() {
    return malformed("integer representation too long", position - 1);
  }

  private MalformedException tooLarge() {
    return malformed("integer too large", position - 1);
  }
}
