package dev.sampan.apps.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Permissions;
import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import dev.sampan.wasm.ResourceLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tenant may, part by part, by clocks that the test turns. */
class QuotaPartsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-05-04T10:30:00Z"));

  private RequestGate gate(int perSecond, int atOnce) {
    return new RequestGate(perSecond, atOnce, nanos::get);
  }

  @Test
  void secondHasSoManyRequests() {
    RequestGate gate = gate(5, 100);
    for (int i = 0; i < 5; i++) {
      gate.enter().close();
    }
    assertThatThrownBy(gate::enter)
        .isInstanceOfSatisfying(
            TooManyException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(200)))
        .hasMessage("too many requests for this tenant: limit 5 a second, used 5");
    nanos.addAndGet(Duration.ofMillis(200).toNanos());
    gate.enter().close();
    assertThatThrownBy(gate::enter).isInstanceOf(TooManyException.class);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    for (int i = 0; i < 5; i++) {
      gate.enter().close();
    }
    assertThatThrownBy(gate::enter).isInstanceOf(TooManyException.class);
  }

  @Test
  void soManyRequestsMayBeThereAtOnce() {
    RequestGate gate = gate(1_000, 2);
    RequestGate.Pass first = gate.enter();
    gate.enter();
    assertThatThrownBy(gate::enter)
        .hasMessage("too many requests for this tenant: limit 2 at once, used 2");
    first.close();
    first.close(); // twice is once
    assertThat(gate.inside()).isEqualTo(1);
    gate.enter();
    assertThatThrownBy(gate::enter).isInstanceOf(TooManyException.class);
  }

  private CpuMeter meter() {
    return new CpuMeter(Duration.ofMinutes(1), Duration.ofHours(1), now::get);
  }

  @Test
  void processorTimeIsThereAgainInTheNextPeriod() {
    CpuMeter meter = meter();
    meter.add(Duration.ofSeconds(59));
    meter.require();
    meter.add(Duration.ofSeconds(2));
    assertThatThrownBy(meter::require)
        .isInstanceOfSatisfying(
            TooManyException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMinutes(30)))
        .hasMessage(
            "CPU time of the tenant exhausted: limit 1m in 1h, used 1m1s; there is more at"
                + " 2026-05-04T11:00:00Z");
    now.set(Instant.parse("2026-05-04T11:00:00Z"));
    meter.require();
    assertThat(meter.reading().used()).isZero();
  }

  @Test
  void clockThatIsSetBackForgetsNothing() {
    CpuMeter meter = meter();
    meter.add(Duration.ofMinutes(2));
    now.set(now.get().minus(Duration.ofDays(400)));
    assertThat(meter.isExhausted()).isTrue();
    now.set(now.get().plus(Duration.ofHours(1)));
    assertThat(meter.isExhausted()).isFalse();
  }

  @Test
  void readingIsTakenUpIfItsPeriodIsNotOver() {
    CpuMeter before = meter();
    before.add(Duration.ofSeconds(42));
    CpuMeter after = meter();
    after.resume(before.reading());
    assertThat(after.reading().used()).isEqualTo(Duration.ofSeconds(42));
    CpuMeter.Reading old = before.reading();
    now.set(now.get().plus(Duration.ofHours(1)));
    after = meter();
    after.resume(old);
    assertThat(after.reading().used()).isZero();
  }

  @Test
  void tokensAreKnownByTheirHashAlone() {
    AccessToken.Made made = AccessToken.make();
    assertThat(made.text()).startsWith("sampan_").hasSize(50);
    assertThat(made.token().toString()).doesNotContain(made.text());
    assertThat(AccessToken.of(made.text()).hasHashOf(made.token())).isTrue();
    assertThat(AccessToken.make().token().hasHashOf(made.token())).isFalse();
    assertThat(made.token().hash()).startsWith(made.token().id()).hasSize(64);
  }

  // ---- what may be granted ----

  private static Permissions permissions(UnaryOperator<Policy> change) {
    return Permissions.of(change.apply(Permissions.NONE.policy()));
  }

  private static void refused(Permissions most, Permissions wanted, String message) {
    assertThatThrownBy(() -> new Ceiling("acme", most).require(wanted))
        .isInstanceOfSatisfying(
            AppException.class,
            e -> assertThat(e.reason()).isEqualTo(AppException.Reason.NOT_ALLOWED))
        .hasMessageContaining(message);
  }

  @Test
  void grantsMustBeThoseOfTheTenant(@TempDir Path folder) throws Exception {
    Path below = Files.createDirectory(folder.resolve("below"));
    Permissions none = Permissions.NONE;
    Permissions readOnly = permissions(p -> p.directory(folder, "/d", Rights.READ_ONLY));
    Permissions readWrite = permissions(p -> p.directory(folder, "/d", Rights.READ_WRITE));
    refused(none, readOnly, "may not grant this to an app: the directory: expected none, found");
    refused(readOnly, readWrite, "expected to read only, found to write");
    // a guest that may write to the folder could make a link of what is below
    refused(
        readWrite,
        permissions(p -> p.directory(below, "/d", Rights.READ_ONLY)),
        "expected " + folder + ", found " + below);
    new Ceiling("acme", readWrite).require(readOnly);
    new Ceiling("acme", readWrite)
        .require(permissions(p -> p.directory(folder.resolve("below/.."), "/x", Rights.READ_ONLY)));

    String grant = "connect:tcp:example.com:443";
    Permissions network = permissions(p -> p.network(NetworkGrant.parse(grant)));
    refused(none, network, "network: expected none, found " + grant);
    new Ceiling("acme", network).require(network);
    refused(none, permissions(p -> p.lookup("example.com")), "lookup: expected none");
    refused(permissions(p -> p.clocks(false)), none, "clocks: expected false, found true");
    refused(permissions(p -> p.random(false)), none, "random: expected false, found true");
  }

  @Test
  void limitsMustNotBeAboveThoseOfTheTenant() {
    Permissions none = Permissions.NONE;
    ResourceLimits limits = none.policy().limits();
    refused(
        none,
        permissions(p -> p.limits(limits.maxMemory(1L << 40))),
        "maxMemory: expected at most 268435456, found 1099511627776");
    refused(none, permissions(p -> p.maxThreads(1)), "maxThreads: expected at most 0, found 1");
    Permissions fuel = permissions(p -> p.limits(limits.fuel(1_000)));
    refused(fuel, none, "fuel: expected at most 1000, found no limit");
    refused(fuel, permissions(p -> p.limits(limits.fuel(1_001))), "fuel: expected at most 1000");
    new Ceiling("acme", fuel).require(permissions(p -> p.limits(limits.fuel(999))));
    Permissions time = permissions(p -> p.limits(limits.timeout(Duration.ofSeconds(1))));
    refused(time, none, "timeout in ns: expected at most 1000000000, found no limit");
  }

  @Test
  void topicsMustBeAmongThoseOfTheTenant() {
    Permissions none = Permissions.NONE;
    Permissions some = topics(List.of("acme/#"), List.of("acme/+/in", "$host/apps/a/state"));
    new Ceiling("acme", some).require(topics(List.of("acme/x/#"), List.of("acme/b/in")));
    refused(none, topics(List.of("a"), List.of()), "publish: expected none, found a");
    refused(some, topics(List.of("#"), List.of()), "publish: expected acme/#, found #");
    refused(some, topics(List.of(), List.of("acme/#")), "subscribe: expected acme/+/in");
    refused(some, topics(List.of(), List.of("$host/apps/+/state")), "found $host/apps/+/state");
  }

  private static Permissions topics(List<String> publish, List<String> subscribe) {
    return Permissions.NONE.topics(publish, subscribe);
  }

  @Test
  void devicesMustBeAmongThoseOfTheTenant() {
    Permissions cpu = Permissions.NONE.devices("cpu");
    refused(Permissions.NONE, cpu, "device: expected none, found cpu");
    refused(cpu, Permissions.NONE.devices("*"), "device: expected cpu, found *");
    new Ceiling("acme", Permissions.NONE.devices("*")).require(cpu);
    // whom an app may ask is looked at when it asks: its tenant's other apps come and go
    new Ceiling("acme", Permissions.NONE).require(Permissions.NONE.requests("*"));
  }

  @Test
  void quotasThatMakeNoSenseAreRefused() {
    Quota quota = Quota.DEFAULT;
    List<String> messages = new ArrayList<>();
    for (Runnable each :
        new Runnable[] {
          () -> quota.maxApps(-1),
          () -> quota.maxBytes(-1, 0),
          () -> quota.requests(0, 1),
          () -> quota.requests(1, 0),
          () -> quota.cpu(Duration.ofSeconds(-1), Duration.ofDays(1)),
          () -> quota.cpu(Duration.ofSeconds(1), Duration.ofMillis(999))
        }) {
      assertThatThrownBy(each::run)
          .isInstanceOf(AppException.class)
          .satisfies(e -> messages.add(e.getMessage()));
    }
    assertThat(messages)
        .containsExactly(
            "expected maxApps to be 0 or more, found -1",
            "expected maxMemory to be 0 or more, found -1",
            "expected requestsPerSecond to be 1 or more, found 0",
            "expected maxRequests to be 1 or more, found 0",
            "expected a cpuTime of 0 to 100 years, found PT-1S",
            "expected a cpuPeriod from a second to a year, found PT0.999S");
  }
}
