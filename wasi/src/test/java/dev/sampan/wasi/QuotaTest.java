package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasm.ExhaustedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest may take of the disk, of descriptors and of its output. */
class QuotaTest {

  private static final int NAME = 256;

  @TempDir Path box;

  private Guest guest(long bytes) {
    return new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE, bytes));
  }

  private static int create(Guest guest, String name) {
    return guest.open(name, Guest.CREATE, Guest.ALL);
  }

  /** Writes zeros; gives how many bytes were written, or a negative errno. */
  private static int fill(Guest guest, int fd, int bytes) {
    int list = guest.room(8);
    guest.memory().setI32(list, 0);
    guest.memory().setI32(list + 4, bytes);
    int count = guest.room(4);
    Errno errno = guest.call("fd_write", fd, list, 1, count);
    return errno == Errno.SUCCESS ? guest.memory().i32(count) : -errno.number();
  }

  private static void assertFull(int count) {
    assertThat(count).isEqualTo(-Errno.DQUOT.number());
  }

  @Test
  void whatFitsIsWrittenAndTheRestRefused() throws IOException {
    try (Guest guest = guest(NAME + 1000)) {
      int fd = create(guest, "a");
      assertThat(fill(guest, fd, 600)).isEqualTo(600);
      assertThat(fill(guest, fd, 600)).isEqualTo(400);
      assertFull(fill(guest, fd, 1));
      assertThat(Files.size(box.resolve("a"))).isEqualTo(1000);
      guest.seek(fd, 0, 0);
      assertThat(fill(guest, fd, 1000)).as("writing over what is there is free").isEqualTo(1000);
    }
  }

  @Test
  void aLargeTransferStopsWhereTheQuotaEnds() throws IOException {
    try (Guest guest = guest(NAME + 100_000)) {
      int fd = create(guest, "a");
      assertThat(fill(guest, fd, 500_000)).isEqualTo(100_000);
      assertThat(Files.size(box.resolve("a"))).isEqualTo(100_000);
    }
  }

  @Test
  void everyWayToGrowCounts() {
    try (Guest guest = guest(NAME + 1000)) {
      int fd = create(guest, "a");
      assertThat(guest.call("fd_filestat_set_size", fd, 1001L)).isEqualTo(Errno.DQUOT);
      assertThat(guest.call("fd_allocate", fd, 0L, 1001L)).isEqualTo(Errno.DQUOT);
      guest.seek(fd, 1001, 0);
      assertFull(fill(guest, fd, 1));
      guest.seek(fd, 999, 0);
      assertThat(fill(guest, fd, 2)).as("a gap counts too").isEqualTo(1);
      assertThat(guest.path("path_create_directory", Guest.ROOT, "d")).isEqualTo(Errno.DQUOT);
      assertThat(guest.symlink("a", "s")).isEqualTo(Errno.DQUOT);
      assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "l")).isEqualTo(Errno.DQUOT);
      assertThat(guest.openError(0, "b", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.DQUOT);
    }
  }

  @Test
  void roomComesBackWhenItIsGivenBack() {
    try (Guest guest = guest(NAME + 1000)) {
      for (int i = 0; i < 3; i++) {
        int fd = create(guest, "a");
        assertThat(fill(guest, fd, 1000)).isEqualTo(1000);
        guest.close(fd);
        guest.close(guest.open("a", Guest.TRUNCATE, Guest.ALL));
        fd = create(guest, "a");
        assertThat(fill(guest, fd, 1000)).isEqualTo(1000);
        guest.ok("fd_filestat_set_size", fd, 0L);
        guest.seek(fd, 0, 0);
        assertThat(fill(guest, fd, 1000)).isEqualTo(1000);
        guest.close(fd);
        guest.path("path_unlink_file", Guest.ROOT, "a");
      }
    }
  }

  @Test
  void renamingOverAFileGivesItsRoomBack() {
    try (Guest guest = guest(2 * NAME + 1000)) {
      guest.close(create(guest, "b"));
      int fd = create(guest, "a");
      fill(guest, fd, 1000);
      guest.close(fd);
      assertThat(guest.rename("b", "a")).isEqualTo(Errno.SUCCESS);
      assertThat(fill(guest, create(guest, "b"), 2000)).isEqualTo(1000);
    }
  }

  @Test
  void aFileWithoutANameTakesRoomUntilItIsClosed() {
    try (Guest guest = guest(2 * NAME + 1000)) {
      int fd = create(guest, "a");
      fill(guest, fd, 1000);
      guest.path("path_unlink_file", Guest.ROOT, "a");
      int other = create(guest, "b");
      assertThat(fill(guest, other, 1000)).as("only the name is free").isEqualTo(NAME);
      guest.close(fd);
      assertThat(fill(guest, other, 2000)).isEqualTo(1000);
    }
  }

  @Test
  void twoDescriptorsOfOneFileCannotBeatTheQuota() throws IOException {
    try (Guest guest = guest(NAME + 1000)) {
      int one = create(guest, "a");
      int two = guest.open("a", 0, Guest.ALL);
      assertThat(fill(guest, one, 1000)).isEqualTo(1000);
      guest.ok("fd_filestat_set_size", two, 0L);
      assertThat(fill(guest, two, 1000)).isEqualTo(1000);
      guest.seek(one, 0, 0);
      assertThat(fill(guest, one, 1000)).isEqualTo(1000);
      assertFull(fill(guest, one, 1));
      assertThat(Files.size(box.resolve("a"))).isEqualTo(1000);
    }
  }

  @Test
  void aSecondNameDoesNotFreeTheFile() {
    try (Guest guest = guest(3 * NAME + 1000)) {
      int fd = create(guest, "a");
      fill(guest, fd, 1000);
      guest.close(fd);
      guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "b");
      guest.path("path_unlink_file", Guest.ROOT, "a");
      assertThat(fill(guest, create(guest, "c"), 1000)).isEqualTo(NAME);
      guest.path("path_unlink_file", Guest.ROOT, "b");
      assertThat(fill(guest, guest.open("c", 0, Guest.ALL), 1000 + NAME)).isEqualTo(1000 + NAME);
    }
  }

  @Test
  void eachGrantIsAFileSystemOfItsOwn() throws IOException {
    Path one = Files.createDirectory(box.resolve("one"));
    Path two = Files.createDirectory(box.resolve("two"));
    Wasi wasi =
        Wasi.preview1()
            .directory(one, "/one", Rights.READ_WRITE, 1000)
            .directory(two, "/two", Rights.READ_WRITE, 1000);
    try (Guest guest = new Guest(wasi)) {
      guest.close(create(guest, "a"));
      int name = guest.bytes(new byte[] {'a'});
      assertThat(guest.call("path_rename", 3, name, 1, 4, name, 1)).isEqualTo(Errno.XDEV);
      assertThat(guest.call("path_link", 3, 0, name, 1, 4, name, 1)).isEqualTo(Errno.XDEV);
    }
  }

  @Test
  void moreOpenFilesThanGrantedAreRefused() {
    Wasi wasi = Wasi.preview1().directory(box, "/", Rights.READ_WRITE).maxOpenFiles(6);
    try (Guest guest = new Guest(wasi)) {
      create(guest, "a");
      create(guest, "b");
      assertThat(guest.openError(0, "c", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.MFILE);
      assertThat(box.resolve("c")).doesNotExist();
    }
    assertThatThrownBy(() -> new Guest(wasi.maxOpenFiles(3))).hasMessageContaining("files");
  }

  @Test
  void aFloodOfOutputEndsTheGuestWithTheLimitAndTheAmount() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Guest guest = new Guest(Wasi.preview1().stdout(out).stderr(err).maxOutput(10))) {
      guest.write(1, "12345");
      guest.write(2, "678");
      assertThatThrownBy(() -> guest.write(1, "9ABCDEF"))
          .isInstanceOf(ExhaustedException.class)
          .hasMessage("output exhausted: limit 10 bytes, used 15 bytes");
    }
    assertThat(out).hasToString("123459A");
    assertThat(err).hasToString("678");
  }
}
