package dev.sampan.apps.job;

import dev.sampan.apps.JobResult;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.store.KeptFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What is remembered of an app's runs, whichever revision had them. Those at times are in a file,
 * too, so that a host knows after its restart what it has missed; what cannot be written there,
 * because the disk is full, is forgotten with the process.
 */
public final class JobHistory {

  /** So many runs are remembered. */
  private static final int REMEMBERED = 10;

  private record Content(Instant seen, List<JobResult> last) {}

  private final KeptFile file;
  private final Consumer<String> say;
  private final Deque<JobResult> last = new ArrayDeque<>();
  private @Nullable Instant seen;
  private int running;
  private long passedOver;

  /**
   * The history in a file.
   *
   * @param say takes a line for the app's log
   */
  public JobHistory(KeptFile file, Consumer<String> say) {
    this.file = file;
    this.say = say;
    try {
      Optional<byte[]> content = file.read();
      if (content.isPresent()) {
        Content read = Json.read(content.get(), Content.class);
        seen = read.seen();
        last.addAll(read.last());
      }
    } catch (IOException | JacksonException e) {
      say.accept("what was known of its runs cannot be read: " + reason(e));
    }
  }

  private static String reason(Exception e) {
    return e instanceof JacksonException json ? json.getOriginalMessage() : e.toString();
  }

  /** Up to when all times of the schedule have come, if it has run before. */
  synchronized Optional<Instant> seen() {
    return Optional.ofNullable(seen);
  }

  /** Notes up to when all times have come. */
  synchronized void seen(Instant time) {
    seen = time;
    write();
  }

  /** Forgets the schedule: the app has none any more. */
  synchronized void forgetTimes() {
    if (seen != null) {
      seen = null;
      try {
        file.delete();
      } catch (IOException e) {
        say.accept("what was known of its runs cannot be deleted: " + reason(e));
      }
    }
  }

  private void write() {
    Instant time = seen;
    if (time == null) {
      return;
    }
    try {
      file.write(Json.bytes(new Content(time, List.copyOf(last))));
    } catch (IOException e) {
      say.accept("what is known of its runs cannot be written: " + reason(e));
    }
  }

  synchronized boolean isRunning() {
    return running > 0;
  }

  /** A run begins. */
  synchronized void begins() {
    running++;
  }

  /** A run has ended. */
  synchronized void ended(JobResult result) {
    running--;
    last.addLast(result);
    if (last.size() > REMEMBERED) {
      last.removeFirst();
    }
    write();
  }

  /** Something was not done, and will not be. */
  synchronized void passOver(int count) {
    passedOver += count;
  }

  /** All there is to be said. */
  synchronized Jobs jobs(Optional<Instant> next, int waiting) {
    return new Jobs(next, running, waiting, passedOver, List.copyOf(last));
  }

  /** What there is to be said when the app is not running, if it has ever run. */
  public synchronized Optional<Jobs> jobs() {
    return last.isEmpty() ? Optional.empty() : Optional.of(jobs(Optional.empty(), 0));
  }

  /** Forgets all. */
  public synchronized void delete() throws IOException {
    seen = null;
    file.delete();
  }
}
