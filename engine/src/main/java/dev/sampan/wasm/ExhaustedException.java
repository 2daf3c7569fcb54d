package dev.sampan.wasm;

/** A guest that used up a resource it was given, such as the call stack. */
public final class ExhaustedException extends WasmException {

  /** Creates the failure with its complete message. */
  public ExhaustedException(String message) {
    super(message, null);
  }

  /** Creates the failure with its complete message and what has led to it. */
  public ExhaustedException(String message, Throwable cause) {
    super(message, cause);
  }
}
