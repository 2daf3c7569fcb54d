package dev.sampan.apps;

import dev.sampan.apps.store.Modules;
import dev.sampan.apps.tenant.Quota;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many apps each tenant has, and what they take on disk; asked before either becomes more. The
 * operator's apps are not limited.
 */
final class Occupancy {

  private final Tenants tenants;
  private final Collection<ManagedApp> apps;
  private final Modules modules;

  /** Bytes of revisions that are about to be added, by tenant. */
  private final Map<String, Long> coming = new HashMap<>();

  /**
   * What a tenant has.
   *
   * @param disk bytes of modules, and of logs as long as they may be
   */
  record Use(int apps, long disk) {}

  /**
   * What there is room for.
   *
   * @param apps all apps of the host, as they are at each moment
   */
  Occupancy(Tenants tenants, Collection<ManagedApp> apps, Modules modules) {
    this.tenants = tenants;
    this.apps = apps;
    this.modules = modules;
  }

  /** What a tenant has now, when what is being added has been added or not. */
  synchronized Use of(String tenant) {
    int count = 0;
    long disk = 0;
    for (ManagedApp app : apps) {
      if (app.tenant().filter(tenant::equals).isPresent()) {
        count++;
        disk += disk(app.status());
      }
    }
    return new Use(count, disk);
  }

  private long disk(AppStatus app) {
    long sum = app.revision().manifest().maxLogBytes();
    for (Revision each : app.revisions()) {
      sum += modules.size(each.digest());
    }
    return sum;
  }

  /**
   * Adds an app.
   *
   * @param add does so
   * @throws AppException if its tenant has no room for it
   */
  void adding(ManagedApp app, Runnable add) {
    if (app.tenant().isEmpty()) {
      add.run();
      return;
    }
    String tenant = app.tenant().get();
    synchronized (this) {
      if (tenants.tenant(tenant).tokens().isEmpty()) {
        throw new AppException(
            AppException.Reason.NOT_ALLOWED, "tenant '" + tenant + "' has no token any more", null);
      }
      Quota quota = tenants.tenant(tenant).terms().quota();
      int count = of(tenant).apps();
      if (count >= quota.maxApps()) {
        throw refusal(tenant, "apps", quota.maxApps(), count);
      }
      requireDisk(tenant, disk(app.status()));
      add.run();
    }
  }

  /**
   * Adds a revision to an app.
   *
   * @param keep how many revisions there are at most when it is there
   * @param upgrade does so
   * @throws AppException if the tenant has no room for it
   */
  void upgrading(ManagedApp app, String digest, Manifest manifest, int keep, Runnable upgrade) {
    if (app.tenant().isEmpty()) {
      upgrade.run();
      return;
    }
    String tenant = app.tenant().get();
    long more = modules.size(digest) + manifest.maxLogBytes();
    AppStatus now = app.status();
    more -= now.revision().manifest().maxLogBytes();
    List<Revision> known = now.revisions();
    for (Revision each : known.subList(0, Math.max(0, known.size() + 1 - keep))) {
      more -= modules.size(each.digest());
    }
    long added = Math.max(0, more);
    synchronized (this) {
      requireDisk(tenant, added);
      coming.merge(tenant, added, Long::sum);
    }
    try {
      upgrade.run();
    } finally {
      synchronized (this) {
        coming.merge(tenant, -added, (a, b) -> a + b == 0 ? null : a + b);
      }
    }
  }

  private void requireDisk(String tenant, long more) {
    long max = tenants.tenant(tenant).terms().quota().maxDisk();
    long used = of(tenant).disk() + coming.getOrDefault(tenant, 0L);
    if (more > 0 && used + more > max) {
      throw refusal(tenant, "bytes on disk", max, used + more);
    }
  }

  private static AppException refusal(String tenant, String what, long limit, long used) {
    return new AppException(
        AppException.Reason.QUOTA,
        "the quota of tenant '%s' is exhausted: limit %d %s, used %d"
            .formatted(tenant, limit, what, used),
        null);
  }
}
