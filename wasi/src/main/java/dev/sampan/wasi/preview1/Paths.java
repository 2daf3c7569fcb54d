package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.FileStatus;
import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.capability.Lookup;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names: making, moving and removing them. */
final class Paths {

  private static final int SYMLINK_FOLLOW = 1;

  private final FdTable table;
  private final Gate gate;

  Paths(FdTable table, Gate gate) {
    this.table = table;
    this.gate = gate;
  }

  /** What lookup flags mean for the last component. */
  static Lookup.Last last(int flags, Lookup.Last unlessFollowed) throws ErrnoException {
    if ((flags & ~SYMLINK_FOLLOW) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    return flags == SYMLINK_FOLLOW ? Lookup.Last.FOLLOW : unlessFollowed;
  }

  /** Fails if there is nothing, or no directory though the path says so. */
  static void requireDirectoryIfSaid(Lookup found, @Nullable FileType type) throws ErrnoException {
    if (type == null) {
      throw new ErrnoException(Errno.NOENT);
    } else if (found.directoryOnly() && type != FileType.DIRECTORY) {
      throw new ErrnoException(Errno.NOTDIR);
    }
  }

  /** Follows a path, given by the arguments from {@code index} on, up to the name itself. */
  private Lookup name(Syscall syscall, Call call, Right right, int fdIndex, int index)
      throws IOException {
    return gate.name(syscall, call, right, fdIndex, index, table);
  }

  private static @Nullable FileType type(Lookup found) throws IOException {
    return found.directory().typeOf(found.name());
  }

  /** Fails if a name cannot be given to something that is no directory. */
  private static void requireFree(Lookup found) throws IOException {
    FileType type = type(found);
    if (type != null) {
      boolean file = found.directoryOnly() && type != FileType.DIRECTORY;
      throw new ErrnoException(file ? Errno.NOTDIR : Errno.EXIST);
    } else if (found.directoryOnly()) {
      throw new ErrnoException(Errno.NOENT);
    }
  }

  void createDirectory(Call call) throws IOException {
    try (Lookup found =
        name(Syscall.PATH_CREATE_DIRECTORY, call, Right.PATH_CREATE_DIRECTORY, 0, 1)) {
      if (type(found) != null) {
        throw new ErrnoException(Errno.EXIST);
      }
      found.directory().createDirectory(found.name());
    }
  }

  void symlink(Call call) throws IOException {
    String target = GuestMemory.of(call).path(call.i32(0), call.i32(1));
    if (target.isEmpty()) {
      throw new ErrnoException(Errno.NOENT);
    } else if (target.indexOf('\0') >= 0) {
      throw new ErrnoException(Errno.INVAL);
    } else if (target.startsWith("/")) {
      // It would lead nowhere for the guest, but out of the directory for the host's programs.
      throw gate.refused(
          Errno.PERM,
          Syscall.PATH_SYMLINK.wasmName(),
          "no grant: a link to an absolute path leads out for programs of the host",
          "target",
          target);
    }
    try (Lookup found = name(Syscall.PATH_SYMLINK, call, Right.PATH_SYMLINK, 2, 3)) {
      requireFree(found);
      found.directory().createSymbolicLink(found.name(), target);
    }
  }

  void link(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    fd.directory();
    Lookup.Last last = last(call.i32(1), Lookup.Last.ITSELF_UNLESS_SLASH);
    String path = GuestMemory.of(call).path(call.i32(2), call.i32(3));
    try (Lookup old =
            gate.path(Syscall.PATH_LINK, fd, path, last, Right.PATH_LINK_SOURCE.mask(), 0);
        Lookup made = name(Syscall.PATH_LINK, call, Right.PATH_LINK_TARGET, 4, 5)) {
      FileType type = type(old);
      requireDirectoryIfSaid(old, type);
      if (type == FileType.DIRECTORY) {
        throw new ErrnoException(Errno.PERM);
      }
      requireFree(made);
      old.directory().createLink(old.name(), made.directory(), made.name());
    }
  }

  /** As much of a link's content as there is room for. */
  void readLink(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(3), call.i32(4));
    memory.check(call.i32(5), 4, 4);
    try (Lookup found = name(Syscall.PATH_READLINK, call, Right.PATH_READLINK, 0, 1)) {
      FileType type = type(found);
      if (type == null) {
        throw new ErrnoException(Errno.NOENT);
      } else if (type != FileType.SYMBOLIC_LINK || found.directoryOnly()) {
        throw new ErrnoException(Errno.INVAL);
      }
      String target = found.directory().readSymbolicLink(found.name());
      byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
      int count = (int) Math.min(bytes.length, Integer.toUnsignedLong(call.i32(4)));
      memory.write(call.i32(3), bytes, 0, count);
      memory.set32(call.i32(5), count);
    }
  }

