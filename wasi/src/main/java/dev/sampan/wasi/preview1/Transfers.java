package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.DatagramSocket;
import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasi.capability.Waiting;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reading and writing. The guest gives a list of ranges of its memory; they are copied through one
 * buffer, so that many small ranges still are one operation of the host.
 */
final class Transfers {

  /** The most that is copied at once. */
  static final int CHUNK = 1 << 16;

  private static final int RANGE_BYTES = 8;
  private static final int RECEIVE_PEEK = 1;
  private static final int RECEIVE_ALL = 2;
  private static final int RECEIVED_CUT = 1;

  private final FdTable table;
  private final Sockets sockets;

  /** A buffer that nobody uses; a second thread of the guest makes one of its own. */
  private final AtomicReference<byte[]> spare = new AtomicReference<>(new byte[0]);

  Transfers(FdTable table, Sockets sockets) {
    this.table = table;
    this.sockets = sockets;
  }

  /** Where bytes go to. */
  private interface Sink {
    /** Writes the first bytes of a buffer; fewer only if no more can be written for now. */
    int write(byte[] bytes, int length) throws IOException;
  }

  /** Where bytes come from; gives fewer than wanted only if there are no more for now. */
  private interface Source {
    int read(byte[] bytes, int length) throws IOException;
  }

  void read(Call call) throws IOException {
    Fd fd = accessible(call.i32(0), Right.FD_READ);
    switch (fd.descriptor()) {
      case OpenFile file ->
          scatter(
              call,
              call.i32(3),
              true,
              (bytes, length) -> {
                syncBeforeReading(fd, file);
                return file.read(ByteBuffer.wrap(bytes, 0, length));
              });
      case StandardInput input ->
          scatter(call, call.i32(3), false, (bytes, length) -> read(fd, input, bytes, length));
      case Socket socket ->
          scatter(
              call,
              call.i32(3),
              false,
              (bytes, length) -> receive(fd, socket, bytes, length, false));
      case Directory _, StandardOutput _ -> throw new ErrnoException(Errno.BADF);
    }
  }

  void readAt(Call call) throws IOException {
    Fd fd = accessible(call.i32(0), Right.FD_READ);
    OpenFile file = fd.file();
    fd.require(Right.FD_SEEK);
    long start = offset(call.i64(3));
    long[] done = new long[1];
    scatter(
        call,
        call.i32(4),
        true,
        (bytes, length) -> {
          syncBeforeReading(fd, file);
          int count = file.read(ByteBuffer.wrap(bytes, 0, length), start + done[0]);
          done[0] += count;
          return count;
        });
  }

  void write(Call call) throws IOException {
    Fd fd = accessible(call.i32(0), Right.FD_WRITE);
    Sink sink =
        switch (fd.descriptor()) {
          case OpenFile file ->
              (bytes, length) -> {
                boolean append = (fd.flags() & Fd.APPEND) != 0;
                int count = file.write(ByteBuffer.wrap(bytes, 0, length), append);
                syncAfterWriting(fd, file);
                return count;
              };
          case StandardOutput output ->
              (bytes, length) -> {
                output.write(bytes, length);
                return length;
              };
          case Socket socket -> sender(fd, socket);
          case Directory _, StandardInput _ -> throw new ErrnoException(Errno.BADF);
        };
    gather(call, call.i32(3), fd.descriptor() instanceof DatagramSocket, sink);
  }

  void writeAt(Call call) throws IOException {
    Fd fd = accessible(call.i32(0), Right.FD_WRITE);
    OpenFile file = fd.file();
    fd.require(Right.FD_SEEK);
    long start = offset(call.i64(3));
    long[] done = new long[1];
    gather(
        call,
        call.i32(4),
        false,
        (bytes, length) -> {
          int count = file.write(ByteBuffer.wrap(bytes, 0, length), start + done[0]);
          done[0] += count;
          syncAfterWriting(fd, file);
          return count;
        });
  }

  // ---- sockets ----

  /** {@code sock_recv}. */
  void receive(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    fd.require(Right.FD_READ);
    int flags = call.i32(3);
    if ((flags & ~(RECEIVE_PEEK | RECEIVE_ALL)) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    boolean peek = (flags & RECEIVE_PEEK) != 0;
    boolean all = (flags & RECEIVE_ALL) != 0 && !peek && !(socket instanceof DatagramSocket);
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(5), 2, 2);
    scatter(
        call,
        call.i32(4),
        all,
        (bytes, length) -> {
          int count = receive(fd, socket, bytes, length, peek);
          while (all && count < length) {
            byte[] rest = new byte[length - count];
            int more = receive(fd, socket, rest, rest.length, false);
            if (more == 0) {
              break;
            }
            System.arraycopy(rest, 0, bytes, count, more);
            count += more;
          }
          return count;
        });
    boolean cut = socket instanceof DatagramSocket datagrams && datagrams.lastCut();
    memory.set16(call.i32(5), cut ? RECEIVED_CUT : 0);
  }

