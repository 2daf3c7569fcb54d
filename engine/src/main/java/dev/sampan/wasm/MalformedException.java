package dev.sampan.wasm;

import org.jspecify.annotations.Nullable;

/**
 * Bytes or text that are not a WebAssembly module at all (Binary Format, Text Format). The message
 * begins with the specification's phrase and ends with the place: a byte offset for binaries; file,
 * line, column, the source line and a caret for texts.
 */
public final class MalformedException extends WasmException {

  /** Creates the failure with its complete message. */
  public MalformedException(String message) {
    super(message, null);
  }

  /** Creates the failure with its complete message and what led to it. */
  public MalformedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
