package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory known by its path only, for systems where Java cannot hold one open, such as Windows.
 * Before every operation the path is checked to lead to itself, without any link on the way;
 * another process that exchanges a directory for a link in just that moment is not noticed.
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
    return Files.readAttributes(entry(name), BasicFileAttributes.class, NOFOLLOW);
  }

  @Override
  DirectoryStream<Path> entries() throws IOException {
    return Files.newDirectoryStream(entry(SELF));
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
    Path child = entry(name);
    Path real = child.toRealPath();
    // A real path spells the name as the disk does, so only what lies above it can be compared.
    if (typeOf(name) != FileType.DIRECTORY || !path().equals(real.getParent())) {
      throw new ErrnoException(Errno.NOTDIR);
    }
    return new PathDirectory(real, quota());
  }

  @Override
  SeekableByteChannel openChannel(String name, Set<? extends OpenOption> options)
      throws IOException {
    Path file = entry(name);
    if (hasNoLinks()) {
      return Files.newByteChannel(file, keepingContent(options));
    }
    Set<OpenOption> all = new HashSet<>(options);
    all.add(NOFOLLOW);
    return Files.newByteChannel(file, all);
  }

  /** Whether there are no symbolic links, as in a zip file, whose provider refuses to hear of them. */
  private boolean hasNoLinks() {
    return path().getFileSystem().provider().getScheme().equals("jar");
  }

  /** What is opened in a zip file for writing begins empty, unless it is opened for appending. */
  private static Set<OpenOption> keepingContent(Set<? extends OpenOption> options) {
    Set<OpenOption> all = new HashSet<>(options);
    if (all.contains(StandardOpenOption.WRITE) && !all.contains(StandardOpenOption.CREATE_NEW)) {
      all.remove(StandardOpenOption.READ);
      all.add(StandardOpenOption.APPEND);
    }
    return all;
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
    // Without an atomic move Java would copy to another disk, and replace in two steps.
    Files.move(
        entry(name),
        other.entry(newName),
        hasNoLinks() ? StandardCopyOption.REPLACE_EXISTING : StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void setTimes(String name, @Nullable FileTime accessed, @Nullable FileTime modified)
      throws IOException {
    Files.getFileAttributeView(entry(name), BasicFileAttributeView.class, NOFOLLOW)
        .setTimes(modified, accessed, null);
  }

  @Override
  public void close() {
    // nothing is held
  }
}
