package dev.sampan.apps.function;

/** A guest that has written something else than a response, and is stopped for it. */
final class WrongResponseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongResponseException(String message) {
    super(message);
  }
}
