package dev.sampan.apps.service;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.log.LineStream;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Gate;
import dev.sampan.apps.run.NotReadyException;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.run.Resident;
import dev.sampan.apps.run.Usage;
import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a service. It comes up by {@code on_init}, is called as long as it lives, and is
 * told of its end by {@code on_destroy}.
 */
public final class Service extends Resident {

  /** How long it may take to finish what it has when it is to end. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** Calls that are made until it is up, and each has the watchdog's time. */
  private static final int FIRST_CALLS = 6;

  private final WasmModule module;
  private final Manifest manifest;
  private final Trigger.Service settings;
  private final CallStats stats;
  private final Framework framework;
  private final Gate gate = new Gate();

  /** Opened when it need not wait any more for a former revision. */
  private final CountDownLatch released = new CountDownLatch(1);

  private volatile @Nullable Instance instance;
  private volatile @Nullable ServiceRun run;

  /**
   * A service that is not begun yet.
   *
   * @param settings the manifest's trigger
   * @throws dev.sampan.apps.AppException if the module cannot be one
   */
  public Service(
      Identity identity,
      WasmModule module,
      Manifest manifest,
      Trigger.Service settings,
      CallStats stats,
      Framework framework,
      Listener listener) {
    super(identity, settings.restart(), listener);
    GuestExport.require(module);
    this.module = module;
    this.manifest = manifest;
    this.settings = settings;
    this.stats = stats;
    this.framework = framework;
  }

  // ---- life ----

  @Override
  public void begin(boolean paused) {
    if (isBegun()) {
      takeOver(paused);
      return;
    }
    if (paused) {
      gate.shut();
    }
    released.countDown();
    start();
  }

  @Override
  public Optional<String> awaitUp() {
    Duration time = settings.watchdog().multipliedBy(FIRST_CALLS);
    return awaitUp(time, Optional.of("not ready after " + time));
  }

  /** Begins, and when it is well waits until it replaces the former one; nothing comes to it. */
  @Override
  public Optional<String> comeUp() {
    start();
    return awaitUp();
  }

  @Override
  public void replace(Activation former, boolean paused) {
    takeOver(paused);
  }

  /** Lets what comes for the app come to it from now on. */
  private void takeOver(boolean paused) {
    if (paused) {
      pause();
    }
    released.countDown();
    ServiceRun present = run;
    if (present != null) {
      present.endpoint().take(present);
    }
  }

  @Override
  public void pause() {
    gate.shut();
    hold();
  }

  @Override
  public void resume() {
    gate.open();
    hold();
  }

  private void hold() {
    ServiceRun present = run;
    if (present != null) {
      present.inbox().pause(gate.isShut());
    }
  }

  @Override
  public void end(String reason) {
    beginToEnd();
    if (!isBegun()) {
      return;
    }
    gate.open();
    released.countDown();
    ServiceRun present = run;
    if (present != null) {
      present.inbox().retire();
    }
    if (isKnownToBeUp()) {
      awaitThread(DRAIN);
    }
    Instance running = instance;
    if (running != null && isAlive()) {
      running.stop(reason);
    }
    interrupt();
    awaitThread(GRACE);
  }

  @Override
  public long memory() {
    return Program.memory(instance);
  }

  // ---- in the service's own thread ----

  private ResourceLimits limits(Policy policy) {
    ResourceLimits limits = policy.limits();
    Duration watchdog = settings.watchdog();
    return limits.timeout(
        limits.timeout().filter(own -> own.compareTo(watchdog) < 0).orElse(watchdog));
  }

  @Override
  protected int runOnce() throws InterruptedException {
    gate.pass();
    List<String> args = new ArrayList<>();
    args.add(identity().name());
    args.addAll(manifest.args());
    int revision = identity().revision();
    try (LineStream out = identity().log().stream(revision, "stdout");
        LineStream err = identity().log().stream(revision, "stderr")) {
      Policy policy = manifest.permissions().policy();
      Wasi own = Wasi.preview1().args(args).stdout(out).stderr(err).threadFactory(furtherThreads());
      Wasi wasi = policy.wasi(own);
      Libc.Guest libc = policy.libc(Libc.builtin().stdout(out)).forInstance();
      try (ServiceRun made =
          new ServiceRun(identity(), settings, manifest.permissions(), stats, framework)) {
        Imports imports = Imports.create().with(wasi).with(libc).with(made.imports());
        try (Instance born = module.instantiate(imports, _ -> limits(policy), this::isBorn);
            Usage.Part _ = identity().usage().instance(born)) {
          return live(made, made.attach(new Callbacks(born, libc)));
        } finally {
          gate.leave();
          run = null;
          instance = null;
        }
      }
    }
  }

  /** Its start function has not run yet, and may take all the watchdog's time. */
  private void isBorn(Instance born) {
    instance = born;
    gate.enter(born);
    if (isEnding()) {
      born.stop("it is being stopped");
    }
  }

  private int live(ServiceRun made, ServiceLoop loop) throws InterruptedException {
    run = made;
    hold();
    if (released.getCount() == 0) {
      made.endpoint().take(made); // what comes while it begins waits for it
    }
    if (isEnding()) {
      return 0;
    }
    comeUp(loop);
    isBack();
    isUp();
    released.await();
    try {
      loop.run(this::isEnding);
      loop.sayGoodbye();
      return 0;
    } catch (ExitException e) {
      return e.status();
    }
  }

  private void comeUp(ServiceLoop loop) {
    GuestExport at = GuestExport.INITIALIZE;
    try {
      loop.call(at);
      at = GuestExport.POST_INSTANTIATE;
      loop.call(at);
      at = GuestExport.CONSTRUCTORS;
      boolean alreadyCalled =
          GuestExport.INITIALIZE.in(module).or(() -> GuestExport.START.in(module)).isPresent();
      if (!alreadyCalled) {
        loop.call(at);
      }
      at = GuestExport.START;
      loop.call(at);
      at = GuestExport.ON_INIT;
      loop.call(at);
    } catch (WasmException e) {
      if (at == GuestExport.ON_INIT) {
        giveBack(loop);
      }
      if (e instanceof ExitException exit) {
        throw new NotReadyException(
            "%s ended the app with status %d".formatted(at.word(), exit.status()), exit);
      }
      throw e;
    }
  }

  /** A guest whose beginning has failed may give back what it had taken by then. */
  private static void giveBack(ServiceLoop loop) {
    try {
      loop.sayGoodbye();
    } catch (WasmException e) {
      // why it could not begin is what counts
    }
  }
}
