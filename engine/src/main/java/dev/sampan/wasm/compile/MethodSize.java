package dev.sampan.wasm.compile;

/**
 * How large methods may be. The system property {@code sampan.method-bytes} makes the limit
 * smaller, so that tests can have any function divided.
 */
final class MethodSize {

  /** HotSpot never compiles a method with more bytes of code than this. */
  static final int LIMIT = 8_000;

  /** A function with more is divided. */
  static final int WHOLE = Integer.getInteger("sampan.method-bytes", LIMIT - 1);

  /**
   * A part of a function is ended when it is longer than this. The instruction that makes it so may
   * be large itself, and the ways out come behind it.
   */
  static final int PART = Math.max(1, WHOLE * 5 / 8);

  private MethodSize() {}
}
