package dev.sampan.apps.http;

import static dev.sampan.apps.http.TestServer.ask;
import static dev.sampan.apps.http.TestServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.HostSettings;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.TestServer.Reply;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Terms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the host refuses to those who may not, or mean ill: each with what they are told. */
@Timeout(120)
class RefusalsTest {

  private static final int MAX_MODULE = 100_000;

  @TempDir Path home;
  private TestServer test;

  @BeforeEach
  void open() throws Exception {
    test = TestServer.open(HostSettings.at(home).limits(MAX_MODULE, 64), settings -> settings);
  }

  @AfterEach
  void close() throws IOException {
    test.close();
  }

  private static void refused(Reply reply, int status, String message) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.message()).contains(message);
  }

  private Reply operator(String method, String path) throws Exception {
    return ask(test.as(TestServer.OPERATOR), method, path);
  }

  /** A request as text; the connection ends with the answer. */
  private static String request(String line, String... headers) {
    return line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + lines(headers) + "\r\n";
  }

  private static String lines(String... headers) {
    return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
  }

  // ---- who asks ----

  @Test
  void managementWithoutTlsIsRefusedWithWhereItIs() throws Exception {
    for (String path : new String[] {"/v1/apps", "/v1/host/stop", "/v1/nothing", "/v1/"}) {
      String answer =
          raw(test.plain(), request("GET " + path, "Authorization: Bearer " + TestServer.OPERATOR));
      assertThat(answer)
          .startsWith("HTTP/1.1 403 ")
          .contains("the host is not managed here, where a token could be read on its way; ask at ")
          .contains(":" + test.url().getPort() + ", with a token");
    }
    assertThat(raw(test.plain(), request("GET /healthz"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void withoutTokenOrWithAWrongOneNobodyIsHeard() throws Exception {
    for (String[] each :
        new String[][] {
          {"", "expected a token (Authorization: Bearer TOKEN), found none"},
          {"Authorization: Basic b3BlcmF0b3I6eA==", "expected a token"},
          {"Authorization: Bearer", "expected a token"},
          {"Authorization: Bearer " + TestServer.OPERATOR + "x", "the token is not known here"},
          {"Authorization: Bearer " + AccessToken.make().text(), "the token is not known here"},
          {"Authorization: Bearer \u00ff\u00fe", "the token is not known here"}
        }) {
      String[] headers = each[0].isEmpty() ? new String[0] : new String[] {each[0]};
      for (String path : new String[] {"/v1/apps", "/v1/there-is-no-such-thing"}) {
        assertThat(raw(test.secure(), request("GET " + path, headers)))
            .as(each[0])
            .startsWith("HTTP/1.1 401 ")
            .contains("WWW-Authenticate: Bearer")
            .contains(each[1]);
      }
    }
    assertThat(operator("GET", "/v1/apps").status()).isEqualTo(200);
    assertThat(
            raw(
                test.secure(),
                request("GET /v1/apps", "Authorization: bearer " + TestServer.OPERATOR)))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whatIsNoRequestIsRefusedInTheOneFormOfFailures() throws Exception {
    String[][] wrong = {
      {request("GET /fn/a%2fb"), "400", "Ambiguous URI path separator"},
      {request("GET /fn/a/%ff"), "400", "the request is not as HTTP has it: Bad UTF-8"},
      {request("GET /fn/a%00b"), "400", "the request is not as HTTP has it: "},
      {"this is no request\r\n\r\n", "400", "the request is not as HTTP has it: "},
      {request("GET /healthz", "X: " + "x".repeat(70_000)), "431", "at most 65536 bytes"}
    };
    for (String[] each : wrong) {
      assertThat(raw(test.plain(), each[0]))
          .startsWith("HTTP/1.1 " + each[1] + " ")
          .contains("Content-Type: application/json")
          .contains("\"status\" : " + each[1])
          .contains(each[2]);
    }
  }

  @Test
  void queriesThatAreNotUnderstoodAreTheAskersFault() throws Exception {
    ask(test.local, "PUT", "/v1/apps/a", TestGuests.exits(0));
    for (String query : new String[] {"tail=%zz", "tail=%", "%zz=1", "tail=-1"}) {
      refused(operator("GET", "/v1/apps/a/logs?" + query), 400, "");
    }
    for (String query :
        new String[] {"tail=%ff%fe", "tail=1&x=%c0%ae", "%E2%82=1", "tail=%ed%a0%80"}) {
      refused(
          operator("GET", "/v1/apps/a/logs?" + query),
          400,
          "expected what is escaped in the query to be UTF-8, found %");
    }
    assertThat(operator("GET", "/v1/apps/a/logs?tail=1&x=%E2%82%AC+%20%25ff").status())
        .isEqualTo(200);
  }

  @Test
  void tokenThatWasRevokedOrOfATenantThatIsGoneIsOfNoUse() throws Exception {
    AccessToken.Made first = test.host.tenants().add("acme", Terms.DEFAULT);
    AccessToken.Made second = test.host.tenants().addToken("acme");
    assertThat(ask(test.as(first.text()), "GET", "/v1/apps").status()).isEqualTo(200);
    test.host.tenants().revoke("acme", first.token().id());
    refused(
        ask(test.as(first.text()), "GET", "/v1/apps"),
        401,
        "the token is not known here, or was revoked");
    assertThat(ask(test.as(second.text()), "GET", "/v1/apps").status()).isEqualTo(200);
    test.host.removeTenant("acme", false);
    refused(ask(test.as(second.text()), "GET", "/v1/apps"), 401, "or was revoked");
    test.host.tenants().add("acme", Terms.DEFAULT);
    refused(ask(test.as(second.text()), "GET", "/v1/apps"), 401, "or was revoked");
  }

  @Test
  void appsOfOthersAreAsIfTheyWereNotThere() throws Exception {
    HostClient acme = test.tenant("acme", Terms.DEFAULT);
    HostClient other = test.tenant("other", Terms.DEFAULT);
    assertThat(ask(acme, "PUT", "/v1/functions/mine", TestGuests.text("x")).status())
        .isEqualTo(200);
    String[][] requests = {
      {"GET", ""},
      {"DELETE", "?force"},
      {"GET", "/logs"},
      {"GET", "/logs?follow"},
      {"GET", "/stats"},
      {"POST", "/start"},
      {"POST", "/stop"},
      {"POST", "/pause"},
      {"POST", "/resume"},
      {"POST", "/restart"},
      {"POST", "/rollback"}
    };
    for (String[] each : requests) {
      Reply theirs = ask(other, each[0], "/v1/apps/mine" + each[1]);
      Reply none = ask(other, each[0], "/v1/apps/none" + each[1]);
      refused(theirs, 404, "there is no app 'mine'");
      assertThat(theirs.text().replace("mine", "none")).isEqualTo(none.text());
    }
    refused(
        ask(other, "POST", "/v1/apps/mine/upgrade", TestGuests.text("y")),
        404,
        "there is no app 'mine'");
    refused(
        ask(other, "PUT", "/v1/functions/mine", TestGuests.text("y")),
        409,
        "the name 'mine' is taken on this host");
    refused(ask(other, "DELETE", "/v1/functions/mine"), 404, "there is no app 'mine'");
    assertThat(ask(other, "GET", "/v1/apps").text()).doesNotContain("mine");
    assertThat(ask(other, "GET", "/v1/functions").text()).doesNotContain("mine");
    assertThat(ask(acme, "GET", "/v1/apps").text()).contains("mine");
  }

  @Test
  void whatIsTheOperatorsIsNotForTenants() throws Exception {
    HostClient acme = test.tenant("acme", Terms.DEFAULT);
    test.tenant("other", Terms.DEFAULT);
    String[][] requests = {
      {"POST", "/v1/host/stop"},
      {"GET", "/v1/tenants"},
      {"PUT", "/v1/tenants/evil"},
      {"PATCH", "/v1/tenants/acme"},
      {"DELETE", "/v1/tenants/other"},
      {"POST", "/v1/tenants/acme/tokens"},
      {"DELETE", "/v1/tenants/other/tokens/x"}
    };
    for (String[] each : requests) {
      refused(ask(acme, each[0], each[1]), 403, "only the operator of the host may ask for this");
    }
    refused(ask(acme, "GET", "/v1/tenants/other"), 404, "there is no tenant 'other'");
    assertThat(ask(acme, "GET", "/v1/tenants/acme").json().path("name").asString())
        .isEqualTo("acme");
    Reply host = ask(acme, "GET", "/v1/host");
    assertThat(host.json().path("tenant").asString()).isEqualTo("acme");
    assertThat(host.text()).doesNotContain(home.toString());
  }

  // ---- browsers ----

  @Test
  void pagesOfTheWebCannotDriveTheManagement() throws Exception {
    String token = "Authorization: Bearer " + TestServer.OPERATOR;
    for (String header :
        new String[] {
          "Origin: https://evil.example",
          "Origin: null",
          "Origin: http://x",
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Site: same-site"
        }) {
      String answer = raw(test.secure(), request("POST /v1/host/stop", token, header));
      assertThat(answer)
          .as(header)
          .startsWith("HTTP/1.1 403 ")
          .contains("expected no page of the web, or one of this host, found a page of ")
          .doesNotContainIgnoringCase("Access-Control-");
    }
    // what a browser asks beforehand
    String answer =
        raw(
            test.secure(),
            request(
                "OPTIONS /v1/apps",
                "Origin: https://evil.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization"));
    assertThat(answer)
        .startsWith("HTTP/1.1 403 ")
        .doesNotContainIgnoringCase("Access-Control-Allow");
    assertThat(raw(test.secure(), request("GET /v1/apps", token, "Origin: https://x")))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContainIgnoringCase("Access-Control-");
  }

  @Test
  void formsAreRefused() throws Exception {
    byte[] module = TestGuests.text("x").getBytes(StandardCharsets.UTF_8);
    for (String type :
        new String[] {
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "text/plain;charset=UTF-8"
        }) {
      refused(
          ask(test.local, "PUT", "/v1/functions/f", Map.of("Content-Type", type), module),
          415,
          "expected a body of application/wasm or application/octet-stream, found "
              + type.replaceFirst(";.*", ""));
      refused(
          ask(test.local, "PUT", "/v1/tenants/t", Map.of("Content-Type", type), module),
          415,
          "expected a body of application/json");
    }
    assertThat(test.host.list()).isEmpty();
  }

  // ---- names and paths ----

  @Test
  void namesThatCouldBePathsAreRefused() throws Exception {
    String token = "Authorization: Bearer " + TestServer.OPERATOR;
    String[][] names = {
      {"..", "400|404"},
      {".", "400|404"},
      {"%2e%2e", "400|404"},
      {"%2E%2E%2F%2E%2E%2Fetc", "400"},
      {"a%2fb", "400"},
      {"a%5cb", "400|422"},
      {"a%00b", "400"},
      {"a;b", "400"},
      {"a%0d%0aX-Evil:%201", "400|422"},
      {"%c0%ae%c0%ae", "400|422"},
      {"%ff", "400|422"},
      {"%d0%b0pp", "422"}, // a Cyrillic letter
      {"%ef%bd%86ull", "422"}, // a letter of full width
      {"app%e2%80%8b", "422"}, // a space of no width
      {"APP", "422"},
      {"-app", "422"},
      {"a".repeat(64), "422"},
      {"a".repeat(4_000), "422"}
    };
    for (String[] each : names) {
      for (String path : new String[] {"/v1/apps/", "/v1/functions/", "/v1/tenants/"}) {
        String answer =
            raw(test.secure(), request("PUT " + path + each[0], token, "Content-Length: 0"));
        assertThat(answer)
            .as(path + each[0])
            .matches("(?s)HTTP/1.1 (" + each[1] + ") .*")
            .doesNotContain("X-Evil: 1");
      }
      assertThat(raw(test.plain(), request("GET /fn/" + each[0])))
          .as(each[0])
          .matches("(?s)HTTP/1.1 (303|400|404) .*"); // what leads out of there is the page
    }
    refused(
        ask(test.local, "PUT", "/v1/apps/" + "a".repeat(4_000), TestGuests.text("x")),
        422,
        "expected a name of 1 to 63 lower-case letters, digits and hyphens, found '"
            + "a".repeat(80)
            + "…'");
    assertThat(test.host.list()).isEmpty();
    assertThat(test.host.tenants().list()).isEmpty();
  }

  // ---- what is sent ----

  private static byte[] zip(byte[] content, int times) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < times; i++) {
        out.write(content);
      }
    }
    return packed.toByteArray();
  }

  private Reply put(Map<String, String> headers, byte[] body) throws IOException {
    return ask(test.local, "PUT", "/v1/functions/f", headers, body);
  }

  @Test
  void packedModuleIsUnpackedAndABombIsNot() throws Exception {
    byte[] module = TestGuests.text("packed").getBytes(StandardCharsets.UTF_8);
    Map<String, String> gzip = Map.of("Content-Encoding", "gzip");
    assertThat(put(gzip, zip(module, 1)).status()).isEqualTo(200);
    assertThat(raw(test.plain(), request("GET /fn/f"))).endsWith("packed");
    byte[] bomb = zip(new byte[1 << 20], 64);
    assertThat(bomb.length).isLessThan(MAX_MODULE);
    refused(put(gzip, bomb), 413, "expected a body of at most 100000 bytes, found more");
    byte[] twice = zip(bomb, 1);
    refused(put(gzip, twice), 422, "magic header not detected");
    refused(put(gzip, module), 400, "the body is not packed by gzip as it should be: ");
    byte[] cut = Arrays.copyOf(zip(module, 1), 40);
    refused(put(gzip, cut), 400, "the body is not packed by gzip as it should be: ");
    refused(
        put(Map.of("Content-Encoding", "br"), module),
        415,
        "expected a body as it is or packed by gzip, found Content-Encoding: br");
    refused(put(Map.of("Content-Encoding", "gzip, gzip"), zip(module, 1)), 415, "gzip, gzip");
    assertThat(raw(test.plain(), request("GET /fn/f"))).endsWith("packed");
  }

  @Test
  void bodyThatIsTooLongIsRefusedBeforeItIsSent() throws Exception {
    String token = "Authorization: Bearer " + TestServer.OPERATOR;
    try (Socket socket = test.secure()) {
      socket
          .getOutputStream()
          .write(
              request(
                      "PUT /v1/functions/f",
                      token,
                      "Content-Length: 100000000000",
                      "Expect: 100-continue")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413 ")
          .contains("expected a body of at most 100000 bytes, found 100000000000");
    }
    refused(
        put(Map.of(), new byte[MAX_MODULE + 1]),
        413,
        "expected a body of at most 100000 bytes, found 100001");
    refused(
        ask(
            test.local,
            "PUT",
            "/v1/tenants/t",
            Map.of("Content-Type", "application/json"),
            new byte[2 << 20]),
        413,
        "expected a body of at most 1048576 bytes, found 2097152");
  }

  @Test
  void bodyOfUnknownLengthIsRefusedWhenItIsTooLong() throws Exception {
    String head =
        request(
            "PUT /v1/functions/f",
            "Authorization: Bearer " + TestServer.OPERATOR,
            "Transfer-Encoding: chunked");
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    assertThat(raw(test.secure(), head + chunk.repeat(7) + "0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .contains("expected a body of at most 100000 bytes, found more");
    // and one that breaks off installs nothing
    try (Socket socket = test.secure()) {
      socket.getOutputStream().write((head + chunk).getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(test.host.list()).isEmpty();
  }

  @Test
  void bodyThatComesTooSlowlyIsRefused() throws Exception {
    AtomicLong now = new AtomicLong();
    InputStream zeros = new ByteArrayInputStream(new byte[1 << 20]);
    Upload.Sent body = new Upload.Sent(zeros, now::get);
    // so much a second is enough, for as long as one likes
    for (int i = 0; i < 600; i++) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(1));
      assertThat(body.readNBytes(512)).hasSize(512);
    }
    now.addAndGet(TimeUnit.SECONDS.toNanos(30));
    assertThat(body.readNBytes(512)).hasSize(512);
    now.addAndGet(TimeUnit.SECONDS.toNanos(3));
    assertThatThrownBy(() -> body.readNBytes(512))
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(e.status()).isEqualTo(408))
        .hasMessage("expected a body with at least 512 bytes a second");
  }

  @Test
  void guestsCannotInjectHeaders() throws Exception {
    String[][] outputs = {
      {"X-A: 1\rX-Evil: 2\n\nbody", "502", "holds a control character"},
      {"X-A: 1\u0000\n\nbody", "502", "holds a control character"},
      {"X-A\r: 1\n\nbody", "502", "did not begin with a header"},
      {"X A: 1\n\nbody", "502", "did not begin with a header"},
      {": 1\n\nbody", "502", "did not begin with a header"},
      {" X-A: 1\n\nbody", "502", "did not begin with a header"},
      {"Transfer-Encoding: chunked\n\nbody", "502", "which is the server's"},
      {"Connection: close\n\nbody", "502", "which is the server's"},
      {"Content-Length: 1, 2\n\nbody", "502", "Content-Length is no number"},
      {"Status: 200 OK\rX-Evil: 2\n\nbody", "502", "control character"},
      {"Status: 99\n\nbody", "502", "expected a status from 200 to 599"},
      {"Status: 101\n\nbody", "502", "expected a status from 200 to 599"}
    };
    for (String[] each : outputs) {
      ask(test.local, "PUT", "/v1/functions/f", TestGuests.says(each[0]));
      String answer = raw(test.plain(), request("GET /fn/f"));
      assertThat(answer).as(each[0]).startsWith("HTTP/1.1 " + each[1] + " ").contains(each[2]);
      assertThat(answer.substring(0, answer.indexOf("\r\n\r\n"))).doesNotContain("X-Evil");
    }
  }

  // ---- connections ----

  @Test
  void connectionThatSendsBitByBitIsClosed() throws Exception {
    test.close();
    test =
        TestServer.open(
            HostSettings.at(home), settings -> settings.connections(100, Duration.ofSeconds(1)));
    for (boolean secure : new boolean[] {false, true}) {
      try (Socket socket = secure ? test.secure() : test.plain()) {
        OutputStream out = socket.getOutputStream();
        out.write("GET /healthz HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
        long began = System.nanoTime();
        boolean closed = false;
        while (!closed && System.nanoTime() - began < 20_000_000_000L) {
          try {
            out.write("X-A: 1\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(50);
          } catch (SocketException e) {
            closed = true;
          }
        }
        assertThat(closed).isTrue();
      }
    }
    assertThat(raw(test.plain(), request("GET /healthz"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void moreConnectionsThanThereMayBeWait() throws Exception {
    test.close();
    test =
        TestServer.open(
            HostSettings.at(home), settings -> settings.connections(4, Duration.ofSeconds(60)));
    Socket[] idle = new Socket[4];
    for (int i = 0; i < idle.length; i++) {
      idle[i] = test.plain();
      // now it has certainly been accepted
      idle[i]
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(idle[i].getInputStream().read()).isEqualTo('H');
    }
    try (Socket fifth = test.plain()) {
      fifth.setSoTimeout(500);
      fifth.getOutputStream().write(request("GET /healthz").getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> fifth.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      // the management has connections of its own
      assertThat(operator("GET", "/v1/apps").status()).isEqualTo(200);
      assertThat(ask(test.local, "GET", "/v1/apps").status()).isEqualTo(200);
      idle[0].close();
      fifth.setSoTimeout(20_000);
      assertThat(fifth.getInputStream().read()).isEqualTo('H');
    }
    for (Socket socket : idle) {
      socket.close();
    }
  }
}
