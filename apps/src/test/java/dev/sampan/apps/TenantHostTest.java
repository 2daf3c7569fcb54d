package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Quota;
import dev.sampan.apps.tenant.Terms;
import dev.sampan.apps.tenant.TooManyException;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tenants of a host: what is theirs, what they see, and how much they may use. */
@Timeout(120)
class TenantHostTest {

  private static final Quota QUOTA = Quota.DEFAULT;

  /** A function that takes as many pages as it can, and answers with how many more it got. */
  private static final String GROWS =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 200) "A: b\\n\\n0")
        (func (export "_start")
          (loop $more
            (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1))
              (then
                (i32.store8 (i32.const 206) (i32.add (i32.load8_u (i32.const 206)) (i32.const 1)))
                (br $more))))
          (i32.store (i32.const 0) (i32.const 200))
          (i32.store (i32.const 4) (i32.const 7))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

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

  private AppHost tenant(String name, Quota quota) {
    host.tenants().add(name, Terms.DEFAULT.quota(quota));
    return host.of(name);
  }

  private static InputStream text(String answer) {
    return TestGuests.module(TestGuests.text(answer));
  }

  private static void refused(AppException.Reason reason, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AppException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  private String call(String name) throws IOException, FunctionException {
    var out = new ByteArrayOutputStream();
    host.handle(name, request(name), (status, headers) -> out);
    return out.toString();
  }

  private static FunctionRequest request(String name) {
    return new FunctionRequest(
        "GET",
        "/fn/" + name,
        "",
        "/fn/" + name,
        "",
        "HTTP/1.1",
        "localhost",
        80,
        "127.0.0.1",
        List.of(),
        0,
        InputStream.nullInputStream());
  }

  private static void eventually(BooleanSupplier condition, String what)
      throws InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  // ---- whose is what ----

  @Test
  void tenantSeesAndTouchesItsOwnAppsAlone() throws Exception {
    AppHost acme = tenant("acme", QUOTA);
    AppHost other = tenant("other", QUOTA);
    acme.deploy("mine", Optional.empty(), text("acme"));
    host.deploy("operators", Optional.empty(), text("operator"));
    assertThat(acme.list()).extracting(AppStatus::name).containsExactly("mine");
    assertThat(other.list()).isEmpty();
    assertThat(host.list()).extracting(AppStatus::name).containsExactly("mine", "operators");
    assertThat(host.status("mine").tenant()).contains("acme");
    assertThat(host.status("operators").tenant()).isEmpty();

    List<ThrowingCallable> tries = new ArrayList<>();
    for (String name : List.of("mine", "operators", "nothing")) {
      tries.add(() -> other.status(name));
      tries.add(() -> other.start(name));
      tries.add(() -> other.stop(name));
      tries.add(() -> other.pause(name));
      tries.add(() -> other.resume(name));
      tries.add(() -> other.restart(name));
      tries.add(() -> other.rollback(name, OptionalInt.empty()));
      tries.add(() -> other.upgrade(name, Optional.empty(), text("x"), 1));
      tries.add(() -> other.remove(name, true));
      tries.add(() -> other.log(name));
      tries.add(() -> other.stats(name));
      tries.add(() -> other.memory(name));
    }
    for (ThrowingCallable each : tries) {
      refused(AppException.Reason.NOT_FOUND, "there is no app '", each);
    }
    String taken = "is taken on this host; choose another one";
    refused(
        AppException.Reason.EXISTS,
        taken,
        () -> other.install("mine", Manifest.PROGRAM, text("x")));
    refused(
        AppException.Reason.EXISTS,
        taken,
        () -> other.deploy("operators", Optional.empty(), text("x")));
    // everybody may call them
    assertThat(call("mine")).isEqualTo("acme");
    assertThat(call("operators")).isEqualTo("operator");
  }

  @Test
  void partOfTheHostDoesNotHaveWhatTheWholeHas() {
    AppHost acme = tenant("acme", QUOTA);
    assertThatThrownBy(acme::tenants).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(acme::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> acme.of("acme")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> acme.removeTenant("acme", true))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tenantsAndTheirAppsAreThereAgain() throws Exception {
    AccessToken.Made made = host.tenants().add("acme", Terms.DEFAULT.quota(QUOTA.requests(7, 3)));
    AccessToken.Made second = host.tenants().addToken("acme");
    host.of("acme").deploy("mine", Optional.empty(), text("one"));
    reopen();
    assertThat(host.tenants().withToken(AccessToken.of(made.text()))).isPresent();
    assertThat(host.tenants().withToken(AccessToken.of(made.text() + "x"))).isEmpty();
    assertThat(host.tenants().tenant("acme").terms().quota()).isEqualTo(QUOTA.requests(7, 3));
    assertThat(host.of("acme").list()).extracting(AppStatus::name).containsExactly("mine");
    host.tenants().revoke("acme", made.token().id());
    reopen();
    assertThat(host.tenants().withToken(AccessToken.of(made.text()))).isEmpty();
    assertThat(host.tenants().withToken(AccessToken.of(second.text()))).isPresent();
    refused(
        AppException.Reason.NOT_FOUND,
        "tenant 'acme' has no token '" + made.token().id() + "'; it has [",
        () -> host.tenants().revoke("acme", made.token().id()));
  }

  @Test
  void tenantIsRemovedWithItsAppsOnlyByForce() throws Exception {
    AccessToken.Made made = host.tenants().add("acme", Terms.DEFAULT);
    host.of("acme").deploy("mine", Optional.empty(), text("one"));
    AppHost acme = host.of("acme");
    refused(
        AppException.Reason.WRONG_STATE,
        "tenant 'acme' has apps: mine; remove them first, or force it",
        () -> host.removeTenant("acme", false));
    assertThat(host.tenants().withToken(AccessToken.of(made.text()))).isPresent();
    host.removeTenant("acme", true);
    assertThat(host.list()).isEmpty();
    assertThat(host.tenants().withToken(AccessToken.of(made.text()))).isEmpty();
    refused(AppException.Reason.NOT_FOUND, "there is no tenant 'acme'", () -> host.of("acme"));
    // who asked before comes too late
    refused(
        AppException.Reason.NOT_FOUND,
        "there is no tenant 'acme'",
        () -> acme.deploy("mine", Optional.empty(), text("x")));
    reopen();
    assertThat(host.tenants().list()).isEmpty();
    // who comes later under the same name begins anew
    host.tenants().add("acme", Terms.DEFAULT);
    assertThat(host.tenants().withToken(AccessToken.of(made.text()))).isEmpty();
    refused(
        AppException.Reason.EXISTS,
        "there is a tenant 'acme' already",
        () -> host.tenants().add("acme", Terms.DEFAULT));
  }

  // ---- quotas ----

  @Test
  void numberOfAppsIsLimited() throws Exception {
    AppHost acme = tenant("acme", QUOTA.maxApps(2));
    // of many at once as many win as there is room for
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<AppStatus>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String name = "app-" + i;
        all.add(threads.submit(() -> acme.install(name, Manifest.PROGRAM, text("x"))));
      }
      int installed = 0;
      for (Future<AppStatus> each : all) {
        try {
          each.get();
          installed++;
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .hasMessage("the quota of tenant 'acme' is exhausted: limit 2 apps, used 2");
        }
      }
      assertThat(installed).isEqualTo(2);
    }
    acme.remove(acme.list().getFirst().name(), true);
    acme.install("another", Manifest.PROGRAM, text("x"));
    host.install("operators", Manifest.PROGRAM, text("x"));
  }

  @Test
  void bytesOnDiskAreLimited() {
    Manifest small = Manifest.FUNCTION.maxLogBytes(1 << 16).keepRevisions(2);
    long module = TestGuests.text("x").length();
    AppHost acme = tenant("acme", QUOTA.maxBytes(1 << 20, (1 << 16) + 2 * module));
    acme.deploy("a", Optional.of(small), text("1"));
    acme.deploy("a", Optional.of(small), text("2"));
    acme.deploy("a", Optional.of(small), text("3")); // the first one goes
    assertThat(host.tenantDisk("acme")).isEqualTo((1 << 16) + 2 * module);
    refused(
        AppException.Reason.QUOTA,
        "the quota of tenant 'acme' is exhausted: limit %d bytes on disk, used %d"
            .formatted((1 << 16) + 2 * module, (1 << 16) + 3 * module),
        () -> acme.upgrade("a", Optional.of(small), text("4"), 3));
    refused(AppException.Reason.QUOTA, "bytes on disk", () -> acme.install("b", small, text("5")));
    refused(
        AppException.Reason.QUOTA,
        "bytes on disk",
        () -> acme.deploy("a", Optional.of(small.maxLogBytes(1 << 17)), text("6")));
    assertThat(acme.status("a").current()).isEqualTo(3);
  }

  @Test
  void memoryOfAllInstancesIsLimited() throws Exception {
    AppHost acme = tenant("acme", QUOTA.maxBytes(8 << 16, 1 << 30));
    acme.deploy("grows", Optional.empty(), TestGuests.module(GROWS));
    assertThat(call("grows")).isEqualTo("7");
    assertThat(host.tenants().account("acme").memory().used()).isZero();
    assertThat(String.join("\n", acme.log("grows").tail(10)))
        .contains("memory of the tenant exhausted: limit 524288 bytes, used 524288 bytes");
    // a program of the tenant holds some of it
    acme.install("holds", Manifest.PROGRAM, TestGuests.module(TestGuests.ticks("x")));
    acme.start("holds");
    eventually(() -> host.tenants().account("acme").memory().used() == 1 << 16, "holds a page");
    assertThat(call("grows")).isEqualTo("6");
    host.tenants().change("acme", terms -> terms.quota(QUOTA.maxBytes(1 << 16, 1 << 30)));
    assertThatThrownBy(() -> call("grows"))
        .isInstanceOf(FunctionException.class)
        .hasMessageContaining("limit 65536 bytes of all instances together, used 65536 bytes");
    acme.stop("holds");
    assertThat(call("grows")).isEqualTo("0");
    // the operator's apps have nothing to do with it
    host.deploy("free", Optional.empty(), TestGuests.module(TestGuests.text("free")));
    assertThat(call("free")).isEqualTo("free");
  }

  @Test
  void processorTimeIsLimited() throws Exception {
    Duration second = Duration.ofMillis(300);
    AppHost acme = tenant("acme", QUOTA.cpu(second, Duration.ofDays(300)));
    acme.deploy("f", Optional.empty(), text("here"));
    acme.install("spins", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    host.install("others", Manifest.PROGRAM, TestGuests.module(TestGuests.spins()));
    host.start("others");
    acme.start("spins");
    eventually(() -> acme.status("spins").state() instanceof AppState.Failed, "it is stopped");
    String exhausted = "CPU time of the tenant exhausted: limit 0.3s in 7200h, used ";
    assertThat(acme.status("spins").state().reason().orElse("")).startsWith(exhausted);
    assertThatThrownBy(() -> call("f"))
        .isInstanceOf(TooManyException.class)
        .hasMessageStartingWith(exhausted);
    assertThatThrownBy(() -> acme.start("spins")).isInstanceOf(TooManyException.class);
    assertThat(host.status("others").state()).isInstanceOf(AppState.Running.class);
    // a new process goes on from there
    reopen();
    assertThatThrownBy(() -> call("f")).isInstanceOf(TooManyException.class);
    assertThat(host.status("spins").state()).isInstanceOf(AppState.Failed.class);
    host.tenants().change("acme", terms -> terms.quota(QUOTA));
    assertThat(call("f")).isEqualTo("here");
    host.of("acme").start("spins");
  }

  @Test
  void requestThatComputesForEverIsStoppedWithTheTenantsTime() throws Exception {
    AppHost acme = tenant("acme", QUOTA.cpu(Duration.ofMillis(300), Duration.ofDays(300)));
    Trigger.Http patient = Trigger.Http.DEFAULT.timeLimit(Duration.ofHours(1));
    acme.deploy(
        "f",
        Optional.of(Manifest.FUNCTION.trigger(patient)),
        TestGuests.module(TestGuests.spins()));
    assertThatThrownBy(() -> call("f"))
        .isInstanceOf(FunctionException.class)
        .hasMessageContaining("CPU time of the tenant exhausted");
  }

  @Test
  void requestsAreLimited() throws Exception {
    AppHost acme = tenant("acme", QUOTA.requests(3, 32));
    acme.deploy("f", Optional.empty(), text("x"));
    for (int i = 0; i < 3; i++) {
      call("f");
    }
    assertThatThrownBy(() -> call("f"))
        .isInstanceOf(TooManyException.class)
        .hasMessage("too many requests for this tenant: limit 3 a second, used 3");
  }

  @Test
  void requestsAtOnceAreLimited() throws Exception {
    AppHost acme = tenant("acme", QUOTA.requests(1_000, 2));
    acme.deploy("f", Optional.empty(), TestGuests.module(TestGuests.spins()));
    acme.deploy("g", Optional.empty(), text("x"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        threads.submit(
            () -> {
              host.handle("f", request("f"), (status, all) -> OutputStream.nullOutputStream());
              return null;
            });
      }
      eventually(() -> host.tenants().account("acme").calls().inside() == 2, "two are there");
      assertThatThrownBy(() -> call("g"))
          .isInstanceOf(TooManyException.class)
          .hasMessage("too many requests for this tenant: limit 2 at once, used 2");
      acme.stop("f");
    }
    assertThat(call("g")).isEqualTo("x");
  }

  // ---- grants ----

  @Test
  void whatTheTenantMayNotGrantIsRefused() throws Exception {
    AppHost acme = tenant("acme", QUOTA);
    Policy none = Permissions.NONE.policy();
    Manifest wants =
        Manifest.FUNCTION.permissions(
            Permissions.of(none.directory(home, "/home", Rights.READ_ONLY)));
    refused(
        AppException.Reason.NOT_ALLOWED,
        "tenant 'acme' may not grant this to an app: the directory: expected none, found " + home,
        () -> acme.deploy("f", Optional.of(wants), text("x")));
    assertThat(acme.list()).isEmpty();
    acme.deploy("f", Optional.empty(), text("first"));
    refused(
        AppException.Reason.UPGRADE_FAILED,
        "may not grant this to an app",
        () -> acme.deploy("f", Optional.of(wants), text("x")));
    assertThat(call("f")).isEqualTo("first");
    host.tenants().change("acme", terms -> terms.grants(wants.permissions()));
    acme.deploy("f", Optional.of(wants), text("second"));
    assertThat(call("f")).isEqualTo("second");
    // what is taken back counts when the app begins the next time
    host.tenants().change("acme", terms -> terms.grants(Permissions.NONE));
    assertThat(call("f")).isEqualTo("second");
    reopen();
    assertThat(host.status("f").state().reason().orElse(""))
        .contains("may not grant this to an app: the directory: expected none");
    refused(
        AppException.Reason.NOT_ALLOWED,
        "may not grant this to an app",
        () -> host.of("acme").start("f"));
  }
}
