package dev.sampan.wasm.model;

/** What becomes of a segment when a module is instantiated. */
public enum SegmentMode {
  /** It is copied, then dropped. */
  ACTIVE,
  /** It waits for an instruction. */
  PASSIVE,
  /** It only announces functions to {@code ref.func}; element segments alone. */
  DECLARATIVE
}
