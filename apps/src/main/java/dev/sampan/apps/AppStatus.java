package dev.sampan.apps;

import java.util.List;
import java.util.Optional;

/**
 * An app as it is at one moment.
 *
 * @param current the number of the revision that runs when the app runs
 * @param revisions those that are kept, the oldest first
 * @param restarts how often it was run again by itself since it was started
 * @param jobs what it has to do and has done, if it runs at times or for events
 */
public record AppStatus(
    String name,
    AppState state,
    int current,
    List<Revision> revisions,
    int restarts,
    Optional<Jobs> jobs) {

  /** Keeps the revisions as they are. */
  public AppStatus {
    revisions = List.copyOf(revisions);
  }

  /** The revision that runs when the app runs. */
  public Revision revision() {
    return revisions.stream()
        .filter(each -> each.number() == current)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no revision " + current + "; please report"));
  }
}
