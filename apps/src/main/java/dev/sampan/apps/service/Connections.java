package dev.sampan.apps.service;

import dev.sampan.apps.connect.Connection;
import dev.sampan.apps.connect.SerialConnection;
import dev.sampan.apps.connect.Sink;
import dev.sampan.apps.connect.TcpConnection;
import dev.sampan.apps.device.SerialProvider;
import dev.sampan.apps.wire.AttributeContainer;
import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.NetworkGrant.Direction;
import dev.sampan.wasi.NetworkGrant.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connections of one run of an app: what it may have, and what it has. */
final class Connections implements AutoCloseable {

  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
  private static final int MAX_PORT = 65535;

  private static final Set<Integer> BAUD_RATES =
      Set.of(
          9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000,
          1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000);

  private final ServiceRun run;
  private final Framework framework;
  private final Endpoint endpoint;
  private final Complaints complaints;
  private final List<NetworkGrant> network;
  private final int max;
  private final Map<Integer, Connection> open = new HashMap<>();
  private int lastHandle;
  private boolean closed;

  Connections(ServiceRun run, Framework framework, Endpoint endpoint, int max) {
    this.run = run;
    this.framework = framework;
    this.endpoint = endpoint;
    this.complaints = run.complaints();
    this.network = run.permissions().network().stream().map(NetworkGrant::parse).toList();
    this.max = max;
  }

  /** Something that opens a connection for a handle. */
  private interface Opener {
    @Nullable Connection open(Sink sink) throws IOException;
  }

  /**
   * Opens a connection.
   *
   * @return its handle, or -1
   */
  int open(String kind, AttributeContainer wishes) {
    return switch (kind) {
      case "TCP" -> open(kind, sink -> tcp(wishes, sink));
      case "UDP" -> open(kind, sink -> udp(wishes, sink));
      case "UART" -> open(kind, sink -> serial(wishes, sink));
      default -> {
        complaints.say("expected a connection by TCP, UDP or UART, found '" + kind + "'");
        yield -1;
      }
    };
  }

  private int open(String kind, Opener opener) {
    int handle;
    synchronized (this) {
      if (open.size() >= max) {
        complaints.say("no more than %d connections may be open".formatted(max));
        return -1;
      }
      handle = ++lastHandle;
    }
    try {
      Connection connection = opener.open(new Arrivals(handle));
      if (connection == null) {
        return -1;
      }
      synchronized (this) {
        if (!closed) {
          open.put(handle, connection);
          return handle;
        }
      }
      connection.close();
    } catch (IOException | IllegalArgumentException e) {
      complaints.say("a connection by %s cannot be opened: %s".formatted(kind, e.getMessage()));
    }
    return -1;
  }

  // ---- kinds ----

  private @Nullable Connection tcp(AttributeContainer wishes, Sink sink) throws IOException {
    Optional<InetSocketAddress> address = address(wishes);
    if (address.isEmpty() || !mayConnect(Protocol.TCP, address.get())) {
      return null;
    }
    return TcpConnection.open(address.get(), CONNECT_TIME, framework.poller(), sink);
  }

  private @Nullable Connection udp(AttributeContainer wishes, Sink sink) throws IOException {
    int port = port(wishes, "bind port");
    Optional<InetAddress> address =
        network.stream().flatMap(each -> bindable(each, port).stream()).findFirst();
    if (address.isEmpty()) {
      String needed = "bind:udp:0.0.0.0:" + port;
      complaints.refused("receiving datagrams at port " + port, "network", needed);
      return null;
    }
    InetSocketAddress at = new InetSocketAddress(address.get(), port);
    return endpoint.udp(at, framework.poller(), sink, this::destination);
  }

  /** The address at which a grant lets datagrams come in. */
  private static Optional<InetAddress> bindable(NetworkGrant grant, int port) {
    boolean any = grant.host().equals("*");
    try {
      InetAddress address = InetAddress.ofLiteral(any ? "0.0.0.0" : grant.host());
      return grant.covers(Direction.BIND, Protocol.UDP, new InetSocketAddress(address, port))
          ? Optional.of(address)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a name or a range: there is no one address to be had
    }
  }

