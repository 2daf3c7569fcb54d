package dev.sampan.wasm;

/** How an engine runs code. Every mode runs every feature with the same results. */
public enum ExecutionMode {
  /** Instruction by instruction; needs no code generation. */
  INTERPRETER,
  /** As bytecode of the Java virtual machine, made when a function is first called; the default. */
  COMPILER
}
