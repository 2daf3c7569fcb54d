package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;

/**
 * Makes the guest's objects. All modules of an engine have the same one, because they may share
 * objects.
 */
public interface Aggregates {

  /** A structure whose fields have their default values. */
  StructObject struct(DefType type);

  /**
   * An array whose elements have their default value.
   *
   * @param length unsigned
   * @throws Trap if so many elements cannot be had
   */
  ArrayObject array(DefType type, int length);
}
