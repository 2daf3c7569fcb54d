package dev.sampan.wasm;

import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong with a module, its linking or its run. The subtypes are the failures
 * that the specification's test scripts can assert, one type each, all unchecked.
 */
public abstract sealed class WasmException extends RuntimeException
    permits MalformedException,
        InvalidException,
        LinkException,
        Trap,
        ExhaustedException,
        GuestException,
        ExitException {

  WasmException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
