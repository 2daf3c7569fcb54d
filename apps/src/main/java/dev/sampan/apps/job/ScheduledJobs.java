package dev.sampan.apps.job;

import dev.sampan.apps.Jobs;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.Job;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A revision that runs at the times of a schedule, at most once at a time. */
public final class ScheduledJobs implements Activation, Clockwork.Hand {

  /** The variable that tells a guest which time it runs for. */
  private static final String TIME = "SCHEDULED_FOR";

  private final Trigger.Schedule schedule;
  private final Function function;
  private final JobHistory history;
  private final AppLog log;
  private final Clockwork clockwork;
  private final Runs runs;
  private final int revision;

  private @Nullable Timetable timetable;
  private @Nullable Instant waiting;
  private boolean paused;

  /**
   * Not begun yet.
   *
   * @param function what runs
   */
  public ScheduledJobs(
      Trigger.Schedule schedule,
      Function function,
      JobHistory history,
      AppLog log,
      Clockwork clockwork) {
    this.schedule = schedule;
    this.function = function;
    this.history = history;
    this.log = log;
    this.clockwork = clockwork;
    this.revision = function.revision();
    this.runs = new Runs(revision, function, history, log, clockwork.clock());
  }

  // ---- life ----

  @Override
  public void begin(boolean held) {
    begin(clockwork.now(), held);
  }

  @Override
  public void bringBack(boolean held) {
    begin(history.seen().orElseGet(clockwork::now), held);
  }

  @Override
  public void replace(Activation former, boolean held) {
    Instant now = clockwork.now();
    if (former instanceof ScheduledJobs jobs) {
      jobs.tick(now); // what has come until now is still its own
    }
    begin(now, held);
  }

  private synchronized void begin(Instant seen, boolean held) {
    history.seen(seen);
    timetable = new Timetable(CronTimes.of(schedule.cron(), schedule.zone()), seen);
    paused = held;
    clockwork.add(this);
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
  }

  private synchronized void stopTicking() {
    clockwork.remove(this);
    timetable = null;
    waiting = null;
  }

  @Override
  public void retire() {
    stopTicking();
    function.retire();
  }

  @Override
  public void end(String reason) {
    stopTicking();
    function.end(reason);
  }

  @Override
  public Optional<String> tryOut() {
    return function.tryOut();
  }

  @Override
  public long memory() {
    return function.memory();
  }

  @Override
  public synchronized Optional<Jobs> jobs() {
    Optional<Instant> next = Optional.ofNullable(timetable).flatMap(Timetable::next);
    return Optional.of(history.jobs(next, waiting == null ? 0 : 1));
  }

  // ---- times ----

  @Override
  public synchronized void tick(Instant now) {
    Timetable table = timetable;
    if (table == null || paused) {
      return;
    }
    Timetable.Due due = table.look(now);
    boolean tooLate = due.late() && schedule.missed() == Trigger.Schedule.Missed.SKIP;
    int missed = due.earlier() + (tooLate ? 1 : 0);
    if (missed > 0) {
      passOver(missed, "missed " + missed + " times, the last one is " + table.seen());
    }
    if (due.time().isPresent() && !tooLate) {
      come(due.time().get());
    }
    Instant next = waiting;
    if (next != null && !history.isRunning()) {
      waiting = null;
      start(next);
    }
  }

  private void come(Instant time) {
    if (waiting == null
        && (!history.isRunning() || schedule.overlap() == Trigger.Schedule.Overlap.QUEUE)) {
      waiting = time;
    } else {
      passOver(1, "passed over " + time + ", as the run before has not ended");
    }
  }

  private void passOver(int count, String why) {
    history.passOver(count);
    log.write(revision, "host", why);
    for (int i = 0; i < count; i++) {
      function.refuse();
    }
  }

  private void start(Instant time) {
    if (function.enter()) {
      Job job =
          new Job(
              Map.of(TIME, time.toString()),
              InputStream.nullInputStream(),
              log.stream(revision, "stdout"));
      runs.start(time.toString(), job, () -> history.seen(time), _ -> {});
    }
  }
}
