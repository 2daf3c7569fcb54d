package dev.sampan.wasm.model;

import java.util.List;

/**
 * A composite type with its place in the hierarchy.
 *
 * @param isFinal whether no type may declare this one as its supertype
 * @param supertypes the declared supertypes; validation allows one at most
 * @param composite the structure
 */
public record SubType(boolean isFinal, List<TypeUse> supertypes, CompositeType composite) {

  /** Copies the list. */
  public SubType {
    supertypes = List.copyOf(supertypes);
  }

  /** A final type without supertype, as the abbreviated form of a definition gives. */
  public static SubType of(CompositeType composite) {
    return new SubType(true, List.of(), composite);
  }
}
