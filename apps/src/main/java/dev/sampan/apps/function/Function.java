package dev.sampan.apps.function;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.function.CallingConvention.Exchange;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Failures;
import dev.sampan.apps.run.GuestRoom;
import dev.sampan.apps.run.GuestThreads;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.run.RecordedCall;
import dev.sampan.apps.run.Reminders;
import dev.sampan.apps.run.Usage;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A revision of a function, ready to handle requests. */
public final class Function implements Activation {

  /** How long requests may go on when the function ends. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** After how long somebody who waits for a thread asks again. */
  private static final Duration RETRY = Duration.ofMillis(20);

  /** Added to {@link #inside} when nobody may come in any more. */
  private static final int CLOSED = 1 << 30;

  private static final String FULL = "the host handles as many requests as it can";

  private final FunctionSettings settings;
  private final CallingConvention convention;
  private final Instances instances;
  private final GuestRoom room;
  private final CallStats stats;
  private final Semaphore slots;
  private final int queue;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final CountDownLatch empty = new CountDownLatch(1);
  private final Set<Instance> running = ConcurrentHashMap.newKeySet();
  private volatile boolean paused;

  /** Why nothing may run any more. */
  private volatile @Nullable String stopped;

  /**
   * A function.
   *
   * @param room where guests run
   * @throws dev.sampan.apps.AppException if the module cannot be one
   */
  public Function(WasmModule module, FunctionSettings settings, GuestRoom room, CallStats stats) {
    this.settings = settings;
    this.convention =
        CallingConvention.of(
            module,
            settings.calls().isolation(),
            settings,
            GuestThreads.further("sampan-fn-" + settings.name() + "-thread", stats.usage()));
    this.instances = Instances.of(module, settings.calls().isolation(), convention, settings);
    this.room = room;
    this.stats = stats;
    int all = settings.calls().concurrency();
    int atOnce = settings.calls().isolation() == Isolation.SHARED ? 1 : all;
    this.slots = new Semaphore(atOnce, true);
    this.queue = settings.calls().queue() + all - atOnce;
  }

  // ---- life ----

