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
   * @param numbers the other locals at their slots, behind them the operands below the loop, and
   *     last a slot for the number of a loop
   * @return the numbers at the head of the loop whose number is the last of them: this one, or one
   *     of the others; or null if the function has ended: its results then wait in the instance
   */
  public abstract long @Nullable [] run(
      @Nullable Object @Nullable [] references, long[] numbers, int rounds, CompiledInstance in);

  /** The numbers of other loops in whose rounds it may come to an end. */
  public abstract long[] others();
}
