package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.sampan.wasi.capability.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of file systems that are not the host's. */
class FileSystemsTest {

  /** File systems that can be granted. */
  enum Kind {
    HOST,
    MEMORY_LIKE_UNIX,
    MEMORY_LIKE_WINDOWS,
    MEMORY_LIKE_MACOS,
    ZIP;

    FileSystem open(Path folder) {
      try {
        return switch (this) {
          case HOST -> FileSystems.getDefault();
          case MEMORY_LIKE_UNIX -> Jimfs.newFileSystem(Configuration.unix());
          case MEMORY_LIKE_WINDOWS -> Jimfs.newFileSystem(Configuration.windows());
          case MEMORY_LIKE_MACOS -> Jimfs.newFileSystem(Configuration.osX());
          case ZIP ->
              FileSystems.newFileSystem(
                  URI.create("jar:" + folder.resolve("box.zip").toUri()), Map.of("create", "true"));
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Path box(FileSystem files, Path folder) throws IOException {
      Path box =
          switch (this) {
            case HOST -> folder.resolve("box");
            case MEMORY_LIKE_UNIX, MEMORY_LIKE_MACOS, ZIP -> files.getPath("/box");
            case MEMORY_LIKE_WINDOWS -> files.getPath("C:\\box");
          };
      return Files.createDirectory(box);
    }

    void close(FileSystem files) throws IOException {
      if (this != HOST) {
        files.close();
      }
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void filesAreCreatedReadChangedListedAndRemoved(Kind kind) throws IOException {
    FileSystem files = kind.open(folder);
    Path box = kind.box(files, folder);
    Files.writeString(box.resolve("there"), "from the host");
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      int there = guest.open("there", 0, Guest.READ_FILE);
      assertThat(guest.read(there, 100)).isEqualTo("from the host");
      guest.close(there);

      int changed = guest.open("there", 0, Guest.ALL & ~Guest.READ);
      guest.seek(changed, 5, 0);
      guest.write(changed, "THE");
      guest.close(changed);
      assertThat(Files.readString(box.resolve("there"))).isEqualTo("from THE host");

      assertThat(guest.path("path_create_directory", Guest.ROOT, "d")).isEqualTo(Errno.SUCCESS);
      assertThat(guest.path("path_create_directory", Guest.ROOT, "d")).isEqualTo(Errno.EXIST);
      int made = guest.open("d/made", Guest.CREATE, Guest.ALL);
      guest.write(made, "0123456789");
      guest.close(made);
      assertThat(Files.readString(box.resolve("d").resolve("made"))).isEqualTo("0123456789");
      int status = guest.status(0, "d/made");
      assertThat(guest.memory().i64(status + 32)).isEqualTo(10);
      assertThat(guest.path("path_remove_directory", Guest.ROOT, "d")).isEqualTo(Errno.NOTEMPTY);
      assertThat(guest.rename("there", "d/made")).isEqualTo(Errno.SUCCESS);
      assertThat(Files.readString(box.resolve("d").resolve("made"))).isEqualTo("from THE host");
      assertThat(guest.openError("there")).isEqualTo(Errno.NOENT);
      int emptied = guest.open("d/made", Guest.TRUNCATE, Guest.ALL & ~Guest.READ);
      guest.close(emptied);
      assertThat(Files.size(box.resolve("d").resolve("made"))).isZero();
      assertThat(names(guest, guest.open("d", Guest.DIRECTORY, Guest.READ_FILE)))
          .isEqualTo(". .. made");
      assertThat(names(guest, Guest.ROOT)).isEqualTo(". .. d");
      assertThat(guest.path("path_unlink_file", Guest.ROOT, "d/made")).isEqualTo(Errno.SUCCESS);
      assertThat(guest.path("path_remove_directory", Guest.ROOT, "d")).isEqualTo(Errno.SUCCESS);
      assertThat(names(guest, Guest.ROOT)).isEqualTo(". ..");
      assertThat(guest.openError("../box")).isEqualTo(Errno.PERM);
      assertThat(guest.openError("..\\box")).isIn(Errno.NOENT, Errno.INVAL);
    }
    kind.close(files);
  }

  @ParameterizedTest
  @EnumSource
  void aReadOnlyGrantStaysAsItIs(Kind kind) throws IOException {
    FileSystem files = kind.open(folder);
    Path box = kind.box(files, folder);
    Files.writeString(box.resolve("there"), "text");
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_ONLY))) {
      assertThat(guest.read(guest.open("there", 0, Guest.READ_FILE), 9)).isEqualTo("text");
      assertThat(guest.openError(0, "there", 0, Guest.WRITE)).isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.openError(0, "there", Guest.TRUNCATE, Guest.READ))
          .isEqualTo(Errno.NOTCAPABLE);
      assertThat(guest.path("path_unlink_file", Guest.ROOT, "there")).isEqualTo(Errno.NOTCAPABLE);
    }
    assertThat(Files.readString(box.resolve("there"))).isEqualTo("text");
    kind.close(files);
  }

