package dev.sampan.wasm.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a structure.
 *
 * @param fields the fields, in order
 */
public record StructType(List<FieldType> fields) implements CompositeType {

  /** Copies the list. */
  public StructType {
    fields = List.copyOf(fields);
  }

  @Override
  public String toString() {
    return fields.stream()
        .map(field -> " (field " + field + ")")
        .collect(Collectors.joining("", "(struct", ")"));
  }
}
