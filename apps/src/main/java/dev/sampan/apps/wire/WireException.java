package dev.sampan.apps.wire;

/** Bytes that are not the message they should be. */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public WireException(String message) {
    super(message);
  }
}
