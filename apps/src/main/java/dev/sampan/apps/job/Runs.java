package dev.sampan.apps.job;

import dev.sampan.apps.JobResult;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.Job;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Failures;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs a revision's jobs, and remembers what has become of them. */
record Runs(int revision, Function function, JobHistory history, AppLog log, InstantSource clock) {

  /**
   * Runs a job, in a thread of its own. Nobody else must do it, and the function must have been
   * entered.
   *
   * @param reason what it is run for
   * @param before is done in that thread first
   * @param after is called when it has ended, with whether it has ended well
   */
  void start(String reason, Job job, Runnable before, Outcome after) {
    history.begins();
    Thread.ofVirtual().name("sampan-job").start(() -> run(reason, job, before, after));
  }

  /** Is told that a run has ended. */
  interface Outcome {
    void ended(boolean well);
  }

  private void run(String reason, Job job, Runnable before, Outcome after) {
    Instant began = clock.instant();
    long from = System.nanoTime();
    OptionalInt status = OptionalInt.empty();
    Optional<String> failure = Optional.empty();
    try (var output = job.output()) {
      before.run();
      int ended = function.perform(job);
      status = OptionalInt.of(ended);
      if (ended != 0) {
        failure = Optional.of("ended with status " + ended);
        log.write(revision, "host", failure.get());
      }
    } catch (FunctionException e) {
      Throwable cause = e.getCause();
      failure = Optional.of(cause == null ? String.valueOf(e.getMessage()) : Failures.cause(cause));
    } catch (IOException | RuntimeException e) {
      failure = Optional.of(e.toString());
      log.write(revision, "host", "the run failed: " + e);
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - from);
      history.ended(new JobResult(reason, began, took, status, failure));
      function.leave(); // whoever waits for the end finds the result
      after.ended(failure.isEmpty());
    }
  }
}
