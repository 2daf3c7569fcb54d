package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.tenant.Quota;
import dev.sampan.apps.tenant.Terms;
import dev.sampan.apps.tenant.TooManyException;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services of tenants: whom they reach, and how often they are asked. */
class TenantServicesTest extends HostedTest {

  private static final Permissions ALL = Permissions.NONE.requests("*");

  private AppHost tenant(String name, Terms terms) {
    host.tenants().add(name, terms);
    return host.of(name);
  }

  private static int status(Puppet asker, int id, String url) {
    asker.post(Action.GET, id, url, NOTHING);
    return asker.await('R', note -> note.response().id() == id).response().status();
  }

  @Test
  void serviceAsksThoseOfItsTenantAndNoOthers() {
    AppHost acme = tenant("acme", Terms.DEFAULT);
    AppHost other = tenant("other", Terms.DEFAULT);
    Puppet client = Puppet.start(acme, "client", ALL);
    Puppet.start(acme, "colleague", Permissions.NONE);
    Puppet theirs = Puppet.start(other, "theirs", Permissions.NONE);
    Puppet operators = Puppet.start(host, "operators", ALL);
    assertThat(status(client, 1, "/app/colleague/x")).isEqualTo(Status.CONTENT);
    assertThat(status(client, 2, "/app/theirs/x")).isEqualTo(Status.FORBIDDEN);
    assertThat(status(client, 3, "/app/operators/x")).isEqualTo(Status.FORBIDDEN);
    // whether there is such an app is not told
    assertThat(status(client, 4, "/app/nobody/x")).isEqualTo(Status.FORBIDDEN);
    assertThat(status(operators, 5, "/app/theirs/x")).isEqualTo(Status.CONTENT);
    assertThat(client.log())
        .contains(
            "refused: a request to the app 'theirs'; needed: the terms of the tenant grant requests"
                + " to it");
    // nor by the name of a resource, which one's own app may have, too
    theirs.call(Puppet.Do.REGISTER, "/room/lamp");
    assertThat(status(client, 6, "/room/lamp")).isEqualTo(Status.NOT_FOUND);
    client.call(Puppet.Do.REGISTER, "/room/lamp");
    assertThat(status(client, 9, "/room/lamp")).isEqualTo(Status.CONTENT);
    assertThat(client.log()).doesNotContain("registered already");
    host.tenants().change("acme", terms -> terms.grants(Permissions.NONE.requests("theirs")));
    assertThat(status(client, 7, "/app/theirs/x")).isEqualTo(Status.CONTENT);
    assertThat(status(client, 8, "/app/operators/x")).isEqualTo(Status.FORBIDDEN);
  }

  @Test
  void serviceIsToldOfTheAppsOfItsTenantAlone() throws Exception {
    Permissions may = Permissions.NONE.topics(List.of(), List.of("/applets"));
    AppHost acme = tenant("acme", Terms.DEFAULT.grants(may));
    Puppet ear = Puppet.start(acme, "ear", may);
    ear.call(Puppet.Do.SUBSCRIBE, "/applets");
    Puppet.start(host, "operators", Permissions.NONE);
    AttributeContainer apps = AttributeContainer.decode(ear.await('E').request().payload());
    assertThat(apps.whole("num")).hasValue(1);
    assertThat(apps.text("applet1")).contains("ear");
  }

  @Test
  void serviceHearsOnlyWhatItsTenantMayHear() {
    AppHost acme = tenant("acme", Terms.DEFAULT);
    Permissions everything = Permissions.NONE.topics(List.of(), List.of("#"));
    assertThatThrownBy(() -> Puppet.start(acme, "ear", everything))
        .isInstanceOfSatisfying(
            AppException.class,
            e -> assertThat(e.reason()).isEqualTo(AppException.Reason.NOT_ALLOWED))
        .hasMessageContaining("subscribe: expected none, found #");
  }

  @Test
  void requestsFromOutsideCountForTheTenant() {
    AppHost acme = tenant("acme", Terms.DEFAULT.quota(Quota.DEFAULT.requests(2, 8)));
    Puppet puppet = Puppet.start(acme, "p", Permissions.NONE);
    for (int i = 0; i < 2; i++) {
      Response response = answered(puppet.ask(Action.GET, "x", NOTHING));
      assertThat(response.status()).isEqualTo(Status.CONTENT);
    }
    assertThatThrownBy(() -> puppet.ask(Action.GET, "x", NOTHING))
        .isInstanceOf(TooManyException.class)
        .hasMessage("too many requests for this tenant: limit 2 a second, used 2");
  }

  @Test
  void memoryOfServicesCounts() {
    AppHost acme = tenant("acme", Terms.DEFAULT);
    Puppet.start(acme, "p", Permissions.NONE);
    long used = host.tenants().account("acme").memory().used();
    assertThat(used).isPositive();
    acme.stop("p");
    eventually(
        () -> host.tenants().account("acme").memory().used() == 0, "its memory is given back");
  }
}
