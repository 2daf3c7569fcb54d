package dev.sampan.wasi.capability;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard output or error. What is written is flushed, for guests have buffers of their own.
 */
public final class StandardOutput implements Descriptor {

  private final OutputStream stream;
  private final FileType type;

  /** Wraps a stream, which is never closed. */
  public StandardOutput(OutputStream stream, FileType type) {
    this.stream = stream;
    this.type = type;
  }

  @Override
  public FileType type() {
    return type;
  }

  @Override
  public FileStatus status() {
    return FileStatus.ofStream(type);
  }

  /** Writes the first bytes of an array. */
  public void write(byte[] source, int length) throws IOException {
    stream.write(source, 0, length);
    stream.flush();
  }

  @Override
  public void close() {
    // the stream is the host's
  }
}
