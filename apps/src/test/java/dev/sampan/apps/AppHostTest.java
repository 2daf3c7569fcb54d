package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class AppHostTest {

  private static final Manifest SERVICE =
      Manifest.PROGRAM.trigger(
          new Trigger.Start(
              Restart.NEVER
                  .when(Restart.When.ON_FAILURE)
                  .delays(Duration.ofMillis(10), Duration.ofMillis(40))
                  .attempts(2)));

  @TempDir Path home;
  private AppHost host;

  @BeforeEach
  void open() throws IOException {
    host = AppHost.open(HostSettings.at(home));
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private void reopen() throws IOException {
    host.close();
    open();
  }

  private AppStatus install(String name, Manifest manifest, String module) {
    return host.install(name, manifest, TestGuests.module(module));
  }

  private AppState state(String name) {
    return host.status(name).state();
  }

  private String word(String name) {
    return state(name).word();
  }

  private String log(String name) {
    return String.join("\n", host.log(name).tail(1_000));
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void eventuallyIs(String name, String word) {
    eventually(() -> word(name).equals(word), name + " is " + word);
  }

  private List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("modules"))) {
      return files.toList();
    }
  }

  // ---- commands ----

  @Test
  void commandRunsToItsEndAndStaysEnded() throws IOException {
    assertThat(install("job", Manifest.PROGRAM, TestGuests.exits(3)).state())
        .isEqualTo(new AppState.Installed());
    host.start("job");
    eventuallyIs("job", "failed");
    assertThat(state("job").reason()).contains("ended with status 3");

    install("good", Manifest.PROGRAM, TestGuests.exits(0));
    host.start("good");
    eventuallyIs("good", "stopped");
    assertThat(state("good").reason()).contains("ended with status 0");

    reopen();
    assertThat(state("good")).isEqualTo(new AppState.Stopped(OptionalInt.of(0)));
    assertThat(word("job")).isEqualTo("failed");
  }

  @Test
  void trapIsTheReasonOfTheFailureAndItsBacktraceIsInTheLog() {
    install("bad", Manifest.PROGRAM, TestGuests.traps());
    host.start("bad");
    eventuallyIs("bad", "failed");
    assertThat(state("bad").reason()).contains("trap: unreachable");
    assertThat(log("bad")).contains("trap: unreachable").contains("at bad!func 0");
  }

  @Test
  void programWhoseStartFunctionNeverEndsIsStopped() throws InterruptedException {
    install("endless", Manifest.PROGRAM, TestGuests.neverStarts());
    host.start("endless");
    Thread thread = threadOf("endless");
    host.stop("endless");
    thread.join(1_000);
    assertThat(thread.isAlive()).isFalse();
  }

  private static Thread threadOf(String app) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sampan-app-" + app))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void logMayBecomeAsLongAsTheCurrentRevisionSays() {
    install("job", Manifest.PROGRAM.maxLogBytes(1 << 16), TestGuests.exits(0));
    Manifest longer = Manifest.PROGRAM.maxLogBytes(1 << 20);
    host.upgrade("job", Optional.of(longer), TestGuests.module(TestGuests.exits(0)));
    for (int i = 0; i < 100; i++) {
      host.log("job").write(2, "stdout", "x".repeat(2_000));
    }
    assertThat(host.log("job").tail(100)).hasSize(100);
  }

  @Test
  void failingProgramIsRunAgainAsOftenAsItsPolicySays() {
    install("flaky", SERVICE, TestGuests.exits(1));
    host.start("flaky");
    eventually(() -> state("flaky").reason().orElse("").contains("(after 2 restarts)"), "gives up");
    assertThat(log("flaky")).contains("starts again in 10 ms").contains("starts again in 20 ms");
  }

  @Test
  void delaysDoubleUpToTheLongest() {
    Restart restart = Restart.NEVER.delays(Duration.ofMillis(100), Duration.ofMillis(350));
    assertThat(Stream.of(0, 1, 2, 3, 60).map(restart::delayAfter).map(Duration::toMillis))
        .containsExactly(100L, 200L, 350L, 350L, 350L);
  }

  @Test
  void guestThatOnlyComputesIsStopped() {
    install("spin", Manifest.PROGRAM, TestGuests.spins());
    host.start("spin");
    assertThat(word("spin")).isEqualTo("running");
    assertThat(host.stop("spin").state()).isEqualTo(new AppState.Stopped(OptionalInt.empty()));
  }

  @Test
  void pausedProgramIsHeldAndGoesOn() throws InterruptedException {
    install("tick", Manifest.PROGRAM, TestGuests.ticks("tick"));
    host.start("tick");
    eventually(() -> log("tick").contains("\"tick\""), "ticks");
    host.pause("tick");
    Thread.sleep(50);
    int before = host.log("tick").tail(100_000).size();
    Thread.sleep(100);
    assertThat(host.log("tick").tail(100_000)).hasSize(before);
    assertThat(word("tick")).isEqualTo("paused");
    assertThatThrownBy(() -> host.start("tick")).hasMessageContaining("resume");
    host.resume("tick");
    eventually(() -> host.log("tick").tail(100_000).size() > before + 5, "goes on");
    host.stop("tick");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pausedProgramThatOnlyComputesIsHeldAtOnceAndGoesOn(boolean beforeItsStart)
      throws InterruptedException {
    String module = beforeItsStart ? TestGuests.neverStarts() : TestGuests.spins();
    install("spin", Manifest.PROGRAM, module);
    host.start("spin");
    for (int i = 0; i < 2; i++) {
      Duration begun = host.cpuTime("spin");
      eventually(() -> host.cpuTime("spin").minus(begun).toMillis() > 20, "computes");
      host.pause("spin");
      Thread.sleep(100);
      Duration held = host.cpuTime("spin");
      Thread.sleep(200);
      assertThat(host.cpuTime("spin").minus(held)).isLessThan(Duration.ofMillis(20));
      host.resume("spin");
    }
    host.pause("spin");
    long begin = System.nanoTime();
    host.stop("spin");
    assertThat(System.nanoTime() - begin).isLessThan(1_000_000_000L);
    assertThat(word("spin")).isEqualTo("stopped");
  }

  @Test
  void programThatIsBroughtBackPausedBeginsWhenItMay() throws IOException, InterruptedException {
    install("spin", Manifest.PROGRAM, TestGuests.spins());
    host.start("spin");
    host.pause("spin");
    reopen();
    Thread.sleep(100);
    assertThat(host.cpuTime("spin")).isLessThan(Duration.ofMillis(20));
    host.resume("spin");
    eventually(() -> host.cpuTime("spin").toMillis() > 100, "computes");
  }

  // ---- reactors ----

  @Test
  void reactorIsToldOfItsBeginningAndItsEnd() {
    install("re", Manifest.PROGRAM, TestGuests.reactor(""));
    host.start("re");
    eventually(() -> log("re").contains("\"init\""), "init");
    assertThat(word("re")).isEqualTo("running");
    assertThat(host.memory("re")).isEqualTo(65_536);
    host.stop("re");
    assertThat(log("re")).contains("\"destroy\"");
  }

  @Test
  void reactorWhoseBeginningTrapsFails() {
    install("re", Manifest.PROGRAM, TestGuests.reactor("unreachable"));
    host.start("re");
    eventuallyIs("re", "failed");
    assertThat(state("re").reason()).contains("trap: unreachable");
  }

  // ---- upgrades ----

  @Test
  void upgradeThatDoesNotComeUpLeavesTheFormerRevisionRunning() {
    install("re", Manifest.PROGRAM, TestGuests.reactor(""));
    host.start("re");
    assertThatThrownBy(() -> upgrade("re", TestGuests.reactor("unreachable")))
        .isInstanceOfSatisfying(
            AppException.class,
            e -> assertThat(e.reason()).isEqualTo(AppException.Reason.UPGRADE_FAILED))
        .hasMessage("revision 2 does not come up, revision 1 stays: trap: unreachable");
    assertThat(host.status("re").current()).isEqualTo(1);
    assertThat(word("re")).isEqualTo("running");
    assertThat(host.status("re").revisions()).hasSize(1);
  }

  private AppStatus upgrade(String name, String module) {
    return host.upgrade(name, Optional.empty(), TestGuests.module(module), 3);
  }

  @Test
  void upgradeKeepsSoManyRevisionsAndRollbackGoesBack() throws IOException {
    install("re", Manifest.PROGRAM, TestGuests.reactor(""));
    host.start("re");
    for (int i = 2; i <= 5; i++) {
      upgrade("re", TestGuests.reactor("(drop (i32.const " + i + "))"));
    }
    assertThat(host.status("re").revisions()).extracting(Revision::number).containsExactly(3, 4, 5);
    assertThat(modules()).hasSize(3);
    assertThat(host.rollback("re", OptionalInt.empty()).current()).isEqualTo(4);
    assertThat(host.rollback("re", OptionalInt.of(5)).current()).isEqualTo(5);
    assertThatThrownBy(() -> host.rollback("re", OptionalInt.of(1)))
        .hasMessage("'re' has no revision 1; it has [3, 4, 5]");
    assertThat(word("re")).isEqualTo("running");
    reopen();
    assertThat(host.status("re").current()).isEqualTo(5);
    assertThat(word("re")).isEqualTo("running");
  }

  @Test
  void upgradeOfWhatIsNoModuleChangesNothing() throws IOException {
    install("re", Manifest.PROGRAM, TestGuests.reactor(""));
    assertThatThrownBy(() -> upgrade("re", "(module (func (result i32)))"))
        .hasMessageContaining("type mismatch");
    assertThat(host.status("re").revisions()).hasSize(1);
    assertThat(modules()).hasSize(1);
  }

  // ---- names and states ----

  @Test
  void namesThatCouldBePathsAreRefused() {
    for (String name : List.of("", "..", "a/b", "A", "-a", "a-", "a.b", "a\0", "a".repeat(64))) {
      assertThatThrownBy(() -> install(name, Manifest.PROGRAM, TestGuests.exits(0)))
          .as(name)
          .hasMessageContaining("expected a name");
    }
  }

  @Test
  void ofManyInstallsOfOneNameOneWins() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<AppStatus>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        String module = TestGuests.exits(i);
        all.add(
            threads.submit(
                () -> {
                  go.await();
                  return install("one", Manifest.PROGRAM, module);
                }));
      }
      go.countDown();
    }
    List<AppStatus> won = new ArrayList<>();
    for (Future<AppStatus> each : all) {
      if (each.state() == Future.State.SUCCESS) {
        won.add(each.resultNow());
      } else {
        assertThat(each.exceptionNow())
            .isInstanceOfSatisfying(
                AppException.class,
                e -> assertThat(e.reason()).isEqualTo(AppException.Reason.EXISTS))
            .hasMessageMatching(
                "there is an app 'one' already; upgrade it, or remove it first"
                    + "|an app 'one' is being installed already");
      }
    }
    assertThat(won).hasSize(1);
    assertThat(modules()).as("what the others brought is gone").hasSize(1);
    reopen();
    assertThat(host.list()).hasSize(1);
    assertThat(host.status("one").revision().digest())
        .isEqualTo(won.getFirst().revision().digest());
    assertThat(modules()).hasSize(1);
  }

  @Test
  void runningAppIsRemovedOnlyByForce() throws IOException {
    install("spin", Manifest.PROGRAM, TestGuests.spins());
    host.start("spin");
    assertThatThrownBy(() -> host.remove("spin", false))
        .hasMessage(
            "cannot remove 'spin': expected it to be stopped (unless it is forced), found it"
                + " running");
    host.remove("spin", true);
    assertThatThrownBy(() -> host.status("spin")).hasMessage("there is no app 'spin'");
    assertThat(modules()).isEmpty();
    reopen();
    assertThat(host.list()).isEmpty();
  }

  @Test
  void appsComeBackAsTheyWere() throws IOException {
    install("run", Manifest.PROGRAM, TestGuests.ticks("x"));
    install("held", Manifest.PROGRAM, TestGuests.ticks("x"));
    install("off", Manifest.PROGRAM, TestGuests.ticks("x"));
    host.start("run");
    host.start("held");
    host.pause("held");
    reopen();
    assertThat(host.list())
        .extracting(each -> each.state().word())
        .containsExactly("paused", "installed", "running");
  }

  @Test
  void secondHostInOnePlaceIsRefused() {
    assertThatThrownBy(() -> AppHost.open(HostSettings.at(home)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use by another host, process " + ProcessHandle.current().pid());
  }

  @Test
  void damagedModuleFailsItsAppAndNoOther() throws IOException {
    install("a", Manifest.PROGRAM, TestGuests.ticks("a"));
    install("b", Manifest.PROGRAM, TestGuests.ticks("b"));
    host.start("a");
    host.start("b");
    String digest = host.status("a").revision().digest().substring("sha256:".length());
    host.close();
    Files.writeString(home.resolve("modules").resolve(digest + ".wasm"), "(module)");
    open();
    assertThat(word("b")).isEqualTo("running");
    assertThat(state("a").reason().orElse("")).contains("is damaged");
  }

  @Test
  void moduleThatIsDamagedWhileTheHostRunsFailsItsAppAndIsMendedByAnotherInstall()
      throws IOException {
    install("a", Manifest.PROGRAM, TestGuests.ticks("a"));
    install("b", Manifest.PROGRAM, TestGuests.ticks("b"));
    host.start("b");
    String digest = host.status("a").revision().digest();
    Path file = home.resolve("modules").resolve(digest.substring("sha256:".length()) + ".wasm");
    Files.writeString(file, "(module)");
    assertThatThrownBy(() -> host.start("a"))
        .isInstanceOfSatisfying(
            AppException.class, e -> assertThat(e.reason()).isEqualTo(AppException.Reason.HOST))
        .hasMessageStartingWith("module " + digest + " is damaged: the content of its file has");
    assertThat(state("a").reason().orElse("")).contains("is damaged");
    assertThat(log("a")).contains("is damaged");
    Files.delete(file);
    assertThatThrownBy(() -> host.start("a")).hasMessageContaining(digest + " is missing in");
    assertThat(word("b")).isEqualTo("running");
    install("c", Manifest.PROGRAM, TestGuests.ticks("a"));
    host.start("a");
    assertThat(word("a")).isEqualTo("running");
  }

  @Test
  void moduleThatIsTooLargeIsRefused() throws IOException {
    host.close();
    host = AppHost.open(HostSettings.at(home).limits(100, 4));
    assertThatThrownBy(() -> install("big", Manifest.PROGRAM, " ".repeat(200)))
        .hasMessage("a module of more than 100 bytes is not accepted");
    assertThat(modules()).isEmpty();
  }
}
