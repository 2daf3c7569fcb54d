package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.HostErrors;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasi.capability.Waiting;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code poll_oneoff}: waits until one of several things happens. The subscriptions stay in the
 * guest's memory and are looked at anew after each wait, so their number costs the host no memory.
 */
final class Polling {

  /** Where things lie in a subscription; descriptors lie at the same place in both editions. */
  private enum Layout {
    PREVIEW1(48, 16, 24, 40),
    UNSTABLE(56, 24, 32, 48);

    final int size;
    final int clockId;
    final int timeout;
    final int flags;

    Layout(int size, int clockId, int timeout, int flags) {
      this.size = size;
      this.clockId = clockId;
      this.timeout = timeout;
      this.flags = flags;
    }

    static Layout of(Snapshot snapshot) {
      return switch (snapshot) {
        case PREVIEW1 -> PREVIEW1;
        case UNSTABLE -> UNSTABLE;
      };
    }
  }

  private static final int DESCRIPTOR = 16;
  private static final int EVENT_BYTES = 32;
  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;
  private static final int ABSOLUTE = 1;
  private static final int HANGUP = 1;

  private final FdTable table;
  private final Clock clock;

  Polling(FdTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  void poll(Call call, Snapshot snapshot) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    Layout layout = Layout.of(snapshot);
    long count = Integer.toUnsignedLong(call.i32(2));
    if (count == 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    memory.check(call.i32(0), layout.size * count, 8);
    memory.check(call.i32(1), EVENT_BYTES * count, 8);
    memory.check(call.i32(3), 4, 4);
    Round round = new Round(memory, layout, call.i32(1));
    round.look(call.i32(0), count);
    while (round.events == 0) {
      round.await();
      round.look(call.i32(0), count);
    }
    memory.set32(call.i32(3), round.events);
  }

  /** One poll: what has happened, and what is waited for. */
  private final class Round {
    private final GuestMemory memory;
    private final Layout layout;
    private final int out;
    private final long started;
    private final Set<Socket> receiving = new LinkedHashSet<>();
    private final Set<Socket> sending = new LinkedHashSet<>();
    private int events;
    private long remaining;
    private @Nullable StandardInput awaited;

    Round(GuestMemory memory, Layout layout, int out) throws ErrnoException {
      this.memory = memory;
      this.layout = layout;
      this.out = out;
      this.started = clock.now(Clock.MONOTONIC);
    }

    /** Looks at all subscriptions, and writes events for those that have happened. */
    void look(int in, long count) throws IOException {
      remaining = Long.MAX_VALUE;
      awaited = null;
      receiving.clear();
      sending.clear();
      for (long i = 0; i < count; i++) {
        int subscription = GuestMemory.plus(in, layout.size * i);
        int kind = memory.u8(subscription + 8);
        try {
          switch (kind) {
            case CLOCK -> lookAtClock(subscription);
            case FD_READ -> lookAtInput(subscription);
            case FD_WRITE -> lookAtOutput(subscription);
            default -> throw new ErrnoException(Errno.INVAL);
          }
        } catch (InterruptedIOException | ClosedByInterruptException e) {
          throw e;
        } catch (IOException e) {
          happened(subscription, HostErrors.errno(e), 0, 0);
        }
      }
    }

    private void lookAtClock(int subscription) throws ErrnoException {
      clock.require(Syscall.POLL_ONEOFF);
      int id = memory.i32(subscription + layout.clockId);
      long timeout = memory.i64(subscription + layout.timeout);
      int flags = memory.u16(subscription + layout.flags);
      if ((flags & ~ABSOLUTE) != 0) {
        throw new ErrnoException(Errno.INVAL);
      }
      // A time span passes on any clock as it does on the monotonic one, which cannot be set.
      long now = clock.now(id);
      long passed = (flags & ABSOLUTE) != 0 ? now : clock.now(Clock.MONOTONIC) - started;
      // Timeouts are unsigned: what is negative here is centuries ahead.
      if (timeout >= 0 && passed >= timeout) {
        happened(subscription, Errno.SUCCESS, 0, 0);
      } else {
        remaining = Math.min(remaining, timeout < 0 ? Long.MAX_VALUE : timeout - passed);
      }
    }

    private Fd fd(int subscription) throws ErrnoException {
      return table.get(memory.i32(subscription + DESCRIPTOR)).require(Right.POLL_FD_READWRITE);
    }

    private void lookAtInput(int subscription) throws IOException {
      Fd fd = fd(subscription).require(Right.FD_READ);
      switch (fd.descriptor()) {
        case OpenFile file -> {
          long left = Math.max(0, file.size() - file.position());
          happened(subscription, Errno.SUCCESS, left, 0);
        }
        case StandardInput input -> {
          if (input.awaitReadable(0)) {
            int flags = input.ended() ? HANGUP : 0;
            happened(subscription, Errno.SUCCESS, input.available(), flags);
          } else {
            awaited = input;
          }
        }
        case Socket socket -> {
          switch (socket.ready()) {
            case NOTHING -> receiving.add(socket);
            case DATA -> happened(subscription, Errno.SUCCESS, socket.available(), 0);
            case END -> happened(subscription, Errno.SUCCESS, 0, HANGUP);
          }
        }
        case Directory _, StandardOutput _ -> throw new ErrnoException(Errno.BADF);
      }
    }

    private void lookAtOutput(int subscription) throws IOException {
      Fd fd = fd(subscription).require(Right.FD_WRITE);
      if (fd.descriptor() instanceof Socket socket && !socket.writable()) {
        sending.add(socket);
      } else {
        happened(subscription, Errno.SUCCESS, 0, 0);
      }
    }

    private void happened(int subscription, Errno errno, long bytes, int flags) {
      ByteBuffer event = ByteBuffer.allocate(EVENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      event.putLong(0, memory.i64(subscription));
      event.putShort(8, (short) errno.number());
      event.put(10, (byte) memory.u8(subscription + 8));
      event.putLong(16, bytes);
      event.putShort(24, (short) flags);
      memory.write(GuestMemory.plus(out, (long) EVENT_BYTES * events), event, 8);
      events++;
    }

    /** Waits for the first deadline, or whatever else comes sooner. */
    void await() throws IOException {
      if (!receiving.isEmpty() || !sending.isEmpty()) {
        awaitSockets();
      } else if (awaited != null) {
        awaited.awaitReadable(remaining);
      } else {
        sleep();
      }
    }

    private void awaitSockets() throws IOException {
      try (Waiting waiting = new Waiting()) {
        for (Socket socket : receiving) {
          waiting.add(socket, true, false);
        }
        for (Socket socket : sending) {
          waiting.add(socket, false, true);
        }
        if (awaited != null) {
          awaited.whenReadable(waiting::wake);
        }
        waiting.await(remaining);
      }
    }

    private void sleep() throws InterruptedIOException {
      try {
        clock.sleep(remaining);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
