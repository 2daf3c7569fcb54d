package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Descriptor;
import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of the table of descriptors: something open, and what may be done with it. */
final class Fd {

  static final int APPEND = 1;
  static final int DSYNC = 1 << 1;
  static final int NONBLOCK = 1 << 2;
  static final int RSYNC = 1 << 3;
  static final int SYNC = 1 << 4;
  static final int ALL_FLAGS = APPEND | DSYNC | NONBLOCK | RSYNC | SYNC;

  /**
   * Where something comes from.
   *
   * @param path the guest's path of it
   * @param grant the directory that was granted
   */
  record Origin(String path, Settings.Grant grant) {

    /** The origin of what is opened from here. */
    Origin below(String relative) {
      if (relative.startsWith("/")) {
        return new Origin(relative, grant);
      }
      String between = path.endsWith("/") ? "" : "/";
      return new Origin(path + between + relative, grant);
    }
  }

  private final Descriptor descriptor;
  private final @Nullable Origin origin;
  private final boolean granted;
  private volatile long base;
  private volatile long inheriting;
  private volatile int flags;
  private @Nullable List<String> listing;

  /**
   * An entry.
   *
   * @param base the rights on the thing itself
   * @param inheriting the rights on what is opened through it
   * @param origin where a directory or file comes from, null for all else
   * @param granted whether it is a granted directory itself
   */
  private Fd(
      Descriptor descriptor,
      long base,
      long inheriting,
      int flags,
      @Nullable Origin origin,
      boolean granted) {
    this.descriptor = descriptor;
    this.base = base;
    this.inheriting = inheriting;
    this.flags = flags;
    this.origin = origin;
    this.granted = granted;
  }

  /** A granted directory. */
  static Fd granted(Directory directory, Settings.Grant grant) {
    long rights = Right.of(grant.rights());
    Origin origin = new Origin(grant.guest(), grant);
    return new Fd(directory, rights & Right.DIRECTORY, rights, 0, origin, true);
  }

  /** What was opened by its path. */
  static Fd opened(Descriptor descriptor, long base, long inheriting, int flags, Origin origin) {
    return new Fd(descriptor, base, inheriting, flags, origin, false);
  }

  /** A stream or socket. */
  static Fd of(Descriptor descriptor, long base, int flags) {
    return new Fd(descriptor, base, 0, flags, null, false);
  }

  Descriptor descriptor() {
    return descriptor;
  }

  long base() {
    return base;
  }

  long inheriting() {
    return inheriting;
  }

  int flags() {
    return flags;
  }

  void flags(int newFlags) {
    flags = newFlags;
  }

  /** The guest's name of a granted directory, else null. */
  @Nullable String preopenName() {
    return granted && origin != null ? origin.path() : null;
  }

  /** Where a directory or file comes from, else null. */
  @Nullable Origin origin() {
    return origin;
  }

  boolean allows(Right right) {
    return (base & right.mask()) != 0;
  }

  /** Fails without the right. */
  Fd require(Right right) throws ErrnoException {
    if (!allows(right)) {
      throw new ErrnoException(Errno.NOTCAPABLE);
    }
    return this;
  }

  /** Gives up all rights but these. */
  synchronized void restrict(long newBase, long newInheriting) throws ErrnoException {
    if ((newBase & ~base) != 0 || (newInheriting & ~inheriting) != 0) {
      throw new ErrnoException(Errno.NOTCAPABLE);
    }
    base = newBase;
    inheriting = newInheriting;
  }

  /** The directory that this is. */
  Directory directory() throws ErrnoException {
    if (descriptor instanceof Directory directory) {
      return directory;
    }
    throw new ErrnoException(Errno.NOTDIR);
  }

  /** The socket that this is. */
  Socket socket() throws ErrnoException {
    if (descriptor instanceof Socket socket) {
      return socket;
    }
    throw new ErrnoException(Errno.NOTSOCK);
  }

  /** The regular file that this is. */
  OpenFile file() throws ErrnoException {
    return switch (descriptor) {
      case OpenFile file -> file;
      case Directory _ -> throw new ErrnoException(Errno.ISDIR);
      case Socket _, StandardInput _, StandardOutput _ -> throw new ErrnoException(Errno.SPIPE);
    };
  }

  /**
   * The names in the directory, in an order that stays until the next rewind: positions in it are
   * what cookies count.
   */
  synchronized List<String> listing(boolean rewind) throws IOException {
    List<String> names = listing;
    if (names == null || rewind) {
      names = new ArrayList<>(directory().names());
      names.sort(null);
      names.addAll(0, List.of(".", ".."));
      listing = names;
    }
    return names;
  }
}
