package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.function.CallStats;

/**
 * What an app uses and was asked, as the management shows it.
 *
 * @param memory bytes that its instances have now
 * @param restarts how often it was run again by itself since it was started
 * @param calls requests that a guest has handled
 * @param errors those that failed
 * @param refused those that no guest has seen
 * @param seconds how long the calls took together
 * @param cpuSeconds how long processors have worked for it
 * @param fuel what was executed, if that is counted
 * @param peakMemory the most bytes that one instance had
 */
record StatsView(
    long memory,
    int restarts,
    long calls,
    long errors,
    long refused,
    double seconds,
    double cpuSeconds,
    long fuel,
    long peakMemory) {

  static StatsView of(AppHost host, String name) {
    CallStats.Snapshot stats = host.stats(name);
    return new StatsView(
        host.memory(name),
        host.status(name).restarts(),
        stats.calls(),
        stats.errors(),
        stats.refused(),
        stats.seconds(),
        stats.cpuSeconds(),
        stats.fuel(),
        stats.peakMemory());
  }
}
