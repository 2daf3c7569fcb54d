package dev.sampan.apps;

import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.function.CallLimits;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.FunctionSettings;
import dev.sampan.apps.job.Clockwork;
import dev.sampan.apps.job.EventJobs;
import dev.sampan.apps.job.ScheduledJobs;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.run.Failures;
import dev.sampan.apps.run.GuestRoom;
import dev.sampan.apps.run.Program;
import dev.sampan.apps.run.Resident;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.service.Service;
import dev.sampan.apps.store.Modules;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Brings revisions to life: what their kinds need, in one place. */
final class Activations {

  /** What the Micro Runtime's native files begin with. */
  private static final byte[] NATIVE = {0, 'a', 'o', 't'};

  private final Engine engine;
  private final Modules modules;
  private final GuestRoom room;
  private final EventBus events;
  private final Clockwork clockwork;
  private final Framework framework;
  private final @Nullable TenantGuard guard;

  Activations(
      Engine engine,
      Modules modules,
      GuestRoom room,
      EventBus events,
      Clockwork clockwork,
      Framework framework) {
    this(engine, modules, room, events, clockwork, framework, null);
  }

  private Activations(
      Engine engine,
      Modules modules,
      GuestRoom room,
      EventBus events,
      Clockwork clockwork,
      Framework framework,
      @Nullable TenantGuard guard) {
    this.engine = engine;
    this.modules = modules;
    this.room = room;
    this.events = events;
    this.clockwork = clockwork;
    this.framework = framework;
    this.guard = guard;
  }

  /** The same for the apps of a tenant. */
  Activations under(TenantGuard other) {
    return new Activations(engine, modules, other.room(), events, clockwork, framework, other);
  }

  /**
   * Reads a module.
   *
   * @throws AppException if it is missing, damaged, or no module
   */
  private WasmModule load(String name, String digest) {
    try {
      byte[] module = modules.read(digest);
      requirePortable(module);
      return engine.load(module, name);
    } catch (WasmException e) {
      throw new AppException(AppException.Reason.INVALID, Failures.cause(e), e);
    } catch (IOException e) {
      throw new AppException(AppException.Reason.HOST, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requirePortable(byte[] module) {
    if (module.length >= NATIVE.length
        && Arrays.equals(module, 0, NATIVE.length, NATIVE, 0, NATIVE.length)) {
      throw new AppException(
          AppException.Reason.INVALID,
          "this is a native AOT file of the WebAssembly Micro Runtime, made for one kind of"
              + " processor; expected the portable module (.wasm) that it was made from",
          null);
    }
  }

  /**
   * A revision that is not begun yet.
   *
   * @throws AppException if it cannot be brought to life
   */
  Activation of(Revision revision, Belongings own, Resident.Listener listener) {
    String name = own.name();
    AppLog log = own.log();
    CallStats stats = own.stats();
    WasmModule module = load(name, revision.digest());
    if (guard != null) {
      module = guard.admit(module, revision, log);
    }
    Manifest manifest = revision.manifest();
    Resident.Identity identity = new Resident.Identity(name, revision.number(), log, stats.usage());
    return switch (manifest.trigger()) {
      case Trigger.Start start ->
          new Program(identity, module, manifest, start.restart(), listener);
      case Trigger.Service service ->
          new Service(identity, module, manifest, service, stats, framework, listener);
      case Trigger.Http http ->
          function(module, FunctionSettings.of(name, revision, CallLimits.of(http), log), stats);
      case Trigger.Schedule schedule -> {
        CallLimits limits = CallLimits.ofJobs(Isolation.FRESH, 1, schedule.timeLimit());
        Function function =
            function(module, FunctionSettings.of(name, revision, limits, log), stats);
        yield new ScheduledJobs(schedule, function, own.history(), log, clockwork);
      }
      case Trigger.Events wanted -> {
        Topics.requireGranted(wanted, manifest.permissions());
        CallLimits limits =
            CallLimits.ofJobs(wanted.isolation(), wanted.concurrency(), wanted.timeLimit());
        Function function =
            function(module, FunctionSettings.of(name, revision, limits, log), stats);
        yield new EventJobs(name, wanted, function, own.history(), log, events, clockwork.clock());
      }
    };
  }

  private Function function(WasmModule module, FunctionSettings settings, CallStats stats) {
    return new Function(module, settings, room, stats);
  }
}
