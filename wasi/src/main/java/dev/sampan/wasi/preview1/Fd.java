package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Descriptor;
import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
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

  private final Descriptor descriptor;
  private final @Nullable String preopenName;
  private long base;
  private long inheriting;
  private int flags;
  private @Nullable List<String> listing;

  /**
   * An entry.
   *
   * @param base the rights on the thing itself
   * @param inheriting the rights on what is opened through it
   * @param preopenName the guest's name of a granted directory, null for all else
   */
  Fd(Descriptor descriptor, long base, long inheriting, int flags, @Nullable String preopenName) {
    this.descriptor = descriptor;
    this.base = base;
    this.inheriting = inheriting;
    this.flags = flags;
    this.preopenName = preopenName;
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
    return preopenName;
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
  void restrict(long newBase, long newInheriting) throws ErrnoException {
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

  /** The regular file that this is. */
  OpenFile file() throws ErrnoException {
    return switch (descriptor) {
      case OpenFile file -> file;
      case Directory _ -> throw new ErrnoException(Errno.ISDIR);
      case StandardInput _, StandardOutput _ -> throw new ErrnoException(Errno.SPIPE);
    };
  }

  /**
   * The names in the directory, in an order that stays until the next rewind: positions in it are
   * what cookies count.
   */
  List<String> listing(boolean rewind) throws IOException {
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
