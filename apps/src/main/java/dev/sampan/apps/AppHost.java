package dev.sampan.apps;

import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Responder;
import dev.sampan.apps.job.Clockwork;
import dev.sampan.apps.job.JobHistory;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.mqtt.MqttBridge;
import dev.sampan.apps.mqtt.MqttState;
import dev.sampan.apps.run.GuestThreads;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.KeptFile;
import dev.sampan.apps.store.Modules;
import dev.sampan.apps.store.Store;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Status;
import dev.sampan.wasm.CodeCache;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A container host: it has apps, and does with them what is asked. Whatever a method has done when
 * it returns is kept, even if the process dies; when a host is opened in the same place again, its
 * apps run as they did.
 *
 * <p>May be used by any number of threads. What is asked of one app happens in turn.
 */
public final class AppHost implements AutoCloseable {

  private final HostSettings settings;
  private final Store store;
  private final Engine engine;
  private final ExecutorService threads;
  private final Activations activations;
  private final EventBus events = new EventBus();
  private final Clockwork clockwork;
  private final Framework framework;
  private volatile Optional<MqttBridge> bridge = Optional.empty();
  private final Map<String, ManagedApp> apps = new ConcurrentHashMap<>();

  /** Names of apps that are being installed. */
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  private AppHost(HostSettings settings, Store store) {
    this.settings = settings;
    this.store = store;
    this.engine =
        Engine.builder().codeCache(CodeCache.at(settings.home().resolve("cache"))).build();
    this.threads = GuestThreads.pool(settings.maxCalls());
    this.clockwork = new Clockwork(settings.clock());
    this.framework = new Framework(events, settings.devices(), this::absent);
    this.activations =
        new Activations(engine, store.modules(), threads, events, clockwork, framework);
  }

  /**
   * Opens a host, and brings its apps back.
   *
   * @throws IOException if its files cannot be used, above all because another host uses them
   */
  public static AppHost open(HostSettings settings) throws IOException {
    AppHost host = new AppHost(settings, Store.open(settings.home()));
    for (AppRecord record : host.store.apps()) {
      host.apps.put(record.name(), host.manage(record));
    }
    host.apps.values().forEach(ManagedApp::bringBack);
    // only now, for what comes from there is for apps that run
    host.bridge = settings.mqtt().map(broker -> MqttBridge.start(broker, host.events));
    return host;
  }

  private ManagedApp manage(AppRecord record) {
    AppLog log =
        new AppLog(
            settings.home().resolve("logs").resolve(record.name()),
            record.revision().manifest().maxLogBytes());
    Path jobs = settings.home().resolve("jobs").resolve(record.name() + ".json");
    return new ManagedApp(
        store,
        activations,
        record,
        log,
        new JobHistory(new KeptFile(jobs), text -> log.write(record.current(), "host", text)),
        new StateEvents(events, record.name()));
  }

  private ManagedApp app(String name) {
    ManagedApp app = apps.get(name);
    if (app == null) {
      throw new AppException(
          AppException.Reason.NOT_FOUND, "there is no app '" + AppName.require(name) + "'", null);
    }
    return app;
  }

  // ---- installing ----

  /**
   * Installs an app; it does not run yet.
   *
   * @throws AppException if there is one of that name, or the module is none
   */
  public AppStatus install(String name, Manifest manifest, InputStream module) {
    requireFree(name);
    boolean installed = false;
    try (Modules.Held held = add(module)) {
      AppStatus app = install(name, manifest, held);
      installed = true;
      return app;
    } finally {
      if (!installed) {
        store.tidy();
      }
    }
  }

  private void requireFree(String name) {
    if (apps.containsKey(AppName.require(name))) {
      throw new AppException(
          AppException.Reason.EXISTS,
          "there is an app '" + name + "' already; upgrade it, or remove it first",
          null);
    }
  }

  private AppStatus install(String name, Manifest manifest, Modules.Held module) {
    if (!names.add(name)) {
      throw new AppException(
          AppException.Reason.EXISTS, "an app '" + name + "' is being installed already", null);
    }
    try {
      requireFree(name);
      Revision first = new Revision(1, module.digest(), manifest, Instant.now());
      AppRecord record = new AppRecord(name, List.of(first), 1, new AppState.Installed());
      ManagedApp app = manage(record);
      app.requireUsable();
      try {
        store.put(record);
      } catch (IOException e) {
        throw broken(e);
      }
      apps.put(name, app);
      app.tellState();
      framework.appsAre(names());
      return app.status();
    } finally {
      names.remove(name);
    }
  }

