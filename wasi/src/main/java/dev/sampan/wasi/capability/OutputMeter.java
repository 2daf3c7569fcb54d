package dev.sampan.wasi.capability;

import java.io.IOException;

/** How much may be written to standard output and error together. */
public final class OutputMeter {

  /** More was written than may be. */
  public static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1L;

    private final long limit;
    private final long written;

    private Exceeded(long limit, long written) {
      this.limit = limit;
      this.written = written;
    }

    /** How many bytes may be written. */
    public long limit() {
      return limit;
    }

    /** How many there are, with those that were not written any more. */
    public long written() {
      return written;
    }
  }

  private final long limit;
  private long used;

  /** A meter with a limit in bytes. */
  public OutputMeter(long limit) {
    this.limit = limit;
  }

  /** Counts; returns how many of the bytes may be written. */
  synchronized int take(int length) {
    int allowed = (int) Math.min(length, limit - used);
    used += allowed;
    return allowed;
  }

  /** The failure of writing more than what was allowed. */
  synchronized Exceeded exceeded(int more) {
    return new Exceeded(limit, used + more);
  }
}
