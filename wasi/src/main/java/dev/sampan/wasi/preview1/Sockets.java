package dev.sampan.wasi.preview1;

import dev.sampan.wasi.HostNames;
import dev.sampan.wasi.NetworkGrant.Direction;
import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.capability.AddressRange;
import dev.sampan.wasi.capability.DatagramSocket;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasi.capability.StreamSocket;
import dev.sampan.wasi.capability.Waiting;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Sockets: making, connecting and listening, addresses and names. */
final class Sockets {

  private static final int TYPE_ANY = -1;
  private static final int TYPE_DATAGRAM = 0;
  private static final int TYPE_STREAM = 1;
  private static final int FAMILY_V4 = 0;
  private static final int FAMILY_V6 = 1;
  private static final int RESOLVED_BYTES = 28;
  private static final int SHUTDOWN_RECEIVING = 1;
  private static final int SHUTDOWN_SENDING = 2;

  /** Services that guests may ask for by name. */
  private static final Map<String, Integer> SERVICES =
      Map.ofEntries(
          Map.entry("", 0),
          Map.entry("domain", 53),
          Map.entry("ftp", 21),
          Map.entry("http", 80),
          Map.entry("https", 443),
          Map.entry("imap", 143),
          Map.entry("imaps", 993),
          Map.entry("ldap", 389),
          Map.entry("ntp", 123),
          Map.entry("pop3", 110),
          Map.entry("postgresql", 5432),
          Map.entry("smtp", 25),
          Map.entry("ssh", 22),
          Map.entry("submission", 587),
          Map.entry("telnet", 23));

  private final FdTable table;
  private final Network network;
  private final HostNames names;

  Sockets(FdTable table, Network network, HostNames names) {
    this.table = table;
    this.network = network;
    this.names = names;
  }

  private static Protocol protocol(Socket socket) {
    return switch (socket) {
      case StreamSocket _ -> Protocol.TCP;
      case DatagramSocket _ -> Protocol.UDP;
    };
  }

  private static StreamSocket stream(Fd fd) throws ErrnoException {
    return switch (fd.socket()) {
      case StreamSocket stream -> stream;
      case DatagramSocket _ -> throw new ErrnoException(Errno.NOTSUP);
    };
  }

  static boolean isNonBlocking(Fd fd) {
    return (fd.flags() & Fd.NONBLOCK) != 0;
  }

