package dev.sampan.apps.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of records, to which records are appended. A record is there when {@link #append} returns,
 * and is there as a whole or not at all whatever happens before.
 *
 * <p>The file begins with eight bytes that name its format. A record is the length of its content
 * and a checksum (CRC-32C) over its number and its content, four bytes each, its number, eight
 * bytes, and the content; numbers count from 0. What cannot be read at the end of the file is the
 * rest of a record that nobody has been told of, and is cut off; what cannot be read elsewhere is
 * damage, and the journal is not opened.
 */
final class Journal implements AutoCloseable {

  private static final byte[] FORMAT = "SAMPANJ1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 16;
  private static final int MAX_CONTENT = 16 << 20;

  private final Path file;
  private final Path next;
  private FileChannel channel;
  private long end;
  private long number;

  /** Whether a record may have been written in part that could not be cut off. */
  private volatile boolean damaged;

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".next");
    this.channel = channel;
  }

  /**
   * Opens a journal, and makes it if there is none.
   *
   * @param records where its records are added
   * @throws StoreException if it is damaged
   */
  static Journal open(Path file, List<byte[]> records) throws IOException {
    boolean made = Files.notExists(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      Journal journal = new Journal(file, channel);
      Files.deleteIfExists(journal.next);
      journal.read(records);
      if (made) {
        Disk.syncFolderOf(file);
      }
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  // ---- reading ----

  private void read(List<byte[]> records) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    int begin = Math.min(FORMAT.length, content.remaining());
    if (!Arrays.equals(content.array(), 0, begin, FORMAT, 0, begin)) {
      throw new StoreException(
          file + ": no journal of this format: expected it to begin with 'SAMPANJ1'");
    }
    if (begin < FORMAT.length) {
      channel.truncate(0);
      Disk.write(channel.position(0), ByteBuffer.wrap(FORMAT));
      channel.force(true);
      end = FORMAT.length;
      return;
    }
    content.position(begin);
    while (content.hasRemaining()) {
      byte[] record = record(content, number);
      if (record == null) {
        requireEnd(content);
        break;
      }
      records.add(record);
      number++;
    }
    end = content.position();
    if (end < channel.size()) {
      cutOff();
    }
  }

  /** The next record, or null if there is none that is complete; then the position stays. */
  private static byte @Nullable [] record(ByteBuffer content, long number) {
    if (content.remaining() < HEAD) {
      return null;
    }
    int at = content.position();
    int length = content.getInt(at);
    if (length < 0 || length > MAX_CONTENT || length > content.remaining() - HEAD) {
      return null;
    }
    if (content.getLong(at + 8) != number
        || content.getInt(at + 4) != checksum(content.slice(at + 8, length + 8))) {
      return null;
    }
    byte[] record = new byte[length];
    content.get(at + HEAD, record);
    content.position(at + HEAD + length);
    return record;
  }

  /**
   * Nobody writes a record before the one in front of it is complete. So if a complete one follows
   * what cannot be read, that is no record that was being written.
   */
  private void requireEnd(ByteBuffer content) throws StoreException {
    ByteBuffer rest = content.duplicate();
    for (int at = content.position() + 1; at + HEAD <= content.limit(); at++) {
      rest.position(at);
      long found = rest.getLong(at + 8);
      if (found > number && found - number < Integer.MAX_VALUE && record(rest, found) != null) {
        throw new StoreException(
            file
                + ": damaged: record "
                + number
                + " at offset "
                + content.position()
                + " does not have its checksum, but record "
                + found
                + " follows at offset "
                + at);
      }
    }
  }

  private static int checksum(ByteBuffer numberAndContent) {
    CRC32C checksum = new CRC32C();
    checksum.update(numberAndContent);
    return (int) checksum.getValue();
  }

  // ---- writing ----

  /** How long the file is, in bytes. */
  long size() {
    return end;
  }

  /**
   * Sees whether records can be appended.
   *
   * @throws StoreException if not
   */
  void requireUndamaged() throws StoreException {
    if (damaged) {
      throw new StoreException(file + ": cannot be written since a record could not be undone");
    }
  }

  /**
   * Appends a record.
   *
   * @throws IOException if that cannot be done; then the journal is as it was
   */
  void append(byte[] content) throws IOException {
    requireUndamaged();
    boolean written = false;
    try {
      Disk.write(channel.position(end), encode(content, number));
      channel.force(false);
      written = true;
    } finally {
      if (!written) {
        undo();
      }
    }
    end += HEAD + content.length;
    number++;
  }

  private void undo() {
    try {
      cutOff();
    } catch (IOException e) {
      damaged = true;
    }
  }

  private void cutOff() throws IOException {
    channel.truncate(end);
    channel.force(true);
  }

  private static ByteBuffer encode(byte[] content, long number) {
    if (content.length > MAX_CONTENT) {
      throw new IllegalArgumentException("a record of " + content.length + " bytes");
    }
    ByteBuffer record = ByteBuffer.allocate(HEAD + content.length);
    record.putInt(content.length).putInt(0).putLong(number).put(content);
    record.putInt(4, checksum(record.slice(8, content.length + 8)));
    return record.flip();
  }

  /** Replaces all records by others. */
  void rewrite(List<byte[]> records) throws IOException {
    FileChannel fresh =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean done = false;
    try {
      Disk.write(fresh, ByteBuffer.wrap(FORMAT));
      long count = 0;
      for (byte[] record : records) {
        Disk.write(fresh, encode(record, count++));
      }
      fresh.force(true);
      long length = fresh.position();
      Disk.moveIntoPlace(next, file);
      FileChannel old = channel;
      channel = fresh;
      end = length;
      number = count;
      damaged = false;
      done = true;
      old.close();
    } finally {
      if (!done) {
        fresh.close();
        Files.deleteIfExists(next);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
