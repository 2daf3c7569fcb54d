package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reading and writing. The guest gives a list of ranges of its memory; they are copied through one
 * buffer, so that many small ranges still are one operation of the host.
 */
final class Transfers {

  /** The most that is copied at once. */
  static final int CHUNK = 1 << 16;

  private static final int RANGE_BYTES = 8;

  private final FdTable table;
  private byte[] buffer = new byte[0];

  Transfers(FdTable table) {
    this.table = table;
  }

  /** Where bytes go to; tells how many were taken from the buffer's first. */
  private interface Sink {
    void write(byte[] bytes, int length) throws IOException;
  }

  /** Where bytes come from; gives fewer than wanted only if there are no more for now. */
  private interface Source {
    int read(byte[] bytes, int length) throws IOException;
  }

  void read(Call call) throws IOException {
    Fd fd = readable(call.i32(0));
    Source source =
        switch (fd.descriptor()) {
          case OpenFile file ->
              (bytes, length) -> {
                int count = read(fd, file, file.position(), bytes, length);
                file.position(file.position() + count);
                return count;
              };
          case StandardInput input -> (bytes, length) -> read(fd, input, bytes, length);
          case Directory _, StandardOutput _ -> throw new ErrnoException(Errno.BADF);
        };
    scatter(call, call.i32(3), source);
  }

  void readAt(Call call) throws IOException {
    Fd fd = readable(call.i32(0));
    OpenFile file = fd.file();
    fd.require(Right.FD_SEEK);
    long start = offset(call.i64(3));
    long[] done = new long[1];
    scatter(
        call,
        call.i32(4),
        (bytes, length) -> {
          int count = read(fd, file, start + done[0], bytes, length);
          done[0] += count;
          return count;
        });
  }

  void write(Call call) throws IOException {
    Fd fd = writable(call.i32(0));
    Sink sink =
        switch (fd.descriptor()) {
          case OpenFile file ->
              (bytes, length) -> {
                boolean append = (fd.flags() & Fd.APPEND) != 0;
                long at = append ? file.size() : file.position();
                write(fd, file, at, bytes, length);
                file.position(at + length);
              };
          case StandardOutput output -> output::write;
          case Directory _, StandardInput _ -> throw new ErrnoException(Errno.BADF);
        };
    gather(call, call.i32(3), sink);
  }

  void writeAt(Call call) throws IOException {
    Fd fd = writable(call.i32(0));
    OpenFile file = fd.file();
    fd.require(Right.FD_SEEK);
    long start = offset(call.i64(3));
    long[] done = new long[1];
    gather(
        call,
        call.i32(4),
        (bytes, length) -> {
          write(fd, file, start + done[0], bytes, length);
          done[0] += length;
        });
  }

  /**
   * A descriptor that can be read from; the answer otherwise is that of POSIX, as guests expect.
   */
  private Fd readable(int number) throws ErrnoException {
    return accessible(number, Right.FD_READ);
  }

  private Fd writable(int number) throws ErrnoException {
    return accessible(number, Right.FD_WRITE);
  }

  private Fd accessible(int number, Right right) throws ErrnoException {
    Fd fd = table.get(number);
    if (fd.descriptor() instanceof Directory) {
      throw new ErrnoException(Errno.ISDIR);
    } else if (!fd.allows(right)) {
      throw new ErrnoException(Errno.BADF);
    }
    return fd;
  }

  private static long offset(long argument) throws ErrnoException {
    if (argument < 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    return argument;
  }

  private static int read(Fd fd, OpenFile file, long at, byte[] bytes, int length)
      throws IOException {
    if ((fd.flags() & Fd.RSYNC) != 0) {
      file.sync(true);
    }
    return file.read(ByteBuffer.wrap(bytes, 0, length), at);
  }

  private static int read(Fd fd, StandardInput input, byte[] bytes, int length) throws IOException {
    if ((fd.flags() & Fd.NONBLOCK) != 0 && !input.awaitReadable(0)) {
      throw new ErrnoException(Errno.AGAIN);
    }
    return input.read(bytes, length);
  }

  private static void write(Fd fd, OpenFile file, long at, byte[] bytes, int length)
      throws IOException {
    file.write(ByteBuffer.wrap(bytes, 0, length), at);
    if ((fd.flags() & (Fd.SYNC | Fd.DSYNC)) != 0) {
      file.sync((fd.flags() & Fd.SYNC) != 0);
    }
  }

  /** Checks the list in arguments 1 and 2 and where the result goes; returns the sum of lengths. */
  private static long checkRanges(GuestMemory memory, Call call, int result) throws ErrnoException {
    int list = call.i32(1);
    long count = Integer.toUnsignedLong(call.i32(2));
    memory.check(list, RANGE_BYTES * count);
    memory.check(result, 4);
    long total = 0;
    for (long i = 0; i < count; i++) {
      int range = GuestMemory.plus(list, RANGE_BYTES * i);
      int length = memory.i32(range + 4);
      memory.check(memory.i32(range), length);
      total += Integer.toUnsignedLong(length);
    }
    if (total >> 32 != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    return total;
  }

  private byte[] buffer(long wanted) {
    if (buffer.length < Math.min(wanted, CHUNK)) {
      buffer = new byte[wanted <= CHUNK / 8 ? CHUNK / 8 : CHUNK];
    }
    return buffer;
  }

  /** Reads until all ranges are full or the source has no more for now. */
  private void scatter(Call call, int result, Source source) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    long total = checkRanges(memory, call, result);
    byte[] bytes = buffer(total);
    int list = call.i32(1);
    long done = 0;
    int index = 0;
    long filled = 0;
    while (done < total) {
      int wanted = (int) Math.min(bytes.length, total - done);
      int count = readMore(source, bytes, wanted, done);
      for (int taken = 0; taken < count; ) {
        int range = GuestMemory.plus(list, RANGE_BYTES * (long) index);
        int address = GuestMemory.plus(memory.i32(range), filled);
        long room = Integer.toUnsignedLong(memory.i32(range + 4)) - filled;
        int part = (int) Math.min(room, count - taken);
        memory.write(address, bytes, taken, part);
        taken += part;
        filled += part;
        if (part == room) {
          index++;
          filled = 0;
        }
      }
      done += count;
      if (count < wanted) {
        break;
      }
    }
    memory.set32(result, (int) done);
  }

  /** Reads; what went well before a failure is kept, and the failure shows at the next call. */
  private static int readMore(Source source, byte[] bytes, int wanted, long done)
      throws IOException {
    try {
      return source.read(bytes, wanted);
    } catch (ErrnoException e) {
      if (done > 0) {
        return 0;
      }
      throw e;
    }
  }

  /** Writes all ranges. */
  private void gather(Call call, int result, Sink sink) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    long total = checkRanges(memory, call, result);
    byte[] bytes = buffer(total);
    int list = call.i32(1);
    int count = call.i32(2);
    int used = 0;
    for (int i = 0; i != count; i++) {
      int range = GuestMemory.plus(list, RANGE_BYTES * Integer.toUnsignedLong(i));
      int address = memory.i32(range);
      long length = Integer.toUnsignedLong(memory.i32(range + 4));
      for (long done = 0; done < length; ) {
        int part = (int) Math.min(bytes.length - used, length - done);
        memory.read(GuestMemory.plus(address, done), bytes, used, part);
        used += part;
        done += part;
        if (used == bytes.length) {
          sink.write(bytes, used);
          used = 0;
        }
      }
    }
    if (used > 0) {
      sink.write(bytes, used);
    }
    memory.set32(result, (int) total);
  }
}
