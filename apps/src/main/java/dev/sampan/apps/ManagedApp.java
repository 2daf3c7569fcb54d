package dev.sampan.apps;

import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Responder;
import dev.sampan.apps.job.JobHistory;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.run.Resident;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An app in the hands of the host. Verbs exclude each other by {@link #turns}; what is known of the
 * app is guarded by the object's monitor, which is never held while somebody waits for a guest.
 */
final class ManagedApp {

  /** How long a program of a new revision is watched before the former one is given up. */
  private static final Duration TRIAL = Duration.ofSeconds(1);

  private final Store store;
  private final Activations activations;
  private final AppLog log;
  private final CallStats stats = new CallStats();
  private final JobHistory history;
  private final StateEvents events;
  private final Turns turns = new Turns();

  private AppRecord record;
  private AppState state;
  private volatile @Nullable Activation active;
  private boolean removed;
  private boolean closed;

  ManagedApp(
      Store store,
      Activations activations,
      AppRecord record,
      AppLog log,
      JobHistory history,
      StateEvents events) {
    this.store = store;
    this.activations = activations;
    this.record = record;
    this.state = record.state();
    this.log = log;
    this.history = history;
    this.events = events;
  }

  AppLog log() {
    return log;
  }

  CallStats stats() {
    return stats;
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
        now == null ? history.jobs() : now.jobs());
  }

  /** Whose it is, or empty if it is the operator's; that never changes. */
  Optional<String> tenant() {
    return record().tenant();
  }

  long memory() {
    Activation now = active;
    return now == null ? 0 : now.memory();
  }

  /** What makes the current revision run. */
  Trigger trigger() {
    return record().revision().manifest().trigger();
  }

  private synchronized AppRecord record() {
    return record;
  }

  private synchronized AppState state() {
    return state;
  }

  // ---- what is known ----

  /** Writes down what is to hold from now on; if that fails, nothing has changed. */
  private synchronized void commit(AppRecord next) {
    try {
      store.put(next);
    } catch (IOException e) {
      throw new AppException(
          AppException.Reason.HOST, "the journal cannot be written: " + e.getMessage(), e);
    }
    record = next;
    become(next.state());
  }

  private synchronized void become(AppState next) {
    state = next;
    tellState();
  }

  /** Tells whoever listens what state it is in, unless that has been told. */
  synchronized void tellState() {
    events.tell(state, record.current());
  }

  private void say(String text) {
    log.write(record().current(), "host", text);
  }

  /** A resident says that it has changed; heard only if it is the one that counts. */
  private synchronized void changed(Resident resident) {
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

  private synchronized Activation activate(Activation next) {
    active = next;
    return next;
  }

  private synchronized @Nullable Activation deactivate() {
    Activation before = active;
    active = null;
    return before;
  }

  private void endActive(String reason) {
    Activation before = deactivate();
    if (before != null) {
      before.end(reason);
    }
  }

  private Activation prepare(Revision revision) {
    return activations.of(record().name(), revision, log, stats, history, this::changed);
  }

  private Turns.Action unlessRemoved(Turns.Action action) {
    return () -> {
      if (removed) {
        throw new AppException(
            AppException.Reason.NOT_FOUND, "'" + record().name() + "' has been removed", null);
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
    AppState now = state();
    String why = now.reason().map(reason -> ": " + reason).orElse("");
    return AppException.wrongState(
        "cannot %s '%s': expected it to be %s, found it %s%s"
            .formatted(verb, record().name(), expected, now.word(), why));
  }

  /** Whether it runs or is paused. */
  boolean isActive() {
    return active != null;
  }

  // ---- verbs ----

  /**
   * Sees whether the current revision's module is one, and fits its trigger.
   *
   * @throws AppException if not
   */
  void requireUsable() {
    prepare(record().revision()).retire();
  }

  /** Makes it run as it did when the process before this one ended. */
  void bringBack() {
    exclusively(
        () -> {
          AppState before = record().state();
          if (isActive() || closed) {
            return; // somebody was faster
          }
          if (before instanceof AppState.Running || before instanceof AppState.Paused) {
            try {
              Activation next = activate(prepare(record().revision()));
              next.bringBack(before instanceof AppState.Paused);
            } catch (AppException e) {
              // nothing is written down: what hinders it now may be over the next time
              become(new AppState.Failed(String.valueOf(e.getMessage())));
              say("cannot be brought back: " + e.getMessage());
            }
          }
        });
  }

  private Activation begin(boolean paused) {
    Activation next = activate(prepare(record().revision()));
    next.begin(paused);
    return next;
  }

  void start() {
    exclusively(this::startNow);
  }

  private void startNow() {
    AppState now = state();
    if (now instanceof AppState.Paused) {
      throw wrongState("start", "stopped (a paused app is resumed)");
    }
    if (isActive()) {
      return;
    }
    AppRecord before = record();
    commit(before.state(new AppState.Running()));
    try {
      Activation next = begin(false);
      Optional<String> wrong = turns.comingUp(next, next::awaitUp);
      if (wrong.isPresent()) {
        throw new AppException(AppException.Reason.START_FAILED, wrong.get(), null);
      }
      say("started");
    } catch (AppException e) {
      endActive("it did not come up");
      commit(before.state(new AppState.Failed(String.valueOf(e.getMessage()))));
      say("cannot be started: " + e.getMessage());
      throw e;
    }
  }

  void stop() {
    exclusivelyToEnd("stopped", () -> stopNow("stopped"));
  }

  private void stopNow(String reason) {
    AppState now = state();
    if (isActive() || now instanceof AppState.Failed) {
      commit(record().state(new AppState.Stopped(OptionalInt.empty())));
      endActive(reason);
      say(reason);
    }
  }

  void pause() {
    exclusively(
        () -> {
          Activation now = active;
          if (now == null || !(state() instanceof AppState.Running)) {
            if (state() instanceof AppState.Paused) {
              return;
            }
            throw wrongState("pause", "running");
          }
          commit(record().state(new AppState.Paused()));
          now.pause();
          say("paused");
        });
  }

  void resume() {
    exclusively(
        () -> {
          Activation now = active;
          if (now == null || !(state() instanceof AppState.Paused)) {
            if (state() instanceof AppState.Running) {
              return;
            }
            throw wrongState("resume", "paused");
          }
          commit(record().state(new AppState.Running()));
          now.resume();
          say("resumed");
        });
  }

  /** Stops what runs, because something is used up that it needs. */
  void halt(String reason) {
    if (active instanceof Function function) {
      function.stopCalls(reason);
      return;
    }
    exclusivelyToEnd(
        reason,
        () -> {
          if (isActive()) {
            commit(record().state(new AppState.Failed(reason)));
            endActive(reason);
            say(reason);
          }
        });
  }

  void restart() {
    exclusively(
        () -> {
          stopNow("restarting");
          startNow();
        });
  }

  /**
   * Installs another revision and lets it take over.
   *
   * @param manifest how it is run, or empty for as it is now
   * @param keep how many revisions are kept, it among them, or empty for as its manifest says
   */
  void upgrade(String digest, Optional<Manifest> manifest, OptionalInt keep) {
    exclusively(
        () -> {
          AppRecord before = record();
          int number = before.revisions().getLast().number() + 1;
          Revision next =
              new Revision(
                  number, digest, manifest.orElse(before.revision().manifest()), Instant.now());
          List<Revision> all = new ArrayList<>(before.revisions());
          all.add(next);
          while (all.size() > keep.orElse(next.manifest().keepRevisions())) {
            all.removeFirst();
          }
          switchTo(next, before.revisions(all, number), "upgraded");
        });
  }

  /**
   * Lets an earlier revision take over.
   *
   * @param number which, or empty for the one before the current one
   */
  void rollback(OptionalInt number) {
    exclusively(
        () -> {
          AppRecord before = record();
          Revision target =
              before.revisions().stream()
                  .filter(
                      each ->
                          number.isPresent()
                              ? each.number() == number.getAsInt()
                              : each.number() < before.current())
                  .max(Comparator.comparingInt(Revision::number))
                  .orElseThrow(
                      () ->
                          new AppException(
                              AppException.Reason.NOT_FOUND,
                              "'%s' has no revision %s; it has %s"
                                  .formatted(
                                      before.name(),
                                      number.isPresent()
                                          ? String.valueOf(number.getAsInt())
                                          : "before " + before.current(),
                                      before.revisions().stream().map(Revision::number).toList()),
                              null));
          if (target.number() != before.current()) {
            switchTo(target, before.revisions(before.revisions(), target.number()), "rolled back");
          }
        });
  }

  private void switchTo(Revision next, AppRecord after, String done) {
    int from = record().current();
    Activation fresh;
    try {
      fresh = prepare(next);
    } catch (AppException e) {
      throw upgradeFailed(next, String.valueOf(e.getMessage()), e);
    }
    boolean paused = state() instanceof AppState.Paused;
    if (!isActive()) {
      tryOut(fresh, next, false);
      AppState then =
          after.state() instanceof AppState.Failed
              ? new AppState.Stopped(OptionalInt.empty())
              : after.state();
      commit(after.state(then));
    } else if (fresh instanceof Program program) {
      replace(program, next, after, paused);
    } else {
      tryOut(fresh, next, true);
      takeOver(fresh, after, paused);
    }
    say("%s from revision %d to %d".formatted(done, from, next.number()));
  }

  private AppException upgradeFailed(Revision next, String why, @Nullable Throwable cause) {
    String message =
        "revision %d does not come up, revision %d stays: %s"
            .formatted(next.number(), record().current(), why);
    say(message);
    return new AppException(AppException.Reason.UPGRADE_FAILED, message, cause);
  }

  /** Sees whether a revision is well before it has anything to do. */
  private void tryOut(Activation fresh, Revision next, boolean withHealth) {
    Optional<String> wrong = withHealth ? turns.comingUp(fresh, fresh::comeUp) : fresh.tryOut();
    if (wrong.isEmpty()
        && withHealth
        && fresh instanceof Function function
        && next.manifest().trigger() instanceof Trigger.Http http
        && http.health().isPresent()) {
      wrong = function.check(http.health().get());
    }
    if (wrong.isPresent() || !withHealth) {
      fresh.retire();
    }
    if (wrong.isPresent()) {
      throw upgradeFailed(next, wrong.get(), null);
    }
  }

  /** What is in the former revision ends there; what is new comes to this one. */
  private void takeOver(Activation fresh, AppRecord after, boolean paused) {
    Activation before;
    try {
      before = exchange(fresh, after, paused);
    } catch (AppException e) {
      fresh.retire();
      throw e;
    }
    if (before != null) {
      before.retire();
    }
  }

  private synchronized @Nullable Activation exchange(
      Activation fresh, AppRecord after, boolean paused) {
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

  /** Two editions of a program would be in each other's way: the former one ends first. */
  private void replace(Program fresh, Revision next, AppRecord after, boolean paused) {
    endActive("upgraded");
    fresh.begin(false);
    Optional<String> wrong = fresh.awaitWell(TRIAL);
    if (wrong.isEmpty()) {
      if (paused) {
        fresh.pause();
      }
      try {
        commit(after);
        activate(fresh);
        changed(fresh);
        return;
      } catch (AppException e) {
        wrong = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    fresh.end("it did not come up");
    begin(paused);
    throw upgradeFailed(next, wrong.get(), null);
  }

  /**
   * Removes it.
   *
   * @param force whether it may run
   */
  void remove(boolean force, Runnable forget) {
    Turns.Action action =
        () -> {
          if (isActive() && !force) {
            throw wrongState("remove", "stopped");
          }
          try {
            store.remove(record().name());
          } catch (IOException e) {
            throw new AppException(
                AppException.Reason.HOST, "the journal cannot be written: " + e.getMessage(), e);
          }
          removed = true;
          forget.run();
          endActive("removed");
          events.tellRemoved(record().current());
          try {
            log.delete();
            history.delete();
          } catch (IOException e) {
            // what is left of it is a file that nobody reads
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
          endActive(reason);
          log.close();
        });
  }

  // ---- requests ----

  /** Whether a request would have to wait before a guest gets it. */
  boolean isBusy() {
    return active instanceof Function function && function.isBusy();
  }

  void handle(FunctionRequest request, Responder responder) throws IOException, FunctionException {
    while (true) {
      Activation now = active;
      if (!(now instanceof Function handler)) {
        AppStatus status = status();
        boolean function = status.revision().manifest().trigger() instanceof Trigger.Http;
        String why = status.state().reason().map(reason -> ": " + reason).orElse("");
        boolean begins = status.state() instanceof AppState.Running;
        throw function
            ? FunctionException.refused(
                503,
                "'%s' is %s%s"
                    .formatted(
                        status.name(),
                        begins ? "not brought back yet" : status.state().word(),
                        why))
            : FunctionException.refused(404, "'" + status.name() + "' is no function");
      }
      if (handler.enter()) {
        try {
          handler.handle(request, responder);
          return;
        } finally {
          handler.leave();
        }
      }
      // it was exchanged in this moment; another one is there, or none
      Thread.onSpinWait();
      if (active == now) {
        throw FunctionException.refused(503, "'" + record().name() + "' is being stopped");
      }
    }
  }
}
