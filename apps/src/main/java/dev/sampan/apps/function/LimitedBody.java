package dev.sampan.apps.function;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body that may not be longer than so many bytes. Once reading has failed it is not
 * tried again: guests may try without end, and the server makes each failure the cause of the next.
 */
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
  private @Nullable IOException failure;

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
    if (failure != null) {
      throw failure;
    }
    int n;
    try {
      n = super.read(bytes, offset, length);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
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
