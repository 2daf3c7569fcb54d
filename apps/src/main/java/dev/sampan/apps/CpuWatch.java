package dev.sampan.apps;

import dev.sampan.apps.json.Json;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.CpuMeter;
import dev.sampan.apps.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/**
 * Charges processor time to tenants, and stops the apps of those whose time is used up. Once a
 * minute it writes down what was used, so that a host that is started again goes on from there.
 */
final class CpuWatch implements AutoCloseable {

  private static final long STEP_MILLIS = 500;
  private static final int STEPS_TO_KEEP = 120;

  private final Tenants tenants;
  private final Collection<ManagedApp> apps;
  private final Path file;
  private final Map<ManagedApp, Duration> charged = new HashMap<>();
  private final Set<ManagedApp> halting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer;
  private int steps;

  /** What the file holds: readings by the tenants' names. */
  private record Kept(Map<String, CpuMeter.Reading> cpu) {}

  /**
   * Begins to watch.
   *
   * @param apps all apps of the host, as they are at each moment
   * @param home where it writes down what was used
   */
  CpuWatch(Tenants tenants, Collection<ManagedApp> apps, Path home) {
    this.tenants = tenants;
    this.apps = apps;
    this.file = home.resolve("usage.json");
    resume();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sampan-tenants").factory());
    timer.scheduleWithFixedDelay(this::step, STEP_MILLIS, STEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void resume() {
    try {
      Kept kept = Json.read(Files.readAllBytes(file), Kept.class);
      for (Tenant tenant : tenants.list()) {
        CpuMeter.Reading earlier = kept.cpu().get(tenant.name());
        if (earlier != null) {
          tenants.account(tenant.name()).resume(earlier);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was used before
    } catch (IOException | JacksonException e) {
      log("what tenants have used is not known, and counted anew: " + e.getMessage());
    }
  }

  private static void log(String message) {
    System.getLogger(CpuWatch.class.getName()).log(System.Logger.Level.WARNING, message);
  }

  private void step() {
    try {
      charge();
      halt();
      if (++steps % STEPS_TO_KEEP == 0) {
        keep();
      }
    } catch (RuntimeException e) {
      log("processor time could not be charged, please report: " + e);
    }
  }

  private synchronized void charge() {
    for (ManagedApp app : apps) {
      charge(app);
    }
    for (Iterator<ManagedApp> all = charged.keySet().iterator(); all.hasNext(); ) {
      ManagedApp app = all.next();
      if (!apps.contains(app)) {
        charge(app); // what it used until it ended
        all.remove();
      }
    }
  }

  /** Empty if it is the operator's, or the tenant is gone. */
  private Optional<Account> account(ManagedApp app) {
    return app.tenant().flatMap(tenants::findAccount);
  }

  private void charge(ManagedApp app) {
    if (app.tenant().isPresent()) {
      Duration now = app.stats().usage().cpuTime();
      Duration before = charged.put(app, now);
      Duration more = before == null ? now : now.minus(before);
      if (more.isPositive()) {
        account(app).ifPresent(account -> account.cpu().add(more));
      }
    }
  }

  private void halt() {
    for (ManagedApp app : apps) {
      Optional<CpuMeter> cpu = account(app).map(Account::cpu).filter(CpuMeter::isExhausted);
      if (cpu.isPresent() && app.isActive() && halting.add(app)) {
        Thread.ofVirtual().name("sampan-halt").start(() -> halt(app, cpu.get().exhausted()));
      }
    }
  }

  private void halt(ManagedApp app, String reason) {
    try {
      app.halt(reason);
    } catch (AppException e) {
      log("an app of a tenant that has no CPU time left goes on: " + e.getMessage());
    } finally {
      halting.remove(app);
    }
  }

  private void keep() {
    Map<String, CpuMeter.Reading> readings = new TreeMap<>();
    for (Tenant tenant : tenants.list()) {
      readings.put(tenant.name(), tenants.account(tenant.name()).cpu().reading());
    }
    if (readings.isEmpty()) {
      return;
    }
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.write(next, Json.bytes(new Kept(readings)));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log("what tenants have used cannot be written down: " + e.getMessage());
    }
  }

  /** Charges what is left, and writes it down. */
  @Override
  public void close() {
    timer.shutdownNow();
    charge();
    keep();
  }
}
