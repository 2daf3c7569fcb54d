package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

  /**
   * Held while a path is checked and then used, and, the other way, while names are moved or
   * removed: so no guest of this process can exchange a directory between a check and a use, be it
   * another thread of the same guest or another guest.
   */
  private static final ReadWriteLock NAMES = new ReentrantReadWriteLock();

  /** Something that Java can do by path only. */
  interface PathAction<T> {
    T run(Path path) throws IOException;
  }

  /** Something to be done while names stay, or while nobody relies on them. */
  interface Action<T> {
    T run() throws IOException;
  }

  /** Does something while no guest moves or removes a name. */
  static <T> T whileNamesStay(Action<T> action) throws IOException {
    return locked(NAMES.readLock(), action);
  }

  /** Moves or removes a name while no guest relies on one. */
  static <T> T changingNames(Action<T> action) throws IOException {
    return locked(NAMES.writeLock(), action);
  }

  private static <T> T locked(Lock lock, Action<T> action) throws IOException {
    lock.lock();
    try {
      return action.run();
    } finally {
      lock.unlock();
    }
  }

  private final Path path;
  private final Quota quota;

  Directory(Path path, Quota quota) {
    this.path = path;
    this.quota = quota;
  }

  /**
   * Opens a directory of the host. This is where a grant becomes a capability; a guest's paths
   * never come here.
   *
   * @param quota by how much what lies below may grow
   */
  public static Directory open(Path path, Quota quota) throws IOException {
    Path real = path.toRealPath();
    if (real.getFileSystem() != FileSystems.getDefault()) {
      // What lies in this process is not changed behind our back, and what other file systems do
      // with links in directories that are held open is not always what it should be.
      if (!Files.isDirectory(real, NOFOLLOW)) {
        throw new NotDirectoryException(path.toString());
      }
      return new PathDirectory(real, quota);
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureDirectory(real, quota, secure);
    }
    stream.close();
    return new PathDirectory(real, quota);
  }

  /** Where it was when it was opened, without symbolic links. */
  final Path path() {
    return path;
  }

  /** By how much what lies below may grow. */
  final Quota quota() {
    return quota;
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
        // Some file systems, such as that of a zip file, mark directories by a slash.
        String name = String.valueOf(entry.getFileName());
        names.add(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
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
    addName(() -> byPath(name, Files::createDirectory));
  }

  /** Makes a name if the quota has room for it. */
  private <T> T addName(Action<T> making) throws IOException {
    quota.addName();
    try {
      return making.run();
    } catch (IOException | RuntimeException e) {
      quota.removeName();
      throw e;
    }
  }

  /** Creates a symbolic link; nothing is said about what its target leads to. */
  public final void createSymbolicLink(String name, String target) throws IOException {
    try {
      Path content = path.getFileSystem().getPath(target);
      addName(() -> byPath(name, link -> Files.createSymbolicLink(link, content)));
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
    requireSameGrant(target);
    FileStatus wanted = status(name);
    if (wanted.type() == FileType.SYMBOLIC_LINK && !LINKS_LINKS) {
      throw new ErrnoException(Errno.NOTSUP);
    }
    try {
      quota.addLink(wanted);
      target.addName(
          () -> byPath(name, old -> target.byPath(newName, link -> Files.createLink(link, old))));
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
    return whileNamesStay(
        () -> {
          requireUnmoved();
          T result = action.run(child(name));
          requireUnmoved();
          return result;
        });
  }

  /** The path of an entry; refuses what the host would not take as one name. */
  final Path child(String name) throws ErrnoException {
    try {
      Path single = path.getFileSystem().getPath(name);
      if (single.isAbsolute()
          || WindowsNames.isWindows(path) && WindowsNames.isSpecial(name)
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

  /** Creates a regular file; there must be nothing of its name. */
  public final OpenFile createFile(String name, Set<? extends OpenOption> options)
      throws IOException {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(StandardOpenOption.CREATE_NEW);
    return addName(() -> open(name, all));
  }

  /** Opens a regular file, for reading, writing or both, and perhaps truncates it. */
  public final OpenFile openFile(String name, Set<? extends OpenOption> options)
      throws IOException {
    OpenFile file = open(name, options);
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      try {
        file.resize(0);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }
    return file;
  }

  /** The options with which the system does not follow links, and leaves the size to be counted. */
  static Set<OpenOption> notFollowing(Set<? extends OpenOption> options) {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(NOFOLLOW);
    all.remove(StandardOpenOption.TRUNCATE_EXISTING);
    return all;
  }

  private OpenFile open(String name, Set<? extends OpenOption> options) throws IOException {
    Path file = child(name);
    SeekableByteChannel channel = openChannel(name, options);
    try {
      return new OpenFile(channel, file, status(name), quota);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Removes an entry that is no directory. */
  public final void removeFile(String name) throws IOException {
    changingNames(
        () -> {
          FileStatus status = status(name);
          deleteFile(name);
          quota.removed(status, status.identity(child(name)));
          return status;
        });
  }

  /** Removes an empty directory. */
  public final void removeDirectory(String name) throws IOException {
    changingNames(
        () -> {
          deleteDirectory(name);
          quota.removeName();
          return name;
        });
  }

  /** Moves an entry and replaces what has the new name, as one step. */
  public final void rename(String name, Directory target, String newName) throws IOException {
    requireSameGrant(target);
    if (child(name).equals(target.child(newName))) {
      return;
    }
    changingNames(
        () -> {
          FileStatus replaced = target.typeOf(newName) == null ? null : target.status(newName);
          FileStatus moved = status(name);
          move(name, target, newName);
          if (replaced != null && !replaced.isSameFile(moved)) {
            quota.removed(replaced, replaced.identity(target.child(newName)));
          }
          return moved;
        });
  }

  /** Each grant is a file system of its own to the guest: its room is counted by itself. */
  private void requireSameGrant(Directory other) throws ErrnoException {
    if (other.quota != quota) {
      throw new ErrnoException(Errno.XDEV);
    }
  }

  abstract void deleteFile(String name) throws IOException;

  abstract void deleteDirectory(String name) throws IOException;

  abstract void move(String name, Directory target, String newName) throws IOException;

  /** Sets the times of a symbolic link itself; as {@link #setTimes}. */
  public final void setTimesOfLink(
      String name, @Nullable FileTime accessed, @Nullable FileTime modified) throws IOException {
    byPath(
        name,
        link -> {
          Files.getFileAttributeView(link, BasicFileAttributeView.class, NOFOLLOW)
              .setTimes(modified, accessed, null);
          return link;
        });
  }

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
