package dev.sampan.apps.store;

import java.io.IOException;

/** Files of the store that are not as they should be, or are used by somebody else. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public StoreException(String message) {
    super(message);
  }
}
