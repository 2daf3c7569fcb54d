package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import dev.sampan.wasi.capability.Socket;
import dev.sampan.wasm.Call;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.concurrent.TimeUnit;

/** The options of sockets. Each is named as in Java, which knows those that a system has. */
final class SocketOptions {

  private final FdTable table;

  SocketOptions(FdTable table) {
    this.table = table;
  }

  private Socket socket(Call call) throws ErrnoException {
    return table.get(call.i32(0)).socket();
  }

  void getFlag(Call call, String name) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(1), 1);
    memory.set8(call.i32(1), Boolean.TRUE.equals(socket(call).option(name, Boolean.class)) ? 1 : 0);
  }

  void setFlag(Call call, String name) throws IOException {
    socket(call).setOption(name, Boolean.class, call.i32(1) != 0);
  }

  void getNumber(Call call, String name) throws IOException {
    GuestMemory.of(call).set32(call.i32(1), number(socket(call), name));
  }

  void setNumber(Call call, String name) throws IOException {
    socket(call).setOption(name, Integer.class, call.i32(1));
  }

  private static int number(Socket socket, String name) throws IOException {
    return socket.option(name, Integer.class) instanceof Integer number ? number : -1;
  }

  void getReceiveTimeout(Call call) throws ErrnoException {
    store(call, socket(call).receiveTimeout());
  }

  void getSendTimeout(Call call) throws ErrnoException {
    store(call, socket(call).sendTimeout());
  }

  private static void store(Call call, long nanos) {
    GuestMemory.of(call).set64(call.i32(1), TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  void setReceiveTimeout(Call call) throws ErrnoException {
    socket(call).receiveTimeout(nanos(call));
  }

  void setSendTimeout(Call call) throws ErrnoException {
    socket(call).sendTimeout(nanos(call));
  }

  /** The time in an argument; numbers that are negative in Java are centuries. */
  private static long nanos(Call call) {
    long micros = call.i64(1);
    return micros < 0 ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(micros);
  }

  void getMulticastTtl(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(1), 1);
    memory.set8(call.i32(1), number(socket(call), "IP_MULTICAST_TTL"));
  }

  void setMulticastTtl(Call call) throws IOException {
    socket(call).setOption("IP_MULTICAST_TTL", Integer.class, call.i32(1) & 0xFF);
  }

  void getLinger(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(1), 1);
    memory.check(call.i32(2), 4, 4);
    int seconds = number(socket(call), "SO_LINGER");
    memory.set8(call.i32(1), seconds >= 0 ? 1 : 0);
    memory.set32(call.i32(2), Math.max(0, seconds));
  }

  void setLinger(Call call) throws IOException {
    if (call.i32(1) != 0 && call.i32(2) < 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    socket(call).setOption("SO_LINGER", Integer.class, call.i32(1) != 0 ? call.i32(2) : -1);
  }

  void getMulticastLoop(Call call) throws IOException {
    GuestMemory memory = GuestMemory.of(call);
    memory.check(call.i32(2), 1);
    boolean on = Boolean.TRUE.equals(family(call).option("IP_MULTICAST_LOOP", Boolean.class));
    memory.set8(call.i32(2), on ? 1 : 0);
  }

  void setMulticastLoop(Call call) throws IOException {
    family(call).setOption("IP_MULTICAST_LOOP", Boolean.class, call.i32(2) != 0);
  }

  /** The socket, whose family must be the one that the first argument says. */
  private Socket family(Call call) throws ErrnoException {
    Socket socket = socket(call);
    boolean v6 = socket.family() == StandardProtocolFamily.INET6;
    if (v6 != (call.i32(1) != 0)) {
      throw new ErrnoException(Errno.AFNOSUPPORT);
    }
    return socket;
  }

  /** Java's sockets of IPv6 always serve IPv4, too. */
  void getV6Only(Call call) throws ErrnoException {
    requireV6(call);
    GuestMemory memory = GuestMemory.of(call);
    memory.set8(call.i32(1), 0);
  }

  void setV6Only(Call call) throws ErrnoException {
    requireV6(call);
    if (call.i32(1) != 0) {
      throw new ErrnoException(Errno.NOPROTOOPT);
    }
  }

  private void requireV6(Call call) throws ErrnoException {
    if (socket(call).family() != StandardProtocolFamily.INET6) {
      throw new ErrnoException(Errno.NOPROTOOPT);
    }
  }

  /** An option that Java has not. */
  void unknown(Call call) throws ErrnoException {
    socket(call);
    throw new ErrnoException(Errno.NOPROTOOPT);
  }
}
