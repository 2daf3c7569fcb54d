package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.wasi.capability.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open files: content, positions, sizes, attributes, and their numbers. */
class FilesTest {

  private static final int SET = 0;
  private static final int CURRENT = 1;
  private static final int END = 2;

  @TempDir Path box;
  private Guest guest;

  @BeforeEach
  void grant() {
    guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE));
  }

  @AfterEach
  void end() {
    guest.close();
  }

  private int create(String name) {
    return guest.open(name, Guest.CREATE, Guest.ALL);
  }

  @Test
  void whatIsWrittenIsOnTheHostAtOnce() {
    int fd = create("a");
    guest.write(fd, "hällo");
    assertThat(box.resolve("a")).hasContent("hällo");
  }

  @Test
  void positionsMoveWithReadingAndWritingAndSeeking() {
    int fd = create("a");
    guest.write(fd, "0123456789");
    assertThat(guest.tell(fd)).isEqualTo(10);
    assertThat(guest.seek(fd, -4, END)).isEqualTo(6);
    assertThat(guest.read(fd, 2)).isEqualTo("67");
    assertThat(guest.seek(fd, -5, CURRENT)).isEqualTo(3);
    guest.write(fd, "XY");
    assertThat(guest.seek(fd, 0, SET)).isZero();
    assertThat(guest.read(fd, 100)).isEqualTo("012XY56789");
    assertThat(guest.read(fd, 100)).isEmpty();
  }

  @Test
  void seekingBeforeTheStartIsInvalidAndChangesNothing() {
    int fd = create("a");
    guest.write(fd, "abc");
    assertThat(guest.call("fd_seek", fd, -4L, CURRENT, guest.room(8))).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_seek", fd, -1L, SET, guest.room(8))).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_seek", fd, 0L, 3, guest.room(8))).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_seek", fd, Long.MAX_VALUE, CURRENT, guest.room(8)))
        .isEqualTo(Errno.OVERFLOW);
    assertThat(guest.tell(fd)).isEqualTo(3);
  }

  @Test
  void aGapIsFilledWithZeros() {
    int fd = create("a");
    guest.seek(fd, 3, SET);
    guest.write(fd, "!");
    assertThat(guest.readAt(fd, 0, 10)).isEqualTo("\0\0\0!");
  }

  @Test
  void accessAtAnOffsetLeavesThePosition() {
    int fd = create("a");
    guest.write(fd, "0123");
    guest.writeAt(fd, 6, "ab");
    assertThat(guest.readAt(fd, 1, 2)).isEqualTo("12");
    assertThat(guest.readAt(fd, 100, 2)).isEmpty();
    assertThat(guest.tell(fd)).isEqualTo(4);
    assertThat(box.resolve("a")).hasContent("0123\0\0ab");
    assertThat(guest.call("fd_pread", fd, guest.room(8), 0, -1L, guest.room(4)))
        .isEqualTo(Errno.INVAL);
  }

  @Test
  void appendingWritesAtTheEndUntilTheFlagIsTakenAway() {
    int fd = guest.tryOpen(Guest.ROOT, 0, "a", Guest.CREATE, Guest.ALL, Guest.APPEND);
    guest.write(fd, "abc");
    guest.seek(fd, 0, SET);
    guest.write(fd, "def");
    assertThat(guest.tell(fd)).isEqualTo(6);
    guest.ok("fd_fdstat_set_flags", fd, 0);
    guest.seek(fd, 0, SET);
    guest.write(fd, "X");
    assertThat(box.resolve("a")).hasContent("Xbcdef");
    assertThat(guest.call("fd_fdstat_set_flags", fd, 32)).isEqualTo(Errno.INVAL);
  }

  @Test
  void synchronousWritingWrites() {
    int fd = guest.tryOpen(Guest.ROOT, 0, "a", Guest.CREATE, Guest.ALL, 2 | 8 | 16);
    guest.write(fd, "abc");
    assertThat(guest.readAt(fd, 0, 3)).isEqualTo("abc");
    guest.ok("fd_sync", fd);
    guest.ok("fd_datasync", fd);
    guest.ok("fd_sync", Guest.ROOT);
  }

  @Test
  void sizesGrowWithZerosAndShrink() {
    int fd = create("a");
    guest.write(fd, "abcdef");
    guest.ok("fd_filestat_set_size", fd, 3L);
    assertThat(box.resolve("a")).hasContent("abc");
    assertThat(guest.tell(fd)).isEqualTo(6);
    guest.ok("fd_filestat_set_size", fd, 5L);
    assertThat(guest.readAt(fd, 0, 10)).isEqualTo("abc\0\0");
    assertThat(guest.call("fd_filestat_set_size", fd, -1L)).isEqualTo(Errno.INVAL);
  }

  @Test
  void allocatingOnlyExtends() throws IOException {
    int fd = create("a");
    guest.write(fd, "abc");
    guest.ok("fd_allocate", fd, 0L, 2L);
    assertThat(Files.size(box.resolve("a"))).isEqualTo(3);
    guest.ok("fd_allocate", fd, 2L, 100L);
    assertThat(Files.size(box.resolve("a"))).isEqualTo(102);
    assertThat(guest.call("fd_allocate", fd, 0L, 0L)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_allocate", fd, Long.MAX_VALUE, 1L)).isEqualTo(Errno.FBIG);
  }

  @Test
  void adviceIsTaken() {
    int fd = create("a");
    guest.ok("fd_advise", fd, 0L, 10L, 5);
    assertThat(guest.call("fd_advise", fd, 0L, 10L, 6)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_advise", 1, 0L, 10L, 0)).isEqualTo(Errno.SPIPE);
  }

  @Test
  void creatingTruncatingAndExclusiveOpeningDoWhatTheySay() throws IOException {
    assertThat(guest.openError("a")).isEqualTo(Errno.NOENT);
    guest.close(create("a"));
    assertThat(guest.openError(0, "a", Guest.CREATE | Guest.EXCLUSIVE, Guest.ALL))
        .isEqualTo(Errno.EXIST);
    Files.writeString(box.resolve("a"), "text");
    guest.close(guest.open("a", Guest.CREATE, Guest.READ_FILE));
    assertThat(box.resolve("a")).hasContent("text");
    guest.close(guest.open("a", Guest.TRUNCATE, 0));
    assertThat(box.resolve("a")).isEmptyFile();
    assertThat(guest.openError(0, "b/", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.ISDIR);
    assertThat(guest.openError(0, "b", Guest.CREATE | Guest.DIRECTORY, Guest.ALL))
        .isEqualTo(Errno.INVAL);
    assertThat(guest.openError(0, "a", Guest.DIRECTORY, Guest.READ)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError(0, ".", Guest.DIRECTORY, Guest.READ | Guest.WRITE))
        .isEqualTo(Errno.ISDIR);
    assertThat(guest.openError(2, "a", 0, 0)).isEqualTo(Errno.INVAL);
    assertThat(guest.openError(0, "a", 16, 0)).isEqualTo(Errno.INVAL);
  }

  @Test
  void aPipeIsNotOpenedBecauseThatCouldBlock() throws IOException, InterruptedException {
    Process made = new ProcessBuilder("mkfifo", box.resolve("pipe").toString()).start();
    assumeTrue(made.waitFor() == 0);
    assertThat(guest.openError("pipe")).isEqualTo(Errno.NOTSUP);
    assertThat(guest.openError("pipe/x")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.path("path_unlink_file", Guest.ROOT, "pipe")).isEqualTo(Errno.SUCCESS);
  }

  @Test
  void theLowestFreeNumberIsGiven() {
    int a = create("a");
    int b = create("b");
    assertThat(a).isEqualTo(4);
    assertThat(b).isEqualTo(5);
    guest.close(a);
    assertThat(guest.call("fd_close", a)).isEqualTo(Errno.BADF);
    assertThat(guest.tryRead(a)).isEqualTo(Errno.BADF);
    assertThat(create("c")).isEqualTo(4);
    assertThat(guest.call("fd_close", -1)).isEqualTo(Errno.BADF);
    assertThat(guest.call("fd_close", Integer.MAX_VALUE)).isEqualTo(Errno.BADF);
  }

  @Test
  void renumberingMovesADescriptorOverAnother() {
    int a = create("a");
    int b = create("b");
    guest.write(a, "from a");
    guest.ok("fd_renumber", a, b);
    assertThat(guest.call("fd_close", a)).isEqualTo(Errno.BADF);
    assertThat(guest.readAt(b, 0, 10)).isEqualTo("from a");
    assertThat(guest.call("fd_renumber", b, a)).isEqualTo(Errno.BADF);
    guest.ok("fd_renumber", b, b);
    guest.ok("fd_renumber", b, 1);
    guest.write(1, "!");
    assertThat(box.resolve("a")).hasContent("from a!");
  }

  @Test
  void tooManyOpenFilesIsAnError() {
    int fd = 0;
    while (fd >= 0) {
      fd = guest.tryOpen(Guest.ROOT, 0, "a", Guest.CREATE, Guest.READ, 0);
    }
    assertThat(fd).isEqualTo(-Errno.MFILE.number());
    guest.close(500);
    assertThat(create("a")).isEqualTo(500);
  }

  @Test
  void attributesAreThoseOfTheHost() throws IOException {
    Path host = Files.writeString(box.resolve("a"), "12345");
    Files.createLink(box.resolve("again"), host);
    Instant modified = Instant.parse("2020-02-03T04:05:06.789Z");
    Files.setLastModifiedTime(host, FileTime.from(modified));
    int status = guest.status(guest.open("a", 0, Guest.READ_FILE));
    assertThat(guest.memory().i8(status + 16)).isEqualTo((byte) 4);
    assertThat(guest.memory().i64(status + 32)).isEqualTo(5);
    assertThat(guest.memory().i64(status + 48))
        .isEqualTo(FileTime.from(modified).to(TimeUnit.NANOSECONDS));
    int again = guest.status(0, "again");
    assertThat(guest.memory().bytes(again, 64)).isEqualTo(guest.memory().bytes(status, 64));
    if (box.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      assertThat(guest.memory().i64(status + 8)).isEqualTo(Files.getAttribute(host, "unix:ino"));
      assertThat(guest.memory().i64(status + 24)).isEqualTo(2);
    }
  }

  @Test
  void anOpenFileLivesOnWithoutItsName() {
    int fd = create("a");
    guest.write(fd, "abc");
    int before = guest.status(fd);
    assertThat(guest.path("path_unlink_file", Guest.ROOT, "a")).isEqualTo(Errno.SUCCESS);
    create("a");
    guest.write(fd, "def");
    int after = guest.status(fd);
    assertThat(guest.memory().i64(after + 8)).isEqualTo(guest.memory().i64(before + 8));
    assertThat(guest.memory().i64(after + 32)).isEqualTo(6);
    assertThat(guest.readAt(fd, 0, 10)).isEqualTo("abcdef");
    assertThat(guest.call("fd_filestat_set_times", fd, 1L, 1L, 5)).isEqualTo(Errno.NOENT);
  }

  @Test
  void timesAreSetToTheNanosecondOrLeftAlone() {
    int fd = create("a");
    int before = guest.status(fd);
    long accessed = guest.memory().i64(before + 40);
    guest.ok("fd_filestat_set_times", fd, 7L, 1_580_702_706_123_456_789L, 4);
    int after = guest.status(fd);
    assertThat(guest.memory().i64(after + 48)).isEqualTo(1_580_702_706_123_456_789L);
    assertThat(guest.memory().i64(after + 40)).isEqualTo(accessed);
    int path = guest.bytes(new byte[] {'a'});
    guest.ok("path_filestat_set_times", Guest.ROOT, 0, path, 1, 99L, 0L, 1);
    after = guest.status(fd);
    assertThat(guest.memory().i64(after + 40)).isEqualTo(99);
    assertThat(guest.memory().i64(after + 48)).isEqualTo(1_580_702_706_123_456_789L);
    guest.ok("path_filestat_set_times", Guest.ROOT, 0, path, 1, 0L, 0L, 2 | 8);
    after = guest.status(fd);
    assertThat(guest.memory().i64(after + 40)).isGreaterThan(1_600_000_000_000_000_000L);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 4 | 8)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 1 | 2)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 16)).isEqualTo(Errno.INVAL);
  }

  @Test
  void manyRangesAreOneTransfer() {
    int fd = create("a");
    int list = guest.room(8 * 3);
    int[] lengths = {3, 0, 70_000};
    for (int i = 0; i < lengths.length; i++) {
      int text = guest.bytes(String.valueOf((char) ('a' + i)).repeat(lengths[i]).getBytes());
      guest.memory().setI32(list + 8 * i, text);
      guest.memory().setI32(list + 8 * i + 4, lengths[i]);
    }
    int count = guest.room(4);
    guest.ok("fd_write", fd, list, 3, count);
    assertThat(guest.memory().i32(count)).isEqualTo(70_003);
    assertThat(box.resolve("a")).hasContent("aaa" + "c".repeat(70_000));

    int back = guest.room(8 * 2);
    int first = guest.room(70_001);
    int second = guest.room(100);
    guest.memory().setI32(back, first);
    guest.memory().setI32(back + 4, 70_001);
    guest.memory().setI32(back + 8, second);
    guest.memory().setI32(back + 12, 100);
    guest.seek(fd, 0, SET);
    guest.ok("fd_read", fd, back, 2, count);
    assertThat(guest.memory().i32(count)).isEqualTo(70_003);
    assertThat(guest.memory().utf8(first, 4)).isEqualTo("aaac");
    assertThat(guest.memory().bytes(second, 3)).containsExactly('c', 'c', 0);
  }
}
