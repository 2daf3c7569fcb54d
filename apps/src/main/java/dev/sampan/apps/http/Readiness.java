package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether requests should come. What is found out counts for a moment, because it takes writing to
 * the disk, and anybody may ask.
 */
final class Readiness {

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AppHost host;
  private volatile boolean draining;
  private Optional<String> known = Optional.of("starting");
  private long since = System.nanoTime() - FRESH_NANOS;

  Readiness(AppHost host) {
    this.host = host;
  }

  /** No further requests should come. */
  void drain() {
    draining = true;
  }

  /** Whether that was said. */
  boolean isDraining() {
    return draining;
  }

  /** Why none should come, or empty. */
  synchronized Optional<String> hindrance() {
    if (draining) {
      return Optional.of("stopping");
    }
    // what hinders may be over in an instant, and whoever waits for that shall know
    if (known.isPresent() || System.nanoTime() - since >= FRESH_NANOS) {
      known = host.hindrance();
      since = System.nanoTime();
    }
    return known;
  }
}
