package dev.sampan.apps.service;

import dev.sampan.apps.wire.WireException;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What a guest gives a function of the framework. Addresses outside of memory, and strings without
 * end, are traps; what is too long is not read at all.
 */
record Arguments(Call call) {

  private static final int CHUNK = 256;

  private static Trap outOfBounds() {
    return new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
  }

  private Memory memory() {
    try {
      return call.memory();
    } catch (IllegalStateException e) {
      throw outOfBounds(); // there is none
    }
  }

  /** A number. */
  int i32(int index) {
    return call.i32(index);
  }

  /** A number that has no sign. */
  long unsigned(int index) {
    return Integer.toUnsignedLong(call.i32(index));
  }

  private long address(int index, long length) {
    long address = unsigned(index);
    if (address > memory().size() - length) {
      throw outOfBounds();
    }
    return address;
  }

  /**
   * The bytes of a range, given by its address and, behind that, its length.
   *
   * @throws WireException if there are more than so many
   */
  byte[] bytes(int index, int max) throws WireException {
    long length = unsigned(index + 1);
    long address = address(index, length);
    if (length > max) {
      throw new WireException("expected at most %d bytes, found %d".formatted(max, length));
    }
    return memory().bytes(address, (int) length);
  }

  /**
   * Writes into a range, given by its address and, behind that, its length.
   *
   * @return whether it fits
   */
  boolean write(int index, byte[] data) {
    long length = unsigned(index + 1);
    long address = address(index, length);
    if (length < data.length) {
      return false;
    }
    memory().write(address, data, 0, data.length);
    return true;
  }

  /**
   * A string, given by its address.
   *
   * @throws WireException if it is longer than so many bytes, or not in UTF-8
   */
  String text(int index, int max) throws WireException {
    Memory memory = memory();
    long start = address(index, 1);
    long end = start;
    byte[] chunk = new byte[CHUNK];
    for (boolean found = false; !found; ) {
      int count = (int) Math.min(CHUNK, memory.size() - end);
      if (count == 0) {
        throw outOfBounds();
      }
      memory.read(end, chunk, 0, count);
      int i = 0;
      while (i < count && chunk[i] != 0) {
        i++;
      }
      found = i < count;
      end += i;
    }
    if (end - start > max) {
      throw new WireException(
          "expected a string of at most %d bytes, found %d".formatted(max, end - start));
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(memory.bytes(start, (int) (end - start))))
          .toString();
    } catch (CharacterCodingException e) {
      throw new WireException("expected a string in UTF-8");
    }
  }
}
