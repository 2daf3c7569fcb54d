package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasm.Trap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets, on this machine only: what they do, and what a grant lets through. */
@Timeout(30)
class NetworkTest {

  private static final InetAddress V4 = address("127.0.0.1");
  private static final InetAddress V6 = address("::1");
  private static final int STREAM = 1;
  private static final int DATAGRAM = 0;
  private static final int NONBLOCK = 4;
  private static final int FIRST = 3;

  private static final Wasi LOCAL =
      Wasi.preview1()
          .network(
              NetworkGrant.connect(Protocol.TCP, "127.0.0.0/8", 0).anyPort(),
              NetworkGrant.connect(Protocol.UDP, "127.0.0.0/8", 0).anyPort(),
              NetworkGrant.connect(Protocol.TCP, "::1", 0).anyPort(),
              NetworkGrant.listen("127.0.0.1", 0),
              NetworkGrant.listen("::1", 0),
              NetworkGrant.bind(Protocol.UDP, "127.0.0.1", 0));

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  // ---- what guests do ----

  private static int open(Guest guest, InetAddress family, int type) {
    int result = guest.room(4);
    guest.ok("sock_open", -1, family.getAddress().length == 4 ? 0 : 1, type, result);
    return guest.memory().i32(result);
  }

  private static int write(Guest guest, InetAddress address, int port) {
    int at = guest.room(24);
    byte[] bytes = address.getAddress();
    guest.memory().setI32(at, bytes.length == 4 ? 0 : 1);
    if (bytes.length == 4) {
      guest.memory().write(at + 4, bytes, 0, 4);
      guest.memory().setI16(at + 8, (short) port);
    } else {
      for (int i = 0; i < 8; i++) {
        int group = Byte.toUnsignedInt(bytes[2 * i]) << 8 | Byte.toUnsignedInt(bytes[2 * i + 1]);
        guest.memory().setI16(at + 4 + 2 * i, (short) group);
      }
      guest.memory().setI16(at + 20, (short) port);
    }
    return at;
  }

  private static int port(Guest guest, String call, int fd) {
    int at = guest.room(24);
    guest.ok(call, fd, at);
    int kind = guest.memory().i32(at);
    return Short.toUnsignedInt(guest.memory().i16(at + (kind == 0 ? 8 : 20)));
  }

  private static Errno connect(Guest guest, int fd, InetAddress address, int port) {
    return guest.call("sock_connect", fd, write(guest, address, port));
  }

  private static int accept(Guest guest, int listener) {
    int result = guest.room(4);
    guest.ok("sock_accept", listener, 0, result);
    return guest.memory().i32(result);
  }

  private static int range(Guest guest, int address, int length) {
    int list = guest.room(8);
    guest.memory().setI32(list, address);
    guest.memory().setI32(list + 4, length);
    return list;
  }

  private static Errno send(Guest guest, int fd, String text) {
    int at = guest.bytes(text.getBytes(StandardCharsets.UTF_8));
    return guest.call("sock_send", fd, range(guest, at, text.length()), 1, 0, guest.room(4));
  }

  private static String receive(Guest guest, int fd, int length, int flags) {
    int buffer = guest.room(length);
    int count = guest.room(8);
    guest.ok("sock_recv", fd, range(guest, buffer, length), 1, flags, count, count + 4);
    return guest.memory().utf8(buffer, guest.memory().i32(count));
  }

  private static Errno tryReceive(Guest guest, int fd) {
    int count = guest.room(8);
    int list = range(guest, guest.room(8), 8);
    return guest.call("sock_recv", fd, list, 1, 0, count, count + 4);
  }

  private static Errno sendTo(Guest guest, int fd, String text, InetAddress to, int port) {
    int at = guest.bytes(text.getBytes(StandardCharsets.UTF_8));
    int list = range(guest, at, text.length());
    return guest.call("sock_send_to", fd, list, 1, 0, write(guest, to, port), guest.room(4));
  }

  private static int listen(Guest guest, InetAddress address) {
    int fd = open(guest, address, STREAM);
    guest.ok("sock_bind", fd, write(guest, address, 0));
    guest.ok("sock_listen", fd, 5);
    return fd;
  }

