package dev.sampan.wasm.model;

/**
 * The type of an exception tag: a function type whose parameters are the payload.
 *
 * @param type the function type
 */
public record TagType(TypeUse type) implements ExternType {
  @Override
  public String toString() {
    return "tag " + type;
  }
}
