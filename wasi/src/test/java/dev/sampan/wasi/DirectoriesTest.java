package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.capability.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories and names: listing, making, moving, removing, linking. */
class DirectoriesTest {

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

  private Errno mkdir(String path) {
    return guest.path("path_create_directory", Guest.ROOT, path);
  }

  private Errno rmdir(String path) {
    return guest.path("path_remove_directory", Guest.ROOT, path);
  }

  private Errno unlink(String path) {
    return guest.path("path_unlink_file", Guest.ROOT, path);
  }

  private void touch(String path) {
    guest.close(guest.open(path, Guest.CREATE, Guest.ALL));
  }

  /** Lists a directory with a buffer of the size given, as guests do. */
  private List<String> list(int fd, int size) {
    List<String> names = new ArrayList<>();
    int buffer = guest.room(size);
    int result = guest.room(4);
    long cookie = 0;
    while (true) {
      guest.ok("fd_readdir", fd, buffer, size, cookie, result);
      int used = guest.memory().i32(result);
      int at = 0;
      while (at + 24 <= used) {
        int length = guest.memory().i32(buffer + at + 16);
        if (at + 24 + length > used) {
          break;
        }
        names.add(guest.memory().utf8(buffer + at + 24, length));
        cookie = guest.memory().i64(buffer + at);
        at += 24 + length;
      }
      if (used < size) {
        return names;
      }
      assertThat(at).as("at least one entry fits").isPositive();
    }
  }

  @Test
  void listingGivesDotsFirstAndSortedNames() throws IOException {
    for (String name : new String[] {"b", "a", "z", "C"}) {
      touch(name);
    }
    mkdir("d");
    assertThat(list(Guest.ROOT, 4096)).containsExactly(".", "..", "C", "a", "b", "d", "z");
  }

  @Test
  void aSmallBufferGivesTheSameInPieces() {
    List<String> expected = new ArrayList<>(List.of(".", ".."));
    for (int i = 100; i < 300; i++) {
      touch("file-" + i);
      expected.add("file-" + i);
    }
    for (int size : new int[] {32, 33, 64, 100, 255}) {
      assertThat(list(Guest.ROOT, size)).as("buffer of " + size).isEqualTo(expected);
    }
  }

  @Test
  void anEntryTooLongForTheBufferIsCutOff() {
    touch("a-rather-long-name");
    int buffer = guest.room(30);
    int result = guest.room(4);
    guest.ok("fd_readdir", Guest.ROOT, buffer, 30, 2L, result);
    assertThat(guest.memory().i32(result)).isEqualTo(30);
    assertThat(guest.memory().i32(buffer + 16)).isEqualTo(18);
    assertThat(guest.memory().utf8(buffer + 24, 6)).isEqualTo("a-rath");
    guest.ok("fd_readdir", Guest.ROOT, buffer, 30, 3L, result);
    assertThat(guest.memory().i32(result)).isZero();
    guest.ok("fd_readdir", Guest.ROOT, buffer, 30, -1L, result);
    assertThat(guest.memory().i32(result)).isZero();
  }

  @Test
  void cookiesStayGoodWhileEntriesVanish() {
    for (char name = 'a'; name <= 'e'; name++) {
      touch(String.valueOf(name));
    }
    int buffer = guest.room(100);
    int result = guest.room(4);
    guest.ok("fd_readdir", Guest.ROOT, buffer, 75, 0L, result);
    long cookie = 3;
    unlink("a");
    unlink("c");
    guest.ok("fd_readdir", Guest.ROOT, buffer, 100, cookie, result);
    assertThat(guest.memory().i32(result)).isEqualTo(3 * 25);
    assertThat(guest.memory().utf8(buffer + 24, 1)).isEqualTo("b");
    assertThat(guest.memory().utf8(buffer + 49, 1)).isEqualTo("d");
    assertThat(list(Guest.ROOT, 100)).containsExactly(".", "..", "b", "d", "e");
  }

  @Test
  void entriesTellTypeAndInode() throws IOException {
    mkdir("dir");
    touch("file");
    guest.symlink("file", "link");
    int buffer = guest.room(200);
    int result = guest.room(4);
    guest.ok("fd_readdir", Guest.ROOT, buffer, 200, 2L, result);
    assertThat(guest.memory().i8(buffer + 20)).isEqualTo((byte) 3);
    int file = buffer + 27;
    assertThat(guest.memory().i8(file + 20)).isEqualTo((byte) 4);
    assertThat(guest.memory().i64(file + 8))
        .isEqualTo(guest.memory().i64(guest.status(0, "file") + 8));
    assertThat(guest.memory().i8(file + 28 + 20)).isEqualTo((byte) 7);
  }

  @Test
  void listingNeedsADirectory() {
    touch("file");
    int fd = guest.open("file", 0, Guest.READ_FILE);
    assertThat(guest.call("fd_readdir", fd, guest.room(8), 8, 0L, guest.room(4)))
        .isEqualTo(Errno.NOTDIR);
    assertThat(guest.tryOpen(fd, 0, "x", Guest.CREATE, 0, 0)).isEqualTo(-Errno.NOTDIR.number());
  }

