package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.Tenant;
import dev.sampan.apps.tenant.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A tenant as the management shows it.
 *
 * @param tokens without what they are
 */
record TenantView(String name, Terms terms, Use use, List<Token> tokens, Instant since) {

  /**
   * What a tenant uses now.
   *
   * @param memory bytes of its instances
   * @param disk bytes of its modules, and of its logs as long as they may be
   * @param cpuTime in the present period
   * @param cpuSince when that period began
   * @param requests that are being handled
   */
  record Use(int apps, long memory, long disk, Duration cpuTime, Instant cpuSince, int requests) {}

  /**
   * A token.
   *
   * @param id with which it can be revoked
   */
  record Token(String id, Instant since) {
    static Token of(AccessToken token) {
      return new Token(token.id(), token.since());
    }
  }

  /**
   * A token that was just made.
   *
   * @param token the token itself, which is never shown again
   */
  record NewToken(String tenant, String id, String token) {}

  static TenantView of(AppHost host, Tenant tenant) {
    Account account = host.tenants().account(tenant.name());
    var cpu = account.cpu().reading();
    return new TenantView(
        tenant.name(),
        tenant.terms(),
        new Use(
            host.tenantApps(tenant.name()),
            account.memory().used(),
            host.tenantDisk(tenant.name()),
            cpu.used(),
            cpu.begin(),
            account.calls().inside()),
        tenant.tokens().stream().map(Token::of).toList(),
        tenant.since());
  }
}