  @Override
  public void begin(boolean held) {
    paused = held;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  /** Lets nobody in any more; when the last one has left, it ends. */
  @Override
  public void retire() {
    int before = inside.getAndUpdate(now -> (now & CLOSED) != 0 ? now : now + CLOSED);
    if (before == 0) {
      over();
    }
  }

  @Override
  public void end(String reason) {
    retire();
    try {
      if (!empty.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
        stopAll(reason);
        empty.await(GRACE.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      stopAll(reason);
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the requests that are in the hands of guests, and those that still wait for one. */
  private void stopAll(String reason) {
    stopped = reason;
    stopCalls(reason);
  }

  /** Stops what requests are in the hands of guests now. */
  public void stopCalls(String reason) {
    running.forEach(instance -> instance.stop(reason));
  }

  private void over() {
    instances.close();
    empty.countDown();
  }

  /** Comes in; who is in sees the function ready until it leaves. */
  public boolean enter() {
    return inside.getAndUpdate(now -> (now & CLOSED) != 0 ? now : now + 1) < CLOSED;
  }

  /** Leaves. */
  public void leave() {
    if (inside.decrementAndGet() == CLOSED) {
      over();
    }
  }

  /** The revision's number. */
  public int revision() {
    return settings.revision();
  }

  @Override
  public long memory() {
    long sum = 0;
    for (Instance instance : running) {
      sum += Program.memory(instance);
    }
    return sum;
  }

  // ---- requests and jobs ----

  /** Whether a request would have to wait before a guest gets it. */
  public boolean isBusy() {
    return slots.availablePermits() == 0;
  }

  /**
   * Handles a request; to be called by who has come in. The guest runs in the calling thread if
   * that is one for guests.
   *
   * @throws FunctionException if there is no answer of the function, or none that is complete
   */
  public void handle(FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    if (paused) {
      throw FunctionException.refused(503, "the function '" + settings.name() + "' is paused");
    }
    long max = settings.calls().maxInputBytes();
    if (request.contentLength() > max) {
      throw FunctionException.refused(
          413, "expected a body of at most " + max + " bytes, found " + request.contentLength());
    }
    long deadline = deadline();
    takeSlot(deadline);
    long began = System.nanoTime();
    boolean failed = true;
    try {
      enterRoom(began);
      String call = request.method() + " " + request.path();
      Work work = new Work(convention.begin(limited(request, max), responder), call, deadline);
      if (GuestThreads.isCurrent()) {
        here(work, responder);
      } else {
        elsewhere(work);
      }
      failed = false;
    } finally {
      stats.call(System.nanoTime() - began, failed);
    }
  }

  private long deadline() {
    return System.nanoTime() + settings.calls().timeLimit().toNanos();
  }

  /**
   * Does a job; to be called by who has come in.
   *
   * @return the status with which the guest has ended
   * @throws FunctionException if it has failed
   */
  public int perform(Job job) throws IOException, FunctionException {
    CallingConvention.JobExchange exchange = convention.begin(job);
    long deadline = deadline();
    takeSlot(deadline);
    long began = System.nanoTime();
    boolean failed = true;
    try {
      enterRoom(deadline);
      elsewhere(new Work(exchange, "job", deadline));
      failed = exchange.status() != 0;
      return exchange.status();
    } finally {
      stats.call(System.nanoTime() - began, failed);
    }
  }

  /** Notes that something was turned away before a guest has seen it. */
  public void refuse() {
    stats.refuse();
  }

  private static FunctionRequest limited(FunctionRequest request, long max) {
    return new FunctionRequest(
        request.method(),
        request.base(),
        request.path(),
        request.uri(),
        request.query(),
        request.protocol(),
        request.serverName(),
        request.serverPort(),
        request.remoteAddress(),
        request.headers(),
        request.contentLength(),
        new LimitedBody(request.body(), max));
  }

  private void takeSlot(long deadline) throws FunctionException {
    if (slots.tryAcquire()) {
      return;
    }
    boolean queued = waiting.incrementAndGet() <= queue;
    try {
      if (queued && slots.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    stats.refuse();
    throw queued
        ? FunctionException.refused(504, "the request has waited for its whole time")
        : FunctionException.refused(
            429,
            "too many requests: %d are handled and %d wait"
                .formatted(settings.calls().concurrency(), settings.calls().queue()));
  }

  /**
   * Who has a slot still needs room.
   *
   * @param patience until when to wait for it
   */
  private void enterRoom(long patience) throws FunctionException {
    try {
      while (!room.enter()) {
        if (room.isClosed() || System.nanoTime() >= patience) {
          throw full();
        }
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw full();
    }
  }

  private FunctionException full() {
    slots.release();
    return FunctionException.refused(503, FULL);
  }

  /** A request or a job in a guest's hands. */
  private final class Work implements Instances.Watch {
    private final Exchange exchange;
    private final String call;
    private final long deadline;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable Instance begun;
    private Usage.@Nullable Part part;

    /**
     * Work that has a slot, and room.
     *
     * @param call what is asked, for people
     */
    Work(Exchange exchange, String call, long deadline) {
      this.exchange = exchange;
      this.call = call;
      this.deadline = deadline;
    }

    /** Has it done in this thread, which must be one for guests. */
    void run() throws IOException, FunctionException {
      try (Usage.Part _ = stats.usage().thread();
          RecordedCall recorded = RecordedCall.begin(settings.name(), settings.revision(), call)) {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        instances.handle(exchange, left, this);
        exchange.finish();
        recorded.succeeded();
      }
    }

    /** Gives slot and room back, if that was not done before. */
    void leave() {
      if (over.compareAndSet(false, true)) {
        room.leave();
        slots.release();
      }
    }

    @Override
    public void begins(Instance instance) {
      begun = instance;
      part = stats.usage().instance(instance);
      running.add(instance);
      if (stopped != null) {
        instance.stop(stopped);
      }
    }

    @Override
    public void ends() {
      Instance ended = begun;
      if (ended != null) {
        running.remove(ended);
        Objects.requireNonNull(part).close();
      }
    }
  }

  /** Does it in this thread, which waits with the guest if the guest does not end in time. */
  private void here(Work work, Responder responder) throws FunctionException {
    Reminders.Entry overdue =
        new Reminders.Entry() {
          @Override
          public long due() {
            return work.deadline + GRACE.toNanos();
          }

          @Override
          public void late() {
            responder.giveUp(notStopped(null));
          }
        };
    room.overdue().add(overdue);
    try {
      work.run();
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      work.leave();
      room.overdue().remove(overdue);
      Thread.interrupted(); // it was meant for the guest
    }
  }

  private static FunctionException notStopped(@Nullable Throwable cause) {
    return new FunctionException(504, "the function could not be stopped in time", cause);
  }

  /** Has it done in a thread for guests, and waits for that. */
  private void elsewhere(Work work) throws FunctionException {
    FutureTask<?> task =
        new FutureTask<>(
            () -> {
              try {
                work.run();
              } finally {
                work.leave(); // before anybody knows that it is done, and comes with the next
              }
              return null;
            });
    try {
      room.threads()
          .execute(
              () -> {
                try {
                  task.run();
                } finally {
                  work.leave(); // also if it was given up before it began
                }
              });
    } catch (RejectedExecutionException e) {
      work.leave();
      throw FunctionException.refused(503, FULL);
    }
    long left = work.deadline - System.nanoTime() + GRACE.toNanos();
    try {
      task.get(left, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNull(e.getCause()));
    } catch (TimeoutException e) {
      task.cancel(true);
      throw notStopped(e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new FunctionException(503, "the host is being stopped", e);
    }
  }

  private FunctionException failure(Throwable thrown) {
    if (thrown instanceof FunctionException known) {
      settings.log().write(settings.revision(), "host", String.valueOf(known.getMessage()));
      return known;
    }
    settings.log().write(settings.revision(), "host", Failures.report(thrown));
    int status =
        switch (thrown) {
          case LimitedBody.TooLongException _ -> 413;
          case ExhaustedException e when e.resource() == Resource.TIME -> 504;
          case ExhaustedException e when e.resource() == Resource.INSTANCES -> 503;
          case Trap trap when trap.kind() == Trap.Kind.INTERRUPTED -> 503;
          case WrongResponseException _ -> 502;
          default -> 500;
        };
    String message =
        status == 413 || status == 502
            ? String.valueOf(thrown.getMessage())
            : "the function failed: " + Failures.cause(thrown);
    return new FunctionException(status, message, thrown);
  }

  /**
   * Asks the function whether it is well.
   *
   * @return what is wrong, or empty
   */
  public Optional<String> check(String path) {
    int[] status = new int[1];
    try {
      handle(
          FunctionRequest.own("/fn/" + settings.name(), path),
          (given, headers) -> {
            status[0] = given;
            return OutputStream.nullOutputStream();
          });
    } catch (FunctionException e) {
      return Optional.of("the check of " + path + " failed: " + e.getMessage());
    } catch (IOException e) {
      return Optional.of("the check of " + path + " failed: " + e);
    }
    return status[0] >= 200 && status[0] < 300
        ? Optional.empty()
        : Optional.of("expected " + path + " to answer with 200 to 299, found " + status[0]);
  }

  @Override
  public Optional<String> tryOut() {
    Duration time = settings.calls().timeLimit();
    FutureTask<?> task =
        new FutureTask<>(
            () -> {
              try (Usage.Part _ = stats.usage().thread()) {
                instances.tryOut(convention, time);
              }
              return null;
            });
    try {
      room.threads().execute(task);
      task.get(time.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(Failures.cause(Objects.requireNonNull(e.getCause())));
    } catch (TimeoutException | RejectedExecutionException e) {
      task.cancel(true);
      return Optional.of("it could not be tried out in time");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }
}
