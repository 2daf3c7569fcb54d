package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Descriptor;
import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.capability.Lookup;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** {@code path_open}. */
final class Opening {

  private static final int CREATE = 1;
  private static final int DIRECTORY = 1 << 1;
  private static final int EXCLUSIVE = 1 << 2;
  private static final int TRUNCATE = 1 << 3;
  private static final int ALL_FLAGS = CREATE | DIRECTORY | EXCLUSIVE | TRUNCATE;

  /** Another process may create and remove the file in turn, but not forever. */
  private static final int MAX_ATTEMPTS = 10;

  private static final long READ = Right.FD_READ.mask();
  private static final long WRITE = Right.FD_WRITE.mask();

  private final FdTable table;

  Opening(FdTable table) {
    this.table = table;
  }

  void open(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Directory start = fd.directory();
    Lookup.Last last = Paths.last(call.i32(1), Lookup.Last.ITSELF_UNLESS_SLASH);
    GuestMemory memory = GuestMemory.of(call);
    String path = memory.path(call.i32(2), call.i32(3));
    int oflags = oflags(call.i32(4));
    long base = call.i64(5);
    int fdflags = Descriptors.fdFlags(call.i32(7));
    int result = call.i32(8);
    memory.check(result, 4);
    table.requireRoom();
    requireRights(fd, oflags, base);

    boolean exclusive = (oflags & (CREATE | EXCLUSIVE)) == (CREATE | EXCLUSIVE);
    try (Lookup found = Lookup.of(start, path, exclusive ? Lookup.Last.ITSELF : last)) {
      Descriptor opened = open(found, oflags, base);
      // Nothing may fail from here on, or the descriptor would be lost.
      long inheriting = fd.inheriting() & call.i64(6);
      long rights = Right.applicable(fd.inheriting() & base, opened.type());
      int number = table.add(new Fd(opened, rights, inheriting, fdflags, null));
      memory.set32(result, number);
    }
  }

  private static int oflags(int flags) throws ErrnoException {
    boolean createsDirectory = (flags & DIRECTORY) != 0 && (flags & (CREATE | TRUNCATE)) != 0;
    if ((flags & ~ALL_FLAGS) != 0 || createsDirectory) {
      throw new ErrnoException(Errno.INVAL);
    }
    return flags;
  }

  /**
   * Reading and writing must be allowed if asked for. Other rights are only reduced to what the
   * directory can give: language libraries ask for all that exist, whatever they need.
   */
  private static void requireRights(Fd fd, int oflags, long base) throws ErrnoException {
    fd.require(Right.PATH_OPEN);
    if ((oflags & CREATE) != 0) {
      fd.require(Right.PATH_CREATE_FILE);
    }
    if ((oflags & TRUNCATE) != 0) {
      fd.require(Right.PATH_FILESTAT_SET_SIZE);
    }
    if ((base & (READ | WRITE) & ~fd.inheriting()) != 0) {
      throw new ErrnoException(Errno.NOTCAPABLE);
    }
  }

  private static Descriptor open(Lookup found, int oflags, long base) throws IOException {
    for (int attempt = 1; ; attempt++) {
      FileType type = found.directory().typeOf(found.name());
      try {
        return type == null ? create(found, oflags, base) : open(found, type, oflags, base);
      } catch (FileAlreadyExistsException e) {
        if ((oflags & EXCLUSIVE) != 0 || attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Descriptor create(Lookup found, int oflags, long base) throws IOException {
    if ((oflags & CREATE) == 0) {
      throw new ErrnoException(Errno.NOENT);
    } else if (found.directoryOnly()) {
      throw new ErrnoException(Errno.ISDIR);
    }
    // Java creates a file only if it may write to it; what the guest may do is in the rights.
    Set<OpenOption> options = options(base, true);
    options.add(StandardOpenOption.CREATE_NEW);
    return found.directory().openFile(found.name(), options);
  }

  private static Descriptor open(Lookup found, FileType type, int oflags, long base)
      throws IOException {
    if ((oflags & CREATE) != 0 && (oflags & EXCLUSIVE) != 0) {
      throw new ErrnoException(Errno.EXIST);
    }
    boolean directoryOnly = (oflags & DIRECTORY) != 0 || found.directoryOnly();
    return switch (type) {
      case DIRECTORY -> openDirectory(found, oflags, base);
      case REGULAR_FILE -> {
        if (directoryOnly) {
          throw new ErrnoException(Errno.NOTDIR);
        }
        yield openFile(found, (oflags & TRUNCATE) != 0, base);
      }
      case SYMBOLIC_LINK -> throw new ErrnoException(directoryOnly ? Errno.NOTDIR : Errno.LOOP);
      // To open a pipe or device can block the host's thread for ever.
      case UNKNOWN, BLOCK_DEVICE, CHARACTER_DEVICE, SOCKET_DGRAM, SOCKET_STREAM ->
          throw new ErrnoException(directoryOnly ? Errno.NOTDIR : Errno.NOTSUP);
    };
  }

  private static Descriptor openDirectory(Lookup found, int oflags, long base) throws IOException {
    if ((oflags & (CREATE | TRUNCATE)) != 0 || (base & WRITE) != 0) {
      throw new ErrnoException(Errno.ISDIR);
    }
    return found.directory().openDirectory(found.name());
  }

  private static Descriptor openFile(Lookup found, boolean truncate, long base) throws IOException {
    Set<OpenOption> options = options(base, truncate);
    if (truncate) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    return found.directory().openFile(found.name(), options);
  }

  private static Set<OpenOption> options(long base, boolean write) {
    Set<OpenOption> options = new HashSet<>();
    if (write || (base & WRITE) != 0) {
      options.add(StandardOpenOption.WRITE);
    }
    if ((base & READ) != 0 || options.isEmpty()) {
      options.add(StandardOpenOption.READ);
    }
    return options;
  }
}