  void removeDirectory(Call call) throws IOException {
    try (Lookup found =
        name(Syscall.PATH_REMOVE_DIRECTORY, call, Right.PATH_REMOVE_DIRECTORY, 0, 1)) {
      FileType type = type(found);
      if (found.isSelf()) {
        throw new ErrnoException(Errno.INVAL);
      } else if (type != null && type != FileType.DIRECTORY) {
        throw new ErrnoException(Errno.NOTDIR);
      }
      found.directory().removeDirectory(found.name());
    }
  }

  void unlinkFile(Call call) throws IOException {
    try (Lookup found = name(Syscall.PATH_UNLINK_FILE, call, Right.PATH_UNLINK_FILE, 0, 1)) {
      FileType type = type(found);
      if (type == FileType.DIRECTORY) {
        throw new ErrnoException(Errno.ISDIR);
      }
      requireDirectoryIfSaid(found, type);
      found.directory().removeFile(found.name());
    }
  }

  void rename(Call call) throws IOException {
    try (Lookup old = name(Syscall.PATH_RENAME, call, Right.PATH_RENAME_SOURCE, 0, 1);
        Lookup made = name(Syscall.PATH_RENAME, call, Right.PATH_RENAME_TARGET, 3, 4)) {
      FileType type = type(old);
      requireDirectoryIfSaid(old, type);
      if (old.isSelf() || made.isSelf()) {
        throw new ErrnoException(Errno.BUSY);
      } else if (made.directoryOnly() && type != FileType.DIRECTORY) {
        throw new ErrnoException(Errno.NOTDIR);
      }
      boolean directory = type == FileType.DIRECTORY;
      if (isSameFile(old, made)) {
        return; // as POSIX wants it: two names of one file both stay
      }
      requireReplaceable(made, directory);
      if (directory && old.directory().isAbove(old.name(), made.directory())) {
        throw new ErrnoException(Errno.INVAL);
      }
      old.directory().rename(old.name(), made.directory(), made.name());
    }
  }

  private static boolean isSameFile(Lookup old, Lookup made) throws IOException {
    if (type(made) == null) {
      return false;
    }
    FileStatus status = old.directory().status(old.name());
    // Names that differ in case may be one entry; renaming it must then change the case.
    boolean sameEntry = old.name().equalsIgnoreCase(made.name()) && !old.name().equals(made.name());
    return !sameEntry && status.isSameFile(made.directory().status(made.name()));
  }

  private static void requireReplaceable(Lookup made, boolean byDirectory) throws IOException {
    FileType type = type(made);
    if (type == null) {
      return;
    }
    boolean replacesDirectory = type == FileType.DIRECTORY;
    if (byDirectory && !replacesDirectory) {
      throw new ErrnoException(Errno.NOTDIR);
    } else if (!byDirectory && replacesDirectory) {
      throw new ErrnoException(Errno.ISDIR);
    } else if (replacesDirectory) {
      try (Directory replaced = made.directory().openDirectory(made.name())) {
        if (!replaced.isEmpty()) {
          throw new ErrnoException(Errno.NOTEMPTY);
        }
      }
    }
  }
}