  @Test
  void directoriesAreNoFiles() {
    int result = guest.room(8);
    assertThat(guest.tryRead(Guest.ROOT)).isEqualTo(Errno.ISDIR);
    assertThat(guest.tryWrite(Guest.ROOT, "x")).isEqualTo(Errno.ISDIR);
    assertThat(guest.call("fd_seek", Guest.ROOT, 0L, 0, result)).isEqualTo(Errno.ISDIR);
    assertThat(guest.call("fd_tell", Guest.ROOT, result)).isEqualTo(Errno.ISDIR);
    assertThat(guest.call("fd_allocate", Guest.ROOT, 0L, 1L)).isEqualTo(Errno.ISDIR);
    assertThat(guest.call("fd_filestat_set_size", Guest.ROOT, 0L)).isEqualTo(Errno.ISDIR);
  }

  @Test
  void makingADirectoryNeedsAFreeNameAndAParent() {
    assertThat(mkdir("a")).isEqualTo(Errno.SUCCESS);
    assertThat(mkdir("a/b/")).isEqualTo(Errno.SUCCESS);
    assertThat(mkdir("a")).isEqualTo(Errno.EXIST);
    assertThat(mkdir("a/.")).isEqualTo(Errno.EXIST);
    assertThat(mkdir("x/y")).isEqualTo(Errno.NOENT);
    touch("f");
    assertThat(mkdir("f")).isEqualTo(Errno.EXIST);
    assertThat(mkdir("f/y")).isEqualTo(Errno.NOTDIR);
    guest.symlink("nowhere", "dangling");
    assertThat(mkdir("dangling")).isEqualTo(Errno.EXIST);
  }

  @Test
  void removingTellsFilesFromDirectories() {
    mkdir("d");
    touch("d/f");
    assertThat(rmdir("d")).isEqualTo(Errno.NOTEMPTY);
    assertThat(rmdir("d/f")).isEqualTo(Errno.NOTDIR);
    assertThat(rmdir("d/f/")).isEqualTo(Errno.NOTDIR);
    assertThat(unlink("d")).isEqualTo(Errno.ISDIR);
    assertThat(unlink("d/")).isEqualTo(Errno.ISDIR);
    assertThat(unlink("d/f/")).isEqualTo(Errno.NOTDIR);
    assertThat(unlink("d/f")).isEqualTo(Errno.SUCCESS);
    assertThat(unlink("d/f")).isEqualTo(Errno.NOENT);
    assertThat(rmdir("d/")).isEqualTo(Errno.SUCCESS);
    assertThat(rmdir("d")).isEqualTo(Errno.NOENT);
    assertThat(rmdir(".")).isEqualTo(Errno.INVAL);
    assertThat(box).isEmptyDirectory();
  }

  @Test
  void removingALinkLeavesItsTarget() {
    mkdir("d");
    guest.symlink("d", "link");
    assertThat(rmdir("link")).isEqualTo(Errno.NOTDIR);
    assertThat(rmdir("link/")).isEqualTo(Errno.NOTDIR);
    assertThat(unlink("link/")).isEqualTo(Errno.NOTDIR);
    assertThat(unlink("link")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("d")).isDirectory();
  }

  @Test
  void renamingReplacesWhatItMay() throws IOException {
    mkdir("d");
    mkdir("e");
    touch("d/f");
    Files.writeString(box.resolve("a"), "a");
    Files.writeString(box.resolve("b"), "b");
    assertThat(guest.rename("a", "b")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("b")).hasContent("a");
    assertThat(guest.rename("a", "c")).isEqualTo(Errno.NOENT);
    assertThat(guest.rename("b", "d")).isEqualTo(Errno.ISDIR);
    assertThat(guest.rename("d", "b")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.rename("e", "d")).isEqualTo(Errno.NOTEMPTY);
    assertThat(guest.rename("d", "d/sub")).isEqualTo(Errno.INVAL);
    assertThat(guest.rename("b", "c/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.rename("b/", "c")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.rename(".", "c")).isEqualTo(Errno.BUSY);
    assertThat(guest.rename("d", "d")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("d", "e")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("e/", "g/")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("g/f")).exists();
    assertThat(box.resolve("e")).doesNotExist();
  }

  @Test
  void renamingMovesALinkAndNotItsTarget() {
    touch("f");
    guest.symlink("f", "link");
    assertThat(guest.rename("link", "moved")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("moved")).isSymbolicLink();
    assertThat(box.resolve("f")).isRegularFile();
  }

  @Test
  void renamingOneNameOfAFileToAnotherKeepsBoth() {
    touch("a");
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "b")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.rename("a", "b")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("a")).exists();
    assertThat(box.resolve("b")).exists();
  }