  // ---- streams ----

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aGuestTalksToItself(String host) {
    InetAddress address = address(host);
    try (Guest guest = new Guest(LOCAL)) {
      int listener = listen(guest, address);
      int port = port(guest, "sock_addr_local", listener);
      assertThat(port).isPositive();
      int client = open(guest, address, STREAM);
      assertThat(connect(guest, client, address, port)).isEqualTo(Errno.SUCCESS);
      int server = accept(guest, listener);
      assertThat(port(guest, "sock_addr_remote", client)).isEqualTo(port);
      assertThat(port(guest, "sock_addr_remote", server))
          .isEqualTo(port(guest, "sock_addr_local", client));
      assertThat(send(guest, client, "hello")).isEqualTo(Errno.SUCCESS);
      assertThat(receive(guest, server, 3, 0)).isEqualTo("hel");
      guest.write(client, " there");
      assertThat(guest.read(server, 100)).startsWith("lo");
      guest.ok("sock_shutdown", client, 2);
      assertThat(receive(guest, client, 0, 0)).isEmpty();
      assertThat(send(guest, client, "x")).isEqualTo(Errno.PIPE);
      while (!guest.read(server, 100).isEmpty()) {
        // the rest of what was sent
      }
      assertThat(receive(guest, server, 10, 0)).as("the end").isEmpty();
      assertThat(send(guest, server, "back")).isEqualTo(Errno.SUCCESS);
      assertThat(receive(guest, client, 10, 0)).isEqualTo("back");
      for (int fd : new int[] {client, server, listener}) {
        guest.close(fd);
      }
    }
  }

