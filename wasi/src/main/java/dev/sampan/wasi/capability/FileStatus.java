package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a file. Times are nanoseconds since 1970.
 *
 * @param linksKnown whether {@code links} is more than a guess
 * @param key what makes the file itself, whatever its name; null where the system has no such thing
 * @param changed when content or attributes changed last; the modification time if not known
 */
public record FileStatus(
    FileType type,
    long device,
    long inode,
    long links,
    boolean linksKnown,
    long size,
    long accessed,
    long modified,
    long changed,
    @Nullable Object key) {

  /** A stream's: nothing is known but its type. */
  public static FileStatus ofStream(FileType type) {
    return new FileStatus(type, 0, 0, 1, false, 0, 0, 0, 0, null);
  }

  /**
   * Completes Java's attributes by those that only Unix has. These can be read by path only, so
   * they count only if they belong to the same file.
   *
   * @param attributes read from the file in a way that cannot be led astray
   * @param path where the file probably is
   */
  static FileStatus of(BasicFileAttributes attributes, Path path) {
    FileType type = FileType.of(attributes);
    Object key = attributes.fileKey();
    long modified = nanos(attributes.lastModifiedTime());
    long device = 0;
    long inode = key != null ? key.hashCode() : path.hashCode();
    long links = 1;
    boolean linksKnown = false;
    long changed = modified;
    Map<String, Object> unix = key == null ? Map.of() : unixAttributes(path);
    if (key != null && key.equals(unix.get("fileKey"))) {
      device = ((Number) Objects.requireNonNull(unix.get("dev"))).longValue();
      inode = ((Number) Objects.requireNonNull(unix.get("ino"))).longValue();
      links = ((Number) Objects.requireNonNull(unix.get("nlink"))).longValue();
      linksKnown = true;
      changed = nanos((FileTime) Objects.requireNonNull(unix.get("ctime")));
      if (type == FileType.UNKNOWN) {
        type = FileType.ofMode(((Number) Objects.requireNonNull(unix.get("mode"))).intValue());
      }
    }
    long accessed = nanos(attributes.lastAccessTime());
    return new FileStatus(
        type,
        device,
        inode,
        links,
        linksKnown,
        attributes.size(),
        accessed,
        modified,
        changed,
        key);
  }

  private static Map<String, Object> unixAttributes(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Map.of();
    }
    try {
      return Files.readAttributes(
          path, "unix:dev,ino,nlink,mode,ctime,fileKey", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Map.of(); // the view is the JDK's own, not promised by its documentation
    }
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  /** Whether both are the same file; false if the system cannot tell. */
  public boolean isSameFile(FileStatus other) {
    return key != null && key.equals(other.key);
  }

  /** What stands for the file itself, whatever its name, as far as the system can tell. */
  Object identity(Path path) {
    return key != null ? key : path;
  }

  /** The same, of a file whose name may be gone, with the size it has now. */
  FileStatus withoutName(long newSize) {
    return new FileStatus(type, device, inode, 0, true, newSize, accessed, modified, changed, key);
  }

  /** The same with another size. */
  FileStatus withSize(long newSize) {
    return new FileStatus(
        type, device, inode, links, linksKnown, newSize, accessed, modified, changed, key);
  }
}