  void open(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(3), 4, 4);
    StandardProtocolFamily family =
        call.i32(1) == FAMILY_V6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    boolean datagrams = call.i32(2) == TYPE_DATAGRAM;
    network.requireAny("sock_open", datagrams ? Protocol.UDP : Protocol.TCP);
    table.requireRoom();
    Socket socket = datagrams ? DatagramSocket.open(family) : StreamSocket.open(family);
    memory.set32(call.i32(3), table.add(Fd.of(socket, Right.SOCKET, 0)));
  }

  void bind(Call call) throws IOException {
    Socket socket = table.get(call.i32(0)).socket();
    InetSocketAddress address = Addresses.read(GuestMemory.of(call), call.i32(1));
    network.require("sock_bind", Direction.BIND, protocol(socket), address);
    socket.bind(address);
  }

  void connect(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    InetSocketAddress address = Addresses.read(GuestMemory.of(call), call.i32(1));
    network.require("sock_connect", Direction.CONNECT, protocol(socket), address);
    if (socket.connect(address)) {
      return;
    }
    if (isNonBlocking(fd)) {
      throw new ErrnoException(Errno.INPROGRESS);
    }
    while (!socket.finishConnect()) {
      Waiting.await(socket, false, socket.sendTimeout());
    }
  }

  void listen(Call call) throws IOException {
    StreamSocket socket = stream(table.get(call.i32(0)));
    network.require("sock_listen", Direction.LISTEN, Protocol.TCP, socket.wantedAddress());
    socket.listen(call.i32(1));
  }

  void accept(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    fd.socket();
    fd.require(Right.SOCK_ACCEPT);
    StreamSocket listener = stream(fd);
    int flags = Descriptors.fdFlags(call.i32(1));
    if ((flags & ~Fd.NONBLOCK) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(2), 4, 4);
    table.requireRoom();
    StreamSocket accepted = listener.accept();
    while (accepted == null) {
      if (isNonBlocking(fd)) {
        throw new ErrnoException(Errno.AGAIN);
      }
      Waiting.await(listener, true, listener.receiveTimeout());
      accepted = listener.accept();
    }
    memory.set32(call.i32(2), table.add(Fd.of(accepted, Right.SOCKET, flags)));
  }

  void shutdown(Call call) throws IOException {
    Fd fd = table.get(call.i32(0));
    Socket socket = fd.socket();
    fd.require(Right.SOCK_SHUTDOWN);
    int how = call.i32(1);
    if (how == 0 || (how & ~(SHUTDOWN_RECEIVING | SHUTDOWN_SENDING)) != 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    socket.shutdown((how & SHUTDOWN_RECEIVING) != 0, (how & SHUTDOWN_SENDING) != 0);
  }

  void localAddress(Call call) throws IOException {
    InetSocketAddress address = table.get(call.i32(0)).socket().localAddress();
    Addresses.write(GuestMemory.of(call), call.i32(1), address);
  }

  void remoteAddress(Call call) throws IOException {
    InetSocketAddress address = table.get(call.i32(0)).socket().remoteAddress();
    Addresses.write(GuestMemory.of(call), call.i32(1), address);
  }

  /** Whether datagrams may be sent there. */
  void requireTarget(Socket socket, InetSocketAddress to) throws ErrnoException {
    network.require("sock_send_to", Direction.CONNECT, protocol(socket), to);
  }

  void membership(Call call, boolean member) throws IOException {
    if (!(table.get(call.i32(0)).socket() instanceof DatagramSocket socket)) {
      throw new ErrnoException(Errno.NOTSUP);
    }
    GuestMemory memory = GuestMemory.of(call);
    InetAddress group = Addresses.readBare(memory, call.i32(1));
    InetSocketAddress own = socket.wantedAddress();
    String name = member ? "sock_set_ip_add_membership" : "sock_set_ip_drop_membership";
    network.require(
        name, Direction.BIND, Protocol.UDP, new InetSocketAddress(group, own.getPort()));
    int through = call.i32(2);
    socket.membership(
        group, group instanceof Inet4Address ? Addresses.interfaceOf(through) : through, member);
  }

  // ---- names ----

  /** What is asked for: types of sockets, and families of addresses. */
  private record Hints(int type, int family) {

    static Hints read(GuestMemory memory, int address) {
      boolean enabled = memory.u8(address + 8) != 0;
      return enabled
          ? new Hints(memory.i32(address), memory.i32(address + 4))
          : new Hints(TYPE_ANY, -1);
    }

    boolean wants(InetAddress address) {
      boolean v4 = address instanceof Inet4Address;
      return family == FAMILY_V4 ? v4 : family != FAMILY_V6 || !v4;
    }

    List<Integer> types() {
      return type == TYPE_DATAGRAM || type == TYPE_STREAM
          ? List.of(type)
          : List.of(TYPE_STREAM, TYPE_DATAGRAM);
    }
  }

  void resolve(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    String host = memory.zeroTerminated(call.i32(0));
    int port = port(memory.zeroTerminated(call.i32(1)));
    memory.check(call.i32(2), 12, 4);
    Hints hints = Hints.read(memory, call.i32(2));
    int out = call.i32(3);
    long capacity = Integer.toUnsignedLong(call.i32(4));
    memory.check(out, RESOLVED_BYTES * capacity, 4);
    memory.check(call.i32(5), 4, 4);
    long count = 0;
    for (InetAddress address : addresses(host)) {
      if (!hints.wants(address)) {
        continue;
      }
      for (int type : hints.types()) {
        if (count < capacity) {
          int at = GuestMemory.plus(out, RESOLVED_BYTES * count);
          Addresses.write(memory, at, new InetSocketAddress(address, port));
          memory.set32(at + 24, type);
        }
        count++;
      }
    }
    if (count == 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    memory.set32(call.i32(5), (int) count);
  }

  private static int port(String service) throws ErrnoException {
    Integer known = SERVICES.get(service);
    if (known != null) {
      return known;
    }
    try {
      int port = Integer.parseInt(service);
      if (port >= 0 && port < 1 << 16) {
        return port;
      }
    } catch (NumberFormatException e) {
      // neither a number nor known
    }
    throw new ErrnoException(Errno.INVAL);
  }

  private List<InetAddress> addresses(String host) throws IOException {
    InetAddress literal = AddressRange.address(host).orElse(null);
    if (literal != null) {
      return List.of(literal);
    }
    String lower = host.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    network.requireName("sock_addr_resolve", name);
    List<InetAddress> found = lookUp(name);
    List<InetAddress> admitted = network.admit("sock_addr_resolve", name, found);
    if (admitted.isEmpty() && !found.isEmpty()) {
      throw new ErrnoException(Errno.ACCES);
    }
    return admitted;
  }

  /** Looks a name up on another thread, because that cannot be interrupted. */
  private List<InetAddress> lookUp(String name) throws IOException {
    FutureTask<List<InetAddress>> task =
        new FutureTask<>(() -> new ArrayList<>(names.addresses(name)));
    Thread.ofVirtual().name("wasi-names").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      throw new ErrnoException(cause instanceof UnknownHostException ? Errno.INVAL : Errno.FAULT);
    }
  }
}
