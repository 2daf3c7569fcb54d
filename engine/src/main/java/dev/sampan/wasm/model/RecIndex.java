package dev.sampan.wasm.model;

/**
 * A type by its position in the recursive group that mentions it, inside closed groups.
 *
 * @param index from 0
 */
public record RecIndex(int index) implements TypeUse {
  @Override
  public String toString() {
    return "rec " + index;
  }
}
