package dev.sampan.apps;

import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.job.JobHistory;
import dev.sampan.apps.log.AppLog;
import java.io.IOException;

/**
 * What belongs to an app and not to one of its revisions, so that an upgrade neither loses it nor
 * begins it anew.
 *
 * @param name the app's
 * @param log what the app and the host say
 * @param stats what has become of its calls
 * @param history what has become of its jobs
 */
record Belongings(String name, AppLog log, CallStats stats, JobHistory history) {

  /** Deletes what lies on disk. */
  void delete() {
    try {
      log.delete();
      history.delete();
    } catch (IOException e) {
      // what is left of it is a file that nobody reads
    }
  }
}
