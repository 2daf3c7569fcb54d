package dev.sampan.apps.job;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.Jobs;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.Job;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A revision that runs for each event with certain topics. */
public final class EventJobs implements Activation {

  private final String name;
  private final Trigger.Events events;
  private final Function function;
  private final JobHistory history;
  private final AppLog log;
  private final EventBus bus;
  private final Runs runs;
  private final int atOnce;

  private @Nullable Inbox inbox;
  private boolean paused;
  private int running;

  /** Whether the last event was dropped, and that has been told. */
  private boolean dropping;

  /**
   * Not begun yet.
   *
   * @param name the app's
   * @param function what runs
   */
  public EventJobs(
      String name,
      Trigger.Events events,
      Function function,
      JobHistory history,
      AppLog log,
      EventBus bus,
      InstantSource clock) {
    this.name = name;
    this.events = events;
    this.function = function;
    this.history = history;
    this.log = log;
    this.bus = bus;
    this.runs = new Runs(function.revision(), function, history, log, clock);
    this.atOnce = events.isolation() == Isolation.SHARED ? 1 : events.concurrency();
  }

  private List<TopicFilter> filters() {
    return events.topics().stream().map(TopicFilter::of).toList();
  }

  // ---- life ----

  @Override
  public void begin(boolean held) {
    history.forgetTimes();
    Inbox made = new Inbox(this);
    synchronized (this) {
      paused = held;
      inbox = made;
    }
    made.open(bus, filters());
  }

  @Override
  public void replace(Activation former, boolean held) {
    Inbox given = former instanceof EventJobs jobs ? jobs.inbox() : null;
    if (given == null) {
      begin(held);
      return;
    }
    synchronized (this) {
      paused = held;
      inbox = given;
    }
    given.handOver(this, filters());
    work();
  }

  private synchronized @Nullable Inbox inbox() {
    return inbox;
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    synchronized (this) {
      paused = false;
    }
    work();
  }

  private void closeInbox() {
    Inbox open = inbox();
    int left = open == null ? 0 : open.close(this);
    if (left > 0) {
      history.passOver(left);
      log.write(function.revision(), "host", left + " events were waiting, and are dropped");
    }
  }

  @Override
  public void retire() {
    closeInbox();
    function.retire();
  }

  @Override
  public void end(String reason) {
    closeInbox();
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
  public Optional<Jobs> jobs() {
    Inbox open = inbox();
    return Optional.of(history.jobs(Optional.empty(), open == null ? 0 : open.size()));
  }

  // ---- events ----

  /** How many events may wait. */
  int capacity() {
    return events.queue();
  }

  /** An event has come and found no place. */
  synchronized void drop() {
    function.refuse();
    history.passOver(1);
    if (!dropping) {
      dropping = true;
      log.write(
          function.revision(),
          "host",
          "events are dropped: " + events.queue() + " wait already, and no more may");
    }
  }

  /** Begins with what waits, as far as there is room. */
  synchronized void work() {
    Inbox open = inbox;
    while (open != null && !paused && running < atOnce) {
      // entered first, for an event that has been taken out must be handled
      if (!function.enter()) {
        return;
      }
      Event next = open.next(this);
      if (next == null) {
        function.leave();
        return;
      }
      dropping = false;
      running++;
      start(next);
    }
  }

  private void start(Event event) {
    Map<String, String> variables =
        Map.of(
            "EVENT_TOPIC", event.topic(),
            "EVENT_FORMAT", String.valueOf(event.format()),
            "EVENT_PUBLISHER", event.publisher());
    Optional<Reply> reply = events.reply().map(topic -> new Reply(events.maxReplyBytes()));
    OutputStream output =
        reply.isPresent() ? reply.get() : log.stream(function.revision(), "stdout");
    Job job = new Job(variables, new ByteArrayInputStream(event.payload()), output);
    runs.start(event.topic(), job, () -> {}, well -> ended(well, reply));
  }

  private void ended(boolean well, Optional<Reply> reply) {
    if (well && reply.isPresent() && reply.get().size() > 0) {
      String topic = events.reply().orElseThrow();
      bus.publish(new Event(topic, events.replyFormat(), reply.get().toByteArray(), "app:" + name));
    }
    synchronized (this) {
      running--;
    }
    work();
  }
}
