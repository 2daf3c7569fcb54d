package dev.sampan.apps;

import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.Store;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An app in the hands of the host: what may be asked of it, one verb after the other. What is known
 * of it stands in an {@link AppLedger}, so that looking need not wait for a verb.
 */
final class ManagedApp {

  private final Activations activations;
  private final Belongings own;
  private final AppLedger ledger;
  private final Turns turns = new Turns();
  private final Takeover takeover;

  // known only in a turn
  private boolean removed;
  private boolean closed;

  ManagedApp(
      Store store, Activations activations, AppRecord record, Belongings own, StateEvents events) {
    this.activations = activations;
    this.own = own;
    this.ledger = new AppLedger(store, own, events, record);
    this.takeover = new Takeover(ledger, turns, this::prepare);
  }

  private Activation prepare(Revision revision) {
    return activations.of(revision, own, ledger::changed);
  }

  // ---- looking ----

  String name() {
    return own.name();
  }

  AppLog log() {
    return own.log();
  }

  CallStats stats() {
    return own.stats();
  }

  AppStatus status() {
    return ledger.status();
  }

  /** Whose it is, or empty if it is the operator's; that never changes. */
  Optional<String> tenant() {
    return ledger.record().tenant();
  }

  /** What makes the current revision run. */
  Trigger trigger() {
    return ledger.record().revision().manifest().trigger();
  }

  /** What lives of it, or null if it neither runs nor is paused. */
  @Nullable Activation active() {
    return ledger.active();
  }

  long memory() {
    Activation now = active();
    return now == null ? 0 : now.memory();
  }

  /** Whether it runs or is paused. */
  boolean isActive() {
    return active() != null;
  }

  /** Tells whoever listens what state it is in, unless that has been told. */
  void tellState() {
    ledger.tellState();
  }

  /**
   * Sees whether the current revision's module is one, and fits its trigger.
   *
   * @throws AppException if not
   */
  void requireUsable() {
    prepare(ledger.record().revision()).retire();
  }

  // ---- turns ----

  private Turns.Action unlessRemoved(Turns.Action action) {
    return () -> {
      if (removed) {
        throw AppException.notFound("'" + own.name() + "' has been removed");
      }
      action.run();
    };
  }

  private void exclusively(Turns.Action action) {
    turns.inTurn(unlessRemoved(action));
  }

  private void exclusivelyToEnd(String reason, Turns.Action action) {
    turns.inTurnToEnd(reason, unlessRemoved(action));
  }

  private AppException wrongState(String verb, String expected) {
    AppState now = ledger.state();
    String why = now.reason().map(reason -> ": " + reason).orElse("");
    return AppException.wrongState(
        "cannot %s '%s': expected it to be %s, found it %s%s"
            .formatted(verb, own.name(), expected, now.word(), why));
  }

  // ---- beginning and ending ----

  /** Makes it run as it did when the process before this one ended. */
  void bringBack() {
    exclusively(
        () -> {
          AppState before = ledger.record().state();
          if (isActive() || closed) {
            return; // somebody was faster
          }
          if (before instanceof AppState.Running || before instanceof AppState.Paused) {
            try {
              Activation next = ledger.activate(prepare(ledger.record().revision()));
              next.bringBack(before instanceof AppState.Paused);
            } catch (AppException e) {
              // nothing is written down: what hinders it now may be over the next time
              ledger.become(new AppState.Failed(String.valueOf(e.getMessage())));
              ledger.say("cannot be brought back: " + e.getMessage());
            }
          }
        });
  }

  void start() {
    exclusively(this::startNow);
  }

  private void startNow() {
    if (ledger.state() instanceof AppState.Paused) {
      throw wrongState("start", "stopped (a paused app is resumed)");
    }
    if (isActive()) {
      return;
    }
    AppRecord before = ledger.record();
    ledger.commit(before.state(new AppState.Running()));
    try {
      Activation next = ledger.activate(prepare(before.revision()));
      next.begin(false);
      Optional<String> wrong = turns.comingUp(next, next::awaitUp);
      if (wrong.isPresent()) {
        throw new AppException(AppException.Reason.START_FAILED, wrong.get(), null);
      }
      ledger.say("started");
    } catch (AppException e) {
      ledger.end("it did not come up");
      ledger.commit(before.state(new AppState.Failed(String.valueOf(e.getMessage()))));
      ledger.say("cannot be started: " + e.getMessage());
      throw e;
    }
  }

  void stop() {
    exclusivelyToEnd("stopped", () -> stopNow("stopped"));
  }

  private void stopNow(String reason) {
    if (isActive() || ledger.state() instanceof AppState.Failed) {
      endAs(new AppState.Stopped(OptionalInt.empty()), reason);
    }
  }

  private void endAs(AppState state, String reason) {
    ledger.commit(ledger.record().state(state));
    ledger.end(reason);
    ledger.say(reason);
  }

  void restart() {
    exclusively(
        () -> {
          stopNow("restarting");
          startNow();
        });
  }

  /** Stops what runs, because something is used up that it needs. */
  void halt(String reason) {
    if (active() instanceof Function function) {
      function.stopCalls(reason);
      return;
    }
    exclusivelyToEnd(
        reason,
        () -> {
          if (isActive()) {
            endAs(new AppState.Failed(reason), reason);
          }
        });
  }

  /**
   * Removes it.
   *
   * @param force whether it may run
   * @param forget lets go of the name, when nothing is left that is called so
   */
  void remove(boolean force, Runnable forget) {
    Turns.Action action =
        () -> {
          if (isActive() && !force) {
            throw wrongState("remove", "stopped (unless it is forced)");
          }
          ledger.forget();
          removed = true;
          try {
            ledger.end("removed");
            ledger.tellRemoved();
            own.delete();
          } finally {
            forget.run();
          }
        };
    if (force) {
      exclusivelyToEnd("removed", action);
    } else {
      exclusively(action);
    }
  }

  /** Ends what runs; when the host starts again, it is brought back. */
  void close() {
    String reason = "the host is being stopped";
    turns.inTurnToEnd(
        reason,
        () -> {
          closed = true;
          ledger.end(reason);
          log().close();
        });
  }

  // ---- holding ----

  void pause() {
    exclusively(
        () -> {
          Activation now = active();
          if (now == null || !(ledger.state() instanceof AppState.Running)) {
            if (ledger.state() instanceof AppState.Paused) {
              return;
            }
            throw wrongState("pause", "running");
          }
          ledger.commit(ledger.record().state(new AppState.Paused()));
          now.pause();
          ledger.say("paused");
        });
  }

  void resume() {
    exclusively(
        () -> {
          Activation now = active();
          if (now == null || !(ledger.state() instanceof AppState.Paused)) {
            if (ledger.state() instanceof AppState.Running) {
              return;
            }
            throw wrongState("resume", "paused");
          }
          ledger.commit(ledger.record().state(new AppState.Running()));
          now.resume();
          ledger.say("resumed");
        });
  }

  // ---- other revisions ----

  /** Adds a revision, which takes over, see {@link Takeover#byNext}. */
  void upgrade(String digest, Optional<Manifest> manifest, OptionalInt keep) {
    exclusively(() -> takeover.byNext(digest, manifest, keep));
  }

  /** Lets an earlier revision take over, see {@link Takeover#byEarlier}. */
  void rollback(OptionalInt number) {
    exclusively(() -> takeover.byEarlier(number));
  }
}
