package dev.sampan.wasm.interpret;

import dev.sampan.wasm.runtime.ModuleInstance;
import org.jspecify.annotations.Nullable;

/** A function call in progress. Frames are made once per depth and used again. */
final class Frame {

  /** The function. */
  @Nullable Code code;

  /** The instance it runs in. */
  @Nullable ModuleInstance instance;

  /** What the interpreter keeps for the instance. */
  @Nullable Tier tier;

  /** The place of its first slot on the stack. */
  int base;

  /**
   * The word behind the instruction that it executes; kept up to date only while it does not run.
   */
  int pc;
}
