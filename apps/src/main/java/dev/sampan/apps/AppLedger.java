package dev.sampan.apps;

import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Resident;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.Store;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an app: its record, which is written down before it holds; the state it is in,
 * which may be another one for a while; and the activation that lives, if any.
 *
 * <p>Guarded by the object's monitor, which is never held while somebody waits for a guest: whoever
 * asks how an app is gets an answer at once, whatever verb is under way.
 */
final class AppLedger {

  private final Store store;
  private final Belongings own;
  private final StateEvents events;

  private AppRecord record;
  private AppState state;
  private volatile @Nullable Activation active;

  AppLedger(Store store, Belongings own, StateEvents events, AppRecord record) {
    this.store = store;
    this.own = own;
    this.events = events;
    this.record = record;
    this.state = record.state();
  }

  synchronized AppStatus status() {
    Activation now = active;
    return new AppStatus(
        record.name(),
        record.tenant(),
        state,
        record.current(),
        record.revisions(),
        now == null ? 0 : now.restarts(),
        now == null ? own.history().jobs() : now.jobs());
  }

  synchronized AppRecord record() {
    return record;
  }

  synchronized AppState state() {
    return state;
  }

  /** What lives, or null if the app neither runs nor is paused. */
  @Nullable Activation active() {
    return active;
  }

  // ---- what it is doing ----

  /**
   * Writes down what is to hold from now on.
   *
   * @throws AppException if that fails; then nothing has changed
   */
  synchronized void commit(AppRecord next) {
    try {
      store.put(next);
    } catch (IOException e) {
      throw AppException.unwritten("journal", e);
    }
    record = next;
    own.log().maxBytes(next.revision().manifest().maxLogBytes());
    become(next.state());
  }

  /** Is in a state that is not written down: the host would bring the app back as it was before. */
  synchronized void become(AppState next) {
    state = next;
    tellState();
  }

  /**
   * Forgets the app, for good.
   *
   * @throws AppException if that cannot be written down; then nothing has changed
   */
  void forget() {
    try {
      store.remove(own.name());
    } catch (IOException e) {
      throw AppException.unwritten("journal", e);
    }
  }

  /** Tells whoever listens what state it is in, unless that has been told. */
  synchronized void tellState() {
    events.tell(state, record.current());
  }

  /** Tells whoever listens that there is no such app any more. */
  synchronized void tellRemoved() {
    events.tellRemoved(record.current());
  }

  /** Writes into the app's log what the host has done with it. */
  void say(String text) {
    own.log().write(record().current(), "host", text);
  }

  // ---- what lives ----

  /** Has another activation be the one that counts. */
  synchronized Activation activate(Activation next) {
    active = next;
    return next;
  }

  /**
   * Has another revision's activation take over from the one that counts, or begin if there is none
   * any more.
   *
   * @param after what is to hold, in whatever state the app is
   * @return the former activation, which is yet to be retired, or null
   * @throws AppException if that cannot be written down; then nothing has changed
   */
  synchronized @Nullable Activation exchange(Activation fresh, AppRecord after, boolean paused) {
    commit(after.state(record.state()));
    Activation before = active;
    if (before == null) {
      fresh.begin(paused);
    } else {
      fresh.replace(before, paused);
    }
    active = fresh;
    return before;
  }

  /** Ends what lives, and waits for that. */
  void end(String reason) {
    Activation before = deactivate();
    if (before != null) {
      before.end(reason);
    }
  }

  private synchronized @Nullable Activation deactivate() {
    Activation before = active;
    active = null;
    return before;
  }

  /** A resident says that it has changed; heard only if it is the one that counts. */
  synchronized void changed(Resident resident) {
    if (active != resident) {
      return;
    }
    if (!resident.isOver()) {
      become(resident.state());
      return;
    }
    active = null;
    try {
      commit(record.state(resident.state()));
    } catch (AppException e) {
      become(resident.state()); // when the host starts again, it will run again
    }
  }
}