  private Optional<InetSocketAddress> destination(AttributeContainer wishes) {
    return address(wishes).filter(address -> mayConnect(Protocol.UDP, address));
  }

  private @Nullable Connection serial(AttributeContainer wishes, Sink sink) throws IOException {
    String device = wishes.text("device").orElse("");
    long rate = wishes.whole("baudrate").orElse(0);
    if (!run.permissions().mayUse(device)) {
      complaints.refused("the serial port '" + device + "'", "devices", device);
      return null;
    }
    if (rate != (int) rate || !BAUD_RATES.contains((int) rate)) {
      complaints.say("expected a usual baud rate from 9600 to 4000000, found " + rate);
      return null;
    }
    SerialConnection connection = new SerialConnection(sink);
    Optional<SerialProvider.Port> port = framework.devices().port(device, (int) rate, connection);
    if (port.isEmpty()) {
      complaints.say("there is no serial port '" + device + "'");
      return null;
    }
    connection.port(port.get());
    return connection;
  }

  // ---- addresses ----

  private static int port(AttributeContainer wishes, String key) {
    OptionalLong port = wishes.whole(key);
    if (port.isEmpty() || port.getAsLong() < 0 || port.getAsLong() > MAX_PORT) {
      throw new IllegalArgumentException("expected a port in '" + key + "'");
    }
    return (int) port.getAsLong();
  }

  private Optional<InetSocketAddress> address(AttributeContainer wishes) {
    String address = wishes.text("address").orElse("");
    try {
      return Optional.of(
          new InetSocketAddress(InetAddress.ofLiteral(address), port(wishes, "port")));
    } catch (IllegalArgumentException e) {
      complaints.say(
          "expected an address in numbers in 'address' and a port in 'port', found '%s' and %s"
              .formatted(address, wishes.attributes().get("port")));
      return Optional.empty();
    }
  }

  private boolean mayConnect(Protocol protocol, InetSocketAddress address) {
    boolean may =
        network.stream().anyMatch(each -> each.covers(Direction.CONNECT, protocol, address));
    if (!may) {
      NetworkGrant needed =
          NetworkGrant.connect(protocol, address.getAddress().getHostAddress(), address.getPort());
      complaints.refused("a connection", "network", needed.toString());
    }
    return may;
  }

  // ---- what is open ----

  private synchronized @Nullable Connection connection(int handle) {
    return open.get(handle);
  }

  /** Whether there is such a connection. */
  boolean isOpen(int handle) {
    return connection(handle) != null;
  }

  /** Says that a piece of what has come was taken. */
  void taken(int handle) {
    Connection connection = connection(handle);
    if (connection != null) {
      connection.taken();
    }
  }

  /** Sends; gives how many bytes, or -1. */
  int send(int handle, byte[] data) {
    Connection connection = connection(handle);
    try {
      return connection == null ? -1 : connection.send(data);
    } catch (IOException e) {
      complaints.say("sending by a connection failed: " + e.getMessage());
      return -1;
    }
  }

  /** Changes how a connection sends. */
  boolean configure(int handle, AttributeContainer wishes) {
    Connection connection = connection(handle);
    return connection != null && connection.configure(wishes);
  }

  /** Closes a connection. */
  void close(int handle) {
    Connection connection;
    synchronized (this) {
      connection = open.remove(handle);
    }
    close(connection);
  }

  private void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        complaints.say("closing a connection failed: " + e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    List<Connection> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open.values());
      open.clear();
    }
    all.forEach(this::close);
  }

  private final class Arrivals implements Sink {
    private final int handle;

    Arrivals(int handle) {
      this.handle = handle;
    }

    @Override
    public void received(byte[] data, @Nullable InetSocketAddress source) {
      run.inbox().put(new Message.Received(handle, data, source));
    }

    @Override
    public void ended() {
      run.inbox().put(new Message.Received(handle, new byte[0], null));
    }

    @Override
    public boolean isCurrent() {
      return endpoint.live() == run;
    }
  }
}
