package dev.sampan.wasi.capability;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A path followed from a directory to its last name, one component at a time. Each directory on the
 * way is opened from the one before, symbolic links are read and followed here and not by the
 * system, and {@code ..} goes back to the directory it came from. So no path, link or race leads
 * above the start; trying to is {@link Errno#PERM}.
 *
 * <p>The directories on the way are open until {@link #close}.
 */
public final class Lookup implements Closeable {

  /** How a path's last component is treated. */
  public enum Last {
    /** The component itself is meant, even if it is a symbolic link. */
    ITSELF,
    /** As {@link #ITSELF}, but a link with a slash after it stands for its target. */
    ITSELF_UNLESS_SLASH,
    /** A link stands for its target. */
    FOLLOW
  }

  private static final int MAX_LINKS = 40;
  private static final int MAX_DEPTH = 256;
  private static final int MAX_PATH_BYTES = 4096;
  private static final int MAX_NAME_BYTES = 255;

  private final Directory start;
  private final Deque<Directory> below = new ArrayDeque<>();
  private final Deque<String> rest = new ArrayDeque<>();
  private String name = Directory.SELF;
  private boolean directoryOnly;
  private int links;

  private Lookup(Directory start) {
    this.start = start;
  }

  /**
   * Follows a path. Its last component need not exist.
   *
   * @param start where it begins, and what it cannot leave
   */
  public static Lookup of(Directory start, String path, Last last) throws IOException {
    Lookup lookup = new Lookup(start);
    try {
      lookup.push(path);
      lookup.directoryOnly = endsAsDirectory(path);
      lookup.walk(last);
      return lookup;
    } catch (IOException | RuntimeException e) {
      lookup.close();
      throw e;
    }
  }

  /** The directory that has, or would have, the entry. */
  public Directory directory() {
    return below.isEmpty() ? start : below.getLast();
  }

  /** The entry's name, or {@link Directory#SELF} if the path ends at the directory itself. */
  public String name() {
    return name;
  }

  /** Whether the path ends at a directory by itself, as {@code .} or {@code a/..} does. */
  public boolean isSelf() {
    return name.equals(Directory.SELF);
  }

  /** Whether the path says that it is a directory's, by a slash or dot at its end. */
  public boolean directoryOnly() {
    return directoryOnly;
  }

  private static boolean endsAsDirectory(String path) {
    return path.endsWith("/")
        || path.endsWith("/.")
        || path.endsWith("/..")
        || path.equals(".")
        || path.equals("..");
  }

  /** Puts a path's components before those that are still to be followed. */
  private void push(String path) throws ErrnoException {
    if (path.isEmpty()) {
      throw new ErrnoException(Errno.NOENT);
    } else if (path.indexOf('\0') >= 0) {
      throw new ErrnoException(Errno.INVAL);
    } else if (bytes(path) > MAX_PATH_BYTES) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    } else if (path.startsWith("/")) {
      throw new ErrnoException(Errno.PERM);
    }
    String[] parts = path.split("/+");
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].equals(".")) {
        rest.push(parts[i]);
      }
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void walk(Last last) throws IOException {
    while (!rest.isEmpty()) {
      String part = rest.pop();
      if (part.equals("..")) {
        leave();
      } else if (bytes(part) > MAX_NAME_BYTES) {
        throw new ErrnoException(Errno.NAMETOOLONG);
      } else if (!rest.isEmpty()) {
        enter(part);
      } else {
        arrive(part, last);
      }
    }
  }

  private void leave() throws IOException {
    if (below.isEmpty()) {
      throw new ErrnoException(Errno.PERM);
    }
    below.removeLast().close();
  }

  private void enter(String part) throws IOException {
    if (below.size() == MAX_DEPTH) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    }
    switch (directory().typeOf(part)) {
      case null -> throw new ErrnoException(Errno.NOENT);
      case SYMBOLIC_LINK -> expand(part);
      case DIRECTORY -> below.addLast(directory().openDirectory(part));
      case UNKNOWN, BLOCK_DEVICE, CHARACTER_DEVICE, REGULAR_FILE, SOCKET_DGRAM, SOCKET_STREAM ->
          throw new ErrnoException(Errno.NOTDIR);
    }
  }

  private void arrive(String part, Last last) throws IOException {
    boolean follow =
        switch (last) {
          case ITSELF -> false;
          case ITSELF_UNLESS_SLASH -> directoryOnly;
          case FOLLOW -> true;
        };
    if (follow && directory().typeOf(part) == FileType.SYMBOLIC_LINK) {
      expand(part);
    } else {
      name = part;
    }
  }

  private void expand(String part) throws IOException {
    if (++links > MAX_LINKS) {
      throw new ErrnoException(Errno.LOOP);
    }
    String target = directory().readSymbolicLink(part);
    if (rest.isEmpty()) {
      directoryOnly |= endsAsDirectory(target);
    }
    push(target);
  }

  @Override
  public void close() throws IOException {
    while (!below.isEmpty()) {
      below.removeLast().close();
    }
  }
}
