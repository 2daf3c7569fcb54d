package dev.sampan.wasm;

/**
 * The fuel of an instance: a measure of what it executes, the same in every mode and in every run.
 * An instance has fuel if its {@link ResourceLimits} give it some.
 *
 * <p>A unit is about one simple instruction. Fuel is taken for a stretch of code when the stretch
 * is entered, and by size for instructions on ranges. Each instance pays for what runs in it. A
 * guest that runs out ends with an {@link ExhaustedException}, all its fuel used; it can be called
 * again when fuel has been added.
 */
public interface Fuel {

  /** How much is left. */
  long remaining();

  /** How much has been used so far. */
  long used();

  /**
   * Adds fuel.
   *
   * @param units a positive amount
   * @throws IllegalArgumentException if the amount is not positive, or the sum too large
   */
  void add(long units);

  /**
   * Uses fuel up on the guest's behalf: what a host function does may have a price, too.
   *
   * @param units an amount that is not negative
   * @throws ExhaustedException if there is less; then none is left
   */
  void consume(long units);
}
