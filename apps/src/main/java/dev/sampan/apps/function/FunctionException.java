package dev.sampan.apps.function;

import org.jspecify.annotations.Nullable;

/** A request that a function did not answer as it should. */
public final class FunctionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  FunctionException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** A request that is refused before a guest has seen it. */
  public static FunctionException refused(int status, String message) {
    return new FunctionException(status, message, null);
  }

  /** The status of HTTP that says so. */
  public int status() {
    return status;
  }
}
