package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.Format;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import dev.sampan.apps.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests of apps to apps, and from outside. */
class RequestsTest extends HostedTest {

  private static final Permissions ALL = Permissions.NONE.requests("*");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String why(Response response) {
    try {
      return AttributeContainer.decode(response.payload()).text("error message").orElseThrow();
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Puppet asker, int id, int status, String why) {
    Response response = asker.await('R', note -> note.response().id() == id).response();
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.format()).isEqualTo(Format.ATTRIBUTES);
    assertThat(why(response)).isEqualTo(why);
  }

  // ---- from outside ----

  @Test
  void requestFromOutsideIsAnswered() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    Response response = answered(puppet.ask(Action.GET, "any/thing?x=1", bytes("ping")));
    assertThat(response.status()).isEqualTo(Status.CONTENT);
    assertThat(response.payload()).asString().isEqualTo("ping");
    assertThat(host.stats("p").calls()).isEqualTo(1);
    assertThat(host.stats("p").errors()).isZero();
  }

  @Test
  void requestFromOutsideCanBeAnsweredLater() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    CompletableFuture<Response> late =
        CompletableFuture.supplyAsync(
            () -> answered(puppet.ask(Action.POST, "do", Puppet.order(Do.KEEP, NOTHING))));
    while (!late.isDone()) {
      puppet.call(Do.ANSWER_KEPT, "later");
    }
    assertThat(late.join().status()).isEqualTo(Status.CHANGED);
    assertThat(late.join().payload()).asString().startsWith("later");
  }

  @Test
  void nobodyToAnswerIsSaidAtOnce() throws InterruptedException {
    Request request = new Request(Action.GET, 0, 0, 0, "x", NOTHING);
    assertThat(refused(host.ask("nobody", request)))
        .isEqualTo(new Framework.Refusal(Status.NOT_FOUND, "there is no app 'nobody'"));
    host.install("job", Manifest.PROGRAM, TestGuests.module(TestGuests.exits(0)));
    assertThat(refused(host.ask("job", request)))
        .isEqualTo(new Framework.Refusal(Status.NOT_FOUND, "'job' is no service"));
    host.install(
        "mute", Manifest.SERVICE, TestGuests.module("(module (func (export \"on_init\")))"));
    host.start("mute");
    assertThat(refused(host.ask("mute", request)))
        .isEqualTo(new Framework.Refusal(Status.NOT_FOUND, "'mute' answers no requests"));
    Puppet shy = Puppet.start(host, "shy", Permissions.NONE, s -> s.http(false));
    assertThat(refused(shy.ask(Action.GET, "x", NOTHING)))
        .isEqualTo(new Framework.Refusal(Status.FORBIDDEN, "'shy' takes no requests from outside"));
  }

  @Test
  void whoIsNotAnsweredInTimeIsTold() {
    Puppet puppet =
        Puppet.start(host, "p", Permissions.NONE, s -> s.timeLimit(Duration.ofMillis(100)));
    Framework.Refusal refusal =
        refused(puppet.ask(Action.POST, "do", Puppet.order(Do.KEEP, NOTHING)));
    assertThat(refusal.status()).isEqualTo(Status.TIMEOUT);
    // too late: it counts no more
    assertThat(puppet.call(Do.ANSWER_KEPT, "x")).isEqualTo(1);
  }

  @Test
  void ofTooManyRequestsTheLastAreRefused() {
    Puppet puppet =
        Puppet.start(host, "p", Permissions.NONE, s -> s.queue(2).watchdog(Duration.ofMillis(600)));
    CompletableFuture<Framework.Outcome> busy =
        CompletableFuture.supplyAsync(
            () -> puppet.ask(Action.POST, "do", Puppet.order(Do.SPIN, NOTHING)));
    List<CompletableFuture<Framework.Outcome>> more = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      more.add(CompletableFuture.supplyAsync(() -> puppet.ask(Action.GET, "x", NOTHING)));
    }
    busy.join();
    List<Framework.Refusal> refusals = more.stream().map(each -> refused(each.join())).toList();
    assertThat(refusals)
        .contains(new Framework.Refusal(Status.UNAVAILABLE, "'p' has too many requests waiting"));
    assertThat(host.stats("p").refused()).isGreaterThanOrEqualTo(17);
  }

  @Test
  void payloadThatIsTooLongIsRefused() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE, s -> s.maxMessageBytes(1000));
    assertThat(refused(puppet.ask(Action.PUT, "x", new byte[1001])))
        .isEqualTo(
            new Framework.Refusal(Status.TOO_LARGE, "'p' takes payloads of at most 1000 bytes"));
    assertThat(answered(puppet.ask(Action.PUT, "x", new byte[1000])).payload()).hasSize(1000);
  }

  // ---- between apps ----

  @Test
  void appAsksAnAppByItsNameAndHearsTheAnswer() {
    Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", Permissions.NONE.requests("server"));
    client.post(Action.PUT, 7, "/app/server/a/b", bytes("hello"));
    Response response = client.await('R').response();
    assertThat(response.id()).isEqualTo(7);
    assertThat(response.status()).isEqualTo(Status.CONTENT);
    assertThat(response.payload()).asString().isEqualTo("hello");
  }

  @Test
  void appSeesTheUrlBehindItsNameAndAnotherSenderThanWasClaimed() {
    String module =
        Puppet.module()
            .replace(
                "(func (export \"on_request\") (param $request i32) (param $length i32)",
                "(func (export \"on_request\") (param $request i32) (param $length i32)\n"
                    + "(call $note (i32.const 81) (i32.const 0)"
                    + " (local.get $request) (local.get $length)) (call $handle"
                    + " (local.get $request) (local.get $length)))\n"
                    + "(func $handle (param $request i32) (param $length i32)");
    Puppet server = Puppet.start(host, "server", Permissions.NONE, s -> s, module);
    Puppet client = Puppet.start(host, "client", ALL);
    Request claimed = new Request(Action.GET, 3, 9, 4711, "/app/server/rest/x?y", bytes("p"));
    client.call(Do.POST, claimed.encode());
    client.await('R');
    Request seen = server.await('Q', note -> note.request().id() == 9).request();
    assertThat(seen.url()).isEqualTo("rest/x?y");
    assertThat(seen.action()).isEqualTo(Action.GET);
    assertThat(seen.format()).isEqualTo(3);
    assertThat(seen.sender()).isPositive().isNotEqualTo(4711);
    assertThat(seen.payload()).asString().isEqualTo("p");
    // whoever comes from outside is the host
    assertThat(server.await('Q', note -> note.request().url().equals("journal")).request().sender())
        .isEqualTo(Framework.HOST);
  }

  @Test
  void requestThatIsNotGrantedIsRefusedAndTheLogSaysWhichGrantIsNeeded() {
    Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", Permissions.NONE.requests("other"));
    client.post(Action.GET, 1, "/app/server/x", NOTHING);
    assertRefused(client, 1, Status.FORBIDDEN, "requests to 'server' are not granted");
    assertThat(client.log())
        .contains(
            "refused: a request to the app 'server'; needed: a grant in permissions.requests for"
                + " \\\"server\\\"");
    assertThat(host.stats("server").calls()).isZero();
    // whether there is such an app is not told either
    client.post(Action.GET, 2, "/app/nobody/x", NOTHING);
    assertRefused(client, 2, Status.FORBIDDEN, "requests to 'nobody' are not granted");
  }

  @Test
  void appMayAlwaysAskItself() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    puppet.post(Action.PUT, 1, "/app/p/self", bytes("me"));
    assertThat(puppet.await('R').response().payload()).asString().isEqualTo("me");
  }

  @Test
  void absentAppsAreRefusedAtOnce() {
    Puppet client = Puppet.start(host, "client", ALL);
    Puppet.start(host, "server", Permissions.NONE);
    client.post(Action.GET, 1, "/app/nobody/x", NOTHING);
    assertRefused(client, 1, Status.NOT_FOUND, "there is no app 'nobody'");
    host.stop("server");
    client.post(Action.GET, 2, "/app/server/x", NOTHING);
    assertRefused(client, 2, Status.UNAVAILABLE, "'server' is not ready, it is stopped");
    client.post(Action.GET, 3, "nothing/registered", NOTHING);
    assertRefused(client, 3, Status.NOT_FOUND, "nobody has registered 'nothing/registered'");
    client.post(Action.GET, 4, "/applet?name=x", NOTHING);
    assertRefused(client, 4, Status.FORBIDDEN, "apps do not manage the host");
  }

  @Test
  void askerOfAnAppThatFailsOrEndsIsTold() {
    Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", ALL);
    client.post(Action.POST, 1, "/app/server/do", Puppet.order(Do.TRAP, NOTHING));
    assertRefused(client, 1, Status.INTERNAL_ERROR, "'server': it failed: trap: unreachable");
    client.post(Action.POST, 2, "/app/server/do", Puppet.order(Do.KEEP, NOTHING));
    client.post(Action.POST, 3, "/app/server/do", Puppet.order(Do.EXIT, NOTHING, 1));
    assertRefused(client, 2, Status.UNAVAILABLE, "'server' has ended");
    assertRefused(client, 3, Status.UNAVAILABLE, "'server' has ended");
  }

  @Test
  void appCanAnswerLaterFromAnotherCall() {
    Puppet server = Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", ALL);
    client.post(Action.POST, 5, "/app/server/do", Puppet.order(Do.KEEP, NOTHING));
    server.call(Do.ANSWER_KEPT, "late");
    Response response = client.await('R').response();
    assertThat(response.id()).isEqualTo(5);
    assertThat(response.status()).isEqualTo(Status.CHANGED);
    // once is enough
    server.call(Do.ANSWER_KEPT, "late");
    assertThat(client.heard('R')).hasSize(1);
  }

  @Test
  void responseToWhatWasNotAskedGoesNowhere() {
    Puppet server = Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", ALL);
    client.post(Action.GET, 1, "/app/server/x", NOTHING);
    client.await('R');
    for (int receiver = 0; receiver < 10; receiver++) {
      byte[] forged = new Response(Status.CONTENT, 0, 1, receiver, bytes("forged")).encode();
      assertThat(server.call(Do.RESPOND, forged)).isEqualTo(1);
    }
    assertThat(client.heard('R')).hasSize(1);
  }

  @Test
  void malformedMessagesAreDroppedAndSaidInTheLog() {
    Puppet puppet = Puppet.start(host, "p", ALL);
    assertThat(puppet.call(Do.RESPOND, new byte[5])).isZero();
    puppet.call(Do.POST, new byte[] {2, 1});
    byte[] request = new Request(Action.GET, 0, 1, 0, "/app/p/x", NOTHING).encode();
    request[1] = 5;
    puppet.call(Do.POST, request);
    assertThat(puppet.heard('R')).isEmpty();
    assertThat(puppet.log())
        .contains("wasm_response_send: no response: expected version 1, found 0")
        .contains("wasm_post_request: no request: expected version 1, found 2")
        .contains("wasm_post_request: no request: found the action 5");
  }

  @Test
  void addressesOutsideOfMemoryTrap() {
    String module =
        Puppet.module().replace(";; ON_INIT", "(call $post (i32.const 0x4fff0) (i32.const 17))");
    assertThatThrownBy(() -> Puppet.start(host, "p", ALL, s -> s, module))
        .isInstanceOf(AppException.class)
        .hasMessage("trap: out of bounds memory access");
    String endless =
        Puppet.module()
            .replace(
                ";; ON_INIT",
                "(memory.fill (i32.const 0x4ff00) (i32.const 65) (i32.const 0x100))"
                    + "(call $register (i32.const 0x4ff00))");
    assertThatThrownBy(() -> Puppet.start(host, "q", ALL, s -> s, endless))
        .hasMessage("trap: out of bounds memory access");
  }

  // ---- resources ----

  @Test
  void resourceIsFoundByItsUrlWhoeverHasIt() {
    Puppet server = Puppet.start(host, "server", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", Permissions.NONE.requests("server"));
    server.call(Do.REGISTER, "/room/lamp/");
    for (String url : List.of("/room/lamp", "room/lamp", "room/lamp/1", "/room/lamp?on")) {
      client.post(Action.PUT, 1, url, bytes(url));
      client.await('R', note -> new String(note.response().payload()).equals(url));
    }
    client.post(Action.PUT, 2, "room/lamps", NOTHING);
    assertRefused(client, 2, Status.NOT_FOUND, "nobody has registered 'room/lamps'");
    Puppet stranger = Puppet.start(host, "stranger", Permissions.NONE);
    stranger.post(Action.PUT, 3, "room/lamp", NOTHING);
    assertRefused(stranger, 3, Status.FORBIDDEN, "requests to 'server' are not granted");
  }

  @Test
  void firstOwnerKeepsAResourceAndTheNewestThatMatchesWins() {
    Puppet first = Puppet.start(host, "first", Permissions.NONE);
    Puppet second = Puppet.start(host, "second", Permissions.NONE);
    Puppet client = Puppet.start(host, "client", ALL);
    first.call(Do.REGISTER, "a");
    second.call(Do.REGISTER, "a");
    second.call(Do.REGISTER, "/a/b");
    assertThat(second.log()).contains("the resource 'a' is registered already, by 'first'");
    client.post(Action.PUT, 1, "a", NOTHING);
    client.post(Action.PUT, 2, "a/b/c", NOTHING);
    client.await('R', note -> note.response().id() == 2);
    assertThat(host.stats("first").calls()).isEqualTo(2);
    assertThat(host.stats("second").calls()).isEqualTo(3);
    // what its owner had is free when it has ended
    host.stop("first");
    second.call(Do.REGISTER, "a");
    client.post(Action.PUT, 3, "a", NOTHING);
    client.await('R', note -> note.response().id() == 3);
  }

  @Test
  void sixteenResourcesOfUpTo256BytesCanBeRegistered() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    IntStream.range(0, 16).forEach(i -> puppet.call(Do.REGISTER, "r" + i));
    puppet.call(Do.REGISTER, "one/more");
    puppet.call(Do.REGISTER, "x".repeat(257));
    assertThat(puppet.log())
        .contains("no more than 16 resources may be registered")
        .contains("wasm_register_resource: expected a string of at most 256 bytes, found 257");
    puppet.post(Action.PUT, 1, "r15", NOTHING);
    assertThat(puppet.await('R').response().status()).isEqualTo(Status.CONTENT);
    puppet.post(Action.PUT, 2, "one/more", NOTHING);
    assertRefused(puppet, 2, Status.NOT_FOUND, "nobody has registered 'one/more'");
  }

  @Test
  void silenceAboutAForeignUrlIsNotWaitedFor() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    puppet.call(Do.REGISTER, "known");
    assertThat(refused(puppet.ask(Action.POST, "do", Puppet.order(Do.KEEP, NOTHING))))
        .isEqualTo(new Framework.Refusal(Status.NOT_FOUND, "'p': it has no resource 'do'"));
  }

  // ---- many ----

  @Test
  void hundredAppsAskEachOther() throws Exception {
    List<Puppet> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(Puppet.start(host, "app" + i, ALL, s -> s.queue(1_000)));
    }
    int rounds = 20;
    long before = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        Puppet from = all.get(i);
        String url = "/app/app" + (i * 37 + round * 11 + 1) % 100 + "/x";
        int id = round + 1;
        running.add(
            CompletableFuture.runAsync(() -> from.post(Action.PUT, id, url, bytes("r" + id))));
      }
      for (CompletableFuture<Void> each : running) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
    for (Puppet each : all) {
      eventually(() -> each.heard('R').size() == rounds, each.name() + " has all answers");
      for (Puppet.Note note : each.heard('R')) {
        assertThat(note.response().status()).isEqualTo(Status.CONTENT);
        assertThat(note.response().payload()).asString().isEqualTo("r" + note.response().id());
      }
    }
    System.err.printf(
        "100 apps: %d requests between them in %d ms%n",
        100 * rounds, (System.nanoTime() - before) / 1_000_000);
  }
}
