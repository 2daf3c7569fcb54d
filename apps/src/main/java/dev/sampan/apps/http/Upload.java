package dev.sampan.apps.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;

/**
 * What is sent to the management: of a known type, unpacked if it is packed, never longer than it
 * may be, and not for ever. What is wrong with it is the sender's failure.
 */
final class Upload {

  /** Whoever is slower than that, on average after some time, keeps others from being heard. */
  private static final long MIN_BYTES_PER_SECOND = 512;

  private static final String ANY = "*/*";
  private static final long GRACE = TimeUnit.SECONDS.toNanos(30);

  private Upload() {}

  /**
   * The body of a request.
   *
   * @param max how long it may be when it is unpacked; more is refused when it is read
   * @throws HttpFailure if it cannot be accepted
   */
  static InputStream of(Exchange exchange, Route.Body wanted, long max) {
    requireType(exchange, wanted.types());
    long length = exchange.request().getLength();
    if (length > max) {
      throw tooLong(max, String.valueOf(length));
    }
    InputStream sent = steady(exchange.body());
    String encoding = exchange.header("Content-Encoding").orElse("identity");
    InputStream body =
        switch (encoding.toLowerCase(Locale.ROOT)) {
          case "identity" -> sent;
          case "gzip", "x-gzip" -> unpacked(sent);
          default ->
              throw new HttpFailure(
                  415,
                  "expected a body as it is or packed by gzip, found Content-Encoding: "
                      + encoding);
        };
    return new Limited(body, max);
  }

  /** A body that is refused when it comes too slowly. */
  static InputStream steady(InputStream body) {
    return new Sent(body, System::nanoTime);
  }

  /** All of a body that is in memory. */
  static byte[] bytes(Exchange exchange, Route.Body wanted, int max) throws IOException {
    return of(exchange, wanted, max).readAllBytes();
  }

  private static void requireType(Exchange exchange, List<String> types) {
    // a page of the web can send forms and plain text without asking, but none of these
    exchange
        .header("Content-Type")
        .map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
        .filter(type -> !types.contains(type) && !types.contains(ANY))
        .ifPresent(
            type -> {
              throw new HttpFailure(
                  415, "expected a body of " + String.join(" or ", types) + ", found " + type);
            });
  }

  private static HttpFailure tooLong(long max, String found) {
    return new HttpFailure(413, "expected a body of at most " + max + " bytes, found " + found);
  }

  private static InputStream unpacked(InputStream packed) {
    try {
      return new GZIPInputStream(packed, 1 << 13);
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  private static HttpFailure wrong(IOException e) {
    return new HttpFailure(
        400, "the body is not packed by gzip as it should be: " + e.getMessage());
  }

  /** A body as it comes. */
  static final class Sent extends FilterInputStream {
    private final LongSupplier nanoTime;
    private final long began;
    private long count;

    Sent(InputStream in, LongSupplier nanoTime) {
      super(in);
      this.nanoTime = nanoTime;
      this.began = nanoTime.getAsLong();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        int n = super.read(bytes, offset, length);
        count += Math.max(0, n);
        long took = nanoTime.getAsLong() - began - GRACE;
        if (n > 0
            && took > 0
            && count < TimeUnit.NANOSECONDS.toSeconds(took) * MIN_BYTES_PER_SECOND) {
          throw slow();
        }
        return n;
      } catch (IOException e) {
        throw e.getCause() instanceof TimeoutException
            ? slow()
            : new HttpFailure(400, "the body was broken off: " + e.getMessage());
      }
    }

    private static HttpFailure slow() {
      return new HttpFailure(
          408, "expected a body with at least " + MIN_BYTES_PER_SECOND + " bytes a second");
    }
  }

  /** A body that is refused when it turns out to be too long. */
  private static final class Limited extends FilterInputStream {
    private final long max;
    private long count;

    Limited(InputStream in, long max) {
      super(in);
      this.max = max;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        int n = super.read(bytes, offset, length);
        count += Math.max(0, n);
        if (count > max) {
          throw tooLong(max, "more");
        }
        return n;
      } catch (IOException e) {
        throw wrong(e);
      }
    }
  }
}
