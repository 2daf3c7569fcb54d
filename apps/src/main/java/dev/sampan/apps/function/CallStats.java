package dev.sampan.apps.function;

import dev.sampan.apps.run.Usage;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What has become of the calls of an app, whichever revision had them. */
public final class CallStats {

  /** Upper bounds of the histogram's buckets in microseconds; above them there is one more. */
  private static final long[] BOUNDS = {
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
  private final LongAdder calls = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final Usage usage = new Usage();

  /**
   * What there is at one moment.
   *
   * @param calls requests that a guest has handled, errors among them
   * @param errors those that it has not answered as it should
   * @param refused those that no guest has seen, because too many were there
   * @param seconds how long the calls took together
   * @param buckets how many calls took no longer than each of {@link #bounds}, in its order
   * @param fuel how much was executed, if that is counted
   * @param peakMemory the most bytes of memory that one instance had
   * @param cpuSeconds how long processors have worked for its guests
   */
  public record Snapshot(
      long calls,
      long errors,
      long refused,
      double seconds,
      long[] buckets,
      long fuel,
      long peakMemory,
      double cpuSeconds) {}

  /** Upper bounds of the histogram's buckets in seconds. */
  public static double[] bounds() {
    double[] seconds = new double[BOUNDS.length];
    for (int i = 0; i < BOUNDS.length; i++) {
      seconds[i] = BOUNDS[i] / 1e6;
    }
    return seconds;
  }

  /** A guest has handled a request, well or not. */
  public void call(long tookNanos, boolean failed) {
    calls.increment();
    nanos.add(tookNanos);
    if (failed) {
      errors.increment();
    }
    int bucket = 0;
    while (bucket < BOUNDS.length && tookNanos > BOUNDS[bucket] * 1_000) {
      bucket++;
    }
    buckets.incrementAndGet(bucket);
  }

  /** A request was refused. */
  public void refuse() {
    refused.increment();
  }

  /** What the app's guests have used, in calls and otherwise. */
  public Usage usage() {
    return usage;
  }

  /** What there is now. */
  public Snapshot snapshot() {
    long[] upTo = new long[BOUNDS.length];
    long sum = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      sum += buckets.get(i);
      upTo[i] = sum;
    }
    return new Snapshot(
        calls.sum(),
        errors.sum(),
        refused.sum(),
        nanos.sum() / 1e9,
        upTo,
        usage.fuel(),
        usage.peakMemory(),
        usage.cpuTime().toNanos() / 1e9);
  }
}
