package dev.sampan.apps.function;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that may not be longer than so many bytes. */
final class LimitedBody extends FilterInputStream {

  /** More has come. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException(long max) {
      super("the request's body is longer than " + max + " bytes");
    }
  }

  private final long max;
  private long count;

  LimitedBody(InputStream body, long max) {
    super(body);
    this.max = max;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    if (n > 0) {
      count += n;
      if (count > max) {
        // no IOException: the guest could take that for the end, and keep half of the body
        throw new TooLongException(max);
      }
    }
    return n;
  }
}
