package dev.sampan.apps.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.http.HostProcess;
import dev.sampan.apps.http.HostServer;
import dev.sampan.apps.http.ServerSettings;
import dev.sampan.apps.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page in the hands of a user. Pictures of it are in {@code target/pictures}. */
@Timeout(180)
class PageInBrowserTest {

  private static final Path PICTURES = Path.of("target", "pictures");

  @TempDir static Path profile;
  private static @Nullable Chromium browser;

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private AppHost host;
  private HostServer server;
  private String base;
  private Tab tab;

  @BeforeAll
  static void startBrowser() throws IOException {
    Optional<Chromium> started = Chromium.start(profile);
    if (started.isEmpty()) {
      System.err.println("SKIPPED: no chromium to try the web page in");
    }
    assumeTrue(started.isPresent(), "no chromium");
    browser = started.get();
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
    server =
        HostServer.start(
            host,
            ServerSettings.of(
                new InetSocketAddress("127.0.0.1", 0), home.resolve(HostProcess.SOCKET)));
    base = "http://127.0.0.1:" + server.address().getPort();
    tab = new Tab(browser);
    tab.look(1280, 900, false, false);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    host.close();
    http.shutdownNow();
  }

  private void signIn() throws IOException {
    HostClient local = new HostClient(home.resolve(HostProcess.SOCKET));
    try (HostClient.Answer answer = local.ask("POST", "/v1/host/page")) {
      JsonNode link = Json.parse(answer.body().readAllBytes());
      tab.go(link.path("url").asString());
    }
    tab.await("location.pathname === '/ui' && document.readyState === 'complete'");
  }

