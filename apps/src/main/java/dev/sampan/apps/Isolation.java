package dev.sampan.apps;

/** Which requests of a function see the same instance. */
public enum Isolation {
  /** Each request gets an instance of its own, made for it and thrown away after it. */
  FRESH,
  /** Each request gets an instance in its initial state, which had other requests before. */
  POOLED,
  /**
   * All requests get the same instance, one after the other, and see what the others have left. The
   * module must be a reactor that exports {@code handle}.
   */
  SHARED
}
