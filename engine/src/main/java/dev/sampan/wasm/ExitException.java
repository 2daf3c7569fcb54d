package dev.sampan.wasm;

/**
 * The guest asked to end, as a process ends with {@code exit}. Thrown by a host function; it passes
 * through all Wasm frames and cannot be caught by the guest.
 */
public final class ExitException extends WasmException {

  private final int status;

  /**
   * Creates the request to end.
   *
   * @param status the exit status, 0 for success
   */
  public ExitException(int status) {
    super("exit with status " + status, null);
    this.status = status;
  }

  /** The exit status that the guest gave, 0 for success. */
  public int status() {
    return status;
  }
}
