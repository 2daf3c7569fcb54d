package dev.sampan.apps;

import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.FunctionSettings;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Failures;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.store.Modules;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Brings revisions to life: what their kinds need, in one place. */
final class Activations {

  private final Engine engine;
  private final Modules modules;
  private final ExecutorService threads;
  private final @Nullable TenantGuard guard;

  Activations(Engine engine, Modules modules, ExecutorService threads) {
    this(engine, modules, threads, null);
  }

  private Activations(
      Engine engine, Modules modules, ExecutorService threads, @Nullable TenantGuard guard) {
    this.engine = engine;
    this.modules = modules;
    this.threads = threads;
    this.guard = guard;
  }

  /** The same for the apps of a tenant. */
  Activations under(TenantGuard other) {
    return new Activations(engine, modules, threads, other);
  }

  /**
   * Reads a module.
   *
   * @throws AppException if it is missing, damaged, or no module
   */
  WasmModule load(String name, String digest) {
    try {
      return engine.load(modules.read(digest), name);
    } catch (WasmException e) {
      throw new AppException(AppException.Reason.INVALID, Failures.cause(e), e);
    } catch (IOException e) {
      throw new AppException(AppException.Reason.HOST, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * A revision that is not begun yet.
   *
   * @throws AppException if it cannot be brought to life
   */
  Activation of(
      String name, Revision revision, AppLog log, CallStats stats, Program.Listener listener) {
    WasmModule module = load(name, revision.digest());
    if (guard != null) {
      module = guard.admit(module, revision, log);
    }
    Manifest manifest = revision.manifest();
    return switch (manifest.trigger()) {
      case Trigger.Start start ->
          new Program(
              name,
              revision.number(),
              module,
              manifest,
              start.restart(),
              log,
              stats.usage(),
              listener);
      case Trigger.Http http ->
          new Function(module, FunctionSettings.of(name, revision, http, log), threads, stats);
    };
  }
}