  @Test
  void whatWasWrittenIntoAZipIsInTheFile() throws IOException {
    FileSystem files = Kind.ZIP.open(folder);
    Path box = Kind.ZIP.box(files, folder);
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      int fd = guest.open("kept", Guest.CREATE, Guest.ALL);
      guest.write(fd, "kept");
    }
    files.close();
    try (FileSystem again = FileSystems.newFileSystem(folder.resolve("box.zip"))) {
      assertThat(Files.readString(again.getPath("/box/kept"))).isEqualTo("kept");
    }
  }

  @Test
  void aZipThatCannotBeWrittenIsAReadOnlyFileSystem() throws IOException {
    FileSystem files = Kind.ZIP.open(folder);
    Files.writeString(Kind.ZIP.box(files, folder).resolve("there"), "text");
    files.close();
    FileSystem readOnly =
        FileSystems.newFileSystem(folder.resolve("box.zip"), Map.of("accessMode", "readOnly"));
    Path box = readOnly.getPath("/box");
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      assertThat(guest.path("path_create_directory", Guest.ROOT, "d")).isEqualTo(Errno.ROFS);
      assertThat(guest.path("path_unlink_file", Guest.ROOT, "there")).isEqualTo(Errno.ROFS);
      assertThat(guest.openError(0, "made", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.ROFS);
      readOnly.close();
      assertThat(guest.openError("there")).isEqualTo(Errno.NODEV);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY_LIKE_WINDOWS", "MEMORY_LIKE_MACOS"})
  void aNameInAnotherCaseIsTheSameFileAndNoWayOut(Kind kind) throws IOException {
    FileSystem files = kind.open(folder);
    Path box = kind.box(files, folder);
    Files.writeString(box.resolve("File"), "text");
    Files.createDirectory(box.resolve("Dir"));
    Files.createSymbolicLink(box.resolve("Out"), files.getPath(".."));
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      assertThat(guest.read(guest.open("fILE", 0, Guest.READ_FILE), 9)).isEqualTo("text");
      assertThat(guest.path("path_create_directory", Guest.ROOT, "DIR")).isEqualTo(Errno.EXIST);
      guest.close(guest.open("DIR/x", Guest.CREATE, Guest.ALL));
      assertThat(guest.openError("OUT/box/File")).isEqualTo(Errno.PERM);
      assertThat(guest.rename("Dir", "dIR/y")).isEqualTo(Errno.INVAL);
    }
    kind.close(files);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NUL",
        "con",
        "Aux.txt",
        "COM1",
        "lpt9.log",
        "COM\u00B9",
        "file.",
        "file ",
        "file:stream",
        "C:",
        "C:file",
        "a\\b",
        "..\\box",
        "\\\\server\\share",
        "what?",
        "CONIN$"
      })
  void namesThatMeanSomethingElseOnWindowsAreRefusedThere(String name) throws IOException {
    FileSystem files = Kind.MEMORY_LIKE_WINDOWS.open(folder);
    Path box = Kind.MEMORY_LIKE_WINDOWS.box(files, folder);
    try (Guest guest = new Guest(Wasi.preview1().directory(box, "/", Rights.READ_WRITE))) {
      assertThat(guest.openError(0, name, Guest.CREATE, Guest.ALL)).isIn(Errno.INVAL, Errno.ILSEQ);
      assertThat(guest.path("path_create_directory", Guest.ROOT, name))
          .isIn(Errno.INVAL, Errno.ILSEQ);
      guest.close(guest.open("COM10", Guest.CREATE, Guest.ALL));
      guest.close(guest.open("nullable", Guest.CREATE, Guest.ALL));
    }
    Files.delete(box.resolve("COM10"));
    Files.delete(box.resolve("nullable"));
    assertThat(Files.list(box)).isEmpty();
    files.close();
  }

  private static String names(Guest guest, int fd) {
    int buffer = guest.room(1000);
    int used = guest.room(4);
    guest.ok("fd_readdir", fd, buffer, 1000, 0L, used);
    StringBuilder names = new StringBuilder();
    for (int at = 0; at < guest.memory().i32(used); ) {
      int length = guest.memory().i32(buffer + at + 16);
      names.append(names.isEmpty() ? "" : " ");
      names.append(guest.memory().utf8(buffer + at + 24, length));
      at += 24 + length;
    }
    return names.toString();
  }
}
