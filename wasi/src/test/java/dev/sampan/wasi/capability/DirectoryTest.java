package dev.sampan.wasi.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of directories do the same, also the one that this system would not choose. */
class DirectoryTest {

  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);

  /** How a directory is held. */
  enum Held {
    AS_THE_SYSTEM_CAN,
    BY_PATH;

    Directory open(Path path) throws IOException {
      return switch (this) {
        case AS_THE_SYSTEM_CAN ->
            Directory.open(path, new Quota(Long.MAX_VALUE, new Quota.Whole(Long.MAX_VALUE)));
        case BY_PATH ->
            new PathDirectory(
                path.toRealPath(), new Quota(Long.MAX_VALUE, new Quota.Whole(Long.MAX_VALUE)));
      };
    }
  }

  @TempDir Path temp;
  private Path box;

  @BeforeEach
  void fill() throws IOException {
    box = Files.createDirectories(temp.resolve("box"));
    Files.createDirectories(box.resolve("a/b"));
    Files.writeString(box.resolve("a/b/file"), "inside");
    Files.createDirectory(temp.resolve("other"));
    Files.writeString(temp.resolve("other/file"), "outside");
  }

  private static Errno error(IOException failure) {
    return HostErrors.errno(failure);
  }

  private static Errno lookupError(Directory start, String path) {
    try (Lookup found = Lookup.of(start, path, Lookup.Last.FOLLOW)) {
      return Errno.SUCCESS;
    } catch (IOException e) {
      return error(e);
    }
  }

  private static String read(OpenFile file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    int count = file.read(buffer, 0);
    return new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void lookupsStayInside(Held held) throws IOException {
    Files.createSymbolicLink(box.resolve("out"), temp.resolve("other"));
    Files.createSymbolicLink(box.resolve("up"), Path.of("a/../.."));
    Files.createSymbolicLink(box.resolve("in"), Path.of("a/b"));
    try (Directory directory = held.open(box)) {
      assertThat(lookupError(directory, "../other/file")).isEqualTo(Errno.PERM);
      assertThat(lookupError(directory, "out/file")).isEqualTo(Errno.PERM);
      assertThat(lookupError(directory, "up/other/file")).isEqualTo(Errno.PERM);
      try (Lookup found = Lookup.of(directory, "in/../b/file", Lookup.Last.FOLLOW);
          OpenFile file = found.directory().openFile(found.name(), READ)) {
        assertThat(read(file)).isEqualTo("inside");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void linksAreNotOpened(Held held) throws IOException {
    Files.createSymbolicLink(box.resolve("directory"), temp.resolve("other"));
    Files.createSymbolicLink(box.resolve("file"), temp.resolve("other/file"));
    try (Directory directory = held.open(box)) {
      assertThatThrownBy(() -> directory.openDirectory("directory"))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> directory.openFile("file", READ)).isInstanceOf(IOException.class);
      assertThat(directory.typeOf("file")).isEqualTo(FileType.SYMBOLIC_LINK);
      assertThat(directory.status("file").type()).isEqualTo(FileType.SYMBOLIC_LINK);
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesArePartsOfPathsOnly(Held held) throws IOException {
    try (Directory directory = held.open(box)) {
      for (String name : new String[] {"a/b", "/", "/etc", "a/", "", "../other"}) {
        assertThatThrownBy(() -> directory.openDirectory(name))
            .as("'" + name + "'")
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.createDirectory(name))
            .as("'" + name + "'")
            .isInstanceOf(IOException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPathThatNowLeadsElsewhereIsNotUsed(Held held) throws IOException {
    try (Directory directory = held.open(box);
        Directory inner = directory.openDirectory("a")) {
      Files.move(box.resolve("a"), box.resolve("moved"));
      Files.createSymbolicLink(box.resolve("a"), temp.resolve("other"));
      assertThatThrownBy(() -> inner.createDirectory("made"))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> inner.openFile("file", READ))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(temp.resolve("other/made")).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void entriesAreMadeMovedAndRemoved(Held held) throws IOException {
    try (Directory directory = held.open(box);
        Directory inner = directory.openDirectory("a")) {
      directory.createDirectory("d");
      assertThat(directory.names()).containsExactlyInAnyOrder("a", "d");
      directory.rename("d", inner, "e");
      assertThat(inner.names()).containsExactlyInAnyOrder("b", "e");
      assertThat(inner.isEmpty()).isFalse();
      assertThatThrownBy(() -> inner.removeFile("e"))
          .isInstanceOfSatisfying(
              IOException.class, e -> assertThat(error(e)).isEqualTo(Errno.ISDIR));
      assertThatThrownBy(() -> inner.removeDirectory("b"))
          .isInstanceOfSatisfying(
              IOException.class, e -> assertThat(error(e)).isEqualTo(Errno.NOTEMPTY));
      inner.removeDirectory("e");
      directory.createSymbolicLink("link", "a/b");
      assertThat(directory.readSymbolicLink("link")).isEqualTo("a/b");
      directory.removeFile("link");
      try (Directory b = inner.openDirectory("b")) {
        b.createLink("file", directory, "again");
        assertThat(directory.status("again").isSameFile(b.status("file"))).isTrue();
      }
      assertThat(directory.typeOf("link")).isNull();
    }
    assertThat(box.resolve("again")).hasContent("inside");
  }

  @ParameterizedTest
  @EnumSource
  void timesAndSizesAreThoseOfTheEntry(Held held) throws IOException {
    try (Directory directory = held.open(box.resolve("a/b"))) {
      directory.setTimes("file", null, FileTime.fromMillis(5));
      FileStatus status = directory.status("file");
      assertThat(status.modified()).isEqualTo(5_000_000);
      assertThat(status.size()).isEqualTo(6);
      directory.setTimes(Directory.SELF, null, FileTime.fromMillis(7));
      assertThat(directory.status().modified()).isEqualTo(7_000_000);
      assertThat(directory.status().type()).isEqualTo(FileType.DIRECTORY);
    }
  }
}
