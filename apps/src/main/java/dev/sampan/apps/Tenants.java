package dev.sampan.apps;

import dev.sampan.apps.store.Store;
import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.Tenant;
import dev.sampan.apps.tenant.Terms;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The tenants of a host. What a method has done when it returns is kept, even if the process dies.
 * May be used by any number of threads.
 */
public final class Tenants {

  private final Store store;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    private final Account account;
    private volatile Tenant tenant;

    Entry(Tenant tenant, InstantSource clock) {
      this.tenant = tenant;
      this.account = new Account(tenant.terms().quota(), clock);
    }
  }

  Tenants(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    for (Tenant each : store.tenants()) {
      entries.put(each.name(), new Entry(each, clock));
    }
  }

  // ---- looking ----

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw AppException.notFound("there is no tenant '" + AppName.require(name) + "'");
    }
    return entry;
  }

  /**
   * A tenant.
   *
   * @throws AppException if there is none of that name
   */
  public Tenant tenant(String name) {
    return entry(name).tenant;
  }

  /**
   * What a tenant's apps use.
   *
   * @throws AppException if there is none of that name
   */
  public Account account(String name) {
    return entry(name).account;
  }

  /** The same, if there is one of that name. */
  Optional<Account> findAccount(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.account);
  }

  /** All tenants, by name. */
  public List<Tenant> list() {
    List<Tenant> all = new ArrayList<>();
    new TreeMap<>(entries).values().forEach(entry -> all.add(entry.tenant));
    return all;
  }

  /** The tenant that a token belongs to. Takes as long for a token that nobody has. */
  public Optional<Tenant> withToken(AccessToken given) {
    Optional<Tenant> found = Optional.empty();
    for (Entry entry : entries.values()) {
      for (AccessToken token : entry.tenant.tokens()) {
        if (token.hasHashOf(given)) {
          found = Optional.of(entry.tenant);
        }
      }
    }
    return found;
  }

  // ---- changing ----

  /**
   * Adds a tenant, with one token.
   *
   * @throws AppException if there is one of that name
   */
  public synchronized AccessToken.Made add(String name, Terms terms) {
    if (entries.containsKey(AppName.require(name))) {
      throw new AppException(
          AppException.Reason.EXISTS, "there is a tenant '" + name + "' already", null);
    }
    AccessToken.Made made = AccessToken.make();
    Tenant tenant = new Tenant(name, terms, List.of(made.token()), clock.instant());
    keep(tenant);
    entries.put(name, new Entry(tenant, clock));
    return made;
  }

  private void keep(Tenant tenant) {
    try {
      store.put(tenant);
    } catch (IOException e) {
      throw AppException.unwritten("journal", e);
    }
  }

  private void change(Entry entry, Tenant next) {
    keep(next);
    entry.tenant = next;
  }

  /**
   * Changes a tenant's terms. Apps that run go on as they are; what they may be granted counts when
   * they are begun the next time.
   */
  public synchronized Tenant change(String name, UnaryOperator<Terms> terms) {
    Entry entry = entry(name);
    change(entry, entry.tenant.terms(terms.apply(entry.tenant.terms())));
    entry.account.limit(entry.tenant.terms().quota());
    return entry.tenant;
  }

  /** Gives a tenant a further token. */
  public synchronized AccessToken.Made addToken(String name) {
    Entry entry = entry(name);
    AccessToken.Made made = AccessToken.make();
    change(entry, entry.tenant.with(made.token()));
    return made;
  }

  /**
   * Takes a token from a tenant: nobody can ask with it from now on.
   *
   * @param id the token's
   * @throws AppException if it has none with that
   */
  public synchronized void revoke(String name, String id) {
    Entry entry = entry(name);
    AccessToken token =
        entry.tenant.tokens().stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    AppException.notFound(
                        "tenant '%s' has no token '%s'; it has %s"
                            .formatted(
                                name,
                                id,
                                entry.tenant.tokens().stream().map(AccessToken::id).toList())));
    change(entry, entry.tenant.without(token));
  }

  /** Takes all tokens from a tenant, so that nobody adds apps to it any more. */
  synchronized void close(String name) {
    Entry entry = entry(name);
    change(entry, entry.tenant.withoutTokens());
  }

  /** Forgets a tenant, which has no apps any more. */
  synchronized void remove(String name) {
    try {
      store.removeTenant(name);
    } catch (IOException e) {
      throw AppException.unwritten("journal", e);
    }
    entries.remove(name);
  }
}
