package dev.sampan.wasm.model;

import java.util.List;

/**
 * A group of types that may mention each other (Structure › Types › Recursive Types).
 *
 * @param types the group's members, in order
 */
public record RecType(List<SubType> types) {

  /** Copies the list. */
  public RecType {
    types = List.copyOf(types);
  }
}
