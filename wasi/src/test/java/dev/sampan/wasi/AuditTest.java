package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasi.NetworkGrant.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the decisions about a guest. */
class AuditTest {

  private final List<AuditEvent> events = new ArrayList<>();

  @TempDir Path box;

  private AuditEvent last() {
    return events.getLast();
  }

  private void assertRefused(String call, Map<String, String> arguments, String needed) {
    assertThat(last().call()).isEqualTo(call);
    assertThat(last().arguments()).isEqualTo(arguments);
    assertThat(last().allowed()).isFalse();
    assertThat(last().needed()).contains(needed);
  }

  @Test
  void everyPathIsToldWithWhatWouldHaveAllowedIt() throws IOException {
    Files.createDirectory(box.resolve("d"));
    Files.writeString(box.resolve("d/file"), "");
    Wasi wasi = Wasi.preview1().directory(box, "/data", Rights.READ_ONLY).audit(events::add);
    try (Guest guest = new Guest(wasi)) {
      int d = guest.open("d", Guest.DIRECTORY, Guest.READ_FILE);
      assertThat(last().call()).isEqualTo("path_open");
      assertThat(last().arguments()).isEqualTo(Map.of("path", "/data/d"));
      assertThat(last().allowed()).isTrue();
      assertThat(last().needed()).isEmpty();
      guest.tryOpen(d, 0, "file", 0, Guest.WRITE, 0);
      assertRefused(
          "path_open",
          Map.of("path", "/data/d/file"),
          "directory \"/data\" with rights READ_WRITE");
      guest.openError("../secret");
      assertRefused(
          "path_open",
          Map.of("path", "/data/../secret"),
          "a granted directory that holds \"/data/../secret\"");
      guest.ok("fd_fdstat_set_rights", d, 0L, 0L);
      guest.tryOpen(d, 0, "file", 0, Guest.READ, 0);
      assertThat(last().needed().orElseThrow()).contains("path_open").contains("gave up");
    }
  }

  @Test
  void everyUseOfTheNetworkIsToldInTheWordsOfAGrant() {
    Wasi wasi =
        Wasi.preview1()
            .network(NetworkGrant.connect(Protocol.TCP, "good.example", 443))
            .hostNames(name -> List.of(InetAddress.ofLiteral("10.0.0.1")))
            .audit(events::add);
    try (Guest guest = new Guest(wasi)) {
      int result = guest.room(4);
      guest.ok("sock_open", -1, 0, 1, result);
      int address = guest.room(24);
      guest.memory().write(address + 4, new byte[] {10, 0, 0, 1}, 0, 4);
      guest.memory().setI16(address + 8, (short) 443);
      guest.call("sock_connect", guest.memory().i32(result), address);
      assertRefused(
          "sock_connect",
          Map.of("network", "connect:tcp:10.0.0.1:443"),
          "network connect:tcp:10.0.0.1:443");
      guest.call("sock_open", -1, 0, 0, result);
      assertRefused("sock_open", Map.of("protocol", "udp"), "network connect:udp:HOST:PORT");
      resolve(guest, "bad.example");
      assertRefused(
          "sock_addr_resolve",
          Map.of("host", "bad.example"),
          "network connect:tcp:bad.example:PORT");
      resolve(guest, "good.example");
      assertRefused(
          "sock_addr_resolve",
          Map.of("host", "good.example", "address", "10.0.0.1"),
          "the grant for good.example within 10.0.0.1");
    }
  }

  private static void resolve(Guest guest, String host) {
    int name = guest.bytes((host + "\0").getBytes(StandardCharsets.UTF_8));
    int hints = guest.room(16);
    guest.call("sock_addr_resolve", name, hints, hints, guest.room(28), 1, guest.room(4));
  }

  @Test
  void limitsThatWereReachedAreTold() {
    Wasi wasi =
        Wasi.preview1()
            .directory(box, "/", Rights.READ_WRITE, 300)
            .maxOpenFiles(5)
            .audit(events::add);
    try (Guest guest = new Guest(wasi)) {
      int fd = guest.open("a", Guest.CREATE, Guest.ALL);
      guest.openError(0, "b", Guest.CREATE, Guest.ALL);
      assertRefused("path_open", Map.of(), "more open files than 5");
      guest.call("fd_filestat_set_size", fd, 45L);
      assertRefused(
          "fd_filestat_set_size", Map.of(), "a quota of 301 bytes for the directory, found 300");
    }
  }

  @Test
  void severalListenersHearTheSame() {
    List<AuditEvent> others = new ArrayList<>();
    Wasi wasi =
        Wasi.preview1()
            .directory(box, "/", Rights.READ_WRITE)
            .audit(events::add)
            .audit(others::add);
    try (Guest guest = new Guest(wasi)) {
      guest.openError("none");
      assertThat(events).hasSize(1).isEqualTo(others);
      assertThat(last().allowed()).as("that there is no such file is no refusal").isTrue();
    }
  }
}
