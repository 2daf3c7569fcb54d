package dev.sampan.wasm;

/**
 * The state of an instance as it was at one time: its own memories, tables, globals and segments.
 * Made by {@link Instance#snapshot}; immutable, and for any number of threads.
 */
public interface Snapshot {

  /**
   * Brings an instance of the same module into the kept state. What it has used of its limits
   * begins anew: fuel, memory, and if it was stopped, it can run again. What it imports stays as it
   * is.
   *
   * @throws IllegalArgumentException if it is an instance of another module
   * @throws IllegalStateException if a thread is inside
   * @throws Trap if it is closed, or there is no room for the kept state
   */
  void restore(Instance instance);
}
