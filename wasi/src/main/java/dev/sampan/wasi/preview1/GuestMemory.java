package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasm.Call;
import dev.sampan.wasm.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The caller's memory as the functions see it: addresses and lengths are unsigned 32-bit numbers,
 * and what lies outside is {@link Errno#FAULT}.
 */
record GuestMemory(Memory memory) {

  static GuestMemory of(Call call) {
    return new GuestMemory(call.memory());
  }

  private static long unsigned(int number) {
    return Integer.toUnsignedLong(number);
  }

  /** An address some bytes further on, as long as the sum fits an address. */
  static int plus(int address, long offset) throws ErrnoException {
    long sum = unsigned(address) + offset;
    if (sum >> 32 != 0) {
      throw new ErrnoException(Errno.FAULT);
    }
    return (int) sum;
  }

  /** Fails unless a range, its length unsigned, lies inside. */
  void check(int address, int length) throws ErrnoException {
    check(address, unsigned(length));
  }

  /** Fails unless a range lies inside. */
  void check(int address, long length) throws ErrnoException {
    if (unsigned(address) + length > memory.size()) {
      throw new ErrnoException(Errno.FAULT);
    }
  }

  int u8(int address) throws ErrnoException {
    check(address, 1);
    return Byte.toUnsignedInt(memory.i8(unsigned(address)));
  }

  int u16(int address) throws ErrnoException {
    check(address, 2);
    return Short.toUnsignedInt(memory.i16(unsigned(address)));
  }

  int i32(int address) throws ErrnoException {
    check(address, 4);
    return memory.i32(unsigned(address));
  }

  long i64(int address) throws ErrnoException {
    check(address, 8);
    return memory.i64(unsigned(address));
  }

  void set32(int address, int value) throws ErrnoException {
    check(address, 4);
    memory.setI32(unsigned(address), value);
  }

  void set64(int address, long value) throws ErrnoException {
    check(address, 8);
    memory.setI64(unsigned(address), value);
  }

  /** Copies out. */
  void read(int address, byte[] target, int offset, int length) throws ErrnoException {
    check(address, length);
    memory.read(unsigned(address), target, offset, length);
  }

  /** Copies in. */
  void write(int address, byte[] source, int offset, int length) throws ErrnoException {
    check(address, length);
    memory.write(unsigned(address), source, offset, length);
  }

  /** Copies in a whole structure. */
  void write(int address, ByteBuffer struct) throws ErrnoException {
    write(address, struct.array(), 0, struct.capacity());
  }

  /** A path, which must be well-formed UTF-8. */
  String path(int address, int length) throws ErrnoException {
    check(address, length);
    if (unsigned(length) > 1 << 16) {
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
