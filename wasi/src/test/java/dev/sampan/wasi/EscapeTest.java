package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.capability.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest tries to leave its directory. Beside it lies a secret. */
class EscapeTest {

  @TempDir Path temp;
  private Path box;
  private Guest guest;

  @BeforeEach
  void grant() throws IOException {
    box = Files.createDirectories(temp.resolve("box"));
    Files.createDirectories(box.resolve("inner/deep"));
    Files.writeString(box.resolve("inner/file"), "inside");
    Files.writeString(temp.resolve("secret"), "outside");
    Files.createDirectory(temp.resolve("other"));
    Files.writeString(temp.resolve("other/file"), "outside");
    guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE));
  }

  @AfterEach
  void end() {
    guest.close();
  }

  private void hostLink(String path, String target) throws IOException {
    Files.createSymbolicLink(box.resolve(path), Path.of(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../",
        "../secret",
        "inner/../../secret",
        "./../secret",
        "inner/deep/../../../secret",
        "..//../secret",
        "/",
        "/etc/passwd",
        "//secret"
      })
  void pathsOutOfTheDirectoryAreRefused(String path) {
    assertThat(guest.openError(path)).isEqualTo(Errno.PERM);
    assertThat(guest.path("path_create_directory", Guest.ROOT, path)).isEqualTo(Errno.PERM);
    assertThat(guest.path("path_unlink_file", Guest.ROOT, path)).isEqualTo(Errno.PERM);
    assertThat(guest.path("path_remove_directory", Guest.ROOT, path)).isEqualTo(Errno.PERM);
    assertThat(guest.rename("inner/file", path)).isEqualTo(Errno.PERM);
    assertThat(guest.rename(path, "stolen")).isEqualTo(Errno.PERM);
    assertThat(guest.symlink("x", path)).isEqualTo(Errno.PERM);
    assertThat(guest.link(Guest.ROOT, 0, path, Guest.ROOT, "stolen")).isEqualTo(Errno.PERM);
    assertThat(guest.link(Guest.ROOT, 0, "inner/file", Guest.ROOT, path)).isEqualTo(Errno.PERM);
  }

  @Test
  void pathsThatGoUpAndStayInsideWork() {
    int fd = guest.open("inner/.//deep/../../inner/deep/../file", 0, Guest.READ_FILE);
    assertThat(guest.read(fd, 10)).isEqualTo("inside");
  }

  @Test
  void aDescriptorOfASubdirectoryIsAWallToo() {
    int inner = guest.open("inner", Guest.DIRECTORY, Guest.READ_FILE);
    int fd = guest.tryOpen(inner, 0, "../inner/file", 0, Guest.READ_FILE, 0);
    assertThat(fd).isEqualTo(-Errno.PERM.number());
    assertThat(guest.tryOpen(inner, 0, "deep/../file", 0, Guest.READ_FILE, 0)).isPositive();
  }

  @Test
  void aLinkThatLeadsOutIsNotFollowed() throws IOException {
    hostLink("relative", "../secret");
    hostLink("absolute", temp.resolve("secret").toString());
    assertThat(guest.openError("relative")).isEqualTo(Errno.PERM);
    assertThat(guest.openError("absolute")).isEqualTo(Errno.PERM);
    assertThat(guest.openError(0, "relative", 0, Guest.READ_FILE)).isEqualTo(Errno.LOOP);
  }

  @Test
  void aLinkThatLeadsOutIsNotFollowedOnTheWay() throws IOException {
    hostLink("up", "..");
    hostLink("inner/up", "../..");
    hostLink("other", temp.resolve("other").toString());
    for (String path : new String[] {"up/secret", "inner/up/secret", "other/file", "up/"}) {
      assertThat(guest.openError(path)).as(path).isEqualTo(Errno.PERM);
      assertThat(guest.openError(0, path, 0, Guest.READ_FILE)).as(path).isEqualTo(Errno.PERM);
      assertThat(guest.openError(0, path + "/new", Guest.CREATE, Guest.ALL))
          .as(path)
          .isEqualTo(Errno.PERM);
    }
    assertThat(guest.path("path_create_directory", Guest.ROOT, "other/made")).isEqualTo(Errno.PERM);
    assertThat(guest.path("path_unlink_file", Guest.ROOT, "other/file")).isEqualTo(Errno.PERM);
    assertThat(guest.rename("other/file", "stolen")).isEqualTo(Errno.PERM);
    assertThat(temp.resolve("other/made")).doesNotExist();
    assertThat(temp.resolve("other/file")).hasContent("outside");
  }

  @Test
  void creatingThroughADanglingLinkDoesNotCreateOutside() throws IOException {
    hostLink("out", "../made");
    hostLink("in", "inner/made");
    assertThat(guest.openError(Guest.FOLLOW, "out", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.PERM);
    assertThat(temp.resolve("made")).doesNotExist();
    guest.open("in", Guest.CREATE, Guest.ALL);
    assertThat(box.resolve("inner/made")).exists();
  }

  @Test
  void linksThatStayInsideAreFollowed() throws IOException {
    hostLink("file", "inner/deep/../file");
    hostLink("dir", "inner");
    hostLink("chain", "dir/back/file");
    hostLink("inner/back", "../dir/.");
    for (String path : new String[] {"file", "dir/file", "chain", "dir/back/back/file"}) {
      assertThat(guest.read(guest.open(path, 0, Guest.READ_FILE), 10)).as(path).isEqualTo("inside");
    }
  }

  @Test
  void linksInACircleEndInLoop() throws IOException {
    hostLink("self", "self");
    hostLink("a", "b");
    hostLink("b", "a/x");
    assertThat(guest.openError("self")).isEqualTo(Errno.LOOP);
    assertThat(guest.openError("self/x")).isEqualTo(Errno.LOOP);
    assertThat(guest.openError("a")).isEqualTo(Errno.LOOP);
    assertThat(guest.openError(0, "self", 0, Guest.READ_FILE)).isEqualTo(Errno.LOOP);
  }

  @Test
  void aGuestCannotLayATrapForTheHost() {
    assertThat(guest.symlink("/etc/passwd", "trap")).isEqualTo(Errno.PERM);
    assertThat(box.resolve("trap")).doesNotExist();
  }

  @Test
  void renamingTheStartOfALookupDoesNotOpenADoor() throws IOException {
    int inner = guest.open("inner", Guest.DIRECTORY, Guest.READ_FILE);
    Files.move(box.resolve("inner"), box.resolve("moved"));
    Files.createSymbolicLink(box.resolve("inner"), temp.resolve("other"));
    int fd = guest.tryOpen(inner, 0, "file", 0, Guest.READ_FILE, 0);
    if (fd > 0) {
      assertThat(guest.read(fd, 10)).isEqualTo("inside");
    }
    assertThat(guest.path("path_create_directory", inner, "made")).isNotEqualTo(Errno.SUCCESS);
    assertThat(guest.link(Guest.ROOT, 0, "inner/file", Guest.ROOT, "x")).isEqualTo(Errno.PERM);
    assertThat(temp.resolve("other/made")).doesNotExist();
  }

  @Test
  void aDirectoryExchangedForALinkWhileItIsWalkedThroughIsNoWayOut() throws Exception {
    Files.createDirectory(box.resolve("door"));
    Files.writeString(box.resolve("door/file"), "inside");
    Files.createSymbolicLink(box.resolve("link"), temp.resolve("other"));
    AtomicBoolean stop = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    swap();
                  }
                });
    Set<Errno> refusals = EnumSet.noneOf(Errno.class);
    int opened = 0;
    try {
      for (int i = 0; i < 3000; i++) {
        int fd = guest.tryOpen(Guest.ROOT, Guest.FOLLOW, "door/file", 0, Guest.READ_FILE, 0);
        if (fd < 0) {
          refusals.add(Errno.values()[-fd]);
        } else {
          opened++;
          assertThat(guest.readAt(fd, 0, 10)).isEqualTo("inside");
          guest.close(fd);
        }
      }
    } finally {
      stop.set(true);
      swapper.join();
    }
    assertThat(opened).isPositive();
    assertThat(refusals).isSubsetOf(Errno.PERM, Errno.NOENT, Errno.LOOP, Errno.NOTDIR, Errno.INVAL);
    assertThat(temp.resolve("other/file")).hasContent("outside");
  }

  private void swap() {
    try {
      Files.move(box.resolve("door"), box.resolve("away"));
      Files.move(box.resolve("link"), box.resolve("door"));
      Files.move(box.resolve("door"), box.resolve("link"));
      Files.move(box.resolve("away"), box.resolve("door"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theParentOfAGrantIsNotListed() {
    int parent = guest.status(Guest.ROOT);
    int buffer = guest.room(256);
    int used = guest.room(4);
    guest.ok("fd_readdir", Guest.ROOT, buffer, 256, 1L, used);
    assertThat(guest.memory().utf8(buffer + 24, 2)).isEqualTo("..");
    assertThat(guest.memory().i64(buffer + 8)).isEqualTo(guest.memory().i64(parent + 8));
  }

  @Test
  void oddPathsGetTheirOwnErrors() {
    assertThat(guest.openError("")).isEqualTo(Errno.NOENT);
    assertThat(guest.openError("a\0b")).isEqualTo(Errno.INVAL);
    assertThat(guest.openError("n".repeat(256))).isEqualTo(Errno.NAMETOOLONG);
    assertThat(guest.openError("a/".repeat(3000))).isEqualTo(Errno.NAMETOOLONG);
    assertThat(guest.openError("inner/file/")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError("inner/file///")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError("inner/file/x")).isEqualTo(Errno.NOTDIR);
    assertThat(guest.openError("inner/none/x")).isEqualTo(Errno.NOENT);
    guest.open("inner///", 0, Guest.READ_FILE);
    int malformed = guest.bytes(new byte[] {(byte) 0xFF, 'a'});
    assertThat(guest.call("path_create_directory", Guest.ROOT, malformed, 2))
        .isEqualTo(Errno.ILSEQ);
  }
}
