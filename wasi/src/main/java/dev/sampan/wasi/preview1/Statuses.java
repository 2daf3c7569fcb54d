package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.FileStatus;
import dev.sampan.wasi.capability.FileType;
import dev.sampan.wasi.capability.Lookup;
import dev.sampan.wasi.capability.OpenFile;
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
  private static final int ACCESSED = 1;
  private static final int ACCESSED_NOW = 1 << 1;
  private static final int MODIFIED = 1 << 2;
  private static final int MODIFIED_NOW = 1 << 3;
  private static final int ALL_FLAGS = ACCESSED | ACCESSED_NOW | MODIFIED | MODIFIED_NOW;

  /** Times to be set; null leaves one as it is. */
  private record Times(@Nullable FileTime accessed, @Nullable FileTime modified) {}

  private final FdTable table;
  private final Clock clock;

  Statuses(FdTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  void ofDescriptor(Call call) throws IOException {
    Fd fd = table.get(call.i32(0)).require(Right.FD_FILESTAT_GET);
    store(call, call.i32(1), fd.descriptor().status());
  }

  void ofPath(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Directory start = fd.directory();
    fd.require(Right.PATH_FILESTAT_GET);
    try (Lookup found = existing(call, start)) {
      store(call, call.i32(4), found.directory().status(found.name()));
    }
  }

  /** Follows the path of arguments 1 to 3; what must be a directory is one. */
  private static Lookup existing(Call call, Directory start) throws IOException {
    Lookup.Last last = Paths.last(call.i32(1), Lookup.Last.ITSELF_UNLESS_SLASH);
    String path = GuestMemory.of(call).path(call.i32(2), call.i32(3));
    Lookup found = Lookup.of(start, path, last);
    try {
      Paths.requireDirectoryIfSaid(found, found.directory().typeOf(found.name()));
      return found;
    } catch (IOException e) {
      found.close();
      throw e;
    }
  }

  private static void store(Call call, int address, FileStatus status) throws ErrnoException {
    ByteBuffer struct = ByteBuffer.allocate(FILESTAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    struct.putLong(0, status.device());
    struct.putLong(8, status.inode());
    struct.put(16, (byte) status.type().number());
    struct.putLong(24, status.links());
    struct.putLong(32, status.size());
    struct.putLong(40, status.accessed());
    struct.putLong(48, status.modified());
    struct.putLong(56, status.changed());
    GuestMemory.of(call).write(address, struct);
  }

  void setTimesOfDescriptor(Call call) throws IOException {
    Fd fd = table.get(call.i32(0)).require(Right.FD_FILESTAT_SET_TIMES);
    Times times = times(call.i64(1), call.i64(2), call.i32(3));
    switch (fd.descriptor()) {
      case OpenFile file -> file.setTimes(times.accessed, times.modified);
      case Directory directory ->
          directory.setTimes(Directory.SELF, times.accessed, times.modified);
      case StandardInput _, StandardOutput _ -> throw new ErrnoException(Errno.INVAL);
    }
  }

  void setTimesOfPath(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Directory start = fd.directory();
    fd.require(Right.PATH_FILESTAT_SET_TIMES);
    Times times = times(call.i64(4), call.i64(5), call.i32(6));
    try (Lookup found = existing(call, start)) {
      if (found.directory().typeOf(found.name()) == FileType.SYMBOLIC_LINK) {
        throw new ErrnoException(Errno.NOTSUP); // Java sets the times of what it can open
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
