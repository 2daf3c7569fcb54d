package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppState;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Restart;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.event.Event;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Action;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Response;
import dev.sampan.apps.wire.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The life of services: beginning, failing, ending, being exchanged. */
class ServiceTest extends HostedTest {

  private AppStatus install(String name, String module) {
    return host.install(name, Manifest.SERVICE, TestGuests.module(module));
  }

  private AppStatus upgrade(String name, String module) {
    return host.upgrade(name, Optional.empty(), TestGuests.module(module), 3);
  }

  /** A puppet that does something more when it begins. */
  private static String puppet(String onInit) {
    return Puppet.module().replace(";; ON_INIT", onInit);
  }

  private static Trigger.Service quick(Trigger.Service settings) {
    return settings.restart(
        settings.restart().delays(Duration.ofMillis(10), Duration.ofMillis(40)).attempts(2));
  }

  // ---- beginning and ending ----

  @Test
  void serviceIsToldOfItsBeginningAndItsEnd() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    assertThat(word("p")).isEqualTo("running");
    assertThat(puppet.log()).contains("\"init\"");
    assertThat(host.memory("p")).isGreaterThanOrEqualTo(5 * 65_536);
    host.stop("p");
    assertThat(host.status("p").state()).isEqualTo(new AppState.Stopped(OptionalInt.empty()));
    assertThat(puppet.log()).contains("\"destroy\"");
    assertThat(refused(puppet.ask(Action.GET, "x", NOTHING)))
        .isEqualTo(new Framework.Refusal(Status.UNAVAILABLE, "'p' is not ready, it is stopped"));
  }

  @Test
  void firstCallsComeInTheOrderOfTheMicroRuntime() {
    install(
        "order",
        """
        (module
          (import "env" "putchar" (func $put (param i32) (result i32)))
          (import "env" "puts" (func $puts (param i32) (result i32)))
          (memory (export "memory") 1)
          (start $s)
          (func $s (drop (call $put (i32.const 48))))
          (func (export "__post_instantiate") (drop (call $put (i32.const 49))))
          (func (export "__wasm_call_ctors") (drop (call $put (i32.const 50))))
          (func (export "_on_init") (drop (call $put (i32.const 51))))
          (func (export "on_init") (drop (call $put (i32.const 52))))
          (func (export "_on_destroy") (drop (call $puts (i32.const 0)))))
        """);
    host.start("order");
    host.stop("order");
    assertThat(log("order")).contains("\"0123\"");
  }

  @Test
  void constructorsAreLeftToTheFunctionThatCallsThemItself() {
    install(
        "wasi",
        """
        (module
          (import "env" "putchar" (func $put (param i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "_start") (drop (call $put (i32.const 49))))
          (func (export "__wasm_call_ctors") (drop (call $put (i32.const 50))))
          (func (export "on_init")
            (drop (call $put (i32.const 51))) (drop (call $put (i32.const 10)))))
        """);
    host.start("wasi");
    assertThat(log("wasi")).contains("\"13\"");
  }

  @Test
  void trapInOnInitIsTheReasonWhyItDoesNotStart() {
    install("bad", puppet("unreachable"));
    assertThatThrownBy(() -> host.start("bad"))
        .isInstanceOfSatisfying(
            AppException.class,
            e -> assertThat(e.reason()).isEqualTo(AppException.Reason.START_FAILED))
        .hasMessage("trap: unreachable");
    assertThat(host.status("bad").state()).isEqualTo(new AppState.Failed("trap: unreachable"));
    // it is told of its end all the same, as the Micro Runtime does
    assertThat(log("bad")).contains("\"destroy\"").contains("at bad!");
    assertThat(host.status("bad").restarts()).isZero();
  }

  @Test
  void exitInStartEndsItBeforeOnInitWhateverTheStatus() {
    install(
        "exits",
        """
        (module
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (func (export "_start") (call $exit (i32.const 0)))
          (func (export "on_init")))
        """);
    assertThatThrownBy(() -> host.start("exits")).hasMessage("_start ended the app with status 0");
  }

  @Test
  void moduleWithoutBeginningIsRefused() {
    assertThatThrownBy(() -> install("lib", "(module (func (export \"add\")))"))
        .hasMessage("expected a service to export 'on_init' or '_start'; lib exports [add]");
    assertThatThrownBy(() -> install("lib", "(module)"))
        .hasMessage("expected a service to export 'on_init' or '_start'; lib exports nothing");
  }

  @Test
  void exportOfAnotherTypeIsRefused() {
    assertThatThrownBy(
            () ->
                install(
                    "odd",
                    "(module (func (export \"on_init\"))"
                        + " (func (export \"on_timer_callback\")))"))
        .hasMessage(
            "expected the export 'on_timer_callback' of odd to have the type func [i32] -> [],"
                + " found func [] -> []");
  }

  @Test
  void widgetsAreRefusedForThereIsNoDisplay() {
    assertThatThrownBy(
            () ->
                install(
                    "ui",
                    "(module (import \"env\" \"wasm_btn_native_call\""
                        + " (func (param i32 i32 i32))) (func (export \"on_init\")))"))
        .hasMessage(
            "ui imports 'wasm_btn_native_call' for widgets on a display, and there is none");
  }

  @Test
  void importOfAnotherTypeLinksButCannotBeCalled() {
    install(
        "odd",
        "(module (import \"env\" \"wasm_timer_cancel\" (func $f))"
            + " (func (export \"on_init\") (call $f)))");
    assertThatThrownBy(() -> host.start("odd"))
        .hasMessageContaining("failed to call unlinked import function (env, wasm_timer_cancel)");
  }

  @Test
  void importWithAnUnderscoreIsTheSame() {
    install(
        "old",
        "(module (import \"env\" \"_wasm_create_timer\""
            + " (func $f (param i32 i32 i32) (result i32)))"
            + " (func (export \"on_init\")"
            + " (if (i32.ne (call $f (i32.const 1) (i32.const 0) (i32.const 0)) (i32.const 1))"
            + " (then unreachable))))");
    assertThat(host.start("old").state().word()).isEqualTo("running");
  }

  @Test
  void nativeFilesAreRefused() {
    byte[] aot = {0, 'a', 'o', 't', 6, 0, 0, 0};
    for (Manifest manifest : List.of(Manifest.SERVICE, Manifest.PROGRAM, Manifest.FUNCTION)) {
      assertThatThrownBy(() -> host.install("aot", manifest, new ByteArrayInputStream(aot)))
          .isInstanceOfSatisfying(
              AppException.class,
              e -> assertThat(e.reason()).isEqualTo(AppException.Reason.INVALID))
          .hasMessageStartingWith("this is a native AOT file of the WebAssembly Micro Runtime");
    }
    assertThatThrownBy(() -> host.deploy("aot", Optional.empty(), new ByteArrayInputStream(aot)))
        .hasMessageContaining("expected the portable module (.wasm)");
  }

  // ---- failing ----

  @Test
  void trapInACallIsWrittenDownAndTheAppGoesOn() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    assertThat(refused(puppet.ask(Action.POST, "do", Puppet.order(Do.TRAP, NOTHING))))
        .isEqualTo(
            new Framework.Refusal(Status.INTERNAL_ERROR, "'p': it failed: trap: unreachable"));
    assertThat(puppet.log()).contains("on_request failed, the app goes on: trap: unreachable");
    assertThat(puppet.call(Do.TICK)).isNotNegative();
    assertThat(host.status("p").restarts()).isZero();
  }

  @Test
  void callThatTakesTooLongEndsTheAppWhichRunsAgain() {
    Puppet puppet =
        Puppet.start(host, "p", Permissions.NONE, s -> quick(s).watchdog(Duration.ofMillis(100)));
    assertThat(refused(puppet.ask(Action.POST, "do", Puppet.order(Do.SPIN, NOTHING))))
        .isEqualTo(new Framework.Refusal(Status.UNAVAILABLE, "'p' has ended"));
    eventually(() -> host.status("p").restarts() == 1 && word("p").equals("running"), "runs again");
    assertThat(puppet.log())
        .contains("watchdog: on_request: time exhausted: limit 100 ms")
        .contains("starts again in 10 ms");
    assertThat(puppet.call(Do.TICK)).isNotNegative();
  }

  @Test
  void watchdogGuardsTheBeginning() {
    host.install(
        "slow",
        Manifest.SERVICE.trigger(Trigger.Service.DEFAULT.watchdog(Duration.ofMillis(50))),
        TestGuests.module(puppet("(call $spin)")));
    assertThatThrownBy(() -> host.start("slow"))
        .hasMessageStartingWith("watchdog: on_init: time exhausted: limit 50 ms");
    assertThat(word("slow")).isEqualTo("failed");
  }

  @Test
  void appThatFailsAgainAndAgainIsGivenUp() {
    Puppet puppet =
        Puppet.start(host, "p", Permissions.NONE, s -> quick(s).watchdog(Duration.ofMillis(50)));
    for (int i = 0; i < 3; i++) {
      int times = i;
      eventually(() -> word("p").equals("running") && host.status("p").restarts() == times, "up");
      puppet.ask(Action.POST, "do", Puppet.order(Do.SPIN, NOTHING));
    }
    eventually(
        () -> host.status("p").state().reason().orElse("").contains("(after 2 restarts)"),
        "given up");
    assertThat(refused(puppet.ask(Action.GET, "x", NOTHING)).why())
        .contains("'p' is not ready, it is failed: watchdog: on_request");
  }

  @Test
  void exitEndsTheApp() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE, s -> s.restart(Restart.NEVER));
    puppet.ask(Action.POST, "do", Puppet.order(Do.EXIT, NOTHING, 0));
    eventually(() -> word("p").equals("stopped"), "stopped");
    assertThat(host.status("p").state()).isEqualTo(new AppState.Stopped(OptionalInt.of(0)));
    host.start("p");
    puppet.ask(Action.POST, "do", Puppet.order(Do.EXIT, NOTHING, 3));
    eventually(() -> word("p").equals("failed"), "failed");
    assertThat(host.status("p").state().reason()).contains("ended with status 3");
  }

  @Test
  void stopEndsAGuestThatComputesWithoutEnd() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    CompletableFuture<Framework.Outcome> outcome =
        CompletableFuture.supplyAsync(
            () -> puppet.ask(Action.POST, "do", Puppet.order(Do.SPIN, NOTHING)));
    host.stop("p");
    assertThat(word("p")).isEqualTo("stopped");
    assertThat(refused(outcome.join()).status()).isEqualTo(Status.UNAVAILABLE);
  }

  @Test
  void stopNeedNotWaitForAStartThatHangs() throws InterruptedException {
    install("hangs", puppet("(call $spin)"));
    CompletableFuture<Void> start = CompletableFuture.runAsync(() -> host.start("hangs"));
    eventually(() -> word("hangs").equals("running"), "begins");
    Thread.sleep(50);
    long before = System.nanoTime();
    host.stop("hangs");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    assertThatThrownBy(start::join).hasMessageContaining("it was stopped");
    assertThat(word("hangs")).isEqualTo("stopped");
  }

  // ---- pausing and coming back ----

  @Test
  void pausedServiceRefusesRequestsAndKeepsEvents() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE.topics(List.of(), List.of("#")));
    puppet.call(Do.SUBSCRIBE, "/news");
    puppet.call(Do.CREATE_TIMER, 5, 1, 1);
    host.pause("p");
    assertThat(refused(puppet.ask(Action.GET, "x", NOTHING)))
        .isEqualTo(new Framework.Refusal(Status.UNAVAILABLE, "'p' is paused"));
    host.events().publish(new Event("/news", 0, new byte[] {1}, "test"));
    host.resume("p");
    assertThat(puppet.await('E').request().url()).isEqualTo("/news");
    puppet.await('T');
  }

  @Test
  void pausedServiceIsHeldInItsCallAndTheWatchdogWaits() throws InterruptedException {
    Puppet puppet =
        Puppet.start(host, "p", Permissions.NONE, s -> s.watchdog(Duration.ofMillis(500)));
    CompletableFuture<Framework.Outcome> outcome =
        CompletableFuture.supplyAsync(
            () -> puppet.ask(Action.POST, "do", Puppet.order(Do.SPIN, NOTHING)));
    eventually(() -> host.cpuTime("p").toMillis() > 50, "computes");
    host.pause("p");
    Thread.sleep(100);
    Duration held = host.cpuTime("p");
    Thread.sleep(700);
    assertThat(host.cpuTime("p").minus(held)).isLessThan(Duration.ofMillis(20));
    assertThat(word("p")).isEqualTo("paused");
    host.resume("p");
    eventually(() -> puppet.log().contains("watchdog: on_request"), "barks when it is resumed");
    assertThat(refused(outcome.join()).why()).isEqualTo("'p' has ended");
  }

  @Test
  void servicesComeBackAsTheyWere() throws IOException {
    Puppet.start(host, "run", Permissions.NONE);
    Puppet.start(host, "held", Permissions.NONE);
    host.pause("held");
    host.close();
    open();
    eventually(() -> log("run").split("\"init\"", -1).length == 3, "began again");
    assertThat(word("run")).isEqualTo("running");
    assertThat(word("held")).isEqualTo("paused");
    assertThat(log("held").split("\"init\"", -1)).hasSize(2);
    host.resume("held");
    eventually(() -> log("held").split("\"init\"", -1).length == 3, "begins when it may");
  }

  // ---- upgrades ----

  @Test
  void upgradeThatDoesNotComeUpLeavesTheFormerOneAsItWas() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    int timer = puppet.call(Do.CREATE_TIMER, 5, 1, 1);
    assertThatThrownBy(() -> upgrade("p", puppet("unreachable")))
        .isInstanceOfSatisfying(
            AppException.class,
            e -> assertThat(e.reason()).isEqualTo(AppException.Reason.UPGRADE_FAILED))
        .hasMessage("revision 2 does not come up, revision 1 stays: trap: unreachable");
    assertThat(host.status("p").current()).isEqualTo(1);
    assertThat(word("p")).isEqualTo("running");
    puppet.heard().clear();
    // not begun anew: it has its timer still
    assertThat(puppet.await('T').number()).isEqualTo(timer);
    assertThat(puppet.call(Do.CREATE_TIMER, 5, 1, 0)).isEqualTo(timer + 1);
  }

  @Test
  void upgradeAndRollbackTakeOver() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    puppet.call(Do.CREATE_TIMER, 5, 1, 0);
    upgrade("p", Puppet.module() + ";; another one");
    assertThat(host.status("p").current()).isEqualTo(2);
    assertThat(puppet.call(Do.CREATE_TIMER, 5, 1, 0)).isEqualTo(1);
    assertThat(puppet.log()).contains("\"destroy\"");
    host.rollback("p", OptionalInt.empty());
    assertThat(host.status("p").current()).isEqualTo(1);
    assertThat(puppet.call(Do.CREATE_TIMER, 5, 1, 0)).isEqualTo(1);
  }

  @Test
  void pausedServiceIsUpgradedAndStaysPaused() {
    Puppet puppet = Puppet.start(host, "p", Permissions.NONE);
    host.pause("p");
    upgrade("p", Puppet.module() + ";; another one");
    assertThat(word("p")).isEqualTo("paused");
    assertThat(refused(puppet.ask(Action.GET, "x", NOTHING)).why()).isEqualTo("'p' is paused");
    host.resume("p");
    assertThat(puppet.call(Do.TICK)).isNotNegative();
  }

  @Test
  void programBecomesAServiceAndAFunction() {
    host.install("p", Manifest.PROGRAM, TestGuests.module(TestGuests.reactor("")));
    host.start("p");
    host.upgrade("p", Optional.of(Manifest.SERVICE), TestGuests.module(Puppet.module()), 3);
    assertThat(answered(ask("p", "echo")).payload()).isEmpty();
    host.upgrade("p", Optional.of(Manifest.FUNCTION), TestGuests.module(TestGuests.text("hi")), 3);
    assertThat(refused(ask("p", "echo")).why()).isEqualTo("'p' is no service");
    host.upgrade("p", Optional.of(Manifest.SERVICE), TestGuests.module(Puppet.module()), 3);
    assertThat(answered(ask("p", "echo")).payload()).isEmpty();
  }

  private Framework.Outcome ask(String name, String url) {
    try {
      return host.ask(name, new Request(Action.GET, 0, 0, 0, url, NOTHING));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noRequestIsLostAndNoEventComesTwiceWhileTheAppIsUpgraded() throws Exception {
    Permissions may = Permissions.NONE.topics(List.of(), List.of("/tick"));
    String module =
        puppet("(call $subscribe (i32.const 48))")
            .replace(
                "(data (i32.const 16)", "(data (i32.const 48) \"/tick\\00\")\n(data (i32.const 16)")
            // says it instead of keeping it, for what is kept goes with its revision
            .replace(";; ON_EVENT", "(drop (call $puts (i32.const 48))) (return)");
    Puppet puppet = Puppet.start(host, "p", may, s -> s.queue(10_000), module);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                int number = asked.incrementAndGet();
                byte[] payload = {(byte) number, (byte) (number >> 8)};
                host.events().publish(new Event("/tick", 0, payload, "test"));
                Response response = answered(puppet.ask(Action.PUT, "echo", payload));
                assertThat(response.payload()).isEqualTo(payload);
                LockSupport.parkNanos(200_000); // else the log is not long enough
              }
            });
    for (int i = 0; i < 20; i++) {
      upgrade("p", module + ";; " + i);
      Thread.sleep(5);
    }
    over.set(true);
    load.get();
    host.stop("p");
    assertThat(asked.get()).isGreaterThan(100);
    assertThat(host.stats("p").errors()).isZero();
    assertThat(host.log("p").tail(100_000))
        .filteredOn(line -> line.contains("/tick"))
        .hasSize(asked.get());
  }
}
