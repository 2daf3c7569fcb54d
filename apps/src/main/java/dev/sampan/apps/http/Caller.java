package dev.sampan.apps.http;

/** Who asks. */
sealed interface Caller {

  /** Somebody of whom nothing is known. */
  record Anybody() implements Caller {}

  /** Whoever runs the host: sees and may do everything. */
  record Operator() implements Caller {}

  /** A tenant: sees its own apps alone. */
  record OfTenant(String name) implements Caller {}
}
