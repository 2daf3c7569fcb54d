package dev.sampan.apps;

import dev.sampan.apps.service.Framework;
import dev.sampan.apps.wire.Status;
import java.util.List;
import java.util.Optional;

/** What the framework asks of apps that it does not reach, or that want to reach each other. */
final class Neighbours implements Framework.Directory {

  private final Apps apps;
  private final Tenants tenants;

  Neighbours(Apps apps, Tenants tenants) {
    this.apps = apps;
    this.tenants = tenants;
  }

  @Override
  public Framework.Refusal absent(String name) {
    Optional<ManagedApp> app = apps.find(name);
    if (app.isEmpty()) {
      return new Framework.Refusal(Status.NOT_FOUND, "there is no app '" + name + "'");
    }
    if (!(app.get().trigger() instanceof Trigger.Service)) {
      return new Framework.Refusal(Status.NOT_FOUND, "'" + name + "' is no service");
    }
    AppState state = app.get().status().state();
    String why = state.reason().map(reason -> ": " + reason).orElse("");
    return new Framework.Refusal(
        Status.UNAVAILABLE, "'%s' is not ready, it is %s%s".formatted(name, state.word(), why));
  }

  @Override
  public boolean mayMeet(String from, String to) {
    Optional<String> tenant = apps.find(from).flatMap(ManagedApp::tenant);
    Optional<String> others = apps.find(to).flatMap(ManagedApp::tenant);
    return tenant.isEmpty()
        || tenant.equals(others)
        || tenants.tenant(tenant.get()).terms().grants().mayRequest(to);
  }

  @Override
  public List<String> known(String from) {
    return new SeenApps(apps, apps.find(from).flatMap(ManagedApp::tenant)).names();
  }
}
