package dev.sampan.apps.page;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.run.Usage;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks once a second at what the apps use, and remembers it for an hour. So a page can show what
 * was before it was opened.
 */
public final class Samples implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Samples.class.getName());

  private static final Duration STEP = Duration.ofSeconds(1);

  private static final MemoryMXBean HEAP = ManagementFactory.getMemoryMXBean();

  /**
   * Values of some time.
   *
   * @param end when the last one was taken, in milliseconds since 1970
   * @param step seconds between two values
   * @param values by what they are: {@code memory}, {@code cpu}, {@code fuel}, {@code calls},
   *     {@code errors}, {@code latency}; the oldest first
   */
  public record Excerpt(long end, int step, Map<String, float[]> values) {}

  private final AppHost host;
  private final Map<String, Series> apps = new ConcurrentHashMap<>();
  private final Series own = new Series();
  private final Thread thread;
  private volatile Instant last = Instant.now();

  /** Begins to look at a host. */
  public Samples(AppHost host) {
    this.host = host;
    this.thread = Thread.ofVirtual().name("sampan-samples").start(this::look);
  }

  private void look() {
    long before = System.nanoTime() - STEP.toNanos();
    try {
      while (true) {
        long now = System.nanoTime();
        try {
          take((now - before) / 1e9);
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "a look at the apps failed, please report", e);
        }
        before = now;
        // what is late is not made up for: the values say how much there was each second
        Thread.sleep(Duration.ofNanos(Math.max(0, now + STEP.toNanos() - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      // it is closed
    }
  }

  private void take(double elapsed) {
    Set<String> names = new HashSet<>();
    long calls = 0;
    long errors = 0;
    long fuel = 0;
    double seconds = 0;
    for (AppStatus app : host.list()) {
      try {
        CallStats.Snapshot stats = host.stats(app.name());
        Reading reading = Reading.of(host.memory(app.name()), stats);
        apps.computeIfAbsent(app.name(), key -> new Series()).add(reading, elapsed);
        names.add(app.name());
        calls += stats.calls();
        errors += stats.errors();
        fuel += stats.fuel();
        seconds += stats.seconds();
      } catch (AppException e) {
        // it has been removed in this moment
      }
    }
    apps.keySet().retainAll(names);
    long heap = HEAP.getHeapMemoryUsage().getUsed();
    double cpu = Usage.ofProcess().toNanos() / 1e9;
    own.add(new Reading(heap, cpu, fuel, calls, errors, seconds), elapsed);
    last = Instant.now();
  }

  /**
   * What there was of an app.
   *
   * @param hour whether of an hour, else of 5 minutes
   */
  public Excerpt of(String name, boolean hour) {
    return excerpt(apps.getOrDefault(name, new Series()), hour);
  }

  /** What there was of the whole host. */
  public Excerpt ofHost(boolean hour) {
    return excerpt(own, hour);
  }

  private Excerpt excerpt(Series series, boolean hour) {
    Series.Range range = hour ? Series.Range.HOUR : Series.Range.MINUTES;
    return new Excerpt(last.toEpochMilli(), range.step(), series.latest(range));
  }

  /** An app's requests each second, in the last minute. */
  float[] calls(String name) {
    return latest(name, Series.Measure.CALLS, 60);
  }

  /** How many processors an app keeps busy. */
  float cpu(String name) {
    float[] latest = latest(name, Series.Measure.CPU, 1);
    return latest.length == 0 ? 0 : latest[0];
  }

  private float[] latest(String name, Series.Measure measure, int max) {
    Series series = apps.get(name);
    return series == null ? new float[0] : series.latest(measure, max);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
