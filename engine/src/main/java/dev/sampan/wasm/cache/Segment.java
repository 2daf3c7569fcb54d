package dev.sampan.wasm.cache;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file with entries: what one run has added to a module's cache. It never changes once it has its
 * name. An index at its beginning tells where the entries lie, so that opening it reads little,
 * however long it is.
 */
final class Segment implements Closeable {

  /** Which form of file this is; another form needs another number. */
  private static final long MAGIC = 0x53616d70616e_0001L;

  private static final int HEADER_BYTES = 16;

  /** A file up to this length is read at once. */
  private static final int SMALL_BYTES = 1 << 20;

  /** An index over this length is not ours. */
  private static final int MAX_INDEX_BYTES = 1 << 26;

  private record Entry(long offset, int length, byte[] mark) {}

  final Path file;
  private final Sealer sealer;
  private final Map<String, Entry> entries;
  private final long dataStart;

  /** The whole data, if it is small. */
  private final byte @Nullable [] data;

  /** Else the open file. Unlike a channel it survives the interruption of a thread that reads. */
  private final @Nullable RandomAccessFile open;

  private Segment(
      Path file,
      Sealer sealer,
      Map<String, Entry> entries,
      long dataStart,
      byte @Nullable [] data,
      @Nullable RandomAccessFile open) {
    this.file = file;
    this.sealer = sealer;
    this.entries = entries;
    this.dataStart = dataStart;
    this.data = data;
    this.open = open;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read, or is damaged in what tells where its entries lie
   */
  static Segment open(Path file, Sealer sealer) throws IOException {
    RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
    boolean keep = false;
    try {
      long length = in.length();
      byte[] header = new byte[(int) Math.min(length, SMALL_BYTES)];
      in.readFully(header);
      DataInputStream start = input(header, 0, Math.min(header.length, HEADER_BYTES));
      if (start.readLong() != MAGIC) {
        throw new IOException(file + ": another form of file");
      }
      int count = start.readInt();
      int indexBytes = start.readInt();
      if (indexBytes < 0 || indexBytes > MAX_INDEX_BYTES || HEADER_BYTES + indexBytes > length) {
        throw new IOException(file + ": damaged");
      }
      byte[] index = header;
      int indexStart = HEADER_BYTES;
      if (HEADER_BYTES + indexBytes > header.length) {
        index = new byte[indexBytes];
        indexStart = 0;
        in.seek(HEADER_BYTES);
        in.readFully(index);
      }
      long dataStart = HEADER_BYTES + (long) indexBytes;
      Map<String, Entry> entries =
          index(input(index, indexStart, indexBytes), count, length - dataStart);
      boolean small = length == header.length;
      keep = !small;
      return new Segment(
          file, sealer, entries, dataStart, small ? header : null, small ? null : in);
    } finally {
      if (!keep) {
        in.close();
      }
    }
  }

  private static DataInputStream input(byte[] bytes, int start, int length) {
    return new DataInputStream(new java.io.ByteArrayInputStream(bytes, start, length));
  }

  private static Map<String, Entry> index(DataInputStream in, int count, long dataBytes)
      throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    long offset = 0;
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[in.readUnsignedShort()];
      in.readFully(name);
      int length = in.readInt();
      byte[] mark = new byte[Sealer.MARK_BYTES];
      in.readFully(mark);
      if (length < 0 || length > dataBytes - offset) {
        throw new IOException("damaged: an entry is longer than its file");
      }
      entries.put(new String(name, StandardCharsets.UTF_8), new Entry(offset, length, mark));
      offset += length;
    }
    return entries;
  }

  /** The names of the entries. */
  Iterable<String> names() {
    return entries.keySet();
  }

  /**
   * An entry, checked.
   *
   * @throws IOException if it cannot be read, or is not what was written
   */
  byte[] read(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IOException(file + ": no entry " + name);
    }
    byte[] content = new byte[entry.length];
    if (data != null) {
      System.arraycopy(data, (int) (dataStart + entry.offset), content, 0, content.length);
    } else if (open != null) {
      synchronized (open) {
        open.seek(dataStart + entry.offset);
        open.readFully(content);
      }
    }
    if (!sealer.isGenuine(name, content, entry.mark)) {
      throw new IOException(file + ": entry " + name + " is damaged");
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }

  /** Writes a file with entries. It is complete before it gets its name. */
  static void write(Path file, Sealer sealer, Map<String, byte[]> entries) throws IOException {
    java.io.ByteArrayOutputStream indexBytes = new java.io.ByteArrayOutputStream();
    DataOutputStream index = new DataOutputStream(indexBytes);
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
      index.writeShort(name.length);
      index.write(name);
      index.writeInt(entry.getValue().length);
      index.write(sealer.mark(entry.getKey(), entry.getValue()));
    }
    Path temporary = file.resolveSibling(file.getFileName() + CacheFolder.TEMPORARY);
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
        out.writeLong(MAGIC);
        out.writeInt(entries.size());
        out.writeInt(indexBytes.size());
        indexBytes.writeTo(out);
        for (byte[] content : entries.values()) {
          out.write(content);
        }
      }
      Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
