package dev.sampan.apps.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Steps that survive the loss of power once they have been taken. */
final class Disk {

  /** As much as file systems give at once. */
  private static final int BLOCK = 4096;

  private Disk() {}

  /** Makes a folder that only its owner may enter. */
  static void makePrivateFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Writes all of a buffer. */
  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Writes a file and deletes it.
   *
   * @throws IOException if that cannot be done
   */
  static void tryWriting(Path folder) throws IOException {
    Path file = folder.resolve("try");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      write(channel, ByteBuffer.allocate(BLOCK));
      channel.force(true);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Gives a complete file its name; whoever finds it finds all of it. */
  static void moveIntoPlace(Path complete, Path name) throws IOException {
    try {
      Files.move(complete, name, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new StoreException(name + ": files of this file system cannot be replaced safely");
    }
    syncFolderOf(name);
  }

  /**
   * Writes down which files are beside one. Where a folder cannot be opened the system does it
   * itself.
   */
  static void syncFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("");
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      if (!System.getProperty("os.name", "").startsWith("Windows")) {
        throw e;
      }
    }
  }
}
