package dev.sampan.apps.http;

import dev.sampan.apps.Tenants;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Tenant;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/**
 * Who may manage the host: the operator, who reaches the Unix domain socket, which only the host's
 * own user can, or has the operator's token; and tenants, who have tokens. Tokens count only where
 * nobody on the way can read them.
 */
final class Access {

  private static final String SCHEME = "Bearer ";

  private final Tenants tenants;
  private final Optional<AccessToken> operator;
  private @Nullable Connector local;
  private @Nullable Connector secure;
  private Supplier<String> elsewhere = () -> "";

  /**
   * Nobody may manage the host yet.
   *
   * @param operator the operator's token, if there is one
   */
  Access(Tenants tenants, Optional<String> operator) {
    this.tenants = tenants;
    this.operator = operator.map(AccessToken::of);
  }

  /** Tells which connector only the own user can reach. */
  void local(Connector connector) {
    local = connector;
  }

  /** Tells on which connector nobody can read what is sent. */
  void secure(Connector connector) {
    secure = connector;
  }

  /** Tells where the host is managed, for those who try to do so elsewhere. */
  void tellOthers(Supplier<String> where) {
    elsewhere = where;
  }

  /**
   * Finds out who asks to manage the host.
   *
   * @throws HttpFailure if it is nobody who may
   */
  Caller manager(Exchange exchange) {
    Connector connector = exchange.request().getConnectionMetaData().getConnector();
    Browsers.requireOwnPage(exchange);
    if (connector == local) {
      return new Caller.Operator();
    }
    if (connector != secure) {
      throw new HttpFailure(
          403,
          "the host is not managed here, where a token could be read on its way; "
              + elsewhere.get());
    }
    String given = exchange.header("Authorization").orElse("");
    if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw unauthorized("expected a token (Authorization: Bearer TOKEN), found none");
    }
    String text = given.substring(SCHEME.length());
    // both take as long for a wrong token as for the right one
    AccessToken token = AccessToken.of(text);
    boolean isOperator = operator.filter(token::hasHashOf).isPresent();
    Optional<Tenant> tenant = tenants.withToken(token);
    if (isOperator) {
      return new Caller.Operator();
    }
    return tenant
        .<Caller>map(found -> new Caller.OfTenant(found.name(), token))
        .orElseThrow(() -> unauthorized("the token is not known here, or was revoked"));
  }

  private static HttpFailure unauthorized(String message) {
    return new HttpFailure(401, message).header("WWW-Authenticate", "Bearer");
  }
}
