package dev.sampan.wasi;

import dev.sampan.wasi.capability.AddressRange;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Leave to use the network: which way, by which protocol, with whom, at which ports. Immutable; as
 * text it is {@code DIRECTION:PROTOCOL:HOST:PORTS}, such as {@code connect:tcp:*.example.com:443},
 * {@code listen:tcp:127.0.0.1:8000-8099} or {@code connect:udp:[2001:db8::/32]:*}; ranges for the
 * addresses of names stand behind it: {@code connect:tcp:db.lan:5432@10.0.0.0/8,fd00::/8}.
 *
 * <p>A host is an address, a range of addresses ({@code 10.0.0.0/8}), a name, all names below a
 * name ({@code *.example.com}, without {@code example.com} itself), or {@code *} for all names and
 * addresses.
 *
 * <p>Addresses that a guest got for a granted name may be connected to, and no others: the answer
 * for a name counts only if it is an address of the public internet or in one of the ranges that
 * {@link #within} names, so that the owner of a name cannot open the networks around the host to
 * the guest. The name {@code localhost} may stand for this machine.
 *
 * @param host in lower case
 * @param firstPort 0 to 65535; 0 lets the system choose a port
 * @param within the ranges in which addresses of names may lie beside the public internet
 */
public record NetworkGrant(
    Direction direction,
    Protocol protocol,
    String host,
    int firstPort,
    int lastPort,
    List<String> within) {

  /** Which way. */
  public enum Direction {
    /** Connecting to a host, or sending datagrams to it. The host is the other one. */
    CONNECT,
    /** Having an address of this machine, to connect from or to receive datagrams at. */
    BIND,
    /** Having an address of this machine, and accepting connections at it. */
    LISTEN
  }

  /** By which protocol. */
  public enum Protocol {
    TCP,
    UDP
  }

  private static final int MAX_PORT = 65535;

  /** Checks the parts. */
  public NetworkGrant {
    host = host.toLowerCase(Locale.ROOT);
    within = List.copyOf(within);
    if (!isPattern(host) && AddressRange.parse(host).isEmpty()) {
      throw new IllegalArgumentException(
          "expected a host name, *.NAME, *, an address or ADDRESS/BITS, found '" + host + "'");
    }
    if (firstPort < 0 || lastPort < firstPort || lastPort > MAX_PORT) {
      throw new IllegalArgumentException(
          "expected ports from 0 to %d, found %d-%d".formatted(MAX_PORT, firstPort, lastPort));
    }
    if (direction == Direction.LISTEN && protocol == Protocol.UDP) {
      throw new IllegalArgumentException("expected listen:tcp or bind:udp, found listen:udp");
    }
    for (String range : within) {
      if (AddressRange.parse(range).isEmpty()) {
        throw new IllegalArgumentException(
            "expected an address or ADDRESS/BITS, found '" + range + "'");
      }
    }
  }

  /** Whether a host is given by a name or by names; addresses are none. */
  private static boolean isPattern(String host) {
    return host.equals("*") || isName(host.startsWith("*.") ? host.substring(2) : host);
  }

  /** A name or names that may be looked up, in lower case. */
  static String requireName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!isPattern(lower)) {
      throw new IllegalArgumentException("expected a host name, *.NAME or *, found '" + name + "'");
    }
    return lower;
  }

  /** Whether a name is one of those that a name, {@code *.NAME} or {@code *} stands for. */
  public static boolean matches(String pattern, String name) {
    return pattern.equals("*")
        || pattern.equals(name)
        || pattern.startsWith("*.") && name.endsWith(pattern.substring(1));
  }

  private static boolean isName(String text) {
    return text.matches("[a-z0-9_]([a-z0-9_-]*)(\\.[a-z0-9_][a-z0-9_-]*)*")
        && AddressRange.address(text).isEmpty();
  }

  /** Connecting to a port of a host. */
  public static NetworkGrant connect(Protocol protocol, String host, int port) {
    return new NetworkGrant(Direction.CONNECT, protocol, host, port, port, List.of());
  }

  /** Having an address of this machine. */
  public static NetworkGrant bind(Protocol protocol, String address, int port) {
    return new NetworkGrant(Direction.BIND, protocol, address, port, port, List.of());
  }

  /** Accepting connections at an address of this machine. */
  public static NetworkGrant listen(String address, int port) {
    return new NetworkGrant(Direction.LISTEN, Protocol.TCP, address, port, port, List.of());
  }

  /** The same for a range of ports. */
  public NetworkGrant ports(int first, int last) {
    return new NetworkGrant(direction, protocol, host, first, last, within);
  }

  /** The same for all ports. */
  public NetworkGrant anyPort() {
    return ports(0, MAX_PORT);
  }

  /** The same, with further ranges in which addresses of names may lie. */
  public NetworkGrant within(String... ranges) {
    List<String> all = new ArrayList<>(within);
    all.addAll(List.of(ranges));
    return new NetworkGrant(direction, protocol, host, firstPort, lastPort, all);
  }

  /**
   * Whether this grant is enough to use an address. One for a name is not: only who looks the name
   * up learns its addresses.
   */
  public boolean covers(Direction wanted, Protocol by, InetSocketAddress address) {
    return direction == wanted
        && protocol == by
        && firstPort <= address.getPort()
        && address.getPort() <= lastPort
        && (host.equals("*")
            || AddressRange.parse(host)
                .filter(range -> range.contains(address.getAddress()))
                .isPresent());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none, with what was expected and found
   */
  public static NetworkGrant parse(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      return parse(text.substring(0, at)).within(text.substring(at + 1).split(",", -1));
    }
    String[] parts = text.split(":", 3);
    int end = parts.length < 3 ? -1 : parts[2].lastIndexOf(':');
    if (end < 0) {
      throw new IllegalArgumentException(
          "expected DIRECTION:PROTOCOL:HOST:PORTS, found '" + text + "'");
    }
    String host = parts[2].substring(0, end);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    NetworkGrant any =
        new NetworkGrant(
            one(Direction.class, parts[0]),
            one(Protocol.class, parts[1]),
            host,
            0,
            MAX_PORT,
            List.of());
    String ports = parts[2].substring(end + 1);
    if (ports.equals("*")) {
      return any;
    }
    int dash = ports.indexOf('-');
    return any.ports(
        port(dash < 0 ? ports : ports.substring(0, dash)), port(ports.substring(dash + 1)));
  }

  private static <E extends Enum<E>> E one(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String all =
        List.of(type.getEnumConstants()).stream()
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    throw new IllegalArgumentException("expected " + all + ", found '" + text + "'");
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a port, found '" + text + "'", e);
    }
  }

  /** The text form. */
  @Override
  public String toString() {
    String place = host.indexOf(':') < 0 ? host : "[" + host + "]";
    String ports =
        firstPort == lastPort
            ? String.valueOf(firstPort)
            : firstPort == 0 && lastPort == MAX_PORT ? "*" : firstPort + "-" + lastPort;
    String ranges = within.isEmpty() ? "" : "@" + String.join(",", within);
    return (direction + ":" + protocol).toLowerCase(Locale.ROOT)
        + ":"
        + place
        + ":"
        + ports
        + ranges;
  }
}
