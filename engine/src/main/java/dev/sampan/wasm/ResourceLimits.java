package dev.sampan.wasm;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an instance may use at most. Immutable: each method returns a changed copy. Memory, tables
 * and stack are always limited. Who exceeds a limit ends with an {@link ExhaustedException} that
 * names the {@link Resource}, the limit and the amount used.
 *
 * @param maxMemory bytes of all memories, tables, structures and arrays that the instance makes,
 *     together; growth past it fails with -1
 * @param maxTableElements elements of all tables that the instance makes, together
 * @param maxStack values on the stack of calls, 8 bytes each
 * @param fuel how much the instance may execute, in units of {@link Fuel}, or empty for no limit
 * @param timeout how long a call from outside may take, or empty for no limit
 * @param pool what the instance's memory is taken from beside that, together with other instances,
 *     or empty for none
 */
public record ResourceLimits(
    long maxMemory,
    long maxTableElements,
    int maxStack,
    OptionalLong fuel,
    Optional<Duration> timeout,
    Optional<MemoryPool> pool) {

  /**
   * 2 GiB of memory, 10 million table elements, a stack of 1 Mi values (8 MiB); no fuel to be
   * counted, no timeout, and no pool.
   */
  public static final ResourceLimits DEFAULT =
      new ResourceLimits(
          1L << 31, 10_000_000, 1 << 20, OptionalLong.empty(), Optional.empty(), Optional.empty());

  /** Checks the ranges. */
  public ResourceLimits {
    if (maxMemory < 0 || maxTableElements < 0 || maxStack < 1 || fuel.orElse(0) < 0) {
      throw new IllegalArgumentException("a limit is negative");
    }
    if (timeout.isPresent() && !timeout.get().isPositive()) {
      throw new IllegalArgumentException("a timeout must be positive, found " + timeout.get());
    }
  }

  /** With another limit for memory, in bytes. */
  public ResourceLimits maxMemory(long bytes) {
    return new ResourceLimits(bytes, maxTableElements, maxStack, fuel, timeout, pool);
  }

  /** With another limit for tables, in elements. */
  public ResourceLimits maxTableElements(long elements) {
    return new ResourceLimits(maxMemory, elements, maxStack, fuel, timeout, pool);
  }

  /**
   * With another limit for the stack of calls, in values of 8 bytes. The interpreter counts values;
   * compiled code uses the stack of the thread that calls it, and ends where that ends.
   */
  public ResourceLimits maxStack(int values) {
    return new ResourceLimits(maxMemory, maxTableElements, values, fuel, timeout, pool);
  }

  /** With so much fuel at the beginning; executing uses it up, and {@link Fuel#add} adds to it. */
  public ResourceLimits fuel(long units) {
    return new ResourceLimits(
        maxMemory, maxTableElements, maxStack, OptionalLong.of(units), timeout, pool);
  }

  /**
   * With a limit for the time of each call from outside, by the clock on the wall. Calls that the
   * guest's host functions make back into it are part of the outer call. A guest that takes longer
   * is stopped for good, as by {@link Instance#stop}.
   */
  public ResourceLimits timeout(Duration duration) {
    return new ResourceLimits(
        maxMemory, maxTableElements, maxStack, fuel, Optional.of(duration), pool);
  }

  /** With a pool that the instance's memory is taken from, until the instance is closed. */
  public ResourceLimits pool(MemoryPool shared) {
    return new ResourceLimits(
        maxMemory, maxTableElements, maxStack, fuel, timeout, Optional.of(shared));
  }
}
