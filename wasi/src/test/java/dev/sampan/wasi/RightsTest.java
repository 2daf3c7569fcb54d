package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.capability.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a grant and a descriptor do not allow does not happen. */
class RightsTest {

  private static final int SECOND = 4;

  @TempDir Path box;

  private Guest guest(Rights rights) {
    return new Guest(Wasi.preview1().directory(box, "/", rights));
  }

  @Test
  void withoutAGrantThereIsNothing() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      assertThat(guest.call("fd_prestat_get", Guest.ROOT, guest.room(8))).isEqualTo(Errno.BADF);
      assertThat(guest.openError(".")).isEqualTo(Errno.BADF);
      assertThat(guest.read(0, 10)).isEmpty();
      guest.write(1, "discarded");
      int sizes = guest.room(8);
      guest.ok("args_sizes_get", sizes, sizes + 4);
      assertThat(guest.memory().i64(sizes)).isZero();
      guest.ok("environ_sizes_get", sizes, sizes + 4);
      assertThat(guest.memory().i64(sizes)).isZero();
    }
  }

  @Test
  void aReadOnlyGrantCanBeReadAndNotChanged() throws IOException {
    Files.writeString(box.resolve("a"), "text");
    Files.createDirectory(box.resolve("d"));
    try (Guest guest = guest(Rights.READ_ONLY)) {
      // language libraries ask for more than they need; that must not fail
      int fd = guest.open("a", 0, Guest.READ_FILE);
      assertThat(guest.read(fd, 10)).isEqualTo("text");
      assertThat(guest.tryWrite(fd, "x")).isEqualTo(Errno.BADF);
      assertThat(guest.call("fd_filestat_set_size", fd, 0L)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 5)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.openError(0, "a", 0, Guest.READ | Guest.WRITE)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.openError(0, "a", Guest.TRUNCATE, 0)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.openError(0, "b", Guest.CREATE, 0)).isEqualTo(Errno.NOTCAPABLE);
      for (String call :
          new String[] {"path_create_directory", "path_remove_directory", "path_unlink_file"}) {
        assertThat(guest.path(call, Guest.ROOT, "d")).as(call).isEqualTo(Errno.NOTCAPABLE);
      }
      assertThat(guest.rename("a", "b")).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.symlink("a", "b")).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "b")).isEqualTo(Errno.NOTCAPABLE);
      int directory = guest.open("d", Guest.DIRECTORY, Guest.ALL & ~Guest.WRITE);
      assertThat(guest.tryOpen(directory, 0, "b", Guest.CREATE, 0, 0))
          .isEqualTo(-Errno.NOTCAPABLE.number());
    }
    assertThat(box.resolve("a")).hasContent("text");
    assertThat(box.resolve("d")).isEmptyDirectory();
  }

  @Test
  void aReadOnlyFileCannotBeLinkedIntoAWritableDirectory() throws IOException {
    Path read = Files.createDirectory(box.resolve("read"));
    Path write = Files.createDirectory(box.resolve("write"));
    Files.writeString(read.resolve("a"), "text");
    Wasi wasi =
        Wasi.preview1()
            .directory(read, "/read", Rights.READ_ONLY)
            .directory(write, "/write", Rights.READ_WRITE);
    try (Guest guest = new Guest(wasi)) {
      assertThat(guest.link(Guest.ROOT, 0, "a", SECOND, "b")).isEqualTo(Errno.NOTCAPABLE);
      int name = guest.bytes(new byte[] {'a', 'b'});
      assertThat(guest.call("path_rename", Guest.ROOT, name, 1, SECOND, name + 1, 1))
          .isEqualTo(Errno.NOTCAPABLE);
    }
    assertThat(write).isEmptyDirectory();
  }

  @Test
  void rightsAskedForAreTheOnlyOnesGot() throws IOException {
    Files.writeString(box.resolve("a"), "text");
    try (Guest guest = guest(Rights.READ_WRITE)) {
      int reading = guest.open("a", 0, Guest.READ);
      assertThat(guest.read(reading, 2)).isEqualTo("te");
      assertThat(guest.tryWrite(reading, "x")).isEqualTo(Errno.BADF);
      assertThat(guest.call("fd_seek", reading, 0L, 0, guest.room(8))).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.call("fd_filestat_get", reading, guest.room(64)))
          .isEqualTo(Errno.NOTCAPABLE);
      int writing = guest.open("a", 0, Guest.WRITE);
      guest.write(writing, "T");
      assertThat(guest.tryRead(writing)).isEqualTo(Errno.BADF);
      assertThat(box.resolve("a")).hasContent("Text");
    }
  }

  @Test
  void rightsCanBeGivenUpAndNotTakenBack() throws IOException {
    Files.writeString(box.resolve("a"), "text");
    try (Guest guest = guest(Rights.READ_WRITE)) {
      int fd = guest.open("a", 0, Guest.READ | Guest.WRITE | Guest.SEEK);
      guest.ok("fd_fdstat_set_rights", fd, Guest.SEEK, 0L);
      assertThat(guest.tryRead(fd)).isEqualTo(Errno.BADF);
      assertThat(guest.tryWrite(fd, "x")).isEqualTo(Errno.BADF);
      assertThat(guest.call("fd_fdstat_set_rights", fd, Guest.READ | Guest.SEEK, 0L))
          .isEqualTo(Errno.NOTCAPABLE);
      guest.ok("fd_fdstat_set_rights", Guest.ROOT, 1L << 13, Guest.READ);
      assertThat(guest.openError(0, "a", 0, Guest.WRITE)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.openError(0, "b", Guest.CREATE, 0)).isEqualTo(Errno.NOTCAPABLE);
      guest.open("a", 0, Guest.READ);
    }
  }

  @Test
  void aDescriptorTellsItsTypeFlagsAndRights() throws IOException {
    Files.writeString(box.resolve("a"), "text");
    try (Guest guest = guest(Rights.READ_WRITE)) {
      int stat = guest.room(24);
      guest.ok("fd_fdstat_get", Guest.ROOT, stat);
      assertThat(guest.memory().i8(stat)).isEqualTo((byte) 3);
      assertThat(guest.memory().i64(stat + 8) & (Guest.READ | Guest.WRITE | Guest.SEEK)).isZero();
      assertThat(guest.memory().i64(stat + 8) & (1L << 13)).isNotZero();
      assertThat(guest.memory().i64(stat + 16) & Guest.WRITE).isNotZero();
      int fd = guest.tryOpen(Guest.ROOT, 0, "a", 0, Guest.READ, 5);
      guest.ok("fd_fdstat_get", fd, stat);
      assertThat(guest.memory().i8(stat)).isEqualTo((byte) 4);
      assertThat(guest.memory().i16(stat + 2)).isEqualTo((short) 5);
      assertThat(guest.memory().i64(stat + 8)).isEqualTo(Guest.READ);
    }
  }

  @Test
  void grantsHaveTheNamesThatTheGuestIsTold() {
    Wasi wasi =
        Wasi.preview1()
            .directory(box, "/first", Rights.READ_ONLY)
            .directory(box, "zweites/ü", Rights.READ_ONLY);
    try (Guest guest = new Guest(wasi)) {
      int stat = guest.room(8);
      guest.ok("fd_prestat_get", SECOND, stat);
      assertThat(guest.memory().i64(stat)).isEqualTo(10L << 32);
      int name = guest.room(11);
      guest.ok("fd_prestat_dir_name", SECOND, name, 11);
      assertThat(guest.memory().utf8(name, 10)).isEqualTo("zweites/ü");
      assertThat(guest.call("fd_prestat_dir_name", SECOND, name, 9)).isEqualTo(Errno.NAMETOOLONG);
      assertThat(guest.call("fd_prestat_get", SECOND + 1, stat)).isEqualTo(Errno.BADF);
      assertThat(guest.call("fd_prestat_get", 1, stat)).isEqualTo(Errno.BADF);
    }
  }
}
