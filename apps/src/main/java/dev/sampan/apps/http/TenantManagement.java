package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.json.TermsJson;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Tenant;
import dev.sampan.apps.tenant.Terms;
import java.io.IOException;
import java.util.List;

/** {@code /v1/tenants/…}: who shares the host, and under which terms. */
final class TenantManagement {

  private static final String ALL = "/v1/tenants";
  private static final String ONE = ALL + "/{tenant}";
  private static final int MAX_TERMS = 1 << 20;

  private final AppHost host;

  /** A list of tenants. */
  private record AllTenants(List<TenantView> tenants) {}

  /** What was removed. */
  private record Removed(String removed) {}

  TenantManagement(AppHost host) {
    this.host = host;
  }

  List<Route> routes() {
    return List.of(
        forOperator("GET", ALL, "All tenants.")
            .answers(200, AllTenants.class)
            .by(call -> call.exchange().json(200, new AllTenants(views()))),
        Route.of("GET", ONE, "A tenant; each may see itself.")
            .answers(200, TenantView.class)
            .by(this::show),
        forOperator("PUT", ONE, "Adds a tenant, with one token.")
            .body(Route.Body.json(Terms.class))
            .answers(201, TenantView.NewToken.class)
            .by(this::add),
        forOperator("PATCH", ONE, "Changes a tenant's terms where the body says so.")
            .body(Route.Body.json(Terms.class))
            .answers(200, TenantView.class)
            .by(this::change),
        forOperator("DELETE", ONE, "Removes a tenant.")
            .query("force", Boolean.class, "Even if it has apps; they are removed, too.")
            .answers(200, Removed.class)
            .by(this::remove),
        forOperator("POST", ONE + "/tokens", "Gives a tenant a further token.")
            .answers(201, TenantView.NewToken.class)
            .by(call -> show(call, name(call), host.tenants().addToken(name(call)))),
        forOperator("DELETE", ONE + "/tokens/{id}", "Revokes a token.")
            .answers(200, Removed.class)
            .by(this::revoke));
  }

  private static Route forOperator(String method, String path, String summary) {
    return Route.of(method, path, summary).audience(Audience.OPERATOR);
  }

  private static String name(Call call) {
    return call.variable("tenant");
  }

  private List<TenantView> views() {
    return host.tenants().list().stream().map(each -> TenantView.of(host, each)).toList();
  }

  private void show(Call call) {
    if (call.caller() instanceof Caller.OfTenant tenant && !tenant.name().equals(name(call))) {
      throw new AppException(
          AppException.Reason.NOT_FOUND, "there is no tenant '" + name(call) + "'", null);
    }
    show(call, host.tenants().tenant(name(call)));
  }

  private void show(Call call, Tenant tenant) {
    call.exchange().json(200, TenantView.of(host, tenant));
  }

  private static void show(Call call, String tenant, AccessToken.Made made) {
    call.exchange().json(201, new TenantView.NewToken(tenant, made.token().id(), made.text()));
  }

  private static byte[] terms(Call call) throws IOException {
    return Upload.bytes(call.exchange(), Route.Body.json(Terms.class), MAX_TERMS);
  }

  private void add(Call call) throws IOException {
    Terms terms = TermsJson.read(terms(call), Terms.DEFAULT);
    show(call, name(call), host.tenants().add(name(call), terms));
  }

  private void change(Call call) throws IOException {
    byte[] changes = terms(call);
    show(call, host.tenants().change(name(call), terms -> TermsJson.read(changes, terms)));
  }

  private void remove(Call call) {
    host.removeTenant(name(call), call.exchange().flag("force"));
    call.exchange().json(200, new Removed(name(call)));
  }

  private void revoke(Call call) {
    host.tenants().revoke(name(call), call.variable("id"));
    call.exchange().json(200, new Removed(call.variable("id")));
  }
}
