package dev.sampan.wasm.model;

/**
 * The type of an array.
 *
 * @param element what each element holds
 */
public record ArrayType(FieldType element) implements CompositeType {
  @Override
  public String toString() {
    return "(array " + element + ")";
  }
}
