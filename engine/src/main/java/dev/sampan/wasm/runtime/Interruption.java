package dev.sampan.wasm.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What an instance is asked for while it runs: to end, or to wait. Also what is being done so that
 * the thread that is inside hears of it.
 *
 * @see Interruptions
 */
abstract sealed class Interruption permits StopRequest, PauseRequest {

  final ModuleInstance instance;

  /** When it was asked for. */
  final long since = System.nanoTime();

  /** The guards that are armed for this. */
  @Nullable Iterable<Guard> armed;

  /** When to do the next thing about it. */
  long due = since;

  int steps;

  Interruption(ModuleInstance instance) {
    this.instance = instance;
  }

  /** Whether whatever takes long is to ask, too. */
  abstract boolean isPending();
}
