package dev.sampan.apps;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an app has to do that runs at times or for events.
 *
 * @param next when it runs next, if it runs at times
 * @param running how many runs go on
 * @param waiting how many events or times wait
 * @param passedOver how many times were passed over or events dropped since the host was opened
 * @param last its last runs, the latest at the end
 */
public record Jobs(
    Optional<Instant> next, int running, int waiting, long passedOver, List<JobResult> last) {

  /** Keeps the runs as they are. */
  public Jobs {
    last = List.copyOf(last);
  }
}
