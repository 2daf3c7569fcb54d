package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasm.Trap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clocks, sleeping, and waiting for input. */
@Timeout(30)
class PollTest {

  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final long MILLIS = 1_000_000;

  private static int clock(Guest guest, int at, int id, long timeout, int flags) {
    guest.memory().setI64(at, 1000 + id);
    guest.memory().setI8(at + 8, (byte) 0);
    guest.memory().setI32(at + 16, id);
    guest.memory().setI64(at + 24, timeout);
    guest.memory().setI16(at + 40, (short) flags);
    return at;
  }

  private static int descriptor(Guest guest, int at, int kind, int fd) {
    guest.memory().setI64(at, 2000 + fd);
    guest.memory().setI8(at + 8, (byte) kind);
    guest.memory().setI32(at + 16, fd);
    return at;
  }

  private static int poll(Guest guest, int in, int count, int out) {
    int result = guest.room(4);
    guest.ok("poll_oneoff", in, out, count, result);
    return guest.memory().i32(result);
  }

  private static long time(Guest guest, int id) {
    int result = guest.room(8);
    guest.ok("clock_time_get", id, 0L, result);
    return guest.memory().i64(result);
  }

  @Test
  void sleepingTakesAsLongAsAskedFor() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      int out = guest.room(32);
      for (int id : new int[] {REALTIME, MONOTONIC}) {
        long start = System.nanoTime();
        assertThat(poll(guest, clock(guest, guest.room(48), id, 30 * MILLIS, 0), 1, out)).isOne();
        assertThat(System.nanoTime() - start).isBetween(30 * MILLIS, 5_000 * MILLIS);
        assertThat(guest.memory().i64(out)).isEqualTo(1000 + id);
        assertThat(guest.memory().i32(out + 8)).isZero();
        long later = time(guest, id) + 30 * MILLIS;
        assertThat(poll(guest, clock(guest, guest.room(48), id, later, 1), 1, out)).isOne();
        assertThat(time(guest, id)).isGreaterThanOrEqualTo(later);
      }
    }
  }

  @Test
  void theEarliestDeadlineCounts() {
    Clocks simulated = Clocks.simulated();
    try (Guest guest = new Guest(Wasi.preview1().clock(simulated))) {
      int in = guest.room(48 * 3);
      clock(guest, in, REALTIME, Duration.ofDays(900).toNanos(), 0);
      clock(guest, in + 48, MONOTONIC, Duration.ofDays(2).toNanos(), 0);
      clock(guest, in + 96, MONOTONIC, -1L, 0);
      int out = guest.room(32 * 3);
      assertThat(poll(guest, in, 3, out)).isOne();
      assertThat(guest.memory().i64(out)).isEqualTo(1001);
      assertThat(time(guest, REALTIME)).isEqualTo(Duration.ofDays(2).toNanos());
    }
  }

  @Test
  void aRelativeSleepEndsThoughRealTimeStandsStill() {
    Clock fixed = Clock.fixed(Instant.parse("2030-01-01T00:00:00.5Z"), ZoneOffset.UTC);
    try (Guest guest = new Guest(Wasi.preview1().clock(fixed))) {
      int in = clock(guest, guest.room(48), REALTIME, MILLIS, 0);
      assertThat(poll(guest, in, 1, guest.room(32))).isOne();
      assertThat(time(guest, REALTIME)).isEqualTo(1_893_456_000_500_000_000L);
    }
  }

  @Test
  void unknownClocksAreInvalid() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      int result = guest.room(8);
      assertThat(guest.call("clock_time_get", 2, 0L, result)).isEqualTo(Errno.INVAL);
      assertThat(guest.call("clock_res_get", 9, result)).isEqualTo(Errno.INVAL);
      guest.ok("clock_res_get", 1, result);
      assertThat(guest.memory().i64(result)).isPositive();
      int out = guest.room(32);
      assertThat(poll(guest, clock(guest, guest.room(48), 7, 0, 0), 1, out)).isOne();
      assertThat(guest.memory().i16(out + 8)).isEqualTo((short) Errno.INVAL.number());
    }
  }

  @Test
  void nothingToWaitForIsInvalid() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      assertThat(guest.call("poll_oneoff", 0, 0, 0, 0)).isEqualTo(Errno.INVAL);
      guest.traps(Trap.Kind.OUT_OF_BOUNDS_MEMORY, "poll_oneoff", 0, 0, -1, 0);
    }
  }

  @Test
  void filesAndOutputsAreAlwaysReady(@TempDir Path box) throws IOException {
    Files.writeString(box.resolve("a"), "12345");
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      int fd = guest.open("a", 0, Guest.ALL);
      guest.read(fd, 2);
      int in = guest.room(48 * 5);
      descriptor(guest, in, 1, fd);
      descriptor(guest, in + 48, 2, fd);
      descriptor(guest, in + 96, 2, 1);
      descriptor(guest, in + 144, 1, 99);
      clock(guest, in + 192, MONOTONIC, Long.MAX_VALUE, 0);
      int out = guest.room(32 * 5);
      assertThat(poll(guest, in, 5, out)).isEqualTo(4);
      assertThat(guest.memory().i64(out)).isEqualTo(2000 + fd);
      assertThat(guest.memory().i8(out + 10)).isEqualTo((byte) 1);
      assertThat(guest.memory().i64(out + 16)).isEqualTo(3);
      assertThat(guest.memory().i8(out + 32 + 10)).isEqualTo((byte) 2);
      assertThat(guest.memory().i64(out + 64)).isEqualTo(2001);
      assertThat(guest.memory().i16(out + 96 + 8)).isEqualTo((short) Errno.BADF.number());
    }
  }

  @Test
  void waitingForInputEndsWhenItComes() throws Exception {
    PipedOutputStream keyboard = new PipedOutputStream();
    InputStream stdin = new PipedInputStream(keyboard);
    try (Guest guest = new Guest(Wasi.preview1().stdin(stdin))) {
      int in = guest.room(96);
      descriptor(guest, in, 1, 0);
      clock(guest, in + 48, MONOTONIC, 20 * MILLIS, 0);
      int out = guest.room(64);
      assertThat(poll(guest, in, 2, out)).isOne();
      assertThat(guest.memory().i64(out)).isEqualTo(1001);

      guest.ok("fd_fdstat_set_flags", 0, 4);
      assertThat(guest.tryRead(0)).isEqualTo(Errno.AGAIN);
      guest.ok("fd_fdstat_set_flags", 0, 0);

      Thread typist =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Thread.sleep(20);
                      keyboard.write("key".getBytes());
                      keyboard.flush();
                    } catch (IOException | InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      clock(guest, in + 48, MONOTONIC, 20_000 * MILLIS, 0);
      assertThat(poll(guest, in, 2, out)).isOne();
      assertThat(guest.memory().i64(out)).isEqualTo(2000);
      typist.join();
      String text = guest.read(0, 10);
      text += text.length() < 3 ? guest.read(0, 10) : "";
      assertThat(text).isEqualTo("key");
      keyboard.close();
      assertThat(poll(guest, in, 1, out)).isOne();
      assertThat(guest.memory().i16(out + 24)).isEqualTo((short) 1);
      assertThat(guest.read(0, 10)).isEmpty();
    }
  }

  @Test
  void inputIsReadToItsEndAndNoFurtherThanAskedFor() {
    ByteArrayInputStream stdin = new ByteArrayInputStream("0123456789".getBytes());
    try (Guest guest = new Guest(Wasi.preview1().stdin(stdin))) {
      assertThat(guest.read(0, 4)).isEqualTo("0123");
      assertThat(stdin.available()).isEqualTo(6);
      assertThat(guest.read(0, 0)).isEmpty();
      assertThat(guest.read(0, 100)).isEqualTo("456789");
      assertThat(guest.read(0, 100)).isEmpty();
      assertThat(guest.read(0, 100)).isEmpty();
    }
  }

  @Test
  void aFailingInputIsAnError() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("unplugged");
          }
        };
    try (Guest guest = new Guest(Wasi.preview1().stdin(broken))) {
      assertThat(guest.tryRead(0)).isEqualTo(Errno.IO);
    }
  }

  @Test
  void anInterruptedGuestTrapsWhileItWaits() throws IOException {
    InputStream stdin = new PipedInputStream(new PipedOutputStream());
    try (Guest guest = new Guest(Wasi.preview1().stdin(stdin))) {
      int in = clock(guest, guest.room(48), MONOTONIC, Long.MAX_VALUE, 0);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> poll(guest, in, 1, guest.room(32)))
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> guest.read(0, 1)).isInstanceOf(Trap.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
