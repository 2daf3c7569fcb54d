package dev.sampan.apps.function;

import org.jspecify.annotations.Nullable;

/** A request that a function did not answer as it should. */
public final class FunctionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean begun;

  FunctionException(int status, boolean begun, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.begun = begun;
  }

  /** A request that is refused before a guest has seen it. */
  public static FunctionException refused(int status, String message) {
    return new FunctionException(status, false, message, null);
  }

  /** The status of HTTP that says so. */
  public int status() {
    return status;
  }

  /** Whether the response had begun; then it can only be broken off. */
  public boolean isBegun() {
    return begun;
  }
}
