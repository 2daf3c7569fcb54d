package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Trap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The caller's memory as the functions see it: addresses and lengths are unsigned 32-bit numbers. A
 * guest that gives an address outside of its memory, or one that is no multiple of what is there,
 * traps, as the interface's description of pointers has it.
 */
record GuestMemory(Memory memory) {

  private static final int MAX_TEXT_BYTES = 1 << 16;

  static GuestMemory of(Call call) {
    return new GuestMemory(call.memory());
  }

  private static long unsigned(int number) {
    return Integer.toUnsignedLong(number);
  }

  /** An address some bytes further on, as long as the sum fits an address. */
  static int plus(int address, long offset) {
    long sum = unsigned(address) + offset;
    if (sum >> 32 != 0) {
      throw new Trap(
          Trap.Kind.OUT_OF_BOUNDS_MEMORY,
          "%s: an address given to WASI reaches 0x%x"
              .formatted(Trap.Kind.OUT_OF_BOUNDS_MEMORY.message(), sum));
    }
    return (int) sum;
  }

  /** Traps unless a range, its length unsigned, lies inside. */
  void check(int address, int length) {
    check(address, unsigned(length));
  }

  /** Traps unless a range lies inside. */
  void check(int address, long length) {
    if (unsigned(address) + length > memory.size()) {
      throw new Trap(
          Trap.Kind.OUT_OF_BOUNDS_MEMORY,
          "%s: WASI was given %d bytes at 0x%x, the memory has %d bytes"
              .formatted(
                  Trap.Kind.OUT_OF_BOUNDS_MEMORY.message(),
                  length,
                  unsigned(address),
                  memory.size()));
    }
  }

  /** Traps unless a value or structure of some alignment lies inside. */
  void check(int address, long length, int alignment) {
    if ((address & alignment - 1) != 0) {
      throw new Trap(
          Trap.Kind.MISALIGNED_POINTER,
          "%s: WASI was given 0x%x for what must be at a multiple of %d"
              .formatted(Trap.Kind.MISALIGNED_POINTER.message(), unsigned(address), alignment));
    }
    check(address, length);
  }

  int u8(int address) {
    check(address, 1);
    return Byte.toUnsignedInt(memory.i8(unsigned(address)));
  }

  int u16(int address) {
    check(address, 2, 2);
    return Short.toUnsignedInt(memory.i16(unsigned(address)));
  }

  int i32(int address) {
    check(address, 4, 4);
    return memory.i32(unsigned(address));
  }

  long i64(int address) {
    check(address, 8, 8);
    return memory.i64(unsigned(address));
  }

  void set32(int address, int value) {
    check(address, 4, 4);
    memory.setI32(unsigned(address), value);
  }

  void set64(int address, long value) {
    check(address, 8, 8);
    memory.setI64(unsigned(address), value);
  }

  /** Copies out. */
  void read(int address, byte[] target, int offset, int length) {
    check(address, length);
    memory.read(unsigned(address), target, offset, length);
  }

  /** Copies in. */
  void write(int address, byte[] source, int offset, int length) {
    check(address, length);
    memory.write(unsigned(address), source, offset, length);
  }

  /** Copies in a whole structure. */
  void write(int address, ByteBuffer struct, int alignment) {
    check(address, struct.capacity(), alignment);
    write(address, struct.array(), 0, struct.capacity());
  }

  void set8(int address, int value) {
    check(address, 1);
    memory.setI8(unsigned(address), (byte) value);
  }

  void set16(int address, int value) {
    check(address, 2, 2);
    memory.setI16(unsigned(address), (short) value);
  }

  /** A string with a zero at its end, which must be well-formed UTF-8. */
  String zeroTerminated(int address) throws ErrnoException {
    int length = 0;
    while (u8(plus(address, length)) != 0) {
      if (++length > MAX_TEXT_BYTES) {
        throw new ErrnoException(Errno.NAMETOOLONG);
      }
    }
    return path(address, length);
  }

  /** A path, which must be well-formed UTF-8. */
  String path(int address, int length) throws ErrnoException {
    check(address, length);
    if (unsigned(length) > MAX_TEXT_BYTES) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    }
    byte[] bytes = memory.bytes(unsigned(address), length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ErrnoException(Errno.ILSEQ);
    }
  }
}
