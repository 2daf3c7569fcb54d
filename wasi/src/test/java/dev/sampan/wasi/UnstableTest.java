package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.preview1.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code wasi_unstable} has otherwise. */
class UnstableTest {

  @TempDir Path box;
  private Guest guest;

  @BeforeEach
  void grant() throws IOException {
    Files.writeString(box.resolve("a"), "0123456789");
    guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE), Snapshot.UNSTABLE);
  }

  @AfterEach
  void end() {
    guest.close();
  }

  @Test
  void whenceCountsCurrentEndSet() {
    int fd = guest.open("a", 0, Guest.READ_FILE);
    assertThat(guest.seek(fd, 3, 2)).isEqualTo(3);
    assertThat(guest.seek(fd, 2, 0)).isEqualTo(5);
    assertThat(guest.seek(fd, -1, 1)).isEqualTo(9);
    assertThat(guest.call("fd_seek", fd, 0L, 3, guest.room(8))).isEqualTo(Errno.INVAL);
  }

  @Test
  void aStatusHasAShortCountOfLinks() throws IOException {
    Files.createLink(box.resolve("b"), box.resolve("a"));
    int status = guest.room(64);
    guest.memory().setI64(status + 56, -1);
    guest.ok("fd_filestat_get", guest.open("a", 0, Guest.READ_FILE), status);
    assertThat(guest.memory().i8(status + 16)).isEqualTo((byte) 4);
    assertThat(guest.memory().i32(status + 20)).isEqualTo(2);
    assertThat(guest.memory().i64(status + 24)).isEqualTo(10);
    long modified = guest.memory().i64(status + 40);
    assertThat(modified).isGreaterThan(1_600_000_000_000_000_000L);
    assertThat(guest.memory().i64(status + 56)).as("nothing is written behind").isEqualTo(-1);
    int path = guest.bytes(new byte[] {'a'});
    int again = guest.room(64);
    guest.ok("path_filestat_get", Guest.ROOT, 0, path, 1, again);
    assertThat(guest.memory().bytes(again, 56)).isEqualTo(guest.memory().bytes(status, 56));
  }

  @Test
  void aSubscriptionHasAnIdentifierOfItsClock() {
    int in = guest.room(2 * 56);
    int out = guest.room(64);
    guest.memory().setI64(in, 5);
    guest.memory().setI64(in + 16, 99);
    guest.memory().setI32(in + 24, 1);
    guest.memory().setI64(in + 32, 20_000_000);
    guest.memory().setI64(in + 56, 6);
    guest.memory().setI32(in + 56 + 24, 1);
    guest.memory().setI64(in + 56 + 32, 3_600_000_000_000L);
    int count = guest.room(4);
    long start = System.nanoTime();
    guest.ok("poll_oneoff", in, out, 2, count);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    assertThat(guest.memory().i32(count)).isOne();
    assertThat(guest.memory().i64(out)).isEqualTo(5);
  }
}
