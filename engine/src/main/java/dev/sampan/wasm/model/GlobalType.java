package dev.sampan.wasm.model;

/**
 * The type of a global variable.
 *
 * @param type the value's type
 * @param mutable whether it can be set
 */
public record GlobalType(ValType type, boolean mutable) implements ExternType {
  @Override
  public String toString() {
    return "global " + (mutable ? "(mut " + type + ")" : type.toString());
  }
}
