package dev.sampan.apps.tenant;

import java.time.Duration;

/** A request that is refused because its tenant's quota is used up for now. */
public final class TooManyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  TooManyException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** After how long it may be tried again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
