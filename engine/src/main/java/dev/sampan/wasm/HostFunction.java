package dev.sampan.wasm;

/**
 * A function written in Java that a module may import. The import declares the type; a function
 * that asks for an argument of another type, or gives other results, fails at once.
 */
@FunctionalInterface
public non-sealed interface HostFunction extends Importable {

  /**
   * Runs the function.
   *
   * <p>What it throws passes through the Wasm frames to whoever called the guest. Only a {@link
   * GuestException} can be caught by the guest.
   *
   * @param call the arguments and the place for the results; valid only during the call
   */
  void call(Call call);
}
