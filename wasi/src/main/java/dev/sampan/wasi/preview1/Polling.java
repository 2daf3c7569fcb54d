package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * {@code poll_oneoff}: waits until one of several things happens. The subscriptions stay in the
 * guest's memory and are looked at anew after each wait, so their number costs the host no memory.
 */
final class Polling {

  private static final int SUBSCRIPTION_BYTES = 48;
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

  void poll(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    long count = Integer.toUnsignedLong(call.i32(2));
    if (count == 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    memory.check(call.i32(0), SUBSCRIPTION_BYTES * count);
    memory.check(call.i32(1), EVENT_BYTES * count);
    memory.check(call.i32(3), 4);
    Round round = new Round(memory, call.i32(1));
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
    private final int out;
    private final long started;
    private int events;
    private long remaining;
    private @Nullable StandardInput awaited;

    Round(GuestMemory memory, int out) throws ErrnoException {
      this.memory = memory;
      this.out = out;
      this.started = clock.now(Clock.MONOTONIC);
    }

    /** Looks at all subscriptions, and writes events for those that have happened. */
    void look(int in, long count) throws IOException {
      remaining = Long.MAX_VALUE;
      awaited = null;
      for (long i = 0; i < count; i++) {
        int subscription = GuestMemory.plus(in, SUBSCRIPTION_BYTES * i);
        int kind = memory.u8(subscription + 8);
        try {
          switch (kind) {
            case CLOCK -> lookAtClock(subscription);
            case FD_READ -> lookAtInput(subscription);
            case FD_WRITE -> lookAtOutput(subscription);
            default -> throw new ErrnoException(Errno.INVAL);
          }
        } catch (ErrnoException e) {
          happened(subscription, e.errno(), 0, 0);
        }
      }
    }

    private void lookAtClock(int subscription) throws ErrnoException {
      int id = memory.i32(subscription + 16);
      long timeout = memory.i64(subscription + 24);
      int flags = memory.u16(subscription + 40);
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
      return table.get(memory.i32(subscription + 16)).require(Right.POLL_FD_READWRITE);
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
        case Directory _, StandardOutput _ -> throw new ErrnoException(Errno.BADF);
      }
    }

    private void lookAtOutput(int subscription) throws ErrnoException {
      fd(subscription).require(Right.FD_WRITE);
      happened(subscription, Errno.SUCCESS, 0, 0);
    }

    private void happened(int subscription, Errno errno, long bytes, int flags)
        throws ErrnoException {
      ByteBuffer event = ByteBuffer.allocate(EVENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      event.putLong(0, memory.i64(subscription));
      event.putShort(8, (short) errno.number());
      event.put(10, (byte) memory.u8(subscription + 8));
      event.putLong(16, bytes);
      event.putShort(24, (short) flags);
      memory.write(GuestMemory.plus(out, (long) EVENT_BYTES * events), event);
      events++;
    }

    /** Waits for the first deadline, or the input if that comes sooner. */
    void await() throws IOException {
      if (awaited != null) {
        awaited.awaitReadable(remaining);
        return;
      }
      try {
        clock.sleep(remaining);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
