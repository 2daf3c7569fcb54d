package dev.sampan.apps.store;

import dev.sampan.apps.AppState;
import dev.sampan.apps.Revision;
import java.util.List;
import java.util.Optional;

/**
 * All that is kept of an app.
 *
 * @param tenant whose it is, or empty if it is the operator's
 * @param revisions the oldest first
 * @param current the number of one of them
 * @param state how it is to be brought back: one that runs or is paused is begun anew
 */
public record AppRecord(
    String name, Optional<String> tenant, List<Revision> revisions, int current, AppState state) {

  /** Keeps the revisions as they are. */
  public AppRecord {
    revisions = List.copyOf(revisions);
  }

  /** The same in another state. */
  public AppRecord state(AppState newState) {
    return new AppRecord(name, tenant, revisions, current, newState);
  }

  /** The same with other revisions. */
  public AppRecord revisions(List<Revision> others, int newCurrent) {
    return new AppRecord(name, tenant, others, newCurrent, state);
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
