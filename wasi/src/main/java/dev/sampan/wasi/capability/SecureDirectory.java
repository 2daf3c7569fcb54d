package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory held by a descriptor of the operating system, so that nobody can slip another
 * directory under its path. Where the JDK has no operation for that, the path is used with a check.
 */
final class SecureDirectory extends Directory {

  private final SecureDirectoryStream<Path> stream;
  private final @Nullable Object key;

  SecureDirectory(Path path, Quota quota, SecureDirectoryStream<Path> stream) throws IOException {
    super(path, quota);
    this.stream = stream;
    try {
      this.key = attributes(SELF).fileKey();
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  private BasicFileAttributeView view(String name) throws ErrnoException {
    return name.equals(SELF)
        ? stream.getFileAttributeView(BasicFileAttributeView.class)
        : stream.getFileAttributeView(single(name), BasicFileAttributeView.class, NOFOLLOW);
  }

  /** The name as a relative path of one element; an absolute one would leave the descriptor. */
  private Path single(String name) throws ErrnoException {
    return path().relativize(child(name));
  }

  @Override
  BasicFileAttributes attributes(String name) throws IOException {
    return view(name).readAttributes();
  }

  @Override
  DirectoryStream<Path> entries() throws IOException {
    return again();
  }

  /** The same directory once more: a stream can be read only once, and must be closed by itself. */
  private SecureDirectoryStream<Path> again() throws IOException {
    return stream.newDirectoryStream(path().getFileSystem().getPath(SELF), NOFOLLOW);
  }

  @Override
  void requireUnmoved() throws IOException {
    Object now = Files.readAttributes(path(), BasicFileAttributes.class, NOFOLLOW).fileKey();
    if (key == null || !key.equals(now)) {
      throw new NoSuchFileException(path().toString());
    }
  }

  @Override
  public Directory openDirectory(String name) throws IOException {
    return name.equals(SELF)
        ? new SecureDirectory(path(), quota(), again())
        : new SecureDirectory(
            child(name), quota(), stream.newDirectoryStream(single(name), NOFOLLOW));
  }

  @Override
  SeekableByteChannel openChannel(String name, Set<? extends OpenOption> options)
      throws IOException {
    return stream.newByteChannel(single(name), notFollowing(options));
  }

  @Override
  void deleteFile(String name) throws IOException {
    stream.deleteFile(single(name));
  }

  @Override
  void deleteDirectory(String name) throws IOException {
    stream.deleteDirectory(single(name));
  }

  @Override
  void move(String name, Directory target, String newName) throws IOException {
    if (!(target instanceof SecureDirectory other)
        || other.path().getFileSystem() != path().getFileSystem()) {
      throw new ErrnoException(Errno.XDEV);
    }
    stream.move(single(name), other.stream, other.single(newName));
  }

  @Override
  public void setTimes(String name, @Nullable FileTime accessed, @Nullable FileTime modified)
      throws IOException {
    view(name).setTimes(modified, accessed, null);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
