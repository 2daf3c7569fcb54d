package dev.sampan.apps.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/**
 * Who may manage the host: whoever reaches the Unix domain socket, which only the host's own user
 * can, and on the network who has the token.
 */
final class Access {

  private static final String SCHEME = "Bearer ";

  private final Optional<byte[]> token;
  private @Nullable Connector local;

  Access(Optional<String> token) {
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Tells which connector only the own user can reach. */
  void local(Connector connector) {
    local = connector;
  }

  /**
   * Lets a request through.
   *
   * @throws HttpFailure if it may not
   */
  void require(Exchange exchange) {
    if (exchange.request().getConnectionMetaData().getConnector() == local) {
      return;
    }
    if (token.isEmpty()) {
      throw new HttpFailure(
          403, "the host is managed by its Unix domain socket; there is no token for the network");
    }
    String given = exchange.header("Authorization").orElse("");
    byte[] found =
        given.startsWith(SCHEME)
            ? given.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    // takes as long for a wrong token as for the right one
    if (!MessageDigest.isEqual(found, token.get())) {
      exchange.response().getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      throw new HttpFailure(401, "expected the host's token: Authorization: Bearer TOKEN");
    }
  }
}
