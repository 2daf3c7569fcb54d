package dev.sampan.wasi;

import java.time.InstantSource;

/**
 * The time that a guest sees, and how it passes while the guest sleeps. Implementations are shared
 * by all instances of a configuration.
 */
public interface Clocks {

  /** Nanoseconds since 1970 in UTC; may jump. */
  long realtime();

  /** Nanoseconds since some moment; never goes back. */
  long monotonic();

  /** The smallest step of both clocks in nanoseconds, more than 0. */
  default long resolution() {
    return 1_000;
  }

  /**
   * Waits; may come back early.
   *
   * @param nanos how long, more than 0
   */
  void sleep(long nanos) throws InterruptedException;

  /** The clocks of this machine. */
  static Clocks system() {
    return SystemClocks.INSTANCE;
  }

  /** The clocks of this machine, but with another real time, such as a {@link java.time.Clock}. */
  static Clocks realtime(InstantSource source) {
    return new Clocks() {
      @Override
      public long realtime() {
        return SystemClocks.nanos(source.instant());
      }

      @Override
      public long monotonic() {
        return system().monotonic();
      }

      @Override
      public void sleep(long nanos) throws InterruptedException {
        system().sleep(nanos);
      }
    };
  }

  /**
   * Clocks that stand still at 1970 and move on only, and at once, when the guest sleeps: for runs
   * that must give the same result each time. Each call gives new clocks.
   */
  static Clocks simulated() {
    return new Clocks() {
      private long now;

      @Override
      public synchronized long realtime() {
        return now;
      }

      @Override
      public synchronized long monotonic() {
        return now;
      }

      @Override
      public long resolution() {
        return 1;
      }

      @Override
      public synchronized void sleep(long nanos) {
        now += Math.min(nanos, Long.MAX_VALUE - now);
      }
    };
  }
}
