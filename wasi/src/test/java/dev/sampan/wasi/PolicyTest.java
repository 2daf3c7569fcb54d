package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.Explanation.Purpose;
import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.InstancePool;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmModule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One object for all that a guest may do and use. */
class PolicyTest {

  private static final int REALTIME = 0;

  @TempDir Path box;

  private final List<AuditEvent> events = new ArrayList<>();

  private Guest guest(Policy policy) {
    return new Guest(policy.wasi(Wasi.preview1()).audit(events::add));
  }

  private void assertRefused(String call, String needed) {
    assertThat(events.getLast().call()).isEqualTo(call);
    assertThat(events.getLast().allowed()).isFalse();
    assertThat(events.getLast().needed()).contains(needed);
  }

  // ---- grants ----

  @Test
  void withoutGrantEverythingIsRefused() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wasi streams =
        Wasi.preview1().stdin(new ByteArrayInputStream(new byte[] {1})).stdout(out).stderr(out);
    try (Guest guest = new Guest(Policy.none().wasi(streams).audit(events::add))) {
      assertThat(guest.call("clock_time_get", REALTIME, 0L, guest.room(8)))
          .isEqualTo(Errno.NOTCAPABLE);
      assertRefused("clock_time_get", "clocks");
      assertThat(guest.call("clock_res_get", REALTIME, guest.room(8))).isEqualTo(Errno.NOTCAPABLE);
      assertRefused("clock_res_get", "clocks");
      assertThat(guest.call("random_get", guest.room(8), 8)).isEqualTo(Errno.NOTCAPABLE);
      assertRefused("random_get", "random");
      assertThat(guest.call("fd_prestat_get", Guest.ROOT, guest.room(8))).isEqualTo(Errno.BADF);
      assertThat(guest.read(0, 8)).isEmpty();
      guest.write(1, "swallowed");
      guest.write(2, "swallowed");
      assertThat(out.size()).isZero();
    }
  }

  @Test
  void waitingForAClockIsRefusedWithTheClocks() {
    try (Guest guest = guest(Policy.none())) {
      int subscription = guest.room(48);
      int event = guest.room(32);
      guest.memory().setI64(subscription, 77);
      guest.memory().setI64(subscription + 24, Long.MAX_VALUE);
      int count = guest.room(4);
      guest.ok("poll_oneoff", subscription, event, 1, count);
      assertThat(guest.memory().i32(count)).isEqualTo(1);
      assertThat(guest.memory().i64(event)).isEqualTo(77);
      assertThat(guest.memory().i16(event + 8)).isEqualTo((short) Errno.NOTCAPABLE.number());
      assertRefused("poll_oneoff", "clocks");
    }
  }

  @Test
  void standardPolicyGivesStreamsClocksAndRandomNumbers() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Guest guest = new Guest(Policy.standard().wasi(Wasi.preview1().stdout(out)))) {
      guest.ok("clock_time_get", REALTIME, 0L, guest.room(8));
      guest.ok("random_get", guest.room(8), 8);
      guest.write(1, "heard");
      assertThat(out).hasToString("heard");
    }
  }

  @Test
  void everyGrantReachesTheGuest() throws IOException {
    Files.writeString(box.resolve("file"), "content");
    Policy policy =
        Policy.standard()
            .directory(box, "/data", Rights.READ_ONLY)
            .listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .network(NetworkGrant.connect(Protocol.TCP, "127.0.0.1", 9))
            .env("NAME", "value")
            .maxThreads(2);
    try (Guest guest = guest(policy)) {
      int fd = guest.open("file", 0, Guest.READ_FILE);
      assertThat(guest.read(fd, 100)).isEqualTo("content");
      assertThat(guest.openError(0, "new", Guest.CREATE, Guest.ALL)).isEqualTo(Errno.NOTCAPABLE);
      guest.ok("sock_addr_local", Guest.ROOT + 1, guest.room(24));
      guest.ok("sock_open", -1, 0, 1, guest.room(4));
      int sizes = guest.room(8);
      guest.ok("environ_sizes_get", sizes, sizes + 4);
      assertThat(guest.memory().i32(sizes)).isEqualTo(1);
      assertThat(guest.memory().i32(sizes + 4)).isEqualTo("NAME=value\0".length());
    }
  }

  @Test
  void directoryOfTheSameNameIsReplaced() throws IOException {
    Path first = Files.createDirectory(box.resolve("first"));
    Path second = Files.createDirectory(box.resolve("second"));
    Policy policy =
        Policy.standard()
            .directory(first, "/data", Rights.READ_WRITE)
            .directory(second, "/data", Rights.READ_ONLY, 10);

    assertThat(policy.directories())
        .containsExactly(new Policy.DirectoryGrant(second, "/data", Rights.READ_ONLY, 10));
  }

  @Test
  void inheritedVariablesHaveTheValuesOfTheProcess() {
    Map.Entry<String, String> known = System.getenv().entrySet().iterator().next();
    Policy policy =
        Policy.none().inheritEnv(known.getKey(), "SAMPAN_SURELY_NOT_SET").env("OWN", "1");

    assertThat(policy.environment())
        .isEqualTo(Map.of(known.getKey(), known.getValue(), "OWN", "1"));
    assertThat(policy.env(known.getKey(), "mine").environment())
        .containsEntry(known.getKey(), "mine");
  }

  @Test
  void nameThatMayBeLookedUpCannotBeConnectedTo() {
    Wasi wasi =
        Policy.standard()
            .lookup("*.example.com")
            .network(NetworkGrant.connect(Protocol.TCP, "10.1.0.0/16", 80))
            .wasi(Wasi.preview1())
            .hostNames(
                name ->
                    List.of(
                        InetAddress.ofLiteral("93.184.216.34"),
                        InetAddress.ofLiteral("10.1.0.7"),
                        InetAddress.ofLiteral("10.2.0.7")))
            .audit(events::add);
    try (Guest guest = new Guest(wasi)) {
      int name = guest.bytes("www.example.com\0".getBytes(StandardCharsets.US_ASCII));
      int hints = guest.room(16);
      int count = guest.room(4);
      guest.ok("sock_addr_resolve", name, hints, hints, guest.room(28 * 8), 8, count);
      assertThat(guest.memory().i32(count))
          .as("public, or in a range that is granted; each for TCP and UDP")
          .isEqualTo(4);
      int socket = guest.room(4);
      guest.ok("sock_open", -1, 0, 1, socket);
      int address = guest.room(24);
      guest.memory().write(address + 4, new byte[] {93, (byte) 184, (byte) 216, 34}, 0, 4);
      guest.memory().setI16(address + 8, (short) 80);
      assertThat(guest.call("sock_connect", guest.memory().i32(socket), address))
          .isEqualTo(Errno.ACCES);
      int other = guest.bytes("example.com\0".getBytes(StandardCharsets.US_ASCII));
      assertThat(guest.call("sock_addr_resolve", other, hints, hints, guest.room(28), 1, count))
          .isEqualTo(Errno.ACCES);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect:tcp:db.lan:5432@10.0.0.0/8",
        "connect:tcp:db.lan:*@10.0.0.0/8,fd00::/8",
        "bind:udp:[::1]:5000-5010"
      })
  void grantReadsItsOwnText(String text) {
    NetworkGrant grant = NetworkGrant.parse(text);

    assertThat(grant).hasToString(text);
    assertThat(NetworkGrant.parse(grant.toString())).isEqualTo(grant);
  }

  @Test
  void nonsenseIsRefusedWhereItIsGiven() {
    Policy policy = Policy.none();
    assertThatThrownBy(() -> policy.env("A=B", "x")).hasMessageContaining("A=B");
    assertThatThrownBy(() -> policy.inheritEnv("")).hasMessageContaining("name");
    assertThatThrownBy(() -> policy.lookup("10.0.0.1")).hasMessageContaining("10.0.0.1");
    assertThatThrownBy(() -> policy.directory(box, "", Rights.READ_ONLY))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> policy.listener(InetSocketAddress.createUnresolved("x", 1)))
        .hasMessageContaining("x");
    assertThatThrownBy(() -> policy.maxThreads(-1)).hasMessageContaining("found -1");
    assertThatThrownBy(() -> policy.maxOpenFiles(2)).hasMessageContaining("found 2");
    assertThatThrownBy(() -> policy.maxOutput(-1)).hasMessageContaining("found -1");
    assertThatThrownBy(() -> policy.maxDisk(-1)).hasMessageContaining("found -1");
    assertThatThrownBy(() -> policy.maxInstances(0)).hasMessageContaining("found 0");
  }

  @Test
  void policyNeverChanges() {
    Policy policy = Policy.none();
    policy
        .stdio(true)
        .clocks(true)
        .random(true)
        .env("A", "1")
        .inheritEnv("B")
        .lookup("*")
        .network(NetworkGrant.listen("127.0.0.1", 1))
        .listener(new InetSocketAddress(1))
        .directory(box, "/", Rights.READ_ONLY)
        .maxThreads(1)
        .maxOpenFiles(7)
        .maxOutput(7)
        .maxDisk(7)
        .maxInstances(7)
        .limits(ResourceLimits.DEFAULT.fuel(7));
    assertThat(policy)
        .usingRecursiveComparison()
        .isEqualTo(Policy.standard().stdio(false).clocks(false).random(false));
    assertThat(policy.network()).isEmpty();
    assertThat(policy.lookups()).isEmpty();
    assertThat(policy.listeners()).isEmpty();
  }

  // ---- limits ----

  @Test
  void diskLimitCountsAllDirectoriesTogether() throws IOException {
    Path a = Files.createDirectory(box.resolve("a"));
    Path b = Files.createDirectory(box.resolve("b"));
    Policy policy =
        Policy.standard()
            .directory(a, "/a", Rights.READ_WRITE, 5000)
            .directory(b, "/b", Rights.READ_WRITE)
            .maxDisk(2 * 256 + 1000);
    try (Guest guest = guest(policy)) {
      int first = guest.open("f", Guest.CREATE, Guest.ALL);
      guest.ok("fd_filestat_set_size", first, 900L);
      int second = guest.tryOpen(Guest.ROOT + 1, 0, "f", Guest.CREATE, Guest.ALL, 0);
      assertThat(guest.call("fd_filestat_set_size", second, 101L)).isEqualTo(Errno.DQUOT);
      assertRefused("fd_filestat_set_size", "a disk limit of 1513 bytes, found 1512");
      guest.ok("fd_filestat_set_size", second, 100L);
      guest.ok("fd_filestat_set_size", first, 0L);
      guest.ok("fd_filestat_set_size", second, 1000L);
    }
    assertThat(Files.size(b.resolve("f"))).isEqualTo(1000);
  }

  @Test
  void limitsOfTheEngineAreThoseOfThePolicy() {
    Policy policy = Policy.none().limits(ResourceLimits.DEFAULT.fuel(1000));
    try (Engine engine = Engine.create()) {
      WasmModule module =
          engine.load("(module (func (export \"spin\") (loop $again (br $again))))");
      try (Instance instance = module.instantiate(Imports.create(), any -> policy.limits())) {
        assertThatThrownBy(() -> instance.function("spin").call())
            .isInstanceOfSatisfying(
                ExhaustedException.class, e -> assertThat(e.resource()).isEqualTo(Resource.FUEL));
      }
    }
  }

  @Test
  void poolHasNoMoreInstancesThanThePolicyAllows() {
    Policy policy = Policy.none().maxInstances(1).limits(ResourceLimits.DEFAULT.maxMemory(1 << 16));
    try (Engine engine = Engine.create()) {
      WasmModule module = engine.load("(module (memory (export \"memory\") 1))");
      try (InstancePool pool = policy.pool(module, Imports.create());
          InstancePool.Lease lease = pool.lend(Duration.ofSeconds(1))) {
        assertThat(lease.instance().memory("memory").grow(1)).isEqualTo(-1);
        assertThatThrownBy(() -> pool.lend(Duration.ZERO)).hasMessageContaining("limit 1");
      }
    }
  }

  @Test
  void peakOfMemoryIsKeptAfterTheEnd() {
    try (Engine engine = Engine.create()) {
      WasmModule module =
          engine.load("(module (memory (export \"memory\") 2) (table 100 funcref))");
      Instance instance = module.instantiate(Imports.create());
      long start = instance.peakMemory();
      assertThat(start).isGreaterThan(2 << 16).isLessThan(3 << 16);
      instance.memory("memory").grow(3);
      instance.close();
      assertThat(instance.peakMemory()).isEqualTo(start + (3 << 16));
    }
  }

  // ---- explanation ----

  private static final String CURIOUS =
      """
      (module
        (import "wasi_snapshot_preview1" "args_get" (func (param i32 i32) (result i32)))
        (import "wasi_unstable" "environ_get" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_unlink_file"
          (func (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "sock_open" (func (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_res_get" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        (import "wasi" "thread-spawn" (func (param i32) (result i32)))
        (import "env" "memory" (memory 1 2 shared))
        (import "env" "log" (func (param i32)))
        (import "env" "lost" (func))
        (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32))))
      """;

  private static List<Explanation> explain(Policy policy) {
    try (Engine engine = Engine.create()) {
      Imports imports =
          Imports.create()
              .with(policy.wasi(Wasi.preview1()))
              .function("env", "log", call -> call.i32(0));
      return policy.explain(engine.load(CURIOUS), imports);
    }
  }

  @Test
  void everyImportIsExplainedOnce() {
    List<Explanation> all = explain(Policy.none());

    assertThat(all).extracting(Explanation::purpose).containsExactly(Purpose.values());
    assertThat(all.stream().mapToInt(each -> each.imports().size()).sum()).isEqualTo(14);
    assertThat(all.stream().filter(Explanation::granted).map(Explanation::purpose))
        .containsExactly(Purpose.ARGUMENTS, Purpose.PROCESS, Purpose.HOST);
    assertThat(all.getLast().details())
        .containsExactly(
            "nothing is known by the name \"env\" \"lost\"",
            "incompatible import type: \"wasi_snapshot_preview1\" \"fd_close\" (func [i64] ->"
                + " [i32]) expected, found func [i32] -> [i32]");
  }

  @Test
  void grantsAreExplainedInDetail() {
    Policy policy =
        Policy.standard()
            .env("A", "secret")
            .directory(box, "/data", Rights.READ_ONLY)
            .directory(box, "/out", Rights.READ_WRITE, 100)
            .network(NetworkGrant.connect(Protocol.TCP, "*.example.com", 443))
            .lookup("example.org")
            .listener(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80))
            .maxThreads(3);

    List<Explanation> all = explain(policy);

    assertThat(all.stream().filter(each -> !each.granted()).map(Explanation::purpose))
        .containsExactly(Purpose.MISSING);
    assertThat(all.stream().limit(10).flatMap(each -> each.details().stream()))
        .containsExactly(
            "A",
            "/data is " + box + ", read only",
            "/out is " + box + ", read and write, at most 100 bytes more",
            "connect:tcp:*.example.com:443",
            "look up example.org",
            "listens at 127.0.0.1, port 80",
            "at most 3");
  }

  @Test
  void grantCoversTheAddressesThatItNames() {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("10.1.2.3"), 5000);
    for (String grant :
        List.of(
            "connect:tcp:10.1.2.3:5000", "connect:tcp:10.0.0.0/8:4000-6000", "connect:tcp:*:*")) {
      assertThat(covers(grant, address)).as(grant).isTrue();
    }
    for (String grant :
        List.of(
            "connect:tcp:10.1.2.4:5000",
            "connect:tcp:10.1.2.3:5001",
            "connect:udp:10.1.2.3:5000",
            "listen:tcp:10.1.2.3:5000",
            "connect:tcp:example.com:*")) {
      assertThat(covers(grant, address)).as(grant).isFalse();
    }
  }

  private static boolean covers(String grant, InetSocketAddress address) {
    return NetworkGrant.parse(grant)
        .covers(NetworkGrant.Direction.CONNECT, NetworkGrant.Protocol.TCP, address);
  }
}
