package dev.sampan.wasm;

/**
 * What an instance may use at most. Immutable: each method returns a changed copy. All limits are
 * finite.
 *
 * @param maxMemory bytes of all memories that the instance makes, together; growth past it fails
 *     with -1
 * @param maxTableElements elements of all tables that the instance makes, together
 * @param maxStack values on the stack of calls, 8 bytes each; a guest that needs more ends with
 *     {@link ExhaustedException}
 */
public record ResourceLimits(long maxMemory, long maxTableElements, int maxStack) {

  /** 2 GiB of memory, 10 million table elements, a stack of 1 Mi values (8 MiB). */
  public static final ResourceLimits DEFAULT = new ResourceLimits(1L << 31, 10_000_000, 1 << 20);

  /** Checks the ranges. */
  public ResourceLimits {
    if (maxMemory < 0 || maxTableElements < 0 || maxStack < 1) {
      throw new IllegalArgumentException("a limit is negative");
    }
  }

  /** With another limit for memory, in bytes. */
  public ResourceLimits maxMemory(long bytes) {
    return new ResourceLimits(bytes, maxTableElements, maxStack);
  }

  /** With another limit for tables, in elements. */
  public ResourceLimits maxTableElements(long elements) {
    return new ResourceLimits(maxMemory, elements, maxStack);
  }

  /**
   * With another limit for the interpreter's stack of calls, in values of 8 bytes. Compiled code
   * uses the stack of the thread that calls it, and ends where that ends.
   */
  public ResourceLimits maxStack(int values) {
    return new ResourceLimits(maxMemory, maxTableElements, values);
  }
}
