package dev.sampan.apps.http;

import dev.sampan.apps.tenant.AccessToken;

/** Who asks. */
sealed interface Caller {

  /** Somebody of whom nothing is known. */
  record Anybody() implements Caller {}

  /** Whoever runs the host: sees and may do everything. */
  record Operator() implements Caller {}

  /**
   * A tenant: sees its own apps alone.
   *
   * @param token with which it asks
   */
  record OfTenant(String name, AccessToken token) implements Caller {}
}
