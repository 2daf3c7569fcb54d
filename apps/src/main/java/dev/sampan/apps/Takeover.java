package dev.sampan.apps;

import dev.sampan.apps.function.Function;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.store.AppRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How one revision of an app takes over from another one, forwards or back. Whatever is wrong with
 * the next one is to come out before the former one is given up; where it cannot, the former one
 * begins again.
 */
final class Takeover {

  /** How long a program of a new revision is watched before the former one is given up. */
  private static final Duration TRIAL = Duration.ofSeconds(1);

  /** Makes activations that are not begun yet. */
  interface Preparation {

    /**
     * Prepares a revision.
     *
     * @throws AppException if it cannot be brought to life
     */
    Activation of(Revision revision);
  }

  private final AppLedger ledger;
  private final Turns turns;
  private final Preparation preparation;

  /**
   * The takeovers of an app.
   *
   * @param turns one of which whoever asks has
   */
  Takeover(AppLedger ledger, Turns turns, Preparation preparation) {
    this.ledger = ledger;
    this.turns = turns;
    this.preparation = preparation;
  }

  // ---- which revision ----

  /**
   * Adds a revision, which takes over.
   *
   * @param manifest how it is run, or empty for as it is now
   * @param keep how many revisions are kept, it among them, or empty for as its manifest says
   */
  void byNext(String digest, Optional<Manifest> manifest, OptionalInt keep) {
    AppRecord before = ledger.record();
    int number = before.revisions().getLast().number() + 1;
    Revision next =
        new Revision(number, digest, manifest.orElse(before.revision().manifest()), Instant.now());
    List<Revision> all = new ArrayList<>(before.revisions());
    all.add(next);
    while (all.size() > keep.orElse(next.manifest().keepRevisions())) {
      all.removeFirst();
    }
    switchTo(next, before.revisions(all, number), "upgraded");
  }

  /**
   * Lets an earlier revision take over.
   *
   * @param number which, or empty for the one before the current one
   */
  void byEarlier(OptionalInt number) {
    AppRecord before = ledger.record();
    Revision target =
        before.revisions().stream()
            .filter(
                each ->
                    number.isPresent()
                        ? each.number() == number.getAsInt()
                        : each.number() < before.current())
            .max(Comparator.comparingInt(Revision::number))
            .orElseThrow(() -> noRevision(before, number));
    if (target.number() != before.current()) {
      switchTo(target, before.revisions(before.revisions(), target.number()), "rolled back");
    }
  }

  private static AppException noRevision(AppRecord app, OptionalInt number) {
    String wanted =
        number.isPresent() ? String.valueOf(number.getAsInt()) : "before " + app.current();
    return AppException.notFound(
        "'%s' has no revision %s; it has %s"
            .formatted(
                app.name(), wanted, app.revisions().stream().map(Revision::number).toList()));
  }

  // ---- how ----

  private void switchTo(Revision next, AppRecord after, String done) {
    int from = ledger.record().current();
    Activation fresh;
    try {
      fresh = preparation.of(next);
    } catch (AppException e) {
      throw failed(next, String.valueOf(e.getMessage()), e);
    }
    boolean paused = ledger.state() instanceof AppState.Paused;
    if (ledger.active() == null) {
      takeOverAsleep(fresh, next, after);
    } else if (fresh instanceof Program program) {
      takeOverAfter(program, next, after, paused);
    } else {
      takeOverBeside(fresh, next, after, paused);
    }
    ledger.say("%s from revision %d to %d".formatted(done, from, next.number()));
  }

  private AppException failed(Revision next, String why, @Nullable Throwable cause) {
    String message =
        "revision %d does not come up, revision %d stays: %s"
            .formatted(next.number(), ledger.record().current(), why);
    ledger.say(message);
    return new AppException(AppException.Reason.UPGRADE_FAILED, message, cause);
  }

  /** Nothing lives: the next one only shows that it could. */
  private void takeOverAsleep(Activation fresh, Revision next, AppRecord after) {
    Optional<String> wrong = fresh.tryOut();
    fresh.retire();
    if (wrong.isPresent()) {
      throw failed(next, wrong.get(), null);
    }
    boolean hadFailed = after.state() instanceof AppState.Failed;
    ledger.commit(hadFailed ? after.state(new AppState.Stopped(OptionalInt.empty())) : after);
  }

  /**
   * The next one comes up while the former one goes on. What is in the former one ends there; what
   * is new comes to the next one.
   */
  private void takeOverBeside(Activation fresh, Revision next, AppRecord after, boolean paused) {
    Optional<String> wrong = turns.comingUp(fresh, fresh::comeUp).or(() -> checked(fresh, next));
    if (wrong.isPresent()) {
      fresh.retire();
      throw failed(next, wrong.get(), null);
    }
    Activation before;
    try {
      before = ledger.exchange(fresh, after, paused);
    } catch (AppException e) {
      fresh.retire();
      throw e;
    }
    if (before != null) {
      before.retire();
    }
  }

  /** What a function's own check says of it. */
  private static Optional<String> checked(Activation fresh, Revision next) {
    return fresh instanceof Function function
            && next.manifest().trigger() instanceof Trigger.Http http
        ? http.health().flatMap(function::check)
        : Optional.empty();
  }

  /** Two editions of a program would be in each other's way: the former one ends first. */
  private void takeOverAfter(Program fresh, Revision next, AppRecord after, boolean paused) {
    ledger.end("upgraded");
    fresh.begin(false);
    Optional<String> wrong = fresh.awaitWell(TRIAL);
    if (wrong.isEmpty()) {
      if (paused) {
        fresh.pause();
      }
      try {
        ledger.commit(after);
        ledger.activate(fresh);
        ledger.changed(fresh); // what it did before it counted
        return;
      } catch (AppException e) {
        wrong = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    fresh.end("it did not come up");
    ledger.activate(preparation.of(ledger.record().revision())).begin(paused);
    throw failed(next, wrong.get(), null);
  }
}
