package dev.sampan.apps;

import dev.sampan.apps.event.EventBus;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Responder;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.mqtt.MqttState;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;

/**
 * A container host: it has apps, and does with them what is asked. Whatever a method has done when
 * it returns is kept, even if the process dies; when a host is opened in the same place again, its
 * apps run as they did.
 *
 * <p>May be used by any number of threads. What is asked of one app happens in turn.
 */
public final class AppHost implements AutoCloseable {

  private final Machinery machinery;
  private final SeenApps seen;
  private final Installer installer;

  /** Is told of apps that come and go, in the thread that does it. */
  public interface Watcher {

    /** There is another app. */
    void added(String name);

    /** An app is no more. */
    void removed(String name);
  }

  private AppHost(Machinery machinery, Optional<String> tenant) {
    this.machinery = machinery;
    this.seen = new SeenApps(machinery.apps(), tenant);
    this.installer = new Installer(machinery, seen);
  }

  // ---- from its opening to its end ----

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
    return new AppHost(Machinery.open(settings), Optional.empty());
  }

  /** Has all apps run that ran when the host was closed, or ended otherwise. */
  public void bringBack() {
    requireWhole();
    machinery.bringBack();
  }

  /**
   * What keeps the host from doing all that may be asked of it: apps that are not brought back yet,
   * or files that cannot be written. Trying that takes a moment.
   *
   * @return the reason, or empty if nothing does
   */
  public Optional<String> hindrance() {
    return machinery.hindrance();
  }

  /** What it is made of. */
  public HostSettings settings() {
    return machinery.settings();
  }

  /** Ends all that runs, and waits for it some seconds. */
  @Override
  public void close() throws IOException {
    requireWhole();
    machinery.close();
  }

  // ---- tenants ----

  private void requireWhole() {
    if (seen.tenant().isPresent()) {
      throw new IllegalStateException("only the whole host has this, not the one of a tenant");
    }
  }

  /**
   * The tenants.
   *
   * @throws IllegalStateException if this is the host as a tenant sees it
   */
  public Tenants tenants() {
    requireWhole();
    return machinery.tenants();
  }

  /**
   * The host as a tenant sees it: there are its own apps and no others, and what it installs is its
   * own. Names are those of the whole host, so that a name may be taken by an app that is not seen.
   *
   * @throws AppException if there is no such tenant
   */
  public AppHost of(String tenant) {
    return new AppHost(machinery, Optional.of(tenants().tenant(tenant).name()));
  }

  /**
   * Removes a tenant. Its tokens are of no use from then on, even if this fails later.
   *
   * @param force whether it may have apps, which are removed with it
   */
  public void removeTenant(String name, boolean force) {
    AppHost theirs = of(name);
    List<String> left = theirs.list().stream().map(AppStatus::name).toList();
    if (!left.isEmpty() && !force) {
      throw AppException.wrongState(
          "tenant '%s' has apps: %s; remove them first, or force it"
              .formatted(name, String.join(", ", left)));
    }
    tenants().close(name);
    while (tenantApps(name) > 0) { // one may still be on its way in
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
    tenants().remove(name);
  }

  /** How many apps a tenant has. */
  public int tenantApps(String name) {
    requireWhole();
    return machinery.occupancy().of(name).apps();
  }

  /** How many bytes a tenant's modules and logs take on disk, or may take. */
  public long tenantDisk(String name) {
    requireWhole();
    return machinery.occupancy().of(name).disk();
  }

  // ---- verbs ----

  /** How long a module may be: no longer than all that a tenant may have on disk. */
  public long maxModuleBytes() {
    return installer.maxModuleBytes();
  }

  /**
   * Installs an app; it does not run yet.
   *
   * @throws AppException if there is one of that name, or the module is none
   */
  public AppStatus install(String name, Manifest manifest, InputStream module) {
    return installer.install(name, manifest, module);
  }

  /**
   * Installs a function and starts it, or lets another revision of it take over.
   *
   * @param manifest how it is run, or empty for as it is, or as functions are if it is new
   */
  public AppStatus deploy(String name, Optional<Manifest> manifest, InputStream module) {
    installer.deploy(name, manifest, module);
    if (!(status(name).state() instanceof AppState.Paused)) {
      seen.require(name).start();
    }
    return status(name);
  }

  /**
   * Starts an app; one that runs goes on.
   *
   * @throws AppException if it cannot be started
   */
  public AppStatus start(String name) {
    withCpuTime(name).start();
    return status(name);
  }

  /** An app whose tenant has processor time left. */
  private ManagedApp withCpuTime(String name) {
    ManagedApp app = seen.require(name);
    app.tenant().ifPresent(tenant -> machinery.tenants().account(tenant).cpu().require());
    return app;
  }

  /** Stops an app; requests that it handles may end within seconds. */
  public AppStatus stop(String name) {
    seen.require(name).stop();
    return status(name);
  }

  /**
   * Holds an app: a program or service waits where it is within milliseconds; functions refuse
   * requests and jobs do not begin, but what has begun of these may end.
   */
  public AppStatus pause(String name) {
    seen.require(name).pause();
    return status(name);
  }

  /** Lets an app go on that was paused. */
  public AppStatus resume(String name) {
    seen.require(name).resume();
    return status(name);
  }

  /** Stops an app and starts it. */
  public AppStatus restart(String name) {
    withCpuTime(name).restart();
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
    installer.upgrade(seen.require(name), manifest, module, OptionalInt.empty());
    return status(name);
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
    installer.upgrade(seen.require(name), manifest, module, OptionalInt.of(keep));
    return status(name);
  }

  /**
   * Lets an earlier revision take over.
   *
   * @param revision which, or empty for the one before the current one
   */
  public AppStatus rollback(String name, OptionalInt revision) {
    seen.require(name).rollback(revision);
    return status(name);
  }

  /**
   * Removes an app with its revisions and its log.
   *
   * @param force whether it may run
   */
  public void remove(String name, boolean force) {
    seen.require(name)
        .remove(
            force,
            () -> {
              machinery.framework().forget(name);
              machinery.apps().remove(name);
            });
    machinery.framework().appsHaveChanged();
  }

  // ---- looking ----

  /** Tells somebody of the apps that are there, and of those that come and go. */
  public void watch(Watcher watcher) {
    requireWhole();
    machinery.apps().watch(watcher);
  }

  /** An app as it is now. */
  public AppStatus status(String name) {
    return seen.require(name).status();
  }

  /** An app as it is now, or empty if there is none. */
  public Optional<AppStatus> find(String name) {
    return seen.find(name).map(ManagedApp::status);
  }

  /** All apps as they are now, by name. */
  public List<AppStatus> list() {
    return seen.list();
  }

  /** An app's log. */
  public AppLog log(String name) {
    return seen.require(name).log();
  }

  /** What has become of an app's calls since the host was opened. */
  public CallStats.Snapshot stats(String name) {
    return seen.require(name).stats().snapshot();
  }

  /** How long processors have worked for an app's guests since the host was opened. */
  public Duration cpuTime(String name) {
    return seen.require(name).stats().usage().cpuTime();
  }

  /** How many bytes of memory an app's instances have now. */
  public long memory(String name) {
    return seen.require(name).memory();
  }

  /**
   * What apps and the world tell each other. The host itself tells of each change of an app's state
   * with the topic {@code $host/apps/NAME/state}; the payload is JSON with {@code state}, {@code
   * revision} and {@code reason}, which is null if there is none.
   */
  public EventBus events() {
    return machinery.events();
  }

  /** How the bridge to a broker is, if there is one. */
  public Optional<MqttState> bridge() {
    return machinery.bridge();
  }

  // ---- requests ----

  /**
   * The threads in which guests handle requests. A server that reads requests in them need not
   * change threads for {@link #handle}; what takes time or waits must not be done there otherwise.
   */
  public Executor guestThreads() {
    return machinery.room().threads();
  }

  /** Whether a request to a function would have to wait before a guest gets it. */
  public boolean isBusy(String name) {
    return machinery.requests().isBusy(name);
  }

  /**
   * Has a function handle a request, whosever it is, in the calling thread if that is one for
   * guests.
   *
   * @throws FunctionException if there is no answer, or none that is complete
   * @throws dev.sampan.apps.tenant.TooManyException if a quota of its tenant is used up for now
   */
  public void handle(String name, FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    machinery.requests().handle(name, request, responder);
  }

  /**
   * Asks a service, whosever it is, and waits for its answer.
   *
   * @param request what is asked; the URL is what comes behind {@code /app/NAME/}; id and sender do
   *     not count
   * @throws dev.sampan.apps.tenant.TooManyException if a quota of its tenant is used up for now
   */
  public Framework.Outcome ask(String name, Request request) throws InterruptedException {
    return machinery.requests().ask(name, request);
  }
}