  @Test
  void hardLinksAreSecondNames() throws IOException {
    Files.writeString(box.resolve("a"), "text");
    mkdir("d");
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "d/b")).isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("d/b")).hasContent("text");
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "d/b")).isEqualTo(Errno.EXIST);
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "a")).isEqualTo(Errno.EXIST);
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "d")).isEqualTo(Errno.EXIST);
    assertThat(guest.link(Guest.ROOT, 0, "a", Guest.ROOT, "c/")).isEqualTo(Errno.NOENT);
    assertThat(guest.link(Guest.ROOT, 0, "d", Guest.ROOT, "e")).isEqualTo(Errno.PERM);
    assertThat(guest.link(Guest.ROOT, 0, "none", Guest.ROOT, "e")).isEqualTo(Errno.NOENT);
  }

  @Test
  void aHardLinkToALinkFollowsOnlyIfAsked() {
    touch("a");
    guest.symlink("a", "link");
    guest.symlink("nowhere", "dangling");
    assertThat(guest.link(Guest.ROOT, Guest.FOLLOW, "link", Guest.ROOT, "b"))
        .isEqualTo(Errno.SUCCESS);
    assertThat(box.resolve("b")).isRegularFile();
    assertThat(guest.link(Guest.ROOT, Guest.FOLLOW, "dangling", Guest.ROOT, "c"))
        .isEqualTo(Errno.NOENT);
    if (System.getProperty("os.name").equals("Linux")) {
      assertThat(guest.link(Guest.ROOT, 0, "dangling", Guest.ROOT, "c")).isEqualTo(Errno.SUCCESS);
      assertThat(box.resolve("c")).isSymbolicLink();
    }
  }

  @Test
  void symbolicLinksNeedAFreeName() {
    assertThat(guest.symlink("x", "target/")).isEqualTo(Errno.NOENT);
    assertThat(guest.symlink("", "a")).isEqualTo(Errno.NOENT);
    mkdir("d");
    assertThat(guest.symlink("x", "d")).isEqualTo(Errno.EXIST);
    assertThat(guest.symlink("x", "d/")).isEqualTo(Errno.EXIST);
    touch("f");
    assertThat(guest.symlink("x", "f/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.symlink("x", "a")).isEqualTo(Errno.SUCCESS);
    assertThat(guest.openError("a")).isEqualTo(Errno.NOENT);
  }

  @Test
  void readingALinkGivesAsMuchAsFits() {
    guest.symlink("some/target", "link");
    int path = guest.bytes("link".getBytes());
    int buffer = guest.room(20);
    int result = guest.room(4);
    guest.ok("path_readlink", Guest.ROOT, path, 4, buffer, 20, result);
    assertThat(guest.memory().utf8(buffer, guest.memory().i32(result))).isEqualTo("some/target");
    guest.ok("path_readlink", Guest.ROOT, path, 4, buffer, 4, result);
    assertThat(guest.memory().i32(result)).isEqualTo(4);
    mkdir("link2");
    int other = guest.bytes("link2".getBytes());
    assertThat(guest.call("path_readlink", Guest.ROOT, other, 5, buffer, 4, result))
        .isEqualTo(Errno.INVAL);
  }

  @Test
  void openingALinkItselfIsALoop() {
    mkdir("d");
    touch("f");
    guest.symlink("d", "toDirectory");
    guest.symlink("f", "toFile");
    assertThat(guest.openError(0, "toDirectory", 0, 0)).isEqualTo(Errno.LOOP);
    assertThat(guest.openError(0, "toDirectory", Guest.DIRECTORY, 0)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError(0, "toFile", 0, 0)).isEqualTo(Errno.LOOP);
    assertThat(guest.openError(Guest.FOLLOW, "toFile", Guest.DIRECTORY, 0)).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError(0, "toFile", Guest.CREATE | Guest.EXCLUSIVE, 0))
        .isEqualTo(Errno.EXIST);
    guest.close(guest.open("toDirectory", Guest.DIRECTORY, 0));
    assertThat(guest.memory().i8(guest.status(0, "toDirectory") + 16)).isEqualTo((byte) 7);
    assertThat(guest.memory().i8(guest.status(1, "toDirectory") + 16)).isEqualTo((byte) 3);
    assertThat(guest.memory().i8(guest.status(0, "toDirectory/") + 16)).isEqualTo((byte) 3);
  }

  @Test
  void aDirectoryMovedWhileOpenStillWorks() {
    mkdir("d");
    int fd = guest.open("d", Guest.DIRECTORY, Guest.READ_FILE & Guest.ALL);
    guest.rename("d", "moved");
    int file = guest.tryOpen(fd, 0, "f", Guest.CREATE, Guest.ALL, 0);
    if (file > 0) {
      assertThat(box.resolve("moved/f")).exists();
    } else {
      assertThat(file).isEqualTo(-Errno.NOENT.number());
    }
    assertThat(box.resolve("d")).doesNotExist();
  }
}
