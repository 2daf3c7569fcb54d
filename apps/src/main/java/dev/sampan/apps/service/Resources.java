package dev.sampan.apps.service;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The URLs that apps have registered for all apps of the host. Those of a run count as long as it
 * is live. The newest one that matches wins.
 */
final class Resources {

  private static final int MAX = 16;

  private record Resource(String url, ServiceRun run) {
    boolean isLive() {
      return run.endpoint().live() == run;
    }
  }

  /** The newest first. */
  private final List<Resource> all = new CopyOnWriteArrayList<>();

  /**
   * Registers a URL.
   *
   * @param meets which apps count: others may have registered the same
   * @return why it cannot be registered, or empty
   */
  synchronized Optional<String> register(ServiceRun run, String url, Predicate<String> meets) {
    long own = all.stream().filter(each -> each.run == run).count();
    if (own == MAX) {
      return Optional.of("no more than %d resources may be registered".formatted(MAX));
    }
    for (Resource each : all) {
      boolean mine = each.run.endpoint() == run.endpoint();
      boolean counts = mine ? each.run == run : each.isLive() && meets.test(each.run.name());
      if (each.url.equals(url) && counts) {
        return Optional.of(
            "the resource '%s' is registered already, by '%s'".formatted(url, each.run.name()));
      }
    }
    all.addFirst(new Resource(url, run));
    return Optional.empty();
  }

  /**
   * The run whose resource a URL is.
   *
   * @param meets which apps count
   */
  Optional<ServiceRun> owner(String url, Predicate<String> meets) {
    return all.stream()
        .filter(each -> each.isLive() && ResourceUrl.matches(each.url, url))
        .map(Resource::run)
        .filter(run -> meets.test(run.name()))
        .findFirst();
  }

  /** Whether a run has registered resources, and a URL is none of them. */
  boolean isForeign(ServiceRun run, String url) {
    List<Resource> own = all.stream().filter(each -> each.run == run).toList();
    return !own.isEmpty() && own.stream().noneMatch(each -> ResourceUrl.matches(each.url, url));
  }

  /** Forgets what a run has registered. */
  synchronized void forget(ServiceRun run) {
    all.removeIf(each -> each.run == run);
  }
}
