package dev.sampan.apps.page;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What there was to measure of one app: the last minutes second by second, the last hour coarser.
 */
final class Series {

  /** What is measured. */
  enum Measure {
    /** Bytes of memory. */
    MEMORY,
    /** Processors that were busy: 1 for one all the time. */
    CPU,
    /** Fuel each second. */
    FUEL,
    /** Requests each second. */
    CALLS,
    /** Requests that failed, each second. */
    ERRORS,
    /** Milliseconds that a request took, on average. */
    LATENCY
  }

  /** How far back, and in which steps. */
  enum Range {
    /** 5 minutes, second by second. */
    MINUTES(1, 300),
    /** An hour in steps of 10 seconds. */
    HOUR(10, 360);

    private final int step;
    private final int length;

    Range(int step, int length) {
      this.step = step;
      this.length = length;
    }

    /** Seconds between two values. */
    int step() {
      return step;
    }
  }

  /** The values of one range: a ring for each measure, and what is summed up for the next value. */
  private static final class Track {
    private final Range range;
    private final Ring[] rings = new Ring[Measure.values().length];
    private final float[] sums = new float[rings.length];

    Track(Range range) {
      this.range = range;
      Arrays.setAll(rings, each -> new Ring(range.length));
    }

    void add(float[] values, long second) {
      for (int i = 0; i < rings.length; i++) {
        sums[i] += values[i];
        if (second % range.step == 0) {
          rings[i].add(sums[i] / range.step);
          sums[i] = 0;
        }
      }
    }

    float[] latest(Measure measure, int max) {
      return rings[measure.ordinal()].latest(max);
    }
  }

  private final Track minutes = new Track(Range.MINUTES);
  private final Track hour = new Track(Range.HOUR);
  private Optional<Reading> before = Optional.empty();
  private long seconds;

  /**
   * Adds what there is a second after the reading before.
   *
   * @param elapsed how long that really was, in seconds
   */
  synchronized void add(Reading now, double elapsed) {
    Reading last = before.orElse(now);
    before = Optional.of(now);
    float[] values = new float[Measure.values().length];
    for (Measure measure : Measure.values()) {
      values[measure.ordinal()] = (float) value(measure, last, now, elapsed);
    }
    seconds++;
    minutes.add(values, seconds);
    hour.add(values, seconds);
  }

  private static double value(Measure measure, Reading last, Reading now, double elapsed) {
    return switch (measure) {
      case MEMORY -> now.memory();
      case CPU -> perSecond(last.cpuSeconds(), now.cpuSeconds(), elapsed);
      case FUEL -> perSecond(last.fuel(), now.fuel(), elapsed);
      case CALLS -> perSecond(last.calls(), now.calls(), elapsed);
      case ERRORS -> perSecond(last.errors(), now.errors(), elapsed);
      case LATENCY -> {
        long calls = now.calls() - last.calls();
        yield calls > 0 ? 1_000 * (now.callSeconds() - last.callSeconds()) / calls : 0;
      }
    };
  }

  /** An app that was removed and installed again begins with nothing. */
  private static double perSecond(double last, double now, double elapsed) {
    return Math.max(0, now - last) / elapsed;
  }

  /** The latest values by the names of what they are, the oldest first. */
  synchronized Map<String, float[]> latest(Range range) {
    Track track = range == Range.MINUTES ? minutes : hour;
    Map<String, float[]> latest = new LinkedHashMap<>();
    for (Measure measure : Measure.values()) {
      String name = measure.name().toLowerCase(Locale.ROOT);
      latest.put(name, track.latest(measure, range.length));
    }
    return latest;
  }

  /** The latest values of one measure, second by second. */
  synchronized float[] latest(Measure measure, int max) {
    return minutes.latest(measure, max);
  }
}
