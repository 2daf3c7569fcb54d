package dev.sampan.wasm;

/**
 * A module whose imports could not be satisfied (Execution › Modules › Instantiation): an import is
 * unknown, or what was given does not have the type that the module declares.
 */
public final class LinkException extends WasmException {

  /** Creates the failure with its complete message. */
  public LinkException(String message) {
    super(message, null);
  }
}
