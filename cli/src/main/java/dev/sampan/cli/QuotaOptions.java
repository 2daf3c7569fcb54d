package dev.sampan.cli;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Option;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The options that say what a tenant may use, and grant to its apps. */
final class QuotaOptions {

  private static final String POLICY = "--policy";
  private static final String MAX_APPS = "--max-apps";
  private static final String MAX_MEMORY = "--max-memory";
  private static final String MAX_DISK = "--max-disk";
  private static final String CPU_TIME = "--cpu-time";
  private static final String PER_SECOND = "--requests-per-second";
  private static final String MAX_REQUESTS = "--max-requests";

  /** How long the words for periods are. */
  private static final Map<String, Duration> PERIODS =
      Map.of(
          "second",
          Duration.ofSeconds(1),
          "minute",
          Duration.ofMinutes(1),
          "hour",
          Duration.ofHours(1),
          "day",
          Duration.ofDays(1));

  private QuotaOptions() {}

  static Syntax addTo(Syntax syntax) {
    return syntax
        .option(Option.value(MAX_APPS, "N", "How many apps it may have; 10 by default."))
        .option(
            Option.value(
                MAX_MEMORY,
                "SIZE",
                "Memory of all instances of its apps together; 512M by default."))
        .option(
            Option.value(
                MAX_DISK,
                "SIZE",
                "What the modules of its apps take with their former revisions, and their logs; 1G"
                    + " by default."))
        .option(
            Option.value(
                CPU_TIME,
                "TIME/PERIOD",
                "How long processors may work for its apps, such as 1h/day (the default) or"
                    + " 30s/minute. What runs is stopped when that is used up, and requests are"
                    + " refused until the next period."))
        .option(
            Option.value(
                PER_SECOND, "N", "How many requests its apps get in a second; 100 by default."))
        .option(
            Option.value(
                MAX_REQUESTS, "N", "How many requests its apps handle at once; 32 by default."))
        .option(
            Option.value(
                POLICY,
                "FILE",
                "What it may grant to an app at most, as a policy in TOML; limits are those of one"
                    + " instance. Without it, nothing."));
  }

  /**
   * What a command line says about a tenant, as the management takes it.
   *
   * @param remote whether the host is on another machine
   */
  static ObjectNode terms(Line line, boolean remote) {
    ObjectNode terms = (ObjectNode) Json.tree(Map.of());
    ObjectNode quota = terms.putObject("quota");
    if (line.has(MAX_APPS)) {
      quota.put("maxApps", number(line, MAX_APPS, 0));
    }
    if (line.has(MAX_MEMORY)) {
      quota.put("maxMemory", size(line, MAX_MEMORY));
    }
    if (line.has(MAX_DISK)) {
      quota.put("maxDisk", size(line, MAX_DISK));
    }
    if (line.has(CPU_TIME)) {
      cpuTime(quota, line.value(CPU_TIME));
    }
    if (line.has(PER_SECOND)) {
      quota.put("requestsPerSecond", number(line, PER_SECOND, 1));
    }
    if (line.has(MAX_REQUESTS)) {
      quota.put("maxRequests", number(line, MAX_REQUESTS, 1));
    }
    if (line.has(POLICY)) {
      Granted standard = Granted.of(Permissions.NONE.policy()).elsewhere(remote);
      Granted grants = PolicyFile.read(Line.path(line.value(POLICY)), standard);
      terms.set("grants", Json.tree(grants.permissions()));
    }
    return terms;
  }

  private static long number(Line line, String option, long min) {
    try {
      return Quantity.number(line.value(option), min, Integer.MAX_VALUE);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(option + ": " + e.getMessage());
    }
  }

  private static long size(Line line, String option) {
    try {
      return Quantity.size(line.value(option));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(option + ": " + e.getMessage());
    }
  }

  private static void cpuTime(ObjectNode quota, String text) {
    int slash = text.indexOf('/');
    try {
      if (slash < 0) {
        throw new IllegalArgumentException("expected TIME/PERIOD, found '" + text + "'");
      }
      String period = text.substring(slash + 1);
      Duration known = PERIODS.get(period);
      quota.put("cpuTime", Quantity.duration(text.substring(0, slash)).toString());
      quota.put("cpuPeriod", (known == null ? Quantity.duration(period) : known).toString());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(CPU_TIME + ": " + e.getMessage());
    }
  }
}
