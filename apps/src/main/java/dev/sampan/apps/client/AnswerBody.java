package dev.sampan.apps.client;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that knows where it ends, so that one which was cut off is not taken for complete. */
final class AnswerBody extends FilterInputStream {

  private final boolean chunked;

  /** Bytes until the end of the body, or of the present chunk. */
  private long left;

  private boolean over;

  private AnswerBody(InputStream in, boolean chunked, long left) {
    super(in);
    this.chunked = chunked;
    this.left = left;
  }

  static InputStream ofLength(InputStream in, long length) {
    return new AnswerBody(in, false, length);
  }

  static InputStream chunked(InputStream in) {
    return new AnswerBody(in, true, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !over) {
      next();
    }
    if (over) {
      return -1;
    }
    int n = super.read(bytes, offset, (int) Math.min(left, length));
    if (n < 0) {
      throw new EOFException("the host's answer was broken off");
    }
    left -= n;
    if (left == 0 && chunked) {
      AnswerHead.line(in);
    }
    return n;
  }

  private void next() throws IOException {
    if (!chunked) {
      over = true;
      return;
    }
    String size = AnswerHead.line(in).replaceFirst(";.*", "").strip();
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      throw new IOException("expected the size of a chunk, found '" + size + "'");
    }
    left = Long.parseLong(size, 16);
    if (left == 0) {
      over = true;
      while (!AnswerHead.line(in).isEmpty()) {
        // trailers say nothing that is needed
      }
    }
  }
}
