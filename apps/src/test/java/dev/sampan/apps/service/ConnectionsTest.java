package dev.sampan.apps.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.apps.Permissions;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.device.Devices;
import dev.sampan.apps.device.SerialProvider;
import dev.sampan.apps.service.Puppet.Do;
import dev.sampan.apps.wire.Attribute;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.apps.wire.AttributeType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Connections of apps: TCP, UDP and serial ports. */
class ConnectionsTest extends HostedTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final AtomicReference<SerialProvider.Receiver> line = new AtomicReference<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();

  @Override
  Devices devices() {
    return Devices.STANDARD.with(
        (SerialProvider)
            (device, baudRate, receiver) -> {
              if (!device.equals("/dev/ttyS2")) {
                return Optional.empty();
              }
              line.set(receiver);
              return Optional.of(
                  new SerialProvider.Port() {
                    @Override
                    public int send(byte[] data) {
                      sent.add(baudRate + ":" + new String(data, StandardCharsets.UTF_8));
                      return data.length;
                    }

                    @Override
                    public void close() {
                      sent.add("closed");
                    }
                  });
            });
  }

  private static Permissions network(String... grants) {
    Permissions none = Permissions.NONE;
    return new Permissions(
        none.env(),
        none.directories(),
        List.of(grants),
        none.lookups(),
        none.listeners(),
        none.publish(),
        none.subscribe(),
        none.requests(),
        List.of("/dev/ttyS2", "/dev/ttyS9"),
        none.clocks(),
        none.random(),
        none.limits());
  }

  private static AttributeContainer address(AttributeType type, int port) {
    return AttributeContainer.tagged("")
        .with("address", new Attribute.Text("127.0.0.1"))
        .with("port", new Attribute.Whole(type, port));
  }

  private static AttributeContainer bind(int port) {
    return AttributeContainer.tagged("")
        .with("bind port", new Attribute.Whole(AttributeType.UINT16, port));
  }

  private static String data(Puppet puppet) {
    return puppet.heard('C').stream().map(Puppet.Note::text).collect(Collectors.joining());
  }

  // ---- TCP ----

  @Test
  void appSpeaksTcp() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet = Puppet.start(host, "p", network("connect:tcp:127.0.0.1:" + port));
      int handle = puppet.open("TCP", address(AttributeType.UINT16, port));
      assertThat(handle).isPositive();
      try (Socket peer = server.accept()) {
        assertThat(puppet.call(Do.SEND, "hello".getBytes(), handle)).isEqualTo(5);
        assertThat(peer.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        String much = "0123456789".repeat(100);
        peer.getOutputStream().write(much.getBytes());
        eventually(() -> data(puppet).length() == 1000, "all has come");
        assertThat(data(puppet)).isEqualTo(much);
        assertThat(puppet.heard('C')).allMatch(note -> note.data().length <= 256);
        assertThat(puppet.call(Do.CONFIGURE, bind(1).encode(), handle)).isZero();
      }
      puppet.await('C', note -> note.number() == handle && note.data().length == 0);
      assertThat(puppet.call(Do.SEND, "x".getBytes(), handle)).isEqualTo(-1);
    }
  }

  @Test
  void portMayBeANumberOfAnyType() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet = Puppet.start(host, "p", network("connect:tcp:127.0.0.0/8:*"));
      assertThat(puppet.open("TCP", address(AttributeType.INT32, port))).isPositive();
      assertThat(puppet.open("TCP", address(AttributeType.INT32, 70_000))).isEqualTo(-1);
    }
  }

  @Test
  void whatComesFasterThanItIsTakenWaitsInTheSocket() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet = Puppet.start(host, "p", network("connect:tcp:127.0.0.1:" + port));
      puppet.open("TCP", address(AttributeType.UINT16, port));
      try (Socket peer = server.accept()) {
        host.pause("p");
        byte[] much = "abcdefghij".repeat(5_000).getBytes();
        peer.getOutputStream().write(much);
        host.resume("p");
        eventually(() -> data(puppet).length() == much.length, "all has come");
        assertThat(data(puppet)).isEqualTo(new String(much));
      }
    }
  }

  @Test
  void connectionThatIsNotGrantedIsRefused() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet =
          Puppet.start(host, "p", network("connect:udp:*:*", "connect:tcp:10.0.0.0/8:*"));
      assertThat(puppet.open("TCP", address(AttributeType.UINT16, port))).isEqualTo(-1);
      assertThat(puppet.log())
          .contains(
              "refused: a connection; needed: a grant in permissions.network for"
                  + " \\\"connect:tcp:127.0.0.1:"
                  + port);
    }
  }

  @Test
  void connectionsThatCannotBeOpenedAreSaidInTheLog() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      port = server.getLocalPort();
    }
    Puppet puppet = Puppet.start(host, "p", network("connect:tcp:*:*"));
    assertThat(puppet.open("TCP", address(AttributeType.UINT16, port))).isEqualTo(-1);
    assertThat(puppet.open("TCP", AttributeContainer.tagged(""))).isEqualTo(-1);
    assertThat(puppet.open("FTP", bind(1))).isEqualTo(-1);
    AttributeContainer name =
        bind(1)
            .with("address", new Attribute.Text("localhost"))
            .with("port", new Attribute.Whole(AttributeType.UINT16, port));
    assertThat(puppet.open("TCP", name)).isEqualTo(-1);
    assertThat(puppet.log())
        .contains("a connection by TCP cannot be opened: Connection refused")
        .contains("expected an address in numbers in 'address' and a port in 'port'")
        .contains("expected a connection by TCP, UDP or UART, found 'FTP'");
  }

  @Test
  void threeConnectionsMayBeOpen() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet = Puppet.start(host, "p", network("connect:tcp:*:*"));
      AttributeContainer to = address(AttributeType.UINT16, port);
      int first = puppet.open("TCP", to);
      puppet.open("TCP", to);
      puppet.open("TCP", to);
      assertThat(puppet.open("TCP", to)).isEqualTo(-1);
      puppet.call(Do.CLOSE, first);
      assertThat(puppet.open("TCP", to)).isPositive();
      assertThat(puppet.call(Do.SEND, NOTHING, first)).isEqualTo(-1);
    }
  }

  @Test
  void connectionsEndWithTheApp() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
      int port = server.getLocalPort();
      Puppet puppet = Puppet.start(host, "p", network("connect:tcp:*:*"));
      puppet.open("TCP", address(AttributeType.UINT16, port));
      try (Socket peer = server.accept()) {
        host.stop("p");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  // ---- UDP ----

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  private static void send(DatagramSocket from, int port, String text) throws IOException {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    from.send(new DatagramPacket(data, data.length, new InetSocketAddress(LOOPBACK, port)));
  }

  private static String receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
    at.setSoTimeout(5_000);
    at.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Test
  void appSpeaksUdpAndLearnsWhoHasSent() throws IOException {
    int port = freePort();
    Puppet puppet =
        Puppet.start(host, "p", network("bind:udp:127.0.0.1:" + port, "connect:udp:127.0.0.1:*"));
    int handle = puppet.open("UDP", bind(port));
    assertThat(handle).isPositive();
    assertThat(puppet.call(Do.SEND, "early".getBytes(), handle)).isEqualTo(-1);
    try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
      send(peer, port, "ping");
      assertThat(puppet.await('C').text()).isEqualTo("ping");
      Puppet.Note source = puppet.await('A');
      assertThat(source.container().text("address")).contains("127.0.0.1");
      assertThat(source.container().whole("port")).hasValue(peer.getLocalPort());
      // in the form in which a destination is set
      assertThat(puppet.call(Do.CONFIGURE, source.data(), handle)).isEqualTo(1);
      assertThat(puppet.call(Do.SEND, "pong".getBytes(), handle)).isEqualTo(4);
      assertThat(receive(peer)).isEqualTo("pong");
      send(peer, port, "");
      send(peer, port, "x".repeat(300));
      assertThat(puppet.await('C', note -> note.text().startsWith("x")).data()).hasSize(256);
      assertThat(puppet.heard('C')).noneMatch(note -> note.data().length == 0);
    }
  }

  @Test
  void datagramsNeedGrantsBothWays() throws IOException {
    int port = freePort();
    Puppet puppet = Puppet.start(host, "p", network("bind:udp:127.0.0.1:" + port));
    assertThat(puppet.open("UDP", bind(port + 1))).isEqualTo(-1);
    int handle = puppet.open("UDP", bind(port));
    byte[] to = address(AttributeType.UINT16, 9).encode();
    assertThat(puppet.call(Do.CONFIGURE, to, handle)).isZero();
    assertThat(puppet.log())
        .contains("\\\"bind:udp:0.0.0.0:" + (port + 1))
        .contains("\\\"connect:udp:127.0.0.1:9");
  }

  @Test
  void nextRevisionTakesTheSamePortOver() throws IOException {
    int port = freePort();
    String module =
        Puppet.module()
            .replace(
                ";; ON_INIT",
                "(if (i32.ne (call $open (i32.const 64) (i32.const 68) (i32.const "
                    + bind(port).encode().length
                    + ")) (i32.const 1)) (then unreachable))")
            .replace(
                "(data (i32.const 16)",
                "(data (i32.const 64) \"UDP\\00"
                    + escaped(bind(port).encode())
                    + "\")"
                    + "(data (i32.const 16)");
    Puppet puppet = Puppet.start(host, "p", network("bind:udp:127.0.0.1:" + port), s -> s, module);
    try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
      send(peer, port, "one");
      assertThat(puppet.await('C').text()).isEqualTo("one");
      host.upgrade("p", Optional.empty(), TestGuests.module(module + ";;"), 3);
      puppet.heard().clear();
      send(peer, port, "two");
      assertThat(puppet.await('C').text()).isEqualTo("two");
      assertThat(puppet.heard('C')).hasSize(1);
      host.stop("p");
      // it is free again
      new DatagramSocket(port, LOOPBACK).close();
    }
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append("\\%02x".formatted(each & 0xff));
    }
    return text.toString();
  }

  // ---- serial ports ----

  private static AttributeContainer uart(String device, int rate) {
    return AttributeContainer.tagged("")
        .with("device", new Attribute.Text(device))
        .with("baudrate", new Attribute.Whole(AttributeType.INT32, rate));
  }

  @Test
  void appSpeaksThroughASerialPortThatTheHostHas() {
    Puppet puppet = Puppet.start(host, "p", network());
    int handle = puppet.open("UART", uart("/dev/ttyS2", 115200));
    assertThat(handle).isPositive();
    assertThat(puppet.call(Do.SEND, "AT".getBytes(), handle)).isEqualTo(2);
    byte[] much = "y".repeat(600).getBytes();
    line.get().received(much, 100, 500);
    eventually(() -> data(puppet).length() == 500, "all has come");
    line.get().ended();
    puppet.await('C', note -> note.data().length == 0);
    assertThat(sent).containsExactly("115200:AT", "closed");
  }

  @Test
  void serialPortsThatAreNotThereOrNotGrantedAreRefused() {
    Puppet puppet = Puppet.start(host, "p", network());
    assertThat(puppet.open("UART", uart("/dev/ttyS1", 9600))).isEqualTo(-1);
    assertThat(puppet.open("UART", uart("/dev/ttyS9", 9600))).isEqualTo(-1);
    assertThat(puppet.open("UART", uart("/dev/ttyS2", 12345))).isEqualTo(-1);
    assertThat(puppet.log())
        .contains("refused: the serial port '/dev/ttyS1'; needed: a grant in permissions.devices")
        .contains("there is no serial port '/dev/ttyS9'")
        .contains("expected a usual baud rate from 9600 to 4000000, found 12345");
  }
}
