package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory. Its methods take one name each, never a path, and never follow a symbolic
 * link, so none of them can reach beyond the directory. {@link #SELF} names the directory itself
 * where a method says so.
 */
public abstract sealed class Directory implements Descriptor
    permits SecureDirectory, PathDirectory {

  /** The name of a directory in itself. */
  public static final String SELF = ".";

  static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

  /** Other systems' {@code link} gives a new name to what a symbolic link leads to. */
  private static final boolean LINKS_LINKS = System.getProperty("os.name", "").equals("Linux");

  /** Something that Java can do by path only. */
  interface PathAction<T> {
    T run(Path path) throws IOException;
  }

  private final Path path;

  Directory(Path path) {
    this.path = path;
  }

  /**
   * Opens a directory of the host. This is where a grant becomes a capability; a guest's paths
   * never come here.
   */
  public static Directory open(Path path) throws IOException {
    Path real = path.toRealPath();
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureDirectory(real, secure);
    }
    stream.close();
    return new PathDirectory(real);
  }

  /** Where it was when it was opened, without symbolic links. */
  final Path path() {
    return path;
  }

  @Override
  public final FileType type() {
    return FileType.DIRECTORY;
  }

  @Override
  public final FileStatus status() throws IOException {
    return status(SELF);
  }

  /** The attributes of an entry, or of {@link #SELF}. */
  public final FileStatus status(String name) throws IOException {
    return FileStatus.of(attributes(name), name.equals(SELF) ? path : child(name));
  }

  /** The kind of an entry, or null if there is none. */
  public final @Nullable FileType typeOf(String name) throws IOException {
    if (name.equals(SELF)) {
      return FileType.DIRECTORY;
    }
    try {
      return FileType.of(attributes(name));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The names of all entries. */
  public final List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = entries()) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /** Whether it has no entries. */
  public final boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> entries = entries()) {
      return !entries.iterator().hasNext();
    }
  }

  /** Creates a directory. */
  public final void createDirectory(String name) throws IOException {
    byPath(name, Files::createDirectory);
  }

  /** Creates a symbolic link; nothing is said about what its target leads to. */
  public final void createSymbolicLink(String name, String target) throws IOException {
    try {
      Path content = path.getFileSystem().getPath(target);
      byPath(name, link -> Files.createSymbolicLink(link, content));
    } catch (InvalidPathException e) {
      throw new ErrnoException(Errno.ILSEQ);
    } catch (UnsupportedOperationException e) {
      throw new ErrnoException(Errno.NOTSUP);
    }
  }

  /** The content of a symbolic link, with slashes between its names. */
  public final String readSymbolicLink(String name) throws IOException {
    String content = byPath(name, Files::readSymbolicLink).toString();
    return content.replace(path.getFileSystem().getSeparator(), "/");
  }

  /**
   * Gives an entry that is no directory a second name.
   *
   * <p>If the entry or a directory above it was exchanged in that moment, so that something else
   * got the name, the name is taken back; only another guest of the same directory, in the very
   * same moment, could have opened it.
   */
  public final void createLink(String name, Directory target, String newName) throws IOException {
    FileStatus wanted = status(name);
    if (wanted.type() == FileType.SYMBOLIC_LINK && !LINKS_LINKS) {
      throw new ErrnoException(Errno.NOTSUP);
    }
    try {
      byPath(name, old -> target.byPath(newName, link -> Files.createLink(link, old)));
    } catch (UnsupportedOperationException e) {
      throw new ErrnoException(Errno.NOTSUP);
    }
    if (wanted.key() != null && !wanted.isSameFile(target.status(newName))) {
      target.removeFile(newName);
      throw new ErrnoException(Errno.PERM);
    }
  }

  /**
   * Runs what Java offers by path only, if the path still leads to this directory, before and
   * after. That leaves a moment in which another process may exchange a directory on the way; then
   * an empty directory or a link is made elsewhere, or the text of a link elsewhere is read.
   */
  private <T> T byPath(String name, PathAction<T> action) throws IOException {
    requireUnmoved();
    T result = action.run(child(name));
    requireUnmoved();
    return result;
  }

  /** The path of an entry; refuses what the host would not take as one name. */
  final Path child(String name) throws ErrnoException {
    try {
      Path single = path.getFileSystem().getPath(name);
      if (single.isAbsolute()
          || single.getRoot() != null
          || single.getNameCount() != 1
          || !single.toString().equals(name)) {
        throw new ErrnoException(Errno.INVAL);
      }
      return path.resolve(single);
    } catch (InvalidPathException e) {
      throw new ErrnoException(Errno.ILSEQ);
    }
  }

  /** Reads an entry's attributes, or the directory's own. */
  abstract BasicFileAttributes attributes(String name) throws IOException;

  /** The entries; the stream gives their names, each behind any path. */
  abstract DirectoryStream<Path> entries() throws IOException;

  /** Fails if the path no longer leads to this directory. */
  abstract void requireUnmoved() throws IOException;

  /** Opens a directory in this one, or {@link #SELF} once more. */
  public abstract Directory openDirectory(String name) throws IOException;

  /**
   * Opens a regular file. Whether it is one must be known before: opening a pipe may block.
   *
   * @param options as for {@link Files#newByteChannel}; links are not followed whatever they say
   */
  abstract SeekableByteChannel openChannel(String name, Set<? extends OpenOption> options)
      throws IOException;

  /** Opens a regular file, for reading, writing or both, and perhaps creates or truncates it. */
  public final OpenFile openFile(String name, Set<? extends OpenOption> options)
      throws IOException {
    Path file = child(name);
    SeekableByteChannel channel = openChannel(name, options);
    try {
      return new OpenFile(channel, file, status(name));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Removes an entry that is no directory. */
  public abstract void removeFile(String name) throws IOException;

  /** Removes an empty directory. */
  public abstract void removeDirectory(String name) throws IOException;

  /** Moves an entry and replaces what has the new name, as one step. */
  public abstract void rename(String name, Directory target, String newName) throws IOException;

  /**
   * Sets the times of an entry that is no symbolic link, or of {@link #SELF}.
   *
   * @param accessed the last access, null to leave it
   * @param modified the last modification, null to leave it
   */
  public abstract void setTimes(
      String name, @Nullable FileTime accessed, @Nullable FileTime modified) throws IOException;

  /** Whether a directory of this name would lie above the other directory, or be it. */
  public final boolean isAbove(String name, Directory other) throws IOException {
    return other.path.startsWith(child(name));
  }
}
