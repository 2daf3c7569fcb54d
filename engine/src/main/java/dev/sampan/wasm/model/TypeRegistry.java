package dev.sampan.wasm.model;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one place where closed type definitions are made, so that equivalent definitions of different
 * modules are the same object. Definitions that no module uses any more are forgotten.
 *
 * <p>Safe for use by several threads.
 */
public final class TypeRegistry {

  private final Map<Group, WeakReference<Group>> groups = new WeakHashMap<>();

  /**
   * The definitions of a recursive group.
   *
   * @param types the group; mentions of itself are {@link RecIndex}, all others {@link DefType}
   */
  public synchronized List<DefType> define(List<SubType> types) {
    Group group = new Group(List.copyOf(types));
    WeakReference<Group> known = groups.get(group);
    Group existing = known == null ? null : known.get();
    if (existing == null) {
      group.define();
      groups.put(group, new WeakReference<>(group));
      existing = group;
    }
    return existing.members();
  }

  /** The definition of a single type outside any recursion, such as a host function's. */
  public DefType define(CompositeType type) {
    return define(List.of(SubType.of(type))).getFirst();
  }

  /** A closed recursive group; its members keep it alive. */
  static final class Group {
    private final List<SubType> types;
    private List<DefType> members = List.of();
    private List<CompositeType> unrolled = List.of();

    Group(List<SubType> types) {
      this.types = types;
    }

    void define() {
      DefType[] definitions = new DefType[types.size()];
      for (int i = 0; i < definitions.length; i++) {
        definitions[i] = new DefType(this, i, definitions);
      }
      members = List.of(definitions);
      unrolled =
          types.stream()
              .map(type -> TypeMap.composite(type.composite(), use -> unroll(use, members)))
              .toList();
    }

    private static TypeUse unroll(TypeUse use, List<DefType> members) {
      return use instanceof RecIndex rec ? members.get(rec.index()) : use;
    }

    List<SubType> types() {
      return types;
    }

    List<DefType> members() {
      return members;
    }

    CompositeType unrolled(int index) {
      return unrolled.get(index);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Group group && types.equals(group.types);
    }

    @Override
    public int hashCode() {
      return types.hashCode();
    }
  }
}
