package dev.sampan.wasm;

import dev.sampan.wasm.model.FuncType;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A function that can be called: a guest's or a host's. It is also what a {@code funcref} is. */
public non-sealed interface Func extends Extern {

  /** The function's type. */
  FuncType type();

  /**
   * Calls the function.
   *
   * @param arguments one per parameter: {@link Integer}, {@link Long}, {@link Float}, {@link
   *     Double}, {@link V128}, or for a reference any object of its type
   * @return the results
   * @throws IllegalArgumentException if number or types of the arguments are wrong
   * @throws Trap if the guest does what is forbidden
   * @throws ExhaustedException if it needs more stack than it has
   * @throws GuestException if it throws an exception and does not catch it
   */
  Results call(@Nullable Object... arguments);

  /**
   * The function as a method handle of exactly its type: {@code int}, {@code long}, {@code float},
   * {@code double}, {@link V128}, and {@link Object} for references. No result is {@code void},
   * several are {@link Results}.
   */
  MethodHandle handle();
}
