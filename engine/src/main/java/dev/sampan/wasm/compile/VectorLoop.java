package dev.sampan.wasm.compile;

import org.jspecify.annotations.Nullable;

/** The second version of a loop, with vectors of the JDK; generated classes extend it. */
public abstract class VectorLoop {

  /** A loop; called by generated classes. */
  protected VectorLoop() {}

  /**
   * Runs rounds of the loop, and what comes behind it if it ends.
   *
   * @param references the locals that are references, at their slots, if there are any
   * @param numbers the other locals at their slots, and behind them the operands below the loop
   * @return the numbers, or null if the function has ended; its results then wait in the instance
   */
  public abstract long @Nullable [] run(
      @Nullable Object @Nullable [] references, long[] numbers, int rounds, CompiledInstance in);
}
