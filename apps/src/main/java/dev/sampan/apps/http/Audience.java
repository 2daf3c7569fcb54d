package dev.sampan.apps.http;

/** Who may ask for something. */
enum Audience {
  /** Whoever reaches the host. */
  EVERYBODY,
  /** The operator and tenants, each for their own. */
  MANAGERS,
  /** The operator alone. */
  OPERATOR
}
