package dev.sampan.wasm.model;

/**
 * A function as an import or export.
 *
 * @param type the function's type
 */
public record ExternFuncType(TypeUse type) implements ExternType {
  @Override
  public String toString() {
    return "func " + type;
  }
}
