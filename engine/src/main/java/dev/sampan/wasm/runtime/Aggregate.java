package dev.sampan.wasm.runtime;

import dev.sampan.wasm.model.DefType;

/**
 * An object of the guest on the Java heap (Execution › Runtime Structure › Aggregate Instances).
 *
 * <p>Its Java class is the executing tier's choice, see {@link Aggregates}; all objects of a type
 * are of one class.
 */
public abstract sealed class Aggregate permits StructObject, ArrayObject {

  Aggregate() {}

  /** The type it was made with. */
  public abstract DefType type();
}
