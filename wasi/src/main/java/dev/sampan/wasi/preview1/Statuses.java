package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.FileStatus;
import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.capability.Lookup;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The attributes of files, by descriptor and by path. */
final class Statuses {

  private static final int FILESTAT_BYTES = 64;
  private static final int UNSTABLE_FILESTAT_BYTES = 56;
  private static final int ACCESSED = 1;
  private static final int ACCESSED_NOW = 1 << 1;
  private static final int MODIFIED = 1 << 2;
  private static final int MODIFIED_NOW = 1 << 3;
  private static final int ALL_FLAGS = ACCESSED | ACCESSED_NOW | MODIFIED | MODIFIED_NOW;

  /** Times to be set; null leaves one as it is. */
  private record Times(@Nullable FileTime accessed, @Nullable FileTime modified) {}

  private final FdTable table;
  private final Clock clock;
  private final Gate gate;

  Statuses(FdTable table, Clock clock, Gate gate) {
    this.table = table;
    this.clock = clock;
    this.gate = gate;
  }

  void ofDescriptor(Call call, Snapshot snapshot) throws IOException {
    Fd fd = table.get(call.i32(0)).require(Right.FD_FILESTAT_GET);
    store(call, call.i32(1), snapshot, fd.descriptor().status());
  }

  void ofPath(Call call, Snapshot snapshot) throws IOException {
    try (Lookup found = existing(Syscall.PATH_FILESTAT_GET, call, Right.PATH_FILESTAT_GET)) {
      store(call, call.i32(4), snapshot, found.directory().status(found.name()));
    }
  }

  /** Follows the path of arguments 0 to 3; what must be a directory is one. */
  private Lookup existing(Syscall syscall, Call call, Right right) throws IOException {
    Fd fd = table.get(call.i32(0));
    fd.directory();
    Lookup.Last last = Paths.last(call.i32(1), Lookup.Last.ITSELF_UNLESS_SLASH);
    String path = GuestMemory.of(call).path(call.i32(2), call.i32(3));
    Lookup found = gate.path(syscall, fd, path, last, right.mask(), 0);
    try {
      Paths.requireDirectoryIfSaid(found, found.directory().typeOf(found.name()));
      return found;
    } catch (IOException e) {
      found.close();
      throw e;
    }
  }

  private static void store(Call call, int address, Snapshot snapshot, FileStatus status) {
    boolean wide = snapshot == Snapshot.PREVIEW1;
    int size = wide ? FILESTAT_BYTES : UNSTABLE_FILESTAT_BYTES;
    ByteBuffer struct = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    struct.putLong(0, status.device());
    struct.putLong(8, status.inode());
    struct.put(16, (byte) status.type().number());
    int rest;
    if (wide) {
      struct.putLong(24, status.links());
      rest = 32;
    } else {
      struct.putInt(20, (int) Math.min(status.links(), 0xFFFF_FFFFL));
      rest = 24;
    }
    struct.putLong(rest, status.size());
    struct.putLong(rest + 8, status.accessed());
    struct.putLong(rest + 16, status.modified());
    struct.putLong(rest + 24, status.changed());
    GuestMemory.of(call).write(address, struct, 8);
  }

  void setTimesOfDescriptor(Call call) throws IOException {
    Fd fd = table.get(call.i32(0)).require(Right.FD_FILESTAT_SET_TIMES);
    Times times = times(call.i64(1), call.i64(2), call.i32(3));
    switch (fd.descriptor()) {
      case OpenFile file -> file.setTimes(times.accessed, times.modified);
      case Directory directory ->
          directory.setTimes(Directory.SELF, times.accessed, times.modified);
      case Socket _, StandardInput _, StandardOutput _ -> throw new ErrnoException(Errno.INVAL);
    }
  }

  void setTimesOfPath(Call call) throws IOException {
    Times times = times(call.i64(4), call.i64(5), call.i32(6));
    try (Lookup found =
        existing(Syscall.PATH_FILESTAT_SET_TIMES, call, Right.PATH_FILESTAT_SET_TIMES)) {
      if (found.directory().typeOf(found.name()) == FileType.SYMBOLIC_LINK) {
        found.directory().setTimesOfLink(found.name(), times.accessed, times.modified);
        return;
      }
      found.directory().setTimes(found.name(), times.accessed, times.modified);
    }
  }

  private Times times(long accessed, long modified, int flags) throws ErrnoException {
    if ((flags & ~ALL_FLAGS) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    return new Times(
        time(accessed, (flags & ACCESSED) != 0, (flags & ACCESSED_NOW) != 0),
        time(modified, (flags & MODIFIED) != 0, (flags & MODIFIED_NOW) != 0));
  }

  private @Nullable FileTime time(long nanos, boolean given, boolean now) throws ErrnoException {
    if (given && now) {
      throw new ErrnoException(Errno.INVAL);
    } else if (!given && !now) {
      return null;
    }
    return FileTime.from(now ? clock.now(Clock.REALTIME) : nanos, TimeUnit.NANOSECONDS);
  }
}
