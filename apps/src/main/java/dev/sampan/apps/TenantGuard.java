package dev.sampan.apps;

import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.run.GuestRoom;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.Ceiling;
import dev.sampan.wasm.MemoryPool;
import dev.sampan.wasm.WasmModule;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Stands between the revisions of a tenant's apps and their life: what they get, and take. */
final class TenantGuard {

  /** How long an app's log is spared the same complaint. */
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final Tenants tenants;
  private final String tenant;
  private final Account account;
  private final GuestRoom room;

  /**
   * A guard.
   *
   * @param whole room of which the tenant's guests get a part
   */
  TenantGuard(Tenants tenants, String tenant, GuestRoom whole) {
    this.tenants = tenants;
    this.tenant = tenant;
    this.account = tenants.account(tenant);
    this.room = account.room(whole);
  }

  /** Where the tenant's guests handle requests and do jobs. */
  GuestRoom room() {
    return room;
  }

  /**
   * A module as the tenant may run it.
   *
   * @throws AppException if the manifest grants more than the tenant may
   */
  WasmModule admit(WasmModule module, Revision revision, AppLog log) {
    new Ceiling(tenant, tenants.tenant(tenant).terms().grants())
        .require(revision.manifest().permissions());
    MemoryPool pool = account.memory().part(Long.MAX_VALUE, new Complaint(log, revision.number()));
    return new PooledModule(module, pool);
  }

  /** Tells in an app's log why its memory did not grow, as the guest sees only that it did not. */
  private static final class Complaint implements Consumer<MemoryPool> {
    private final AppLog log;
    private final int revision;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE);

    Complaint(AppLog log, int revision) {
      this.log = log;
      this.revision = revision;
    }

    @Override
    public void accept(MemoryPool lacking) {
      long now = System.nanoTime();
      long before = last.get();
      if (now - before >= PAUSE && last.compareAndSet(before, now)) {
        log.write(
            revision,
            "host",
            "memory of the tenant exhausted: limit %d bytes, used %d bytes"
                .formatted(lacking.max(), lacking.used()));
      }
    }
  }
}