  @Test
  void peekingLeavesAndWaitingForAllFills() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 5, V4);
        Guest guest = new Guest(LOCAL)) {
      int client = open(guest, V4, STREAM);
      connect(guest, client, V4, host.getLocalPort());
      try (Socket peer = host.accept()) {
        peer.getOutputStream().write("abc".getBytes());
        assertThat(receive(guest, client, 2, 1)).isEqualTo("ab");
        assertThat(receive(guest, client, 1, 0)).isEqualTo("a");
        Thread writer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        Thread.sleep(20);
                        peer.getOutputStream().write("defg".getBytes());
                      } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    });
        assertThat(receive(guest, client, 6, 2)).isEqualTo("bcdefg");
        writer.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(receive(guest, client, 6, 2)).isEmpty();
    }
  }

  @Test
  void aMegabyteGoesThroughWhole() throws Exception {
    try (ServerSocket host = new ServerSocket(0, 5, V4);
        Guest guest = new Guest(LOCAL)) {
      int client = open(guest, V4, STREAM);
      connect(guest, client, V4, host.getLocalPort());
      Socket peer = host.accept();
      int[] received = new int[1];
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (peer) {
                      received[0] = peer.getInputStream().readAllBytes().length;
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      int list = range(guest, 0, 1 << 20);
      int count = guest.room(4);
      guest.ok("sock_send", client, list, 1, 0, count);
      assertThat(guest.memory().i32(count)).isEqualTo(1 << 20);
      guest.close(client);
      reader.join();
      assertThat(received[0]).isEqualTo(1 << 20);
    }
  }

  @Test
  void socketsThatDoNotBlockSayWhatTheyWouldWaitFor() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 5, V4);
        Guest guest = new Guest(LOCAL)) {
      int listener = listen(guest, V4);
      guest.ok("fd_fdstat_set_flags", listener, NONBLOCK);
      assertThat(guest.call("sock_accept", listener, 0, guest.room(4))).isEqualTo(Errno.AGAIN);
      int client = open(guest, V4, STREAM);
      guest.ok("fd_fdstat_set_flags", client, NONBLOCK);
      Errno begun = connect(guest, client, V4, host.getLocalPort());
      assertThat(begun).isIn(Errno.SUCCESS, Errno.INPROGRESS);
      assertThat(pollWrite(guest, client)).isEqualTo(Errno.SUCCESS);
      assertThat(connect(guest, client, V4, host.getLocalPort())).isEqualTo(Errno.ISCONN);
      assertThat(tryReceive(guest, client)).isEqualTo(Errno.AGAIN);
      host.accept().close();
    }
  }

  private static Errno pollWrite(Guest guest, int fd) {
    return poll(guest, fd, 2);
  }

  private static Errno poll(Guest guest, int fd, int kind) {
    int in = guest.room(48);
    int out = guest.room(32);
    guest.memory().setI8(in + 8, (byte) kind);
    guest.memory().setI32(in + 16, fd);
    guest.ok("poll_oneoff", in, out, 1, guest.room(4));
    return Errno.values()[guest.memory().i16(out + 8)];
  }

  @Test
  void pollingWaitsForConnectionsAndData() throws Exception {
    try (Guest guest = new Guest(LOCAL)) {
      int listener = listen(guest, V4);
      int port = port(guest, "sock_addr_local", listener);
      Thread peer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket = new Socket(V4, port)) {
                      Thread.sleep(20);
                      socket.getOutputStream().write("data".getBytes());
                    } catch (IOException | InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      assertThat(poll(guest, listener, 1)).isEqualTo(Errno.SUCCESS);
      int server = accept(guest, listener);
      int in = guest.room(48);
      int out = guest.room(32);
      guest.memory().setI8(in + 8, (byte) 1);
      guest.memory().setI32(in + 16, server);
      guest.ok("poll_oneoff", in, out, 1, guest.room(4));
      assertThat(guest.memory().i64(out + 16)).isEqualTo(4);
      assertThat(guest.read(server, 10)).isEqualTo("data");
      guest.ok("poll_oneoff", in, out, 1, guest.room(4));
      assertThat(guest.memory().i16(out + 24)).as("hangup").isEqualTo((short) 1);
      peer.join();
    }
  }

  @Test
  void aReceiveTimeoutEndsWaiting() {
    try (Guest guest = new Guest(LOCAL)) {
      int listener = listen(guest, V4);
      guest.ok("sock_set_recv_timeout", listener, 20_000L);
      int result = guest.room(8);
      guest.ok("sock_get_recv_timeout", listener, result);
      assertThat(guest.memory().i64(result)).isEqualTo(20_000);
      long start = System.nanoTime();
      assertThat(guest.call("sock_accept", listener, 0, result)).isEqualTo(Errno.AGAIN);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }
  }

  @Test
  void aGuestThatWaitsForASocketCanBeInterrupted() throws Exception {
    try (Guest guest = new Guest(LOCAL)) {
      int listener = listen(guest, V4);
      Thread self = Thread.currentThread();
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Thread.sleep(30);
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    self.interrupt();
                  });
      assertThatThrownBy(() -> guest.call("sock_accept", listener, 0, guest.room(4)))
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
      other.join();
    }
  }

  @Test
  void wrongStatesGetTheErrorsOfAnOperatingSystem() throws IOException {
    int closed;
    try (ServerSocket host = new ServerSocket(0, 5, V4)) {
      closed = host.getLocalPort();
    }
    try (Guest guest = new Guest(LOCAL)) {
      int client = open(guest, V4, STREAM);
      assertThat(connect(guest, client, V4, closed)).isEqualTo(Errno.CONNREFUSED);
      int fresh = open(guest, V4, STREAM);
      assertThat(tryReceive(guest, fresh)).isEqualTo(Errno.NOTCONN);
      assertThat(send(guest, fresh, "x")).isEqualTo(Errno.NOTCONN);
      assertThat(guest.call("sock_shutdown", fresh, 3)).isEqualTo(Errno.NOTCONN);
      assertThat(guest.call("sock_addr_remote", fresh, guest.room(24))).isEqualTo(Errno.NOTCONN);
      assertThat(guest.call("sock_accept", fresh, 0, guest.room(4))).isEqualTo(Errno.INVAL);
      assertThat(connect(guest, fresh, V6, 1)).isEqualTo(Errno.AFNOSUPPORT);
      int listener = listen(guest, V4);
      int port = port(guest, "sock_addr_local", listener);
      assertThat(guest.call("sock_bind", listener, write(guest, V4, 0))).isEqualTo(Errno.INVAL);
      assertThat(connect(guest, listener, V4, port)).isEqualTo(Errno.INVAL);
      assertThat(tryReceive(guest, listener)).isEqualTo(Errno.NOTCONN);
      assertThat(guest.call("sock_shutdown", client, 0)).isEqualTo(Errno.INVAL);
      assertThat(guest.call("sock_shutdown", client, 4)).isEqualTo(Errno.INVAL);
      assertThat(guest.call("sock_accept", listener, 1, guest.room(4))).isEqualTo(Errno.INVAL);
      assertThat(guest.call("sock_close", client)).isEqualTo(Errno.NOSYS);
      assertThat(guest.call("sock_listen", 1, 5)).isEqualTo(Errno.NOTSOCK);
      assertThat(guest.call("sock_connect", 99, write(guest, V4, 1))).isEqualTo(Errno.BADF);
      int unknown = guest.room(24);
      guest.memory().setI32(unknown, 2);
      assertThat(guest.call("sock_connect", fresh, unknown)).isEqualTo(Errno.PROTONOSUPPORT);
      guest.traps(Trap.Kind.OUT_OF_BOUNDS_MEMORY, "sock_connect", fresh, -8);
      assertThat(guest.call("fd_seek", client, 0L, 0, guest.room(8))).isEqualTo(Errno.SPIPE);
      guest.ok("fd_fdstat_get", client, unknown);
      assertThat(guest.memory().i8(unknown)).as("the type").isEqualTo((byte) 6);
    }
  }

  @Test
  void aPortInUseCannotBeHadTwice() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 5, V4)) {
      NetworkGrant grant = NetworkGrant.listen("127.0.0.1", host.getLocalPort());
      try (Guest guest = new Guest(Wasi.preview1().network(grant))) {
        int fd = open(guest, V4, STREAM);
        Errno bound = guest.call("sock_bind", fd, write(guest, V4, host.getLocalPort()));
        assertThat(bound).isEqualTo(Errno.ADDRINUSE);
      }
    }
  }

  @Test
  void aListenerOfTheHostNeedsNoGrant() throws IOException {
    Wasi wasi = Wasi.preview1().listener(new InetSocketAddress(V4, 0));
    try (Guest guest = new Guest(wasi)) {
      int port = port(guest, "sock_addr_local", FIRST);
      try (Socket socket = new Socket(V4, port)) {
        socket.getOutputStream().write("hi".getBytes());
        assertThat(guest.read(accept(guest, FIRST), 10)).isEqualTo("hi");
      }
    }
  }

  // ---- datagrams ----

  @Test
  void datagramsKeepTheirBordersAndTellTheirSender() throws IOException {
    try (DatagramSocket host = new DatagramSocket(0, V4);
        Guest guest = new Guest(LOCAL)) {
      int fd = open(guest, V4, DATAGRAM);
      guest.ok("sock_bind", fd, write(guest, V4, 0));
      int port = port(guest, "sock_addr_local", fd);
      host.send(new DatagramPacket("first".getBytes(), 5, V4, port));
      host.send(new DatagramPacket("second".getBytes(), 6, V4, port));
      int buffer = guest.room(100);
      int from = guest.room(24);
      int count = guest.room(8);
      guest.ok("sock_recv_from", fd, range(guest, buffer, 100), 1, 0, from, count);
      assertThat(guest.memory().utf8(buffer, guest.memory().i32(count))).isEqualTo("first");
      assertThat(Short.toUnsignedInt(guest.memory().i16(from + 8))).isEqualTo(host.getLocalPort());
      guest.ok("sock_recv", fd, range(guest, buffer, 3), 1, 0, count, count + 4);
      assertThat(guest.memory().i32(count)).isEqualTo(3);
      assertThat(guest.memory().i16(count + 4)).as("cut off").isEqualTo((short) 1);
      assertThat(sendTo(guest, fd, "", V4, host.getLocalPort())).isEqualTo(Errno.SUCCESS);
      assertThat(sendTo(guest, fd, "reply", V4, host.getLocalPort())).isEqualTo(Errno.SUCCESS);
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      host.receive(packet);
      assertThat(packet.getLength()).isZero();
      host.receive(packet);
      assertThat(packet.getLength()).isEqualTo(5);
      assertThat(send(guest, fd, "x")).isEqualTo(Errno.DESTADDRREQ);
      connect(guest, fd, V4, host.getLocalPort());
      assertThat(send(guest, fd, "x")).isEqualTo(Errno.SUCCESS);
      guest.ok("fd_fdstat_set_flags", fd, NONBLOCK);
      assertThat(tryReceive(guest, fd)).isEqualTo(Errno.AGAIN);
      int large = range(guest, 0, 70_000);
      assertThat(guest.call("sock_send", fd, large, 1, 0, count)).isEqualTo(Errno.MSGSIZE);
      assertThat(guest.call("sock_listen", fd, 1)).isEqualTo(Errno.NOTSUP);
    }
  }

  @Test
  void aSecondConnectIsToldThatTheFirstGoesOn() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 1, V4);
        Guest guest = new Guest(LOCAL)) {
      Errno begun = Errno.SUCCESS;
      int fd = 0;
      // the queue of connections to be accepted is full soon
      for (int i = 0; i < 20 && begun == Errno.SUCCESS; i++) {
        fd = open(guest, V4, STREAM);
        guest.ok("fd_fdstat_set_flags", fd, NONBLOCK);
        begun = connect(guest, fd, V4, host.getLocalPort());
      }
      assertThat(begun).isEqualTo(Errno.INPROGRESS);
      assertThat(connect(guest, fd, V4, host.getLocalPort())).isEqualTo(Errno.ALREADY);
    }
  }

  @Test
  void groupsAreJoinedAndLeft() {
    Wasi wasi =
        Wasi.preview1().network(NetworkGrant.bind(Protocol.UDP, "239.0.0.0/8", 0).anyPort());
    try (Guest guest = new Guest(wasi)) {
      int fd = open(guest, V4, DATAGRAM);
      int group = write(guest, address("239.1.2.3"), 0);
      int loopback = 0x0100007F;
      guest.ok("sock_set_ip_add_membership", fd, group, loopback);
      assertThat(guest.call("sock_set_ip_add_membership", fd, group, loopback))
          .isEqualTo(Errno.ADDRINUSE);
      guest.ok("sock_set_ip_drop_membership", fd, group, loopback);
      assertThat(guest.call("sock_set_ip_drop_membership", fd, group, loopback))
          .isEqualTo(Errno.ADDRNOTAVAIL);
      assertThat(guest.call("sock_set_ip_add_membership", fd, group, 0x010200C0))
          .as("no interface has this address")
          .isEqualTo(Errno.NODEV);
    }
  }

  // ---- options ----

  @Test
  void optionsKeepTheirValues() {
    try (Guest guest = new Guest(LOCAL)) {
      int stream = open(guest, V4, STREAM);
      int datagrams = open(guest, V4, DATAGRAM);
      int result = guest.room(8);
      for (String name : new String[] {"keep_alive", "reuse_addr", "reuse_port", "tcp_no_delay"}) {
        for (int value = 1; value >= 0; value--) {
          guest.ok("sock_set_" + name, stream, value);
          guest.ok("sock_get_" + name, stream, result);
          assertThat(guest.memory().i8(result)).as(name).isEqualTo((byte) value);
        }
      }
      guest.ok("sock_set_tcp_quick_ack", stream, 1);
      guest.ok("sock_get_tcp_quick_ack", stream, result);
      assertThat(guest.memory().i8(result)).isEqualTo((byte) 1);
      guest.ok("sock_set_broadcast", datagrams, 1);
      guest.ok("sock_get_broadcast", datagrams, result);
      assertThat(guest.memory().i8(result)).isEqualTo((byte) 1);
      guest.ok("sock_set_recv_buf_size", stream, 20_000);
      guest.ok("sock_get_recv_buf_size", stream, result);
      assertThat(guest.memory().i32(result)).isGreaterThanOrEqualTo(20_000);
      guest.ok("sock_set_send_buf_size", stream, 20_000);
      guest.ok("sock_get_send_buf_size", stream, result);
      assertThat(guest.memory().i32(result)).isGreaterThanOrEqualTo(20_000);
      guest.ok("sock_set_tcp_keep_idle", stream, 77);
      guest.ok("sock_get_tcp_keep_idle", stream, result);
      assertThat(guest.memory().i32(result)).isEqualTo(77);
      guest.ok("sock_set_tcp_keep_intvl", stream, 7);
      guest.ok("sock_get_tcp_keep_intvl", stream, result);
      assertThat(guest.memory().i32(result)).isEqualTo(7);
      guest.ok("sock_set_linger", stream, 1, 3);
      guest.ok("sock_get_linger", stream, result, result + 4);
      assertThat(guest.memory().i8(result)).isEqualTo((byte) 1);
      assertThat(guest.memory().i32(result + 4)).isEqualTo(3);
      guest.ok("sock_set_linger", stream, 0, 0);
      guest.ok("sock_get_linger", stream, result, result + 4);
      assertThat(guest.memory().i8(result)).isZero();
      guest.ok("sock_set_ip_multicast_ttl", datagrams, 5);
      guest.ok("sock_get_ip_multicast_ttl", datagrams, result);
      assertThat(guest.memory().i8(result)).isEqualTo((byte) 5);
      guest.ok("sock_set_ip_multicast_loop", datagrams, 0, 0);
      guest.ok("sock_get_ip_multicast_loop", datagrams, 0, result);
      assertThat(guest.memory().i8(result)).isZero();
      guest.ok("sock_set_send_timeout", stream, 1_000_000L);
      guest.ok("sock_get_send_timeout", stream, result);
      assertThat(guest.memory().i64(result)).isEqualTo(1_000_000);
    }
  }

  @Test
  void optionsThatAreNotThereSaySo() {
    try (Guest guest = new Guest(LOCAL)) {
      int stream = open(guest, V4, STREAM);
      int v6 = open(guest, V6, STREAM);
      int result = guest.room(8);
      assertThat(guest.call("sock_set_broadcast", stream, 1)).isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_set_ip_ttl", stream, 9)).isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_get_ip_ttl", stream, result)).isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_set_tcp_fastopen_connect", stream, 1))
          .isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_get_tcp_fastopen_connect", stream, result))
          .isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_set_ipv6_only", stream, 0)).isEqualTo(Errno.NOPROTOOPT);
      assertThat(guest.call("sock_set_ipv6_only", v6, 1)).isEqualTo(Errno.NOPROTOOPT);
      guest.ok("sock_set_ipv6_only", v6, 0);
      guest.ok("sock_get_ipv6_only", v6, result);
      assertThat(guest.memory().i8(result)).isZero();
      assertThat(guest.call("sock_get_ip_multicast_loop", v6, 0, result))
          .isEqualTo(Errno.AFNOSUPPORT);
      assertThat(guest.call("sock_set_linger", stream, 1, -1)).isEqualTo(Errno.INVAL);
      assertThat(guest.call("sock_get_keep_alive", 1, result)).isEqualTo(Errno.NOTSOCK);
    }
  }

  // ---- grants ----

  @Test
  void withoutAGrantThereIsNoSocket() {
    try (Guest guest = new Guest(Wasi.preview1())) {
      assertThat(guest.call("sock_open", -1, 0, STREAM, guest.room(4))).isEqualTo(Errno.ACCES);
      assertThat(resolve(guest, "localhost", List.of())).isEqualTo(Errno.ACCES);
    }
  }

  @Test
  void onlyWhatIsGrantedCanBeConnectedTo() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 5, V4)) {
      int port = host.getLocalPort();
      NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "127.0.0.1", port);
      try (Guest guest = new Guest(Wasi.preview1().network(grant))) {
        int fd = open(guest, V4, STREAM);
        assertThat(connect(guest, fd, V4, port + 1)).isEqualTo(Errno.ACCES);
        assertThat(connect(guest, fd, address("127.0.0.2"), port)).isEqualTo(Errno.ACCES);
        assertThat(connect(guest, fd, address("0.0.0.0"), port)).isEqualTo(Errno.ACCES);
        assertThat(guest.call("sock_bind", fd, write(guest, V4, 0))).isEqualTo(Errno.ACCES);
        assertThat(guest.call("sock_listen", fd, 5)).isEqualTo(Errno.ACCES);
        assertThat(guest.call("sock_open", -1, 0, DATAGRAM, guest.room(4))).isEqualTo(Errno.ACCES);
        int v6 = open(guest, V6, STREAM);
        assertThat(connect(guest, v6, V6, port)).isEqualTo(Errno.ACCES);
        assertThat(connect(guest, fd, V4, port)).isEqualTo(Errno.SUCCESS);
      }
    }
  }

  @Test
  void anAddressOfIpv4InsideOneOfIpv6IsJudgedAsIpv4() {
    NetworkGrant all6 = NetworkGrant.connect(Protocol.TCP, "::/0", 0).anyPort();
    try (Guest guest = new Guest(Wasi.preview1().network(all6))) {
      int fd = open(guest, V6, STREAM);
      int mapped = guest.room(24);
      guest.memory().setI32(mapped, 1);
      guest.memory().setI16(mapped + 14, (short) 0xFFFF);
      guest.memory().setI16(mapped + 16, (short) 0x7F00);
      guest.memory().setI16(mapped + 18, (short) 1);
      guest.memory().setI16(mapped + 20, (short) 80);
      assertThat(guest.call("sock_connect", fd, mapped)).isEqualTo(Errno.ACCES);
    }
  }

  @Test
  void datagramsGoOnlyWhereTheyMay() throws IOException {
    try (DatagramSocket host = new DatagramSocket(0, V4)) {
      NetworkGrant grant = NetworkGrant.connect(Protocol.UDP, "127.0.0.1", host.getLocalPort());
      try (Guest guest = new Guest(Wasi.preview1().network(grant))) {
        int fd = open(guest, V4, DATAGRAM);
        assertThat(sendTo(guest, fd, "x", V4, host.getLocalPort() + 1)).isEqualTo(Errno.ACCES);
        assertThat(sendTo(guest, fd, "x", address("10.0.0.1"), 53)).isEqualTo(Errno.ACCES);
        assertThat(sendTo(guest, fd, "x", V4, host.getLocalPort())).isEqualTo(Errno.SUCCESS);
        assertThat(guest.call("sock_bind", fd, write(guest, V4, 0))).isEqualTo(Errno.ACCES);
        int group = write(guest, address("224.0.0.251"), 0);
        assertThat(guest.call("sock_set_ip_add_membership", fd, group, 0)).isEqualTo(Errno.ACCES);
      }
    }
  }

  // ---- names ----

  private static Errno resolve(Guest guest, String host, List<InetAddress> found) {
    return resolve(guest, host, "80", found);
  }

  /** Resolves as the guest's library does, for streams, and collects the addresses. */
  private static Errno resolve(Guest guest, String host, String service, List<InetAddress> found) {
    int name = guest.bytes((host + "\0").getBytes(StandardCharsets.UTF_8));
    int port = guest.bytes((service + "\0").getBytes(StandardCharsets.UTF_8));
    int hints = guest.room(12);
    guest.memory().setI32(hints, STREAM);
    guest.memory().setI32(hints + 4, 2);
    guest.memory().setI8(hints + 8, (byte) 1);
    int out = guest.room(28 * 16);
    int count = guest.room(4);
    Errno errno = guest.call("sock_addr_resolve", name, port, hints, out, 16, count);
    if (errno == Errno.SUCCESS) {
      for (int i = 0; i < guest.memory().i32(count); i++) {
        assertThat(guest.memory().i32(out + 28 * i + 24)).isEqualTo(STREAM);
        if (guest.memory().i32(out + 28 * i) == 0) {
          found.add(bytes(guest.memory().bytes(out + 28 * i + 4, 4)));
        }
      }
    }
    return errno;
  }

  private static InetAddress bytes(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static HostNames book(Map<String, String> entries) {
    return host -> {
      String address = entries.get(host);
      if (address == null) {
        throw new UnknownHostException(host);
      }
      List<InetAddress> all = new ArrayList<>();
      for (String each : address.split(" ")) {
        all.add(InetAddress.ofLiteral(each));
      }
      return all;
    };
  }

  private static Wasi named(NetworkGrant grant, Map<String, String> entries) {
    return Wasi.preview1().network(grant).hostNames(book(entries));
  }

  @Test
  void namesAreLookedUpOnlyIfGranted() {
    Map<String, String> entries =
        Map.of("example.com", "93.184.216.34", "a.example.com", "93.184.216.35");
    NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "*.example.com", 443);
    try (Guest guest = new Guest(named(grant, entries))) {
      List<InetAddress> found = new ArrayList<>();
      assertThat(resolve(guest, "A.example.com.", found)).isEqualTo(Errno.SUCCESS);
      assertThat(found).containsExactly(address("93.184.216.35"));
      assertThat(resolve(guest, "example.com", found)).isEqualTo(Errno.ACCES);
      assertThat(resolve(guest, "evilexample.com", found)).isEqualTo(Errno.ACCES);
      assertThat(resolve(guest, "none.example.com", found)).isEqualTo(Errno.INVAL);
      assertThat(resolve(guest, "a.example.com", "gopher", found)).isEqualTo(Errno.INVAL);
      assertThat(resolve(guest, "10.1.2.3", found)).isEqualTo(Errno.SUCCESS);
      assertThat(found).endsWith(address("10.1.2.3"));
      int fd = open(guest, V4, STREAM);
      assertThat(connect(guest, fd, address("10.1.2.3"), 443))
          .as("that a number can be read gives no leave")
          .isEqualTo(Errno.ACCES);
    }
  }

  @Test
  void anAddressIsOpenOnlyAfterItWasTheAnswerForAGrantedName() throws IOException {
    try (ServerSocket host = new ServerSocket(0, 5, V4)) {
      NetworkGrant grant =
          NetworkGrant.connect(Protocol.TCP, "peer.example", host.getLocalPort())
              .within("127.0.0.0/8");
      Wasi wasi = named(grant, Map.of("peer.example", "127.0.0.1"));
      try (Guest guest = new Guest(wasi)) {
        int fd = open(guest, V4, STREAM);
        assertThat(connect(guest, fd, V4, host.getLocalPort())).isEqualTo(Errno.ACCES);
        assertThat(resolve(guest, "peer.example", new ArrayList<>())).isEqualTo(Errno.SUCCESS);
        assertThat(connect(guest, fd, V4, host.getLocalPort() + 1)).isEqualTo(Errno.ACCES);
        assertThat(connect(guest, fd, V4, host.getLocalPort())).isEqualTo(Errno.SUCCESS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.5.5",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::"
      })
  void aNameThatPointsInwardsOpensNothing(String inner) {
    NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "rebind.example", 80);
    Wasi wasi = named(grant, Map.of("rebind.example", inner));
    try (Guest guest = new Guest(wasi)) {
      assertThat(resolve(guest, "rebind.example", new ArrayList<>())).isEqualTo(Errno.ACCES);
      InetAddress address = address(inner);
      int fd = open(guest, address, STREAM);
      assertThat(connect(guest, fd, address, 80)).isEqualTo(Errno.ACCES);
    }
  }

  @Test
  void theGoodAnswersOfANameAreKeptApartFromTheBad() {
    NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "mixed.example", 80);
    Wasi wasi = named(grant, Map.of("mixed.example", "10.0.0.1 93.184.216.34"));
    try (Guest guest = new Guest(wasi)) {
      List<InetAddress> found = new ArrayList<>();
      assertThat(resolve(guest, "mixed.example", found)).isEqualTo(Errno.SUCCESS);
      assertThat(found).containsExactly(address("93.184.216.34"));
    }
  }

  @Test
  void theRealLocalhostIsFound() {
    List<InetAddress> found = new ArrayList<>();
    NetworkGrant grant = NetworkGrant.connect(Protocol.TCP, "localhost", 80);
    try (Guest guest = new Guest(Wasi.preview1().network(grant))) {
      assertThat(resolve(guest, "localhost", found)).isEqualTo(Errno.SUCCESS);
      assumeTrue(!found.isEmpty(), "localhost has an address of IPv4");
      assertThat(found).allMatch(InetAddress::isLoopbackAddress);
    }
  }

  // ---- the text of grants ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect:tcp:example.com:443",
        "connect:udp:*.example.com:1-1024",
        "listen:tcp:127.0.0.1:0",
        "bind:udp:[::1]:*",
        "connect:tcp:10.0.0.0/8:*",
        "connect:tcp:[2001:db8::/32]:80",
        "connect:tcp:*:*"
      })
  void grantsAreReadAndWrittenAlike(String text) {
    assertThat(NetworkGrant.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect:tcp:example.com",
        "dial:tcp:example.com:80",
        "connect:sctp:example.com:80",
        "connect:tcp:exa mple.com:80",
        "connect:tcp:a.*.com:80",
        "connect:tcp:10.0.0.0/33:80",
        "connect:tcp:example.com:http",
        "connect:tcp:example.com:70000",
        "connect:tcp:example.com:90-80",
        "listen:udp:127.0.0.1:80"
      })
  void wrongGrantsSayWhatWasExpected(String text) {
    assertThatThrownBy(() -> NetworkGrant.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("expected .*, found .*");
  }
}
