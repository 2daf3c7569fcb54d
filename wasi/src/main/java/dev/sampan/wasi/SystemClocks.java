package dev.sampan.wasi;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clocks of this machine. The monotonic one begins when it is first used, to tell no more. */
enum SystemClocks implements Clocks {
  INSTANCE;

  private static final long START = System.nanoTime();

  static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  @Override
  public long realtime() {
    return nanos(Instant.now());
  }

  @Override
  public long monotonic() {
    return System.nanoTime() - START;
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }
}
