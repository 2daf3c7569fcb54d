package dev.sampan.wasi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** How names of hosts become addresses for a guest that may use the network. */
@FunctionalInterface
public interface HostNames {

  /**
   * The addresses of a host, the best first.
   *
   * @throws UnknownHostException if there is no such host, or nobody can tell
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;

  /** The way this machine finds addresses. */
  static HostNames system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
