package dev.sampan.apps.http;

import static dev.sampan.apps.http.TestServer.ask;
import static dev.sampan.apps.http.TestServer.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.TestServer.Reply;
import dev.sampan.apps.tenant.Quota;
import dev.sampan.apps.tenant.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tenants by REST, and what they are told when a quota is used up. */
@Timeout(120)
class TenantRestTest {

  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  @TempDir Path home;
  private TestServer test;

  @BeforeEach
  void open() throws Exception {
    test = TestServer.open(home);
  }

  @AfterEach
  void close() throws IOException {
    test.close();
  }

  private Reply json(HostClient client, String method, String path, String body)
      throws IOException {
    return ask(client, method, path, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Terms quota(Quota quota) {
    return Terms.DEFAULT.quota(quota);
  }

  @Test
  void tenantIsAddedChangedAndRemovedByTheOperator() throws Exception {
    HostClient operator = test.as(TestServer.OPERATOR);
    Reply added =
        json(
            operator,
            "PUT",
            "/v1/tenants/acme",
            "{\"quota\":{\"maxApps\":1,\"cpuTime\":\"PT2S\"}}");
    assertThat(added.status()).isEqualTo(201);
    HostClient acme = test.as(added.json().path("token").asString());
    Reply shown = ask(operator, "GET", "/v1/tenants/acme");
    assertThat(shown.text())
        .doesNotContain(added.json().path("token").asString())
        .doesNotContain("hash");
    assertThat(shown.json().path("terms").path("quota").path("maxApps").asInt()).isEqualTo(1);
    assertThat(shown.json().path("terms").path("quota").path("cpuTime").asString())
        .isEqualTo("PT2S");
    assertThat(shown.json().path("terms").path("quota").path("maxMemory").asLong())
        .isEqualTo(Quota.DEFAULT.maxMemory());
    assertThat(json(operator, "PUT", "/v1/tenants/acme", "{}").status()).isEqualTo(409);

    assertThat(ask(acme, "PUT", "/v1/functions/f", TestGuests.text("x")).status()).isEqualTo(200);
    Reply tooMany = ask(acme, "PUT", "/v1/functions/g", TestGuests.text("x"));
    assertThat(tooMany.status()).isEqualTo(403);
    assertThat(tooMany.message())
        .isEqualTo("the quota of tenant 'acme' is exhausted: limit 1 apps, used 1");
    Reply changed = json(operator, "PATCH", "/v1/tenants/acme", "{\"quota\":{\"maxApps\":2}}");
    assertThat(changed.json().path("terms").path("quota").path("cpuTime").asString())
        .isEqualTo("PT2S");
    assertThat(ask(acme, "PUT", "/v1/functions/g", TestGuests.text("x")).status()).isEqualTo(200);
    JsonNode use = ask(operator, "GET", "/v1/tenants").json().at("/tenants/0/use");
    assertThat(use.path("apps").asInt()).isEqualTo(2);
    assertThat(use.path("disk").asLong()).isGreaterThan(8L << 20);
    assertThat(ask(operator, "GET", "/v1/apps/f").json().path("tenant").asString())
        .isEqualTo("acme");

    Reply another = ask(operator, "POST", "/v1/tenants/acme/tokens");
    assertThat(another.status()).isEqualTo(201);
    String id = added.json().path("id").asString();
    assertThat(ask(operator, "DELETE", "/v1/tenants/acme/tokens/" + id).status()).isEqualTo(200);
    assertThat(ask(acme, "GET", "/v1/apps").status()).isEqualTo(401);
    assertThat(ask(operator, "DELETE", "/v1/tenants/acme").status()).isEqualTo(409);
    assertThat(ask(operator, "DELETE", "/v1/tenants/acme?force").status()).isEqualTo(200);
    assertThat(ask(operator, "GET", "/v1/tenants/acme").status()).isEqualTo(404);
    assertThat(test.host.list()).isEmpty();
  }

  @Test
  void mistakesInTermsAreNamed() throws Exception {
    for (String[] each :
        new String[][] {
          {"{\"quota\":{\"maxApps\":-1}}", "expected maxApps to be 0 or more, found -1"},
          {"{\"quota\":{\"maxAps\":1}}", "the terms are not understood: at quota.maxAps"},
          {"{\"quota\":{\"cpuTime\":\"long\"}}", "the terms are not understood: at quota.cpuTime"},
          {"{\"grants\":{\"network\":[\"everything\"]}}", "expected DIRECTION"},
          {"[]", "expected terms as a JSON object, found ARRAY"},
          {"nonsense", "the terms are not understood: "}
        }) {
      Reply reply = json(test.local, "PUT", "/v1/tenants/acme", each[0]);
      assertThat(reply.status()).as(each[0]).isEqualTo(422);
      assertThat(reply.message()).contains(each[1]);
    }
    assertThat(test.host.tenants().list()).isEmpty();
  }

  private String call(String function) throws IOException {
    return raw(
        test.plain(), "GET /fn/" + function + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  @Test
  void requestsBeyondTheQuotaAreToldWhenToComeAgain() throws Exception {
    HostClient acme = test.tenant("acme", quota(Quota.DEFAULT.requests(2, 2)));
    assertThat(ask(acme, "PUT", "/v1/functions/f", TestGuests.text("x")).status()).isEqualTo(200);
    assertThat(call("f")).startsWith("HTTP/1.1 200 ");
    assertThat(call("f")).startsWith("HTTP/1.1 200 ");
    assertThat(call("f"))
        .startsWith("HTTP/1.1 429 ")
        .contains("Retry-After: 1\r\n")
        .contains("too many requests for this tenant: limit 2 a second, used 2");
    // the management has a second of its own
    assertThat(ask(acme, "GET", "/v1/apps").status()).isEqualTo(200);
    assertThat(ask(acme, "GET", "/v1/apps").status()).isEqualTo(429);
  }

  @Test
  void processorTimeBeyondTheQuotaIsToldWithItsEnd() throws Exception {
    Duration none = Duration.ZERO;
    HostClient acme = test.tenant("acme", quota(Quota.DEFAULT.cpu(none, Duration.ofDays(1))));
    assertThat(ask(acme, "PUT", "/v1/functions/f", TestGuests.text("x")).status()).isEqualTo(200);
    String answer = call("f");
    assertThat(answer)
        .startsWith("HTTP/1.1 429 ")
        .contains("CPU time of the tenant exhausted: limit 0s in 24h, used 0s; there is more at ")
        .containsPattern("Retry-After: [0-9]{1,5}\r\n");
    ask(acme, "PUT", "/v1/apps/a", TestGuests.exits(0));
    Reply start = ask(acme, "POST", "/v1/apps/a/start");
    assertThat(start.status()).isEqualTo(429);
    assertThat(start.message()).contains("CPU time of the tenant exhausted");
  }

  @Test
  void eventsOfOthersAreNotHeardNorSaid() throws Exception {
    HostClient acme = test.tenant("acme", Terms.DEFAULT);
    Reply heard = ask(acme, "GET", "/v1/events?topic=%23");
    assertThat(heard.status()).isEqualTo(403);
    assertThat(heard.message())
        .isEqualTo("the tenant may not hear of '#': expected its terms to grant that, found []");
    Reply said = ask(acme, "POST", "/v1/events/acme/x", Map.of(), new byte[] {1});
    assertThat(said.status()).isEqualTo(403);
    json(
        test.local,
        "PATCH",
        "/v1/tenants/acme",
        "{\"grants\":{\"publish\":[\"acme/#\"],\"subscribe\":[\"acme/#\"]}}");
    assertThat(ask(acme, "POST", "/v1/events/acme/x", Map.of(), new byte[] {1}).text())
        .contains("\"reached\" : 0");
    assertThat(ask(acme, "POST", "/v1/events/other/x", Map.of(), new byte[] {1}).status())
        .isEqualTo(403);
    assertThat(ask(acme, "GET", "/v1/events?topic=%2b/x").status()).isEqualTo(403);
    assertThat(ask(test.local, "POST", "/v1/events/other/x", Map.of(), new byte[] {1}).status())
        .isEqualTo(200);
  }
}
