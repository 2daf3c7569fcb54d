package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Descriptor;
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
import java.util.Objects;
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
  private final Gate gate;

  Opening(FdTable table, Gate gate) {
    this.table = table;
    this.gate = gate;
  }

  void open(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    fd.directory();
    Lookup.Last last = Paths.last(call.i32(1), Lookup.Last.ITSELF_UNLESS_SLASH);
    GuestMemory memory = GuestMemory.of(call);
    String path = memory.path(call.i32(2), call.i32(3));
    int oflags = oflags(call.i32(4));
    long base = call.i64(5);
    int fdflags = Descriptors.fdFlags(call.i32(7));
    int result = call.i32(8);
    memory.check(result, 4, 4);
    table.requireRoom();

    boolean exclusive = (oflags & (CREATE | EXCLUSIVE)) == (CREATE | EXCLUSIVE);
    if (exclusive) {
      last = Lookup.Last.ITSELF;
    }
    // Reading and writing must be allowed if asked for. Other rights are only reduced to what the
    // directory can give: language libraries ask for all that exist, whatever they need.
    long needed = base & (READ | WRITE);
    try (Lookup found = gate.path(Syscall.PATH_OPEN, fd, path, last, rights(oflags), needed)) {
      Descriptor opened = open(found, oflags, base);
      long inheriting = fd.inheriting() & call.i64(6);
      long rights = Right.applicable(fd.inheriting() & base, opened.type());
      Fd.Origin origin = Objects.requireNonNull(fd.origin()).below(path);
      memory.set32(result, table.add(Fd.opened(opened, rights, inheriting, fdflags, origin)));
    }
  }

  /** The rights that flags need on the directory. */
  private static long rights(int oflags) {
    return Right.PATH_OPEN.mask()
        | ((oflags & CREATE) != 0 ? Right.PATH_CREATE_FILE.mask() : 0)
        | ((oflags & TRUNCATE) != 0 ? Right.PATH_FILESTAT_SET_SIZE.mask() : 0);
  }

  private static int oflags(int flags) throws ErrnoException {
    boolean createsDirectory = (flags & DIRECTORY) != 0 && (flags & (CREATE | TRUNCATE)) != 0;
    if ((flags & ~ALL_FLAGS) != 0 || createsDirectory) {
      throw new ErrnoException(Errno.INVAL);
    }
    return flags;
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
    return found.directory().createFile(found.name(), options(base, true));
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
