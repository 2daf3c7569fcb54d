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
 * An open regular file with its position. Every access says where it is; what position means, and
 * appending, is the caller's affair.
 */
public final class OpenFile implements Descriptor {

  private final SeekableByteChannel channel;
  private final Path path;
  private final FileStatus opened;
  private long position;

  OpenFile(SeekableByteChannel channel, Path path, FileStatus opened) {
    this.channel = channel;
    this.path = path;
    this.opened = opened;
  }

  @Override
  public FileType type() {
    return FileType.REGULAR_FILE;
  }

  /** Where the next sequential access begins. */
  public long position() {
    return position;
  }

  /** Sets where the next sequential access begins, perhaps past the end. */
  public void position(long newPosition) {
    position = newPosition;
  }

  /** The size in bytes. */
  public long size() throws IOException {
    return channel.size();
  }

  /**
   * Reads what is there, at most to the buffer's limit; returns the number of bytes, 0 at the end.
   */
  public int read(ByteBuffer target, long at) throws IOException {
    channel.position(at);
    int total = 0;
    while (target.hasRemaining()) {
      int count = channel.read(target);
      if (count <= 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  /** Writes the whole buffer; a gap before it is filled with zeros. */
  public void write(ByteBuffer source, long at) throws IOException {
    if (at > Long.MAX_VALUE - source.remaining()) {
      throw new ErrnoException(Errno.FBIG);
    }
    channel.position(at);
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  /** Cuts off the end, or extends the file with zeros. */
  public void resize(long size) throws IOException {
    if (size <= channel.size()) {
      channel.truncate(size);
    } else {
      write(ByteBuffer.allocate(1), size - 1);
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
    try (Directory directory = Directory.open(parent)) {
      FileStatus now = directory.status(name.toString());
      if (opened.key() != null && !opened.isSameFile(now)) {
        throw new ErrnoException(Errno.NOENT);
      }
      directory.setTimes(name.toString(), accessed, modified);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