  private Modules.Held add(InputStream module) {
    try {
      return store.modules().add(module, settings.maxModuleBytes());
    } catch (Modules.TooLargeException e) {
      throw new AppException(AppException.Reason.TOO_LARGE, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static AppException broken(IOException e) {
    return new AppException(
        AppException.Reason.HOST, "the store cannot be written: " + e.getMessage(), e);
  }

  /**
   * Installs a function and starts it, or lets another revision of it take over.
   *
   * @param manifest how it is run, or empty for as it is, or as functions are if it is new
   */
  public AppStatus deploy(String name, Optional<Manifest> manifest, InputStream module) {
    AppName.require(name);
    try (Modules.Held held = add(module)) {
      if (!apps.containsKey(name)) {
        install(name, manifest.orElse(Manifest.FUNCTION), held);
      } else {
        app(name).upgrade(held.digest(), manifest, OptionalInt.empty());
      }
    } finally {
      store.tidy();
    }
    if (!(status(name).state() instanceof AppState.Paused)) {
      app(name).start();
    }
    return status(name);
  }

  // ---- verbs ----

  /**
   * Starts an app; one that runs goes on.
   *
   * @throws AppException if it cannot be started
   */
  public AppStatus start(String name) {
    app(name).start();
    return status(name);
  }

  /** Stops an app; requests that it handles may end within seconds. */
  public AppStatus stop(String name) {
    app(name).stop();
    return status(name);
  }

  /** Holds an app: a function refuses requests, a program waits when it asks for something. */
  public AppStatus pause(String name) {
    app(name).pause();
    return status(name);
  }

  /** Lets an app go on that was paused. */
  public AppStatus resume(String name) {
    app(name).resume();
    return status(name);
  }

  /** Stops an app and starts it. */
  public AppStatus restart(String name) {
    app(name).restart();
    return status(name);
  }

  /**
   * Lets another revision of an app take over. No request is lost: those that the former revision
   * has begun end there. If the new revision does not come up, the former one stays.
   *
   * @param manifest how it is run, or empty for as it is now
   * @throws AppException if it does not come up
   */
  public AppStatus upgrade(String name, Optional<Manifest> manifest, InputStream module) {
    return upgrade(name, manifest, module, OptionalInt.empty());
  }

  /**
   * The same, but another number of revisions is kept than the manifest says.
   *
   * @param keep at least 1
   */
  public AppStatus upgrade(String name, Optional<Manifest> manifest, InputStream module, int keep) {
    if (keep < 1) {
      throw AppException.invalid("expected 1 or more revisions to be kept, found " + keep);
    }
    return upgrade(name, manifest, module, OptionalInt.of(keep));
  }

  private AppStatus upgrade(
      String name, Optional<Manifest> manifest, InputStream module, OptionalInt keep) {
    ManagedApp app = app(name);
    try (Modules.Held held = add(module)) {
      app.upgrade(held.digest(), manifest, keep);
    } finally {
      store.tidy();
    }
    return status(name);
  }

  /**
   * Lets an earlier revision take over.
   *
   * @param revision which, or empty for the one before the current one
   */
  public AppStatus rollback(String name, OptionalInt revision) {
    app(name).rollback(revision);
    return status(name);
  }

  /**
   * Removes an app with its revisions and its log.
   *
   * @param force whether it may run
   */
  public void remove(String name, boolean force) {
    app(name).remove(force, () -> apps.remove(name));
    framework.forget(name);
    framework.appsAre(names());
  }

  // ---- looking ----

  /** An app as it is now. */
  public AppStatus status(String name) {
    return app(name).status();
  }

  /** An app as it is now, or empty if there is none. */
  public Optional<AppStatus> find(String name) {
    return Optional.ofNullable(apps.get(name)).map(ManagedApp::status);
  }

  /** All apps as they are now, by name. */
  public List<AppStatus> list() {
    List<AppStatus> all = new ArrayList<>();
    new TreeMap<>(apps).values().forEach(app -> all.add(app.status()));
    return all;
  }

  private List<String> names() {
    return List.copyOf(new TreeSet<>(apps.keySet()));
  }

  /** An app's log. */
  public AppLog log(String name) {
    return app(name).log();
  }

  /** What has become of an app's calls since the host was opened. */
  public CallStats.Snapshot stats(String name) {
    return app(name).stats().snapshot();
  }

  /** How many bytes of memory an app's instances have now. */
  public long memory(String name) {
    return app(name).memory();
  }

  /**
   * What apps and the world tell each other. The host itself tells of each change of an app's state
   * with the topic {@code $host/apps/NAME/state}; the payload is JSON with {@code state}, {@code
   * revision} and {@code reason}, which is null if there is none.
   */
  public EventBus events() {
    return events;
  }

  /** How the bridge to a broker is, if there is one. */
  public Optional<MqttState> bridge() {
    return bridge.map(MqttBridge::state);
  }

  // ---- requests ----

  /**
   * Has a function handle a request.
   *
   * @throws FunctionException if there is no answer, or none that is complete
   */
  public void handle(String name, FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    ManagedApp app = apps.get(name);
    if (app == null) {
      throw FunctionException.refused(404, "there is no such function");
    }
    app.handle(request, responder);
  }

  /**
   * Asks a service, and waits for its answer.
   *
   * @param request what is asked; the URL is what comes behind {@code /app/NAME/}; id and sender do
   *     not count
   */
  public Framework.Outcome ask(String name, Request request) throws InterruptedException {
    ManagedApp app = apps.get(name);
    if (app == null || !(app.trigger() instanceof Trigger.Service service)) {
      return new Framework.Outcome.Refused(absent(name));
    }
    if (!service.http()) {
      return new Framework.Outcome.Refused(
          new Framework.Refusal(Status.FORBIDDEN, "'" + name + "' takes no requests from outside"));
    }
    return framework.ask(name, request, service.timeLimit().toMillis());
  }

  /** Why an app takes no requests of other apps, and from outside. */
  private Framework.Refusal absent(String name) {
    ManagedApp app = apps.get(name);
    if (app == null) {
      return new Framework.Refusal(Status.NOT_FOUND, "there is no app '" + name + "'");
    }
    if (!(app.trigger() instanceof Trigger.Service)) {
      return new Framework.Refusal(Status.NOT_FOUND, "'" + name + "' is no service");
    }
    AppState state = app.status().state();
    String why = state.reason().map(reason -> ": " + reason).orElse("");
    return new Framework.Refusal(
        Status.UNAVAILABLE, "'%s' is not ready, it is %s%s".formatted(name, state.word(), why));
  }

  /** Ends all that runs, and waits for it some seconds. */
  @Override
  public void close() throws IOException {
    bridge.ifPresent(MqttBridge::close);
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      apps.values().forEach(app -> all.submit(app::close));
    }
    clockwork.close();
    threads.shutdownNow();
    framework.close();
    engine.close();
    store.close();
  }
}
