package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.DefType;

/**
 * An object of the guest on the Java heap (Execution › Runtime Structure › Aggregate Instances).
 */
public abstract sealed class Aggregate permits StructObject, ArrayObject {

  private final DefType type;

  Aggregate(DefType type) {
    this.type = type;
  }

  /** The type it was made with. */
  public final DefType type() {
    return type;
  }
}
