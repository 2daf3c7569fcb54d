package dev.sampan.wasi.capability;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * An open regular file with its position. What is called sequential here begins at the position and
 * moves it, as one step even if several threads share the file.
 */
public final class OpenFile implements Descriptor {

  private final SeekableByteChannel channel;
  private final Path path;
  private final FileStatus opened;
  private final Quota quota;
  private final Quota.OpenSize counted;
  private long position;

  OpenFile(SeekableByteChannel channel, Path path, FileStatus opened, Quota quota) {
    this.channel = channel;
    this.path = path;
    this.opened = opened;
    this.quota = quota;
    this.counted = quota.open(opened.identity(path), opened.size());
  }

  @Override
  public FileType type() {
    return FileType.REGULAR_FILE;
  }

  /** Where the next sequential access begins. */
  public synchronized long position() {
    return position;
  }

  /** Sets where the next sequential access begins, perhaps past the end. */
  public synchronized void position(long newPosition) {
    position = newPosition;
  }

  /** The size in bytes. */
  public long size() throws IOException {
    return channel.size();
  }

  /** Reads sequentially; otherwise as {@link #read(ByteBuffer, long)}. */
  public synchronized int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += count;
    return count;
  }

  /**
   * Writes sequentially; otherwise as {@link #write(ByteBuffer, long)}.
   *
   * @param append whether the position is the end, wherever it was
   */
  public int write(ByteBuffer source, boolean append) throws IOException {
    // Appending through two descriptors of one file must not write over each other's bytes.
    synchronized (append ? counted : this) {
      synchronized (this) {
        long at = append ? channel.size() : position;
        int count = write(source, at);
        position = at + count;
        return count;
      }
    }
  }

  /**
   * Reads what is there, at most to the buffer's limit; returns the number of bytes, 0 at the end.
   */
  public int read(ByteBuffer target, long at) throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      int count = readOnce(target, at + total);
      if (count <= 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  private int readOnce(ByteBuffer target, long at) throws IOException {
    if (channel instanceof FileChannel file) {
      return file.read(target, at);
    }
    synchronized (channel) {
      channel.position(at);
      return channel.read(target);
    }
  }

  /**
   * Writes the buffer, or as much as the quota has room for; a gap before it is filled with zeros.
   *
   * @return the number of bytes
   * @throws ErrnoException if the quota has no room for any
   */
  public int write(ByteBuffer source, long at) throws IOException {
    int length = source.remaining();
    if (length == 0) {
      return 0;
    } else if (at > Long.MAX_VALUE - length) {
      throw new ErrnoException(Errno.FBIG);
    }
    int allowed = counted.extend(at, length);
    source.limit(source.position() + allowed);
    try {
      for (long next = at; source.hasRemaining(); ) {
        next += writeOnce(source, next);
      }
    } catch (IOException e) {
      recount();
      throw e;
    }
    return allowed;
  }

  private int writeOnce(ByteBuffer source, long at) throws IOException {
    if (channel instanceof FileChannel file) {
      return file.write(source, at);
    }
    synchronized (channel) {
      channel.position(at);
      return channel.write(source);
    }
  }

  /** After a failure the size is what the system says. */
  private void recount() throws IOException {
    if (channel.isOpen()) {
      counted.resize(channel.size());
    }
  }

  /** Cuts off the end, or extends the file with zeros. */
  public void resize(long size) throws IOException {
    long old = channel.size();
    if (size <= old) {
      truncate(size, old);
      counted.resize(size);
      return;
    }
    counted.resize(size);
    try {
      ByteBuffer last = ByteBuffer.allocate(1);
      while (last.hasRemaining()) {
        writeOnce(last, size - 1);
      }
    } catch (IOException e) {
      recount();
      throw e;
    }
  }

  private void truncate(long size, long old) throws IOException {
    if (size < old) {
      try {
        channel.truncate(size);
      } catch (UnsupportedOperationException e) {
        throw new ErrnoException(Errno.NOTSUP); // a file in a zip file
      }
    }
  }

  /**
   * Waits until everything is on the disk.
   *
   * @param attributes whether the file's attributes must be there too
   */
  public void sync(boolean attributes) throws IOException {
    if (channel instanceof FileChannel file) {
      file.force(attributes);
    }
  }

  /**
   * The attributes now. Java cannot read them from an open file, so they are read by its name; if
   * that names another file by now, those from when it was opened are given, without a link.
   */
  @Override
  public FileStatus status() throws IOException {
    long size = channel.size();
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      FileStatus now = FileStatus.of(attributes, path);
      boolean same =
          opened.key() == null ? now.type() == FileType.REGULAR_FILE : opened.isSameFile(now);
      return same ? now.withSize(size) : opened.withoutName(size);
    } catch (NoSuchFileException e) {
      return opened.withoutName(size);
    }
  }

  /**
   * Sets the times, if the file still has the name it was opened by.
   *
   * @param accessed the last access, null to leave it
   * @param modified the last modification, null to leave it
   */
  public void setTimes(@Nullable FileTime accessed, @Nullable FileTime modified)
      throws IOException {
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null) {
      throw new ErrnoException(Errno.NOENT);
    }
    Directory.whileNamesStay(
        () -> {
          try (Directory directory = Directory.open(parent, quota)) {
            FileStatus now = directory.status(name.toString());
            boolean moved = !directory.path().equals(parent);
            if (moved || opened.key() != null && !opened.isSameFile(now)) {
              throw new ErrnoException(Errno.NOENT);
            }
            directory.setTimes(name.toString(), accessed, modified);
            return name;
          }
        });
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      counted.release();
    }
    channel.close();
  }
}
