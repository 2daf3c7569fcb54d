package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.tenant.AccessToken;
import java.util.function.BooleanSupplier;

/**
 * Knows when answers have to end that would go on: when the host does, and when nobody may read.
 */
final class Streams {

  private final AppHost host;
  private final BooleanSupplier isEnding;

  /**
   * The answers of a host.
   *
   * @param isEnding whether the host is being stopped
   */
  Streams(AppHost host, BooleanSupplier isEnding) {
    this.host = host;
    this.isEnding = isEnding;
  }

  /** Whether the answer to a request is to end, to be asked again and again. */
  BooleanSupplier end(Call call) {
    return switch (call.caller()) {
      case Caller.OfTenant tenant -> () -> isEnding.getAsBoolean() || isRevoked(tenant.token());
      case Caller.Operator _, Caller.Anybody _ -> isEnding;
    };
  }

  private boolean isRevoked(AccessToken token) {
    return host.tenants().withToken(token).isEmpty();
  }
}
