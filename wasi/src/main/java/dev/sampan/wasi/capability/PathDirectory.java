package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory known by its path only, for systems where Java cannot hold one open, such as Windows.
 * Before every operation the path is checked to lead to itself, without any link on the way. No
 * guest of this process can exchange a directory for a link in just that moment; another process
 * that does is not noticed.
 */
final class PathDirectory extends Directory {

  PathDirectory(Path path, Quota quota) {
    super(path, quota);
  }

  private Path entry(String name) throws IOException {
    requireUnmoved();
    return name.equals(SELF) ? path() : child(name);
  }

  @Override
  BasicFileAttributes attributes(String name) throws IOException {
    return whileNamesStay(
        () -> Files.readAttributes(entry(name), BasicFileAttributes.class, NOFOLLOW));
  }

  @Override
  DirectoryStream<Path> entries() throws IOException {
    return whileNamesStay(() -> Files.newDirectoryStream(entry(SELF)));
  }

  @Override
  void requireUnmoved() throws IOException {
    if (!path().toRealPath().equals(path())) {
      throw new NoSuchFileException(path().toString());
    }
  }

  @Override
  public Directory openDirectory(String name) throws IOException {
    if (name.equals(SELF)) {
      return new PathDirectory(path(), quota());
    }
    return whileNamesStay(
        () -> {
          Path real = entry(name).toRealPath();
          // A real path spells the name as the disk does, so only what lies above it can be
          // compared.
          if (typeOf(name) != FileType.DIRECTORY || !path().equals(real.getParent())) {
            throw new ErrnoException(Errno.NOTDIR);
          }
          return new PathDirectory(real, quota());
        });
  }

  @Override
  SeekableByteChannel openChannel(String name, Set<? extends OpenOption> options)
      throws IOException {
    return whileNamesStay(
        () ->
            isZip()
                ? openInZip(entry(name), options)
                : Files.newByteChannel(entry(name), notFollowing(options)));
  }

  /** Whether it lies in a zip file, whose file system of the JDK has ways of its own. */
  private boolean isZip() {
    return path().getFileSystem().provider().getScheme().equals("jar");
  }

  /**
   * Opens a file in a zip file. There are no symbolic links, and options about them are refused;
   * what is created has a name only when it is closed; and what is opened for writing begins empty,
   * unless it is opened for appending.
   */
  private static SeekableByteChannel openInZip(Path file, Set<? extends OpenOption> options)
      throws IOException {
    if (!options.contains(StandardOpenOption.WRITE)) {
      return Files.newByteChannel(file, options);
    }
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      Files.write(file, new byte[0], StandardOpenOption.CREATE_NEW);
    }
    return options.contains(StandardOpenOption.TRUNCATE_EXISTING)
        ? Files.newByteChannel(file, StandardOpenOption.WRITE)
        : Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  @Override
  void deleteFile(String name) throws IOException {
    Path file = entry(name);
    if (typeOf(name) == FileType.DIRECTORY) {
      throw new ErrnoException(Errno.ISDIR);
    }
    Files.delete(file);
  }

  @Override
  void deleteDirectory(String name) throws IOException {
    Path directory = entry(name);
    if (typeOf(name) != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.NOTDIR);
    }
    Files.delete(directory);
  }

  @Override
  void move(String name, Directory target, String newName) throws IOException {
    if (!(target instanceof PathDirectory other)
        || other.path().getFileSystem() != path().getFileSystem()) {
      throw new ErrnoException(Errno.XDEV);
    }
    Path from = entry(name);
    Path to = other.entry(newName);
    try {
      // Without this option Java would copy to another disk, and replace in two steps.
      Files.move(
          from, to, isZip() ? StandardCopyOption.REPLACE_EXISTING : StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      // The systems themselves replace what is there; file systems in memory want to be told.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void setTimes(String name, @Nullable FileTime accessed, @Nullable FileTime modified)
      throws IOException {
    whileNamesStay(
        () -> {
          Files.getFileAttributeView(entry(name), BasicFileAttributeView.class, NOFOLLOW)
              .setTimes(modified, accessed, null);
          return name;
        });
  }

  @Override
  public void close() {
    // nothing is held
  }
}
