package dev.sampan.wasm;

import dev.sampan.wasm.model.GlobalType;
import org.jspecify.annotations.Nullable;

/** A global variable (Execution › Runtime Structure › Global Instances). */
public non-sealed interface Global extends Extern {

  /** The type. */
  GlobalType type();

  /**
   * The value: {@link Integer}, {@link Long}, {@link Float}, {@link Double}, {@link V128}, or a
   * reference.
   */
  @Nullable Object get();

  /**
   * Sets the value.
   *
   * @throws IllegalArgumentException if the global is immutable or the value has another type
   */
  void set(@Nullable Object value);
}
