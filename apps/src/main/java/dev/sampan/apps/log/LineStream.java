package dev.sampan.apps.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of the bytes that a guest writes. A very long one becomes several. */
public final class LineStream extends OutputStream {

  private static final int MAX_LINE = 16 << 10;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /**
   * A stream.
   *
   * @param lines takes the lines, without their ends
   */
  public LineStream(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        emit();
      } else {
        line.write(bytes[i]);
        if (line.size() == MAX_LINE) {
          emit();
        }
      }
    }
  }

  private void emit() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  /** Hands over a last line that has no end. Flushing does not, for programs flush often. */
  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      emit();
    }
  }
}
