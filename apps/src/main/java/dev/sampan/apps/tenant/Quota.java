package dev.sampan.apps.tenant;

import dev.sampan.apps.AppException;
import java.time.Duration;

/**
 * What all apps of a tenant may use together.
 *
 * @param maxApps how many there may be
 * @param maxMemory bytes of memory of all instances that there are at one time
 * @param maxDisk bytes of the modules of all revisions that are kept, and of the logs
 * @param cpuTime how long processors may work for the apps in each period
 * @param cpuPeriod how long a period is; periods are counted from 1970, so that days begin at
 *     midnight UTC
 * @param requestsPerSecond how many requests to its apps may come in a second, and as many again to
 *     the management
 * @param maxRequests how many requests to its apps may be handled at once, and as many again by the
 *     management
 */
public record Quota(
    int maxApps,
    long maxMemory,
    long maxDisk,
    Duration cpuTime,
    Duration cpuPeriod,
    int requestsPerSecond,
    int maxRequests) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * 10 apps, 512 MiB of memory, 1 GiB on disk, an hour of processor time a day, 100 requests a
   * second and 32 at once.
   */
  public static final Quota DEFAULT =
      new Quota(10, 512L << 20, 1L << 30, Duration.ofHours(1), Duration.ofDays(1), 100, 32);

  /** Checks the ranges. */
  public Quota {
    requireMin("maxApps", maxApps, 0);
    requireMin("maxMemory", maxMemory, 0);
    requireMin("maxDisk", maxDisk, 0);
    requireMin("requestsPerSecond", requestsPerSecond, 1);
    requireMin("maxRequests", maxRequests, 1);
    if (cpuTime.isNegative() || cpuTime.compareTo(Duration.ofDays(36_600)) > 0) {
      throw invalid("expected a cpuTime of 0 to 100 years, found " + cpuTime);
    }
    if (cpuPeriod.compareTo(SHORTEST) < 0 || cpuPeriod.compareTo(LONGEST) > 0) {
      throw invalid("expected a cpuPeriod from a second to a year, found " + cpuPeriod);
    }
  }

  private static void requireMin(String what, long found, long min) {
    if (found < min) {
      throw invalid("expected " + what + " to be " + min + " or more, found " + found);
    }
  }

  private static AppException invalid(String message) {
    return new AppException(AppException.Reason.INVALID, message, null);
  }

  /** The same with another number of apps. */
  public Quota maxApps(int apps) {
    return new Quota(apps, maxMemory, maxDisk, cpuTime, cpuPeriod, requestsPerSecond, maxRequests);
  }

  /** The same with other sizes, in bytes. */
  public Quota maxBytes(long memory, long disk) {
    return new Quota(maxApps, memory, disk, cpuTime, cpuPeriod, requestsPerSecond, maxRequests);
  }

  /** The same with another processor time in each period. */
  public Quota cpu(Duration time, Duration period) {
    return new Quota(maxApps, maxMemory, maxDisk, time, period, requestsPerSecond, maxRequests);
  }

  /** The same with other numbers of requests. */
  public Quota requests(int perSecond, int atOnce) {
    return new Quota(maxApps, maxMemory, maxDisk, cpuTime, cpuPeriod, perSecond, atOnce);
  }
}
