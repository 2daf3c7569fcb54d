package dev.sampan.wasi.capability;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The standard output or error. What is written is flushed, for guests have buffers of their own.
 */
public final class StandardOutput implements Descriptor {

  private final OutputStream stream;
  private final FileType type;
  private final OutputMeter meter;

  /** Wraps a stream, which is never closed. */
  public StandardOutput(OutputStream stream, FileType type, OutputMeter meter) {
    this.stream = stream;
    this.type = type;
    this.meter = meter;
  }

  @Override
  public FileType type() {
    return type;
  }

  @Override
  public FileStatus status() {
    return FileStatus.ofStream(type);
  }

  /**
   * Writes the first bytes of an array.
   *
   * @throws OutputMeter.Exceeded if they are more than may be written; what may, is
   */
  public synchronized void write(byte[] source, int length) throws IOException {
    int allowed = meter.take(length);
    stream.write(source, 0, allowed);
    stream.flush();
    if (allowed < length) {
      throw meter.exceeded(length - allowed);
    }
  }

  @Override
  public void close() {
    // the stream is the host's
  }
}
