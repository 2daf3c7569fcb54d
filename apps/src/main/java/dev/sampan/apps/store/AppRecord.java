package dev.sampan.apps.store;

import dev.sampan.apps.AppState;
import dev.sampan.apps.Revision;
import java.util.List;

/**
 * All that is kept of an app.
 *
 * @param revisions the oldest first
 * @param current the number of one of them
 * @param state how it is to be brought back: one that runs or is paused is begun anew
 */
public record AppRecord(String name, List<Revision> revisions, int current, AppState state) {

  /** Keeps the revisions as they are. */
  public AppRecord {
    revisions = List.copyOf(revisions);
  }

  /** The same in another state. */
  public AppRecord state(AppState newState) {
    return new AppRecord(name, revisions, current, newState);
  }

  /** The current revision. */
  public Revision revision() {
    return revision(current);
  }

  /** A revision that is there. */
  public Revision revision(int number) {
    return revisions.stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no revision " + number));
  }
}
