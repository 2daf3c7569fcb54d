package dev.sampan.wasm.model;

/**
 * A type by its index in the module.
 *
 * @param index from 0, unsigned
 */
public record TypeIndex(int index) implements TypeUse {
  @Override
  public String toString() {
    return Integer.toUnsignedString(index);
  }
}
