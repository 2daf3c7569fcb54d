package dev.sampan.wasm.binary;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a module are called, for people. Names need not be unique; most parts have
 * none.
 */
public final class Names {

  /** An index space of a module whose members can have names. */
  public enum Space {
    FUNCTION(1),
    TYPE(4),
    TABLE(5),
    MEMORY(6),
    GLOBAL(7),
    ELEMENT(8),
    DATA(9),
    TAG(11);

    private final int subsection;

    Space(int subsection) {
      this.subsection = subsection;
    }

    int subsection() {
      return subsection;
    }
  }

  /** An index space inside a function or a type whose members can have names. */
  public enum InnerSpace {
    /** The parameters and locals of a function. */
    LOCAL(2),
    /** The labels of a function, in the order in which their blocks begin. */
    LABEL(3),
    /** The fields of a structure type. */
    FIELD(10);

    private final int subsection;

    InnerSpace(int subsection) {
      this.subsection = subsection;
    }

    int subsection() {
      return subsection;
    }
  }

  private @Nullable String module;
  private final Map<Space, SortedMap<Integer, String>> outer = new EnumMap<>(Space.class);
  private final Map<InnerSpace, SortedMap<Integer, SortedMap<Integer, String>>> inner =
      new EnumMap<>(InnerSpace.class);

  /** The module's name. */
  public Optional<String> module() {
    return Optional.ofNullable(module);
  }

  /** Names the module. */
  public void module(String name) {
    module = name;
  }

  /** The name of a member. */
  public Optional<String> get(Space space, int index) {
    return Optional.ofNullable(all(space).get(index));
  }

  /** Names a member. */
  public void put(Space space, int index, String name) {
    outer.computeIfAbsent(space, each -> new TreeMap<>(Integer::compareUnsigned)).put(index, name);
  }

  /** The names of a space, by index in ascending order. */
  public Map<Integer, String> all(Space space) {
    SortedMap<Integer, String> names = outer.get(space);
    return names == null ? Map.of() : Collections.unmodifiableMap(names);
  }

  /** The names in a function or type, by index in ascending order. */
  public Map<Integer, String> all(InnerSpace space, int owner) {
    SortedMap<Integer, SortedMap<Integer, String>> owners = inner.get(space);
    SortedMap<Integer, String> names = owners == null ? null : owners.get(owner);
    return names == null ? Map.of() : Collections.unmodifiableMap(names);
  }

  /** Names a member of a space inside a function or type. */
  public void put(InnerSpace space, int owner, int index, String name) {
    inner
        .computeIfAbsent(space, each -> new TreeMap<>(Integer::compareUnsigned))
        .computeIfAbsent(owner, each -> new TreeMap<>(Integer::compareUnsigned))
        .put(index, name);
  }

  /** The functions or types in which a space has names, in ascending order. */
  public Iterable<Integer> owners(InnerSpace space) {
    SortedMap<Integer, SortedMap<Integer, String>> owners = inner.get(space);
    return owners == null ? Collections.emptyList() : Collections.unmodifiableSet(owners.keySet());
  }

  /** Whether nothing has a name. */
  public boolean isEmpty() {
    return module == null && outer.isEmpty() && inner.isEmpty();
  }
}
