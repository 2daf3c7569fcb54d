package dev.sampan.apps.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a host listens, and to whom.
 *
 * @param http for functions, health and metrics; port 0 lets the system choose one
 * @param https for the same and the management, or empty for not at all
 * @param socket the path of the Unix domain socket for the operator; nobody but the own user may
 *     reach its folder
 * @param operatorToken who has it is the operator, if he asks by {@code https}
 * @param maxConnections how many there may be at each address of the network; further ones wait
 * @param headerTime how long a connection may be open without a whole request, however slowly one
 *     comes
 */
public record ServerSettings(
    InetSocketAddress http,
    Optional<Https> https,
    Path socket,
    Optional<String> operatorToken,
    int maxConnections,
    Duration headerTime) {

  /**
   * A secure address.
   *
   * @param certificates a PEM file, the host's own first; read again when it changes
   * @param key a PEM file
   */
  public record Https(InetSocketAddress address, Path certificates, Path key) {}

  /** Without TLS; 4,096 connections, and 30 s for a header. */
  public static ServerSettings of(InetSocketAddress http, Path socket) {
    return new ServerSettings(
        http, Optional.empty(), socket, Optional.empty(), 4_096, Duration.ofSeconds(30));
  }

  /** The same with a secure address. */
  public ServerSettings https(Https secure) {
    return new ServerSettings(
        http, Optional.of(secure), socket, operatorToken, maxConnections, headerTime);
  }

  /** The same with a token for the operator. */
  public ServerSettings operatorToken(String token) {
    return new ServerSettings(http, https, socket, Optional.of(token), maxConnections, headerTime);
  }

  /** The same with other bounds for connections. */
  public ServerSettings connections(int max, Duration newHeaderTime) {
    return new ServerSettings(http, https, socket, operatorToken, max, newHeaderTime);
  }
}
