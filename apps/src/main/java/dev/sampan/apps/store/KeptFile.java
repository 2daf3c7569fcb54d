package dev.sampan.apps.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small file that is replaced as a whole: whoever reads it finds one of its contents. */
public final class KeptFile {

  private final Path file;
  private final Path next;

  /** A file, which need not exist. */
  public KeptFile(Path file) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".next");
  }

  /** What it holds, if it exists. */
  public Optional<byte[]> read() throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Replaces what it holds.
   *
   * @throws IOException if that cannot be done; then it is as it was
   */
  public void write(byte[] content) throws IOException {
    Disk.makePrivateFolder(file.toAbsolutePath().resolveSibling(""));
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        Disk.write(channel, ByteBuffer.wrap(content));
        channel.force(true);
      }
      Disk.moveIntoPlace(next, file);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Deletes it. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