  /** {@code sock_recv_from}. */
  void receiveFrom(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    fd.require(Right.FD_READ);
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(4), 24, 4);
    boolean peek = (call.i32(3) & RECEIVE_PEEK) != 0;
    scatter(call, call.i32(5), false, (bytes, length) -> receive(fd, socket, bytes, length, peek));
    Addresses.write(
        memory,
        call.i32(4),
        socket instanceof DatagramSocket datagrams ? datagrams.lastFrom() : socket.remoteAddress());
  }

  /** {@code sock_send}. */
  void send(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    fd.require(Right.FD_WRITE);
    if (call.i32(3) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    gather(call, call.i32(4), socket instanceof DatagramSocket, sender(fd, socket));
  }

  /** {@code sock_send_to}; a stream has one address only, which need not be said. */
  void sendTo(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    fd.require(Right.FD_WRITE);
    InetSocketAddress to = Addresses.read(GuestMemory.of(call), call.i32(4));
    sockets.requireTarget(socket, to);
    Sink sink =
        socket instanceof DatagramSocket datagrams
            ? (bytes, length) ->
                sendAll(fd, socket, (from, rest) -> datagrams.send(from, rest, to), bytes, length)
            : sender(fd, socket);
    gather(call, call.i32(5), socket instanceof DatagramSocket, sink);
  }

  private static int receive(Fd fd, Socket socket, byte[] bytes, int length, boolean peek)
      throws IOException {
    while (true) {
      int count = socket.receive(bytes, length, peek);
      if (count != Socket.WOULD_BLOCK) {
        return count;
      } else if (Sockets.isNonBlocking(fd)) {
        throw new ErrnoException(Errno.AGAIN);
      }
      Waiting.await(socket, true, socket.receiveTimeout());
    }
  }

  private static Sink sender(Fd fd, Socket socket) {
    return (bytes, length) -> sendAll(fd, socket, socket::send, bytes, length);
  }

  private static int sendAll(Fd fd, Socket socket, Sink sink, byte[] bytes, int length)
      throws IOException {
    int done = 0;
    byte[] rest = bytes;
    do {
      int count = sink.write(rest, length - done);
      if (count != Socket.WOULD_BLOCK) {
        done += count;
        if (done < length) {
          rest = Arrays.copyOfRange(bytes, done, length);
        }
      } else if (!Sockets.isNonBlocking(fd)) {
        Waiting.await(socket, false, socket.sendTimeout());
      } else if (done == 0) {
        throw new ErrnoException(Errno.AGAIN);
      } else {
        break;
      }
    } while (done < length);
    return done;
  }

  // ---- files and streams ----

  /**
   * A descriptor that can be read from or written to; the answer otherwise is that of POSIX, as
   * guests expect.
   */
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

  private static void syncBeforeReading(Fd fd, OpenFile file) throws IOException {
    if ((fd.flags() & Fd.RSYNC) != 0) {
      file.sync(true);
    }
  }

  private static void syncAfterWriting(Fd fd, OpenFile file) throws IOException {
    if ((fd.flags() & (Fd.SYNC | Fd.DSYNC)) != 0) {
      file.sync((fd.flags() & Fd.SYNC) != 0);
    }
  }

  private static int read(Fd fd, StandardInput input, byte[] bytes, int length) throws IOException {
    if ((fd.flags() & Fd.NONBLOCK) != 0 && !input.awaitReadable(0)) {
      throw new ErrnoException(Errno.AGAIN);
    }
    return input.read(bytes, length);
  }

  // ---- the guest's ranges ----

  /** Checks the list in arguments 1 and 2 and where the result goes; returns the sum of lengths. */
  private static long checkRanges(GuestMemory memory, Call call, int result) throws ErrnoException {
    int list = call.i32(1);
    long count = Integer.toUnsignedLong(call.i32(2));
    memory.check(list, RANGE_BYTES * count, 4);
    memory.check(result, 4, 4);
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

  private byte[] takeBuffer(long wanted) {
    byte[] buffer = spare.getAndSet(null);
    return buffer != null && buffer.length >= Math.min(wanted, CHUNK)
        ? buffer
        : new byte[wanted <= CHUNK / 8 ? CHUNK / 8 : CHUNK];
  }

  /**
   * Reads into the ranges.
   *
   * @param toTheEnd whether to go on until all are full; else the source is asked once, because it
   *     would wait for more
   */
  private void scatter(Call call, int result, boolean toTheEnd, Source source) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    long total = checkRanges(memory, call, result);
    byte[] bytes = takeBuffer(total);
    try {
      memory.set32(result, (int) scatter(call, memory, total, toTheEnd, source, bytes));
    } finally {
      spare.set(bytes);
    }
  }

  private static long scatter(
      Call call, GuestMemory memory, long total, boolean toTheEnd, Source source, byte[] bytes)
      throws IOException {
    int list = call.i32(1);
    long done = 0;
    int index = 0;
    long filled = 0;
    do {
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
    } while (toTheEnd && done < total);
    return done;
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

  /**
   * Writes the ranges.
   *
   * @param oneMessage whether they must go out at once, even if they are empty
   */
  private void gather(Call call, int result, boolean oneMessage, Sink sink) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    long total = checkRanges(memory, call, result);
    if (oneMessage && total > CHUNK) {
      throw new ErrnoException(Errno.MSGSIZE);
    }
    byte[] bytes = takeBuffer(total);
    try {
      long done =
          oneMessage && total == 0
              ? sink.write(bytes, 0)
              : gather(call, memory, new Progress(sink), bytes);
      memory.set32(result, (int) done);
    } finally {
      spare.set(bytes);
    }
  }

  /** How far a sink has come. */
  private static final class Progress {
    private final Sink sink;
    private long done;

    Progress(Sink sink) {
      this.sink = sink;
    }

    /**
     * Writes; tells whether everything was. A failure counts only if nothing was written before.
     */
    boolean write(byte[] bytes, int length) throws IOException {
      try {
        int count = sink.write(bytes, length);
        done += count;
        return count == length;
      } catch (ErrnoException e) {
        if (done == 0) {
          throw e;
        }
        return false;
      }
    }
  }

  private static long gather(Call call, GuestMemory memory, Progress progress, byte[] bytes)
      throws IOException {
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
          if (!progress.write(bytes, used)) {
            return progress.done;
          }
          used = 0;
        }
      }
    }
    if (used > 0) {
      progress.write(bytes, used);
    }
    return progress.done;
  }
}
