package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Directory;
import dev.sampan.wasi.capability.FileStatus;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Listing directories. The names are read when a guest begins at cookie 0, and sorted; cookies
 * count in that list, so they stay good whatever happens to the directory.
 */
final class DirectoryEntries {

  private static final int HEADER_BYTES = 24;

  private final FdTable table;

  DirectoryEntries(FdTable table) {
    this.table = table;
  }

  /** Fills the guest's buffer; the last entry may be cut off, and a part left free is the end. */
  void read(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Directory directory = fd.directory();
    fd.require(Right.FD_READDIR);
    GuestMemory memory = GuestMemory.of(call);
    int buffer = call.i32(1);
    long room = Integer.toUnsignedLong(call.i32(2));
    long cookie = call.i64(3);
    int result = call.i32(4);
    memory.check(buffer, room);
    memory.check(result, 4, 4);

    List<String> names = fd.listing(cookie == 0);
    long used = 0;
    for (long i = cookie; i >= 0 && i < names.size() && used < room; i++) {
      byte[] entry = entry(directory, names.get((int) i), i + 1);
      int part = (int) Math.min(entry.length, room - used);
      memory.write(GuestMemory.plus(buffer, used), entry, 0, part);
      used += part;
    }
    memory.set32(result, (int) used);
  }

  /** A {@code dirent} with the name behind it; of an entry gone since, nothing. */
  private static byte[] entry(Directory directory, String name, long next) throws IOException {
    FileStatus status;
    try {
      // Above a granted directory there is nothing; so every directory is its own parent.
      status = directory.status(name.equals("..") ? Directory.SELF : name);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER_BYTES + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, next)
        .putLong(8, status.inode())
        .putInt(16, text.length)
        .put(20, (byte) status.type().number())
        .put(HEADER_BYTES, text)
        .array();
  }
}