  private String call(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(base + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Path file(String name, String module) throws IOException {
    return Files.writeString(home.resolve(name), module);
  }

  private void noComplaints() {
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void functionIsDeployedSeenUpgradedAndStopped() throws Exception {
    signIn();
    assertThat(tab.text("h1")).isEqualTo("Apps");
    assertThat(tab.text(".empty")).contains("There are no apps yet");

    // a file that is dropped gives the app its name
    tab.drop("[data-drop]", file("Hello World.wat", TestGuests.text("one")));
    tab.awaitText("[data-chosen]", "Hello World.wat");
    assertThat(tab.eval("document.getElementById('name').value").asString())
        .isEqualTo("hello-world");
    tab.click("form[data-upload] button.primary");
    tab.await("location.pathname === '/ui/apps/hello-world'");
    tab.awaitText(".notice.done", "hello-world is running, at revision 1");
    assertThat(call("/fn/hello-world")).isEqualTo("one");

    // it is seen at work
    for (int i = 0; i < 5; i++) {
      call("/fn/hello-world");
    }
    tab.await("Number(document.querySelector('[data-cell=calls]').innerText) >= 6");
    tab.await("document.querySelector('[data-chart=calls] .line')");

    // the next revision
    tab.choose("#module", file("two.wat", TestGuests.text("two")));
    tab.click("form[data-upload] button.primary");
    tab.awaitText(".notice.done", "at revision 2");
    assertThat(call("/fn/hello-world")).isEqualTo("two");
    assertThat(tab.text(".revisions tbody tr.current td.number")).isEqualTo("2");

    // and back
    tab.click(".revisions form button");
    tab.awaitText("dialog", "Let another revision of hello-world take over?");
    tab.click("dialog button[value=yes]");
    tab.awaitText(".notice.done", "at revision 1");
    assertThat(call("/fn/hello-world")).isEqualTo("one");

    // pausing asks nothing, stopping does
    tab.click("form[action$=\"/pause\"] button");
    // the state shows at once, but only what is said is on the next page
    tab.awaitText(".notice.done", "hello-world is paused");
    tab.click("form[action$=\"/resume\"] button");
    tab.awaitText(".notice.done", "hello-world is running");
    tab.click("form[action$=\"/stop\"] button");
    tab.awaitText("dialog", "Stop hello-world?");
    tab.press("Escape", 27);
    tab.await("!document.querySelector('dialog')");
    assertThat(host.status("hello-world").state().word()).isEqualTo("running");
    tab.click("form[action$=\"/stop\"] button");
    tab.click("dialog button[value=yes]");
    tab.awaitText(".notice.done", "hello-world is stopped");
    assertThat(call("/fn/hello-world")).contains("is stopped");

    tab.click("form[action$=\"/remove\"] button");
    tab.click("dialog button[value=yes]");
    tab.await("location.pathname === '/ui'");
    tab.awaitText(".notice.done", "hello-world is removed");
    assertThat(host.list()).isEmpty();
    noComplaints();
  }

  @Test
  void logIsSeenLive() throws Exception {
    signIn();
    tab.drop("[data-drop]", file("clock.wat", TestGuests.ticks("tick")));
    tab.click("input[value=program]");
    tab.click("form[data-upload] button.primary");
    tab.await("location.pathname === '/ui/apps/clock'");
    tab.awaitText(".log .host", "started");
    tab.await("document.querySelectorAll('.log .stdout').length > 20");
    int before = tab.eval("document.querySelectorAll('.log .stdout').length").asInt();
    tab.await("document.querySelectorAll('.log .stdout').length > " + (before + 20));
    assertThat(tab.text(".log .stdout")).contains("tick");
    noComplaints();
  }

  @Test
  void pageFollowsWhatOthersDo() throws Exception {
    signIn();
    host.install("other", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    tab.awaitText("[data-app=other]", "installed");
    host.start("other");
    tab.awaitText("[data-app=other]", "running");
    tab.await(
        "parseInt(document.querySelector('[data-app=other] [data-cell=cpu]').innerText) > 10");
    host.remove("other", true);
    tab.awaitText(".empty", "There are no apps yet");
    noComplaints();
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    signIn();
    tab.drop("[data-drop]", file("wrong.wasm", "no module at all"));
    tab.click("form[data-upload] button.primary");
    tab.awaitText(".notice.error[role=alert]", "magic header");
    assertThat(tab.eval("location.pathname").asString()).isEqualTo("/ui");
    assertThat(tab.eval("document.getElementById('name').value").asString()).isEqualTo("wrong");

    tab.drop("[data-drop]", file("fails.wat", TestGuests.traps()));
    tab.eval("document.getElementById('name').value = 'fails'");
    tab.click("input[value=program]");
    tab.click("form[data-upload] button.primary");
    tab.await("location.pathname === '/ui/apps/fails'");
    tab.awaitText(".why", "trap: unreachable");
    tab.awaitText(".log .host", "at fails!");
    assertThat(tab.complaints()).allMatch(text -> text.contains("422"));
  }

  @Test
  void everythingCanBeReachedByKeyboard() throws Exception {
    host.install("app", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    signIn();
    String focus = "document.activeElement.innerText || document.activeElement.name";
    tab.press("Tab", 9);
    assertThat(tab.eval(focus).asString()).isEqualTo("Skip to the content");
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      tab.press("Tab", 9);
      order.append(tab.eval(focus).asString()).append(' ');
    }
    assertThat(order.toString()).contains("Sampan Sign out app Start module name kind More Deploy");
    // each field has its label, each picture and button its name
    assertThat(
            tab.eval(
                    """
                    [...document.querySelectorAll('input:not([type=hidden]), textarea')]
                      .filter(each => each.labels.length === 0).length
                      + [...document.querySelectorAll('button, a')]
                      .filter(each => !each.innerText.trim() && !each.ariaLabel).length
                    """)
                .asInt())
        .isZero();
  }

  @Test
  void scriptsOfFunctionsGetNothingOfThePage() throws Exception {
    host.install("secret-app", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    signIn();
    host.deploy(
        "evil",
        Optional.empty(),
        TestGuests.module(
            TestGuests.says(
                """
                Content-Type: text/html
                Cross-Origin-Opener-Policy: same-origin

                <!DOCTYPE html><title>evil</title><a id="open">open</a>
                <script>
                  let other;
                  document.getElementById('open').onclick = () => { other = open('/ui', 'x'); };
                </script>
                """)));
    tab.go(base + "/fn/evil");
    assertThat(tab.eval("fetch('/ui', {credentials: 'include'}).then(a => a.text())").asString())
        .contains("not come from a page of this session")
        .doesNotContain("secret-app");
    assertThat(
            tab.eval(
                    "fetch('/ui/apps/secret-app/remove', {method: 'POST', body: new"
                        + " URLSearchParams({sure: 'yes'})}).then(a => a.status)")
                .asInt())
        .isEqualTo(403);
    assertThat(
            tab.eval(
                    """
                    new Promise(done => {
                      const frame = document.createElement('iframe');
                      frame.onload = () => {
                        try {
                          done(frame.contentDocument?.body.innerText ?? 'nothing');
                        } catch (e) {
                          done('nothing');
                        }
                      };
                      frame.src = '/ui';
                      document.body.append(frame);
                    })
                    """)
                .asString())
        .doesNotContain("secret-app");
    tab.click("#open");
    tab.await("other !== undefined");
    // the window is in another group: there is nothing that could be seen through the handle
    tab.await("other === null || other.closed");
    assertThat(tab.eval("document.cookie").asString()).isEmpty();
    assertThat(
            tab.eval(
                    """
                    navigator.serviceWorker
                      ? navigator.serviceWorker.register('/fn/evil', {scope: '/'})
                          .then(() => 'registered', e => 'refused')
                      : 'refused'
                    """)
                .asString())
        .isEqualTo("refused");
    assertThat(host.list()).hasSize(2);
  }

  @Test
  void sessionThatHasEndedIsSaid() throws Exception {
    signIn();
    Tab other = tab;
    tab = new Tab(browser);
    tab.go(base + "/ui");
    tab.click("header button");
    tab.await("location.pathname === '/ui/login'");
    other.bringToFront();
    other.awaitText(".notice.error", "The session has ended");
    tab.bringToFront();
    tab.go(base + "/ui");
    assertThat(tab.text("h1")).isEqualTo("Sign in");
  }

  // ---- pictures ----

  private void pictures(String name) throws IOException {
    for (boolean dark : new boolean[] {false, true}) {
      tab.look(1280, 900, false, dark);
      // what is drawn by the script follows
      tab.eval("new Promise(done => setTimeout(done, 300))");
      tab.picture(PICTURES.resolve(name + "-desktop-" + (dark ? "dark" : "light") + ".png"));
      tab.look(390, 844, true, dark);
      tab.eval("new Promise(done => setTimeout(done, 300))");
      assertThat(tab.eval("document.documentElement.scrollWidth").asInt())
          .as("nothing is wider than a phone on " + name)
          .isLessThanOrEqualTo(390);
      tab.picture(PICTURES.resolve(name + "-phone-" + (dark ? "dark" : "light") + ".png"));
    }
    tab.look(1280, 900, false, false);
  }

  @Test
  void pageFitsDesktopsAndPhones() throws Exception {
    tab.go(base + "/ui/login");
    pictures("login");
    host.deploy("hello", Optional.empty(), TestGuests.module(TestGuests.text("x")));
    host.deploy("checkout-webhook", Optional.empty(), TestGuests.module(TestGuests.text("x")));
    host.deploy(
        "checkout-webhook", Optional.empty(), TestGuests.module(TestGuests.text("another")));
    host.pause("checkout-webhook");
    host.install("clock", Manifest.PROGRAM, TestGuests.module(TestGuests.ticks("tick tock")));
    host.start("clock");
    host.install("importer", Manifest.PROGRAM, TestGuests.module(TestGuests.traps()));
    host.start("importer");
    host.install("spare", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    signIn();
    for (int second = 0; second < 8; second++) {
      for (int i = 0; i < 5 + 7 * (second % 3); i++) {
        call("/fn/hello");
      }
      Thread.sleep(700);
    }
    pictures("overview");
    tab.go(base + "/ui/apps/clock");
    tab.await("document.querySelector('[data-chart=cpu] .line')");
    pictures("app");
    tab.go(base + "/ui/apps/checkout-webhook");
    pictures("function");
    tab.click("form[action$=\"/remove\"] button");
    tab.await("document.querySelector('dialog[open]')");
    pictures("dialog");
    tab.click("dialog button[value=no]");
    tab.go(base + "/ui/apps/importer");
    pictures("failed");
    noComplaints();
  }
}
