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
import dev.sampan.apps.run.GuestRoom;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.KeptFile;
import dev.sampan.apps.store.Modules;
import dev.sampan.apps.store.Store;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.RequestGate;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Status;
import dev.sampan.wasm.CodeCache;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
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
  private final GuestRoom room;
  private final Activations activations;
  private final EventBus events;
  private final Neighbours neighbours;
  private final Framework framework;
  private final Clockwork clockwork;
  private volatile Optional<MqttBridge> bridge = Optional.empty();
  private final Map<String, ManagedApp> apps;
  private final List<Watcher> watchers;

  /** Names of apps that are being installed. */
  private final Set<String> names;

  private final Tenants tenants;
  private final Occupancy occupancy;
  private final CpuWatch cpuWatch;

  /** Whose apps alone are seen, or empty for all. */
  private final Optional<String> scope;

  private volatile boolean back;

  /** Is told of apps that come and go, in the thread that does it. */
  public interface Watcher {

    /** There is another app. */
    void added(String name);

    /** An app is no more. */
    void removed(String name);
  }

  private AppHost(HostSettings settings, Store store) {
    this.settings = settings;
    this.store = store;
    this.engine =
        Engine.builder().codeCache(CodeCache.at(settings.home().resolve("cache"))).build();
    this.room = new GuestRoom(settings.maxCalls());
    this.events = new EventBus();
    this.neighbours = new Neighbours();
    this.framework = new Framework(events, settings.devices(), neighbours);
    this.clockwork = new Clockwork(settings.clock());
    this.activations = new Activations(engine, store.modules(), room, events, clockwork, framework);
    this.apps = new ConcurrentHashMap<>();
    this.names = ConcurrentHashMap.newKeySet();
    this.watchers = new CopyOnWriteArrayList<>();
    this.tenants = new Tenants(store, settings.clock());
    this.occupancy = new Occupancy(tenants, apps.values(), store.modules());
    this.cpuWatch = new CpuWatch(tenants, apps.values(), settings.home());
    this.scope = Optional.empty();
  }

  /** A host as a tenant sees it. */
  private AppHost(AppHost whole, String tenant) {
    this.settings = whole.settings;
    this.store = whole.store;
    this.engine = whole.engine;
    this.room = whole.room;
    this.events = whole.events;
    this.neighbours = whole.neighbours;
    this.framework = whole.framework;
    this.clockwork = whole.clockwork;
    this.bridge = whole.bridge;
    this.watchers = whole.watchers;
    this.back = whole.back;
    this.activations = whole.activations;
    this.apps = whole.apps;
    this.names = whole.names;
    this.tenants = whole.tenants;
    this.occupancy = whole.occupancy;
    this.cpuWatch = whole.cpuWatch;
    this.scope = Optional.of(tenant);
  }

  /**
   * Opens a host, and brings its apps back.
   *
   * @throws IOException if its files cannot be used, above all because another host uses them
   */
  public static AppHost open(HostSettings settings) throws IOException {
    AppHost host = openOnly(settings);
    host.bringBack();
    return host;
  }

  /**
   * Opens a host whose apps do not run before they are brought {@link #bringBack back}.
   *
   * @throws IOException if its files cannot be used, above all because another host uses them
   */
  public static AppHost openOnly(HostSettings settings) throws IOException {
    AppHost host = new AppHost(settings, Store.open(settings.home()));
    for (AppRecord record : host.store.apps()) {
      host.apps.put(record.name(), host.manage(record));
    }
    return host;
  }

  /** Has all apps run that ran when the host was closed, or ended otherwise. */
  public void bringBack() {
    requireWhole();
    apps.values().forEach(ManagedApp::bringBack);
    // only now, for what comes from there is for apps that run
    bridge = settings.mqtt().map(broker -> MqttBridge.start(broker, events));
    back = true;
  }

  /**
   * What keeps the host from doing all that may be asked of it: apps that are not brought back yet,
   * or files that cannot be written. Trying that takes a moment.
   *
   * @return the reason, or empty if nothing does
   */
  public Optional<String> hindrance() {
    if (!back) {
      return Optional.of("apps are being brought back");
    }
    try {
      store.tryWriting();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("the store cannot be written: " + e.getMessage());
    }
  }

  /** Tells somebody of the apps that are there, and of those that come and go. */
  public void watch(Watcher watcher) {
    requireWhole();
    watchers.add(watcher);
    apps.keySet().forEach(watcher::added);
  }

  /** How long a module may be: no longer than all that a tenant may have on disk. */
  public long maxModuleBytes() {
    long disk =
        scope
            .map(tenant -> tenants.tenant(tenant).terms().quota().maxDisk())
            .orElse(Long.MAX_VALUE);
    return Math.min(settings.maxModuleBytes(), disk);
  }

  private ManagedApp manage(AppRecord record) {
    AppLog log =
        new AppLog(
            settings.home().resolve("logs").resolve(record.name()),
            record.revision().manifest().maxLogBytes());
    Activations own =
        record
            .tenant()
            .map(tenant -> activations.under(new TenantGuard(tenants, tenant, room)))
            .orElse(activations);
    Path jobs = settings.home().resolve("jobs").resolve(record.name() + ".json");
    return new ManagedApp(
        store,
        own,
        record,
        log,
        new JobHistory(new KeptFile(jobs), text -> log.write(record.current(), "host", text)),
        new StateEvents(events, record.name()));
  }

  private boolean isSeen(ManagedApp app) {
    return scope.isEmpty() || scope.equals(app.tenant());
  }

  /** What it is made of. */
  public HostSettings settings() {
    return settings;
  }

  private ManagedApp app(String name) {
    ManagedApp app = apps.get(name);
    if (app == null || !isSeen(app)) {
      throw new AppException(
          AppException.Reason.NOT_FOUND, "there is no app '" + AppName.require(name) + "'", null);
    }
    return app;
  }

  // ---- tenants ----

  /**
   * The tenants.
   *
   * @throws IllegalStateException if this is the host as a tenant sees it
   */
  public Tenants tenants() {
    requireWhole();
    return tenants;
  }

  private void requireWhole() {
    if (scope.isPresent()) {
      throw new IllegalStateException("only the whole host has this, not the one of a tenant");
    }
  }

  /**
   * The host as a tenant sees it: there are its own apps and no others, and what it installs is its
   * own. Names are those of the whole host, so that a name may be taken by an app that is not seen.
   *
   * @throws AppException if there is no such tenant
   */
  public AppHost of(String tenant) {
    requireWhole();
    return new AppHost(this, tenants.tenant(tenant).name());
  }

  /**
   * Removes a tenant. Its tokens are of no use from then on, even if this fails later.
   *
   * @param force whether it may have apps, which are removed with it
   */
  public void removeTenant(String name, boolean force) {
    requireWhole();
    AppHost theirs = of(name);
    List<String> left = theirs.list().stream().map(AppStatus::name).toList();
    if (!left.isEmpty() && !force) {
      throw AppException.wrongState(
          "tenant '%s' has apps: %s; remove them first, or force it"
              .formatted(name, String.join(", ", left)));
    }
    tenants.close(name);
    while (occupancy.of(name).apps() > 0) {
      for (AppStatus app : theirs.list()) {
        try {
          theirs.remove(app.name(), true);
        } catch (AppException e) {
          if (e.reason() != AppException.Reason.NOT_FOUND) {
            throw e;
          }
        }
      }
    }
    tenants.remove(name);
  }

  /** How many apps a tenant has. */
  public int tenantApps(String name) {
    requireWhole();
    return occupancy.of(name).apps();
  }

  /** How many bytes a tenant's modules and logs take on disk, or may take. */
  public long tenantDisk(String name) {
    requireWhole();
    return occupancy.of(name).disk();
  }

  private Account account(String tenant) {
    return tenants.account(tenant);
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
    ManagedApp known = apps.get(AppName.require(name));
    if (known != null) {
      String message =
          isSeen(known)
              ? "there is an app '" + name + "' already; upgrade it, or remove it first"
              : "the name '" + name + "' is taken on this host; choose another one";
      throw new AppException(AppException.Reason.EXISTS, message, null);
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
      AppRecord record = new AppRecord(name, scope, List.of(first), 1, new AppState.Installed());
      ManagedApp app = manage(record);
      app.requireUsable();
      occupancy.adding(
          app,
          () -> {
            try {
              store.put(record);
            } catch (IOException e) {
              throw broken(e);
            }
            apps.put(name, app);
          });
      watchers.forEach(each -> each.added(name));
      app.tellState();
      framework.appsHaveChanged();
      return app.status();
    } finally {
      names.remove(name);
    }
  }

  private Modules.Held add(InputStream module) {
    try {
      return store.modules().add(module, maxModuleBytes());
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
      ManagedApp known = apps.get(name);
      if (known == null || !isSeen(known)) {
        install(name, manifest.orElse(Manifest.FUNCTION), held);
      } else {
        upgrade(known, held, manifest, OptionalInt.empty());
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
    ManagedApp app = app(name);
    app.tenant().ifPresent(tenant -> account(tenant).cpu().require());
    app.start();
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
    ManagedApp app = app(name);
    app.tenant().ifPresent(tenant -> account(tenant).cpu().require());
    app.restart();
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
      upgrade(app, held, manifest, keep);
    } finally {
      store.tidy();
    }
    return status(name);
  }

  private void upgrade(
      ManagedApp app, Modules.Held module, Optional<Manifest> manifest, OptionalInt keep) {
    Manifest next = manifest.orElse(app.status().revision().manifest());
    occupancy.upgrading(
        app,
        module.digest(),
        next,
        keep.orElse(next.keepRevisions()),
        () -> app.upgrade(module.digest(), manifest, keep));
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
    app(name)
        .remove(
            force,
            () -> {
              apps.remove(name);
              watchers.forEach(each -> each.removed(name));
            });
    framework.forget(name);
    framework.appsHaveChanged();
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
    new TreeMap<>(apps)
        .values().stream().filter(this::isSeen).forEach(app -> all.add(app.status()));
    return all;
  }

  /** An app's log. */
  public AppLog log(String name) {
    return app(name).log();
  }

  /** What has become of an app's calls since the host was opened. */
  public CallStats.Snapshot stats(String name) {
    return app(name).stats().snapshot();
  }

  /** How long processors have worked for an app's guests since the host was opened. */
  public Duration cpuTime(String name) {
    return app(name).stats().usage().cpuTime();
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
   * The threads in which guests handle requests. A server that reads requests in them need not
   * change threads for {@link #handle}; what takes time or waits must not be done there otherwise.
   */
  public Executor guestThreads() {
    return room.threads();
  }

  /** Whether a request to a function would have to wait before a guest gets it. */
  public boolean isBusy(String name) {
    ManagedApp app = apps.get(name);
    return app != null && app.isBusy();
  }

  /**
   * Has a function handle a request, in the calling thread if that is one for guests.
   *
   * @throws FunctionException if there is no answer, or none that is complete
   * @throws dev.sampan.apps.tenant.TooManyException if a quota of its tenant is used up for now
   */
  public void handle(String name, FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    ManagedApp app = apps.get(name);
    if (app == null) {
      throw FunctionException.refused(404, "there is no such function");
    }
    Optional<String> tenant = app.tenant();
    if (tenant.isEmpty()) {
      app.handle(request, responder);
      return;
    }
    Account account = account(tenant.get());
    account.cpu().require();
    try (RequestGate.Pass _ = account.calls().enter()) {
      app.handle(request, responder);
    }
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
      return new Framework.Outcome.Refused(neighbours.absent(name));
    }
    if (!service.http()) {
      return new Framework.Outcome.Refused(
          new Framework.Refusal(Status.FORBIDDEN, "'" + name + "' takes no requests from outside"));
    }
    long millis = service.timeLimit().toMillis();
    Optional<String> tenant = app.tenant();
    if (tenant.isEmpty()) {
      return framework.ask(name, request, millis);
    }
    Account account = account(tenant.get());
    account.cpu().require();
    try (RequestGate.Pass _ = account.calls().enter()) {
      return framework.ask(name, request, millis);
    }
  }

  /** What the framework asks of apps that it does not reach. */
  private final class Neighbours implements Framework.Directory {

    @Override
    public Framework.Refusal absent(String name) {
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

    @Override
    public boolean mayMeet(String from, String to) {
      Optional<String> tenant = Optional.ofNullable(apps.get(from)).flatMap(ManagedApp::tenant);
      Optional<String> others = Optional.ofNullable(apps.get(to)).flatMap(ManagedApp::tenant);
      return tenant.isEmpty()
          || tenant.equals(others)
          || tenants.tenant(tenant.get()).terms().grants().mayRequest(to);
    }

    @Override
    public List<String> known(String from) {
      Optional<String> tenant = Optional.ofNullable(apps.get(from)).flatMap(ManagedApp::tenant);
      return new TreeMap<>(apps)
          .entrySet().stream()
              .filter(each -> tenant.isEmpty() || tenant.equals(each.getValue().tenant()))
              .map(Map.Entry::getKey)
              .toList();
    }
  }

  /** Ends all that runs, and waits for it some seconds. */
  @Override
  public void close() throws IOException {
    requireWhole();
    bridge.ifPresent(MqttBridge::close);
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      apps.values().forEach(app -> all.submit(app::close));
    }
    cpuWatch.close();
    clockwork.close();
    room.close();
    framework.close();
    engine.close();
    store.close();
  }
}
