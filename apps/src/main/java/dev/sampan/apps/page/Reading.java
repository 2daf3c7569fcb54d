package dev.sampan.apps.page;

import dev.sampan.apps.function.CallStats;

/**
 * What is known of an app, or of the host, at one moment. All but the memory only grows.
 *
 * @param memory bytes
 * @param cpuSeconds how long processors have worked
 * @param fuel how much was executed
 * @param calls requests that were handled
 * @param errors those that failed
 * @param callSeconds how long they took together
 */
public record Reading(
    long memory, double cpuSeconds, long fuel, long calls, long errors, double callSeconds) {

  /** A reading of an app. */
  public static Reading of(long memory, CallStats.Snapshot stats) {
    return new Reading(
        memory, stats.cpuSeconds(), stats.fuel(), stats.calls(), stats.errors(), stats.seconds());
  }
}
