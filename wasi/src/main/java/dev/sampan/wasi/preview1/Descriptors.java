package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.OpenFile;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StandardInput;
import dev.sampan.wasi.capability.StandardOutput;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Descriptors as such: their numbers, rights and flags, positions and sizes. */
final class Descriptors {

  private static final int FDSTAT_BYTES = 24;
  private static final int PRESTAT_BYTES = 8;
  private static final int ADVICES = 6;
  private static final int WHENCE_SET = 0;
  private static final int WHENCE_CURRENT = 1;
  private static final int WHENCE_END = 2;

  private final FdTable table;

  Descriptors(FdTable table) {
    this.table = table;
  }

  void close(Call call) throws IOException {
    table.close(call.i32(0));
  }

  void renumber(Call call) throws IOException {
    table.renumber(call.i32(0), call.i32(1));
  }

  /** {@code fdstat}: type, flags, both sets of rights. */
  void stat(Call call) throws ErrnoException {
    Fd fd = table.get(call.i32(0));
    ByteBuffer stat = ByteBuffer.allocate(FDSTAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    stat.put(0, (byte) fd.descriptor().type().number());
    stat.putShort(2, (short) fd.flags());
    stat.putLong(8, fd.base());
    stat.putLong(16, fd.inheriting());
    GuestMemory.of(call).write(call.i32(1), stat, 8);
  }

  void setFlags(Call call) throws ErrnoException {
    Fd fd = table.get(call.i32(0)).require(Right.FD_FDSTAT_SET_FLAGS);
    fd.flags(fdFlags(call.i32(1)));
  }

  /** The flags in an argument. */
  static int fdFlags(int argument) throws ErrnoException {
    if ((argument & ~Fd.ALL_FLAGS) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    return argument;
  }

  void setRights(Call call) throws ErrnoException {
    table.get(call.i32(0)).restrict(call.i64(1), call.i64(2));
  }

  void sync(Call call, Right right) throws IOException {
    Fd fd = table.get(call.i32(0)).require(right);
    switch (fd.descriptor()) {
      case OpenFile file -> file.sync(right == Right.FD_SYNC);
      case Directory _ -> {} // what the system says it did is all that Java can have of a directory
      case Socket _, StandardInput _, StandardOutput _ -> throw new ErrnoException(Errno.INVAL);
    }
  }

  /** Takes note of nothing: advice never changes what a program sees. */
  void advise(Call call) throws ErrnoException {
    Fd fd = table.get(call.i32(0));
    fd.file();
    fd.require(Right.FD_ADVISE);
    if (Integer.compareUnsigned(call.i32(3), ADVICES) >= 0 || call.i64(1) < 0 || call.i64(2) < 0) {
      throw new ErrnoException(Errno.INVAL);
    }
  }

  /**
   * Makes the file at least as long as asked for; that room is kept free for it is not promised.
   */
  void allocate(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    OpenFile file = fd.file();
    fd.require(Right.FD_ALLOCATE);
    long offset = call.i64(1);
    long length = call.i64(2);
    if (offset < 0 || length <= 0) {
      throw new ErrnoException(Errno.INVAL);
    } else if (offset > Long.MAX_VALUE - length) {
      throw new ErrnoException(Errno.FBIG);
    } else if (offset + length > file.size()) {
      file.resize(offset + length);
    }
  }

  void setSize(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    OpenFile file = fd.file();
    fd.require(Right.FD_FILESTAT_SET_SIZE);
    long size = call.i64(1);
    if (size < 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    file.resize(size);
  }

  void seek(Call call, Snapshot snapshot) throws IOException {
    Fd fd = table.get(call.i32(0));
    OpenFile file = fd.file();
    long delta = call.i64(1);
    int whence = snapshot == Snapshot.PREVIEW1 ? call.i32(2) : ofUnstable(call.i32(2));
    boolean tellsOnly = delta == 0 && whence == WHENCE_CURRENT;
    if (!tellsOnly || !fd.allows(Right.FD_TELL)) {
      fd.require(Right.FD_SEEK);
    }
    long origin =
        switch (whence) {
          case WHENCE_SET -> 0;
          case WHENCE_CURRENT -> file.position();
          case WHENCE_END -> file.size();
          default -> throw new ErrnoException(Errno.INVAL);
        };
    long position = origin + delta;
    if (position < 0) {
      throw new ErrnoException(delta < 0 ? Errno.INVAL : Errno.OVERFLOW);
    }
    GuestMemory.of(call).set64(call.i32(3), position);
    file.position(position);
  }

  /** The older interface counts current, end, set. */
  private static int ofUnstable(int whence) throws ErrnoException {
    return switch (whence) {
      case 0 -> WHENCE_CURRENT;
      case 1 -> WHENCE_END;
      case 2 -> WHENCE_SET;
      default -> throw new ErrnoException(Errno.INVAL);
    };
  }

  void tell(Call call) throws ErrnoException {
    Fd fd = table.get(call.i32(0));
    OpenFile file = fd.file();
    if (!fd.allows(Right.FD_SEEK)) {
      fd.require(Right.FD_TELL);
    }
    GuestMemory.of(call).set64(call.i32(1), file.position());
  }

  /** {@code prestat}: that it is a directory, and how long its name is. */
  void preopen(Call call) throws ErrnoException {
    ByteBuffer stat = ByteBuffer.allocate(PRESTAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    stat.putInt(4, preopenName(call.i32(0)).length);
    GuestMemory.of(call).write(call.i32(1), stat, 4);
  }

  void preopenName(Call call) throws ErrnoException {
    byte[] name = preopenName(call.i32(0));
    if (Integer.compareUnsigned(call.i32(2), name.length) < 0) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    }
    GuestMemory.of(call).write(call.i32(1), name, 0, name.length);
  }

  private byte[] preopenName(int number) throws ErrnoException {
    String name = table.get(number).preopenName();
    // Guests count upwards from 3 until this very answer.
    if (name == null) {
      throw new ErrnoException(Errno.BADF);
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
