package dev.sampan.apps.run;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Restart;
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
import org.jspecify.annotations.Nullable;

/**
 * An app that runs by itself. A command runs to its end ({@code _start}). A reactor is prepared
 * ({@code _initialize}, then {@code on_init}), stays, and is told when it ends ({@code
 * on_destroy}).
 */
public final class Program extends Resident {

  private static final String COMMAND = "_start";
  private static final String PREPARE = "_initialize";
  private static final String BEGUN = "on_init";
  private static final String ENDING = "on_destroy";

  private final WasmModule module;
  private final Manifest manifest;
  private final Gate gate = new Gate();
  private volatile @Nullable Instance instance;

  /** A program that is not begun yet. */
  public Program(
      Identity identity, WasmModule module, Manifest manifest, Restart restart, Listener listener) {
    super(identity, restart, listener);
    this.module = module;
    this.manifest = manifest;
  }

  @Override
  public void begin(boolean paused) {
    if (paused) {
      gate.shut();
    }
    start();
  }

  @Override
  public void pause() {
    gate.shut();
  }

  @Override
  public void resume() {
    gate.open();
  }

  @Override
  public void end(String reason) {
    beginToEnd();
    if (!isBegun()) {
      return;
    }
    boolean reactor = !exports(COMMAND);
    if (reactor) {
      gate.open();
      awaitThread(GRACE);
    }
    Instance running = instance;
    if (running != null && isAlive()) {
      running.stop(reason);
    }
    gate.open();
    interrupt();
    awaitThread(GRACE);
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

  /**
   * Waits until it is clear that the program is well: a reactor after {@code on_init}; a command
   * when it has ended well, or has run for some time.
   *
   * @return why it is not well, or empty
   */
  public Optional<String> awaitWell(Duration trial) {
    return awaitUp(
        trial, exports(COMMAND) ? Optional.empty() : Optional.of("not ready after " + trial));
  }

  private boolean exports(String function) {
    return module.exports().stream().anyMatch(export -> export.name().equals(function));
  }

  // ---- in the program's own thread ----

  @Override
  protected int runOnce() throws InterruptedException {
    List<String> args = new ArrayList<>();
    args.add(identity().name());
    args.addAll(manifest.args());
    int revision = identity().revision();
    try (LineStream out = identity().log().stream(revision, "stdout");
        LineStream err = identity().log().stream(revision, "stderr")) {
      Policy policy = manifest.permissions().policy();
      Wasi own = Wasi.preview1().args(args).stdout(out).stderr(err).threadFactory(furtherThreads());
      Imports imports = Imports.create().with(policy.wasi(own));
      gate.pass();
      try (Instance made = module.instantiate(imports, _ -> policy.limits(), this::isMade);
          Usage.Part _ = identity().usage().instance(made)) {
        if (isEnding()) {
          return 0;
        }
        isBack();
        return exports(COMMAND) ? command(made) : reactor(made);
      } finally {
        gate.leave();
        instance = null;
      }
    }
  }

  /** Its start function has not run yet, and may never end. */
  private void isMade(Instance made) {
    instance = made;
    gate.enter(made);
    if (isEnding()) {
      made.stop("it is being stopped");
    }
  }

  private int command(Instance made) {
    try (RecordedCall recorded = recorded(COMMAND)) {
      int status = statusOf(made);
      if (status == 0) {
        recorded.succeeded();
      }
      return status;
    }
  }

  private static int statusOf(Instance made) {
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
      isUp();
      awaitEnding();
      call(made, ENDING);
      return 0;
    } catch (ExitException e) {
      return e.status();
    }
  }

  private void call(Instance made, String function) {
    if (exports(function)) {
      try (RecordedCall recorded = recorded(function)) {
        made.function(function).call();
        recorded.succeeded();
      }
    }
  }

  private RecordedCall recorded(String function) {
    return RecordedCall.begin(identity().name(), identity().revision(), function);
  }
}
