package dev.sampan.apps;

import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.job.Clockwork;
import dev.sampan.apps.job.JobHistory;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.mqtt.MqttBridge;
import dev.sampan.apps.mqtt.MqttState;
import dev.sampan.apps.run.GuestRoom;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.KeptFile;
import dev.sampan.apps.store.Store;
import dev.sampan.wasm.CodeCache;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the apps of a host share, from its opening to its end: files, engine, threads, clock, and
 * the ways between them. There is one of it however many tenants see the host as theirs.
 */
final class Machinery implements AutoCloseable {

  private final HostSettings settings;
  private final Store store;
  private final Engine engine;
  private final GuestRoom room;
  private final EventBus events = new EventBus();
  private final Apps apps = new Apps();
  private final Tenants tenants;
  private final Framework framework;
  private final Requests requests;
  private final Clockwork clockwork;
  private final Activations activations;
  private final Occupancy occupancy;
  private final CpuWatch cpuWatch;
  private volatile Optional<MqttBridge> bridge = Optional.empty();
  private volatile boolean back;

  private Machinery(HostSettings settings, Store store) {
    this.settings = settings;
    this.store = store;
    this.engine =
        Engine.builder().codeCache(CodeCache.at(settings.home().resolve("cache"))).build();
    this.room = new GuestRoom(settings.maxCalls());
    this.tenants = new Tenants(store, settings.clock());
    Neighbours neighbours = new Neighbours(apps, tenants);
    this.framework = new Framework(events, settings.devices(), neighbours);
    this.requests = new Requests(apps, tenants, framework, neighbours);
    this.clockwork = new Clockwork(settings.clock());
    this.activations = new Activations(engine, store.modules(), room, events, clockwork, framework);
    this.occupancy = new Occupancy(tenants, apps.all(), store.modules());
    this.cpuWatch = new CpuWatch(tenants, apps.all(), settings.home());
  }

  /**
   * Opens what is kept in the host's folder; no app runs yet.
   *
   * @throws IOException if its files cannot be used, above all because another host uses them
   */
  static Machinery open(HostSettings settings) throws IOException {
    Machinery machinery = new Machinery(settings, Store.open(settings.home()));
    for (AppRecord record : machinery.store.apps()) {
      machinery.apps.add(record.name(), machinery.manage(record));
    }
    return machinery;
  }

  /** An app as the host has it in hand; it is not among {@link #apps} by that. */
  ManagedApp manage(AppRecord record) {
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
    JobHistory history =
        new JobHistory(new KeptFile(jobs), text -> log.write(record.current(), "host", text));
    return new ManagedApp(
        store,
        own,
        record,
        new Belongings(record.name(), log, new CallStats(), history),
        new StateEvents(events, record.name()));
  }

  /** Has all apps run that ran when the host was closed, or ended otherwise. */
  void bringBack() {
    apps.all().forEach(ManagedApp::bringBack);
    // only now, for what comes from there is for apps that run
    bridge = settings.mqtt().map(broker -> MqttBridge.start(broker, events));
    back = true;
  }

  /** What keeps the host from doing all that may be asked of it, see {@link AppHost#hindrance}. */
  Optional<String> hindrance() {
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

  HostSettings settings() {
    return settings;
  }

  Store store() {
    return store;
  }

  EventBus events() {
    return events;
  }

  Apps apps() {
    return apps;
  }

  Tenants tenants() {
    return tenants;
  }

  Framework framework() {
    return framework;
  }

  Requests requests() {
    return requests;
  }

  GuestRoom room() {
    return room;
  }

  Occupancy occupancy() {
    return occupancy;
  }

  /** How the bridge to a broker is, if there is one. */
  Optional<MqttState> bridge() {
    return bridge.map(MqttBridge::state);
  }

  /** Ends all that runs, and waits for it some seconds. */
  @Override
  public void close() throws IOException {
    bridge.ifPresent(MqttBridge::close);
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      apps.all().forEach(app -> all.submit(app::close));
    }
    cpuWatch.close();
    clockwork.close();
    room.close();
    framework.close();
    engine.close();
    store.close();
  }
}
