package dev.sampan.wasm;

/**
 * A well-formed module that breaks a rule of validation (Validation). The message begins with the
 * specification's phrase and names the function and the byte offset.
 */
public final class InvalidException extends WasmException {

  /** Creates the failure with its complete message. */
  public InvalidException(String message) {
    super(message, null);
  }
}
