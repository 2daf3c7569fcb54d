package dev.sampan.apps.tenant;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is kept of a tenant.
 *
 * @param name by the rule for names of apps
 * @param tokens with which it may ask
 * @param since when it was added
 */
public record Tenant(String name, Terms terms, List<AccessToken> tokens, Instant since) {

  /** Keeps the tokens as they are. */
  public Tenant {
    tokens = List.copyOf(tokens);
  }

  /** The same under other terms. */
  public Tenant terms(Terms others) {
    return new Tenant(name, others, tokens, since);
  }

  /** The same with another token. */
  public Tenant with(AccessToken token) {
    List<AccessToken> all = new ArrayList<>(tokens);
    all.add(token);
    return new Tenant(name, terms, all, since);
  }

  /** The same without a token. */
  public Tenant without(AccessToken token) {
    return new Tenant(
        name, terms, tokens.stream().filter(each -> !each.equals(token)).toList(), since);
  }

  /** The same with no tokens: nobody can ask for it. */
  public Tenant withoutTokens() {
    return new Tenant(name, terms, List.of(), since);
  }
}
