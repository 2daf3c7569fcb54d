package dev.sampan.wasm;

import dev.sampan.wasm.model.FuncType;
import org.jspecify.annotations.Nullable;

/** A kind of exception (Execution › Runtime Structure › Tag Instances). Tags have identity. */
public non-sealed interface Tag extends Extern {

  /** The function type whose parameters are the payload. */
  FuncType type();

  /**
   * An exception with this tag, for a host function to throw.
   *
   * @param payload one value per parameter of the tag's type
   * @throws IllegalArgumentException if number or types of the values are wrong
   */
  GuestException exception(@Nullable Object... payload);
}
