package dev.sampan.apps;

import dev.sampan.apps.store.AppRecord;
import dev.sampan.apps.store.Modules;
import dev.sampan.apps.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes modules in, for apps that are new and for those that are there: the module lies in the
 * store before anything names it, and is deleted again if nothing does in the end.
 */
final class Installer {

  private final Machinery machinery;
  private final Store store;
  private final SeenApps seen;

  /**
   * An installer.
   *
   * @param seen the apps of whoever installs; what is new will be one of them
   */
  Installer(Machinery machinery, SeenApps seen) {
    this.machinery = machinery;
    this.store = machinery.store();
    this.seen = seen;
  }

  /** How long a module may be: no longer than all that a tenant may have on disk. */
  long maxModuleBytes() {
    long disk =
        seen.tenant()
            .map(tenant -> machinery.tenants().tenant(tenant).terms().quota().maxDisk())
            .orElse(Long.MAX_VALUE);
    return Math.min(machinery.settings().maxModuleBytes(), disk);
  }

  private Modules.Held add(InputStream module) {
    try {
      return store.modules().add(module, maxModuleBytes());
    } catch (Modules.TooLargeException e) {
      throw new AppException(AppException.Reason.TOO_LARGE, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw AppException.unwritten("store", e);
    }
  }

  /** Installs an app, see {@link AppHost#install}. */
  AppStatus install(String name, Manifest manifest, InputStream module) {
    seen.requireFree(name);
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

  private AppStatus install(String name, Manifest manifest, Modules.Held module) {
    return machinery.apps().reserving(name, () -> installReserved(name, manifest, module));
  }

  private AppStatus installReserved(String name, Manifest manifest, Modules.Held module) {
    seen.requireFree(name);
    Revision first = new Revision(1, module.digest(), manifest, Instant.now());
    AppRecord record =
        new AppRecord(name, seen.tenant(), List.of(first), 1, new AppState.Installed());
    ManagedApp app = machinery.manage(record);
    app.requireUsable();
    machinery.occupancy().adding(app, () -> keep(record, app));
    machinery.apps().tellAdded(name);
    app.tellState();
    machinery.framework().appsHaveChanged();
    return app.status();
  }

  private void keep(AppRecord record, ManagedApp app) {
    try {
      store.put(record);
    } catch (IOException e) {
      throw AppException.unwritten("store", e);
    }
    machinery.apps().add(record.name(), app);
  }

  /** Installs a function or lets another revision of it take over; does not start it. */
  void deploy(String name, Optional<Manifest> manifest, InputStream module) {
    AppName.require(name);
    try (Modules.Held held = add(module)) {
      Optional<ManagedApp> known = seen.find(name);
      if (known.isEmpty()) {
        install(name, manifest.orElse(Manifest.FUNCTION), held);
      } else {
        upgrade(known.get(), held, manifest, OptionalInt.empty());
      }
    } finally {
      store.tidy();
    }
  }

  /**
   * Lets another revision of an app take over, see {@link AppHost#upgrade}.
   *
   * @param keep how many revisions are kept, or empty for as the manifest says
   */
  void upgrade(ManagedApp app, Optional<Manifest> manifest, InputStream module, OptionalInt keep) {
    try (Modules.Held held = add(module)) {
      upgrade(app, held, manifest, keep);
    } finally {
      store.tidy();
    }
  }

  private void upgrade(
      ManagedApp app, Modules.Held module, Optional<Manifest> manifest, OptionalInt keep) {
    Manifest next = manifest.orElse(app.status().revision().manifest());
    machinery
        .occupancy()
        .upgrading(
            app,
            module.digest(),
            next,
            keep.orElse(next.keepRevisions()),
            () -> app.upgrade(module.digest(), manifest, keep));
  }
}
