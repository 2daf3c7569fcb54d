package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.ResourceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class UsageTest {

  /** Imports its memory, starts a thread that computes without end, and waits for ever. */
  private static final String THREADED =
      """
      (module
        (import "env" "memory" (memory 1 1 shared))
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (func (export "wasi_thread_start") (param i32 i32) (loop $l (br $l)))
        (func (export "_start")
          (drop (call $spawn (i32.const 0)))
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
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

  private void run(String name, Manifest manifest, String module) {
    host.install(name, manifest, TestGuests.module(module));
    host.start(name);
  }

  private static Manifest with(Policy policy) {
    return Manifest.PROGRAM.permissions(Permissions.of(policy));
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private boolean hasWorked(String name) {
    return host.cpuTime(name).compareTo(Duration.ofMillis(50)) > 0;
  }

  @Test
  void timeOfProcessorsGrowsWhileAProgramRunsAndStaysWhenItHasEnded() throws Exception {
    run("spins", Manifest.PROGRAM, TestGuests.spins());
    run("idle", Manifest.PROGRAM, TestGuests.reactor(""));
    eventually(() -> hasWorked("spins"), "it computes");
    host.stop("spins");
    Duration ended = host.cpuTime("spins");
    assertThat(ended).isGreaterThan(Duration.ofMillis(50));
    Thread.sleep(20);
    assertThat(host.cpuTime("spins")).isEqualTo(ended);
    assertThat(host.cpuTime("idle")).isLessThan(ended);
    host.start("spins");
    eventually(() -> host.cpuTime("spins").compareTo(ended) > 0, "the next run adds to it");
  }

  @Test
  void threadsOfAGuestCount() {
    run("threads", with(Policy.standard().maxThreads(1)), THREADED);
    eventually(() -> hasWorked("threads"), "the second thread computes");
  }

  @Test
  void requestsCountWhileTheyRunAndAfter() throws Exception {
    Trigger.Http trigger = Trigger.Http.DEFAULT.timeLimit(Duration.ofSeconds(2));
    host.deploy(
        "f",
        Optional.of(Manifest.FUNCTION.trigger(trigger)),
        TestGuests.module(TestGuests.spins()));
    Thread caller = Thread.startVirtualThread(this::call);
    eventually(() -> hasWorked("f"), "the request computes");
    caller.join();
    Duration ended = host.cpuTime("f");
    assertThat(ended).isGreaterThan(Duration.ofMillis(50));
    assertThat(host.stats("f").cpuSeconds()).isEqualTo(ended.toNanos() / 1e9);
  }

  private void call() {
    FunctionRequest request =
        new FunctionRequest(
            "GET",
            "/fn/f",
            "",
            "/fn/f",
            "",
            "HTTP/1.1",
            "localhost",
            80,
            "127.0.0.1",
            List.of(),
            0,
            InputStream.nullInputStream());
    assertThatThrownBy(
            () -> host.handle("f", request, (status, headers) -> OutputStream.nullOutputStream()))
        .isInstanceOf(FunctionException.class);
  }

  @Test
  void memoryOfAProgramIsKnownWhileItRuns() {
    run("ticks", Manifest.PROGRAM, TestGuests.ticks("x"));
    eventually(() -> host.stats("ticks").peakMemory() == 65536, "it has a page");
    host.stop("ticks");
    assertThat(host.stats("ticks").peakMemory()).isEqualTo(65536);
  }

  @Test
  void fuelOfAProgramIsKnownWhileItRuns() {
    ResourceLimits limits = ResourceLimits.DEFAULT.fuel(1_000_000_000_000L);
    run("spins", with(Policy.standard().limits(limits)), TestGuests.spins());
    eventually(() -> host.stats("spins").fuel() > 1_000, "it burns fuel");
    host.stop("spins");
    long burnt = host.stats("spins").fuel();
    assertThat(burnt).isGreaterThan(1_000);
  }
}
