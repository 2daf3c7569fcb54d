package dev.sampan.wasm.model;

/** The step of the language's growth through which an instruction entered it. */
public enum Proposal {
  MVP("1.0"),
  SIGN_EXTENSION("2.0"),
  SATURATING_CONVERSIONS("2.0"),
  REFERENCE_TYPES("2.0"),
  BULK_MEMORY("2.0"),
  SIMD("2.0"),
  TAIL_CALL("3.0"),
  EXCEPTIONS("3.0"),
  FUNCTION_REFERENCES("3.0"),
  GC("3.0"),
  RELAXED_SIMD("3.0"),
  THREADS("threads"),
  WIDE_ARITHMETIC("wide arithmetic"),
  LEGACY_EXCEPTIONS("legacy exceptions");

  private final String since;

  Proposal(String since) {
    this.since = since;
  }

  /** The edition of the specification that holds it, or the proposal's name where none does. */
  public String since() {
    return since;
  }
}
