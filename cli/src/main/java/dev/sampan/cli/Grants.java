package dev.sampan.cli;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Grants as they are written, on the command line and in a policy's file alike. What makes no sense
 * is an {@link IllegalArgumentException} that says what was expected and found.
 */
final class Grants {

  private static final String BETWEEN = "::";
  private static final String READ_ONLY = ":ro";

  private Grants() {}

  /**
   * A folder as {@code HOST[::GUEST][:ro]}.
   *
   * @param elsewhere whether it is on another machine
   */
  static Policy directory(Policy policy, String grant, boolean elsewhere) {
    boolean readOnly = grant.endsWith(READ_ONLY);
    String names = readOnly ? grant.substring(0, grant.length() - READ_ONLY.length()) : grant;
    int between = names.indexOf(BETWEEN);
    String host = between < 0 ? names : names.substring(0, between);
    String guest = between < 0 ? names : names.substring(between + BETWEEN.length());
    if (host.isEmpty() || guest.isEmpty()) {
      throw new IllegalArgumentException("expected HOST[::GUEST][:ro], found '" + grant + "'");
    }
    require(Path.of(host), elsewhere);
    return directory(policy, Path.of(host), guest, readOnly, Long.MAX_VALUE);
  }

  /**
   * Checks a folder, as far as that can be done from here.
   *
   * @param elsewhere whether it is on another machine
   */
  static void require(Path folder, boolean elsewhere) {
    if (elsewhere && !folder.isAbsolute()) {
      throw new IllegalArgumentException(
          "expected the absolute path of a folder on the host's machine, found '" + folder + "'");
    }
    if (!elsewhere && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          (Files.exists(folder) ? "not a folder: " : "no such folder: ") + folder);
    }
  }

  /** A folder with a quota for what is added to it, in bytes. */
  static Policy directory(Policy policy, Path host, String guest, boolean readOnly, long maxBytes) {
    Rights rights = readOnly ? Rights.READ_ONLY : Rights.READ_WRITE;
    return policy.directory(host, guest, rights, maxBytes);
  }

  /** A variable as {@code NAME=VALUE}, or {@code NAME} to inherit it. */
  static Policy variable(Policy policy, String text) {
    int equals = text.indexOf('=');
    if (equals == 0 || text.isEmpty()) {
      throw new IllegalArgumentException("expected NAME=VALUE or NAME, found '" + text + "'");
    }
    return equals < 0
        ? policy.inheritEnv(text)
        : policy.env(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Leave to use the network. */
  static Policy network(Policy policy, String grant) {
    return policy.network(NetworkGrant.parse(grant));
  }

  /** Leave to look names of hosts up, divided by commas. */
  static Policy lookup(Policy policy, String names) {
    return policy.lookup(names.split(",", -1));
  }

  /** Leave to do everything at ranges of addresses, divided by commas. */
  static Policy addresses(Policy policy, String ranges) {
    Policy result = policy;
    for (String range : ranges.split(",", -1)) {
      // a range is what may stand behind a grant, too; a name is not
      NetworkGrant tcp = NetworkGrant.connect(Protocol.TCP, "*", 0).within(range);
      String host = tcp.within().getFirst();
      result =
          result.network(
              NetworkGrant.connect(Protocol.TCP, host, 0).anyPort(),
              NetworkGrant.connect(Protocol.UDP, host, 0).anyPort(),
              NetworkGrant.listen(host, 0).anyPort(),
              NetworkGrant.bind(Protocol.UDP, host, 0).anyPort());
    }
    return result;
  }

  /** A socket that listens, as {@code ADDRESS:PORT}. */
  static Policy listener(Policy policy, String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = ""; // of IPv6 without brackets, where the port might be part of the address
    }
    try {
      InetAddress address =
          host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral(host);
      int port = (int) Quantity.number(text.substring(colon + 1), 0, 65535);
      return policy.listener(new InetSocketAddress(address, port));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, found '" + text + "'", e);
    }
  }

  /**
   * What every program gets unless it is refused.
   *
   * @throws IllegalArgumentException if there is nothing of this name
   */
  static Policy standard(Policy policy, String name, boolean granted) {
    return switch (name) {
      case "stdio" -> policy.stdio(granted);
      case "clocks" -> policy.clocks(granted);
      case "random" -> policy.random(granted);
      default ->
          throw new IllegalArgumentException(
              "expected stdio, clocks or random, found '" + name + "'");
    };
  }
}
