package dev.sampan.apps.run;

/** A guest that has ended before it was ready for what it is there for. */
public final class NotReadyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public NotReadyException(String message, Throwable cause) {
    super(message, cause);
  }
}
