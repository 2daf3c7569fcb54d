package dev.sampan.apps.run;

import dev.sampan.apps.AppState;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Restart;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.log.LineStream;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.WasmModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An app that runs by itself, in one thread of its own. A command runs to its end ({@code _start}).
 * A reactor is prepared ({@code _initialize}, then {@code on_init}), stays, and is told when it
 * ends ({@code on_destroy}).
 */
public final class Program implements Activation {

  private static final String COMMAND = "_start";
  private static final String PREPARE = "_initialize";
  private static final String BEGUN = "on_init";
  private static final String ENDING = "on_destroy";

  /** How long a reactor may take to end, and how long anybody waits for a guest that is stopped. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Is told, in the program's thread, that its {@link #state} has changed. */
  public interface Listener {
    void changed(Program program);
  }

  private final String name;
  private final int revision;
  private final WasmModule module;
  private final Manifest manifest;
  private final Restart restart;
  private final AppLog log;
  private final Listener listener;
  private final Gate gate = new Gate();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CompletableFuture<Optional<String>> up = new CompletableFuture<>();
  private final Thread thread;
  private volatile @Nullable Instance instance;
  private volatile int restarts;
  private volatile AppState state = new AppState.Running();
  private volatile boolean over;

  /**
   * A program that is not begun yet.
   *
   * @param name the app's
   * @param revision the revision's number
   */
  public Program(
      String name,
      int revision,
      WasmModule module,
      Manifest manifest,
      Restart restart,
      AppLog log,
      Listener listener) {
    this.name = name;
    this.revision = revision;
    this.module = module;
    this.manifest = manifest;
    this.restart = restart;
    this.log = log;
    this.listener = listener;
    this.thread = GuestThreads.unstarted("sampan-app-" + name, this::live);
  }

  @Override
  public void begin(boolean paused) {
    if (paused) {
      gate.shut();
    }
    thread.start();
  }

  @Override
  public void pause() {
    gate.shut();
  }

  @Override
  public void resume() {
    gate.open();
  }

  /** What it is doing; while it waits to be begun anew it has failed. */
  public AppState state() {
    return state;
  }

  /** Whether it has ended by itself, for good. */
  public boolean isOver() {
    return over;
  }

  private void become(AppState next, boolean forGood) {
    state = next;
    over = forGood;
    listener.changed(this);
  }

  private boolean isEnding() {
    return ending.getCount() == 0;
  }

  @Override
  public void end(String reason) {
    ending.countDown();
    if (thread.getState() == Thread.State.NEW) {
      return; // it was never begun
    }
    boolean reactor = !exports(COMMAND);
    if (reactor) {
      gate.open();
      await(GRACE);
    }
    Instance running = instance;
    if (running != null && thread.isAlive()) {
      running.stop(reason);
    }
    gate.open();
    thread.interrupt();
    await(GRACE);
  }

  private void await(Duration time) {
    try {
      thread.join(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long memory() {
    return memory(instance);
  }

  /** The bytes of an instance's exported memories. */
  public static long memory(@Nullable Instance instance) {
    long sum = 0;
    if (instance != null) {
      try {
        for (String export : instance.exportNames()) {
          Optional<Extern> extern = instance.export(export);
          if (extern.isPresent() && extern.get() instanceof Memory memory) {
            sum += memory.size();
          }
        }
      } catch (RuntimeException e) {
        return 0; // it has just ended
      }
    }
    return sum;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  /**
   * Waits until it is clear that the program is well: a reactor after {@code on_init}; a command
   * when it has ended well, or has run for some time.
   *
   * @return why it is not well, or empty
   */
  public Optional<String> awaitWell(Duration trial) {
    try {
      return up.get(trial.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return exports(COMMAND) ? Optional.empty() : Optional.of("not ready after " + trial);
    } catch (ExecutionException e) {
      throw new AssertionError("nobody completes it so; please report", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private boolean exports(String function) {
    return module.exports().stream().anyMatch(export -> export.name().equals(function));
  }

  // ---- in the program's own thread ----

  private void live() {
    int row = 0;
    while (!isEnding()) {
      long began = System.nanoTime();
      @Nullable String failure = null;
      int status = 0;
      try {
        status = runOnce();
        if (status != 0) {
          failure = "ended with status " + status;
        }
      } catch (Throwable e) {
        // whatever a guest provokes is its own failure, an exhausted heap too
        failure = Failures.cause(e);
        if (!isEnding()) {
          log.write(revision, "host", Failures.report(e));
        }
      }
      if (isEnding()) {
        break;
      }
      up.complete(Optional.ofNullable(failure));
      if (System.nanoTime() - began > Restart.SETTLED_NANOS) {
        row = 0;
      }
      if (!restart.applies(failure != null, row)) {
        tellEnd(failure, status, row);
        return;
      }
      Duration delay = restart.delayAfter(row++);
      String why = failure == null ? "ended" : failure;
      log.write(revision, "host", why + "; starts again in " + delay.toMillis() + " ms");
      become(new AppState.Failed(why + "; starts again in " + delay.toMillis() + " ms"), false);
      try {
        if (ending.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        break;
      }
      restarts++;
    }
    up.complete(Optional.of("it was stopped"));
  }

  private void tellEnd(@Nullable String failure, int status, int row) {
    if (failure == null) {
      become(new AppState.Stopped(OptionalInt.of(status)), true);
    } else {
      String often = row == 0 ? "" : " (after " + row + " restarts)";
      become(new AppState.Failed(failure + often), true);
    }
  }

  private int runOnce() throws InterruptedException {
    List<String> args = new ArrayList<>();
    args.add(name);
    args.addAll(manifest.args());
    try (LineStream out = log.stream(revision, "stdout");
        LineStream err = log.stream(revision, "stderr")) {
      Policy policy = manifest.permissions().policy();
      Wasi wasi = policy.wasi(Wasi.preview1().args(args).stdout(out).stderr(err));
      Imports imports = Imports.create().with(gate.before(wasi));
      gate.pass();
      try (Instance made = module.instantiate(imports, _ -> policy.limits())) {
        instance = made;
        if (isEnding()) {
          return 0;
        }
        if (restarts > 0) {
          become(new AppState.Running(), false);
        }
        return exports(COMMAND) ? command(made) : reactor(made);
      } finally {
        instance = null;
      }
    }
  }

  private static int command(Instance made) {
    try {
      made.function(COMMAND).call();
      return 0;
    } catch (ExitException e) {
      return e.status();
    }
  }

  private int reactor(Instance made) throws InterruptedException {
    try {
      call(made, PREPARE);
      call(made, BEGUN);
      up.complete(Optional.empty());
      ending.await();
      call(made, ENDING);
      return 0;
    } catch (ExitException e) {
      return e.status();
    }
  }

  private void call(Instance made, String function) {
    if (exports(function)) {
      made.function(function).call();
    }
  }
}
