package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.ArrayType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FieldType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.HeapType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.StorageType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import dev.sampan.wasm.model.TypeUse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the compiler keeps for a recursive group of types. */
final class TypeGroup {

  private final List<SubType> types;
  private final List<DefType> members;
  private volatile @Nullable String digest;
  private @Nullable TypeLoader loader;

  TypeGroup(DefType member) {
    this.types = member.group();
    this.members = member.groupMembers();
  }

  /** The loader of the group's classes. */
  synchronized TypeLoader loader() {
    TypeLoader known = loader;
    if (known == null) {
      known = new TypeLoader(members);
      loader = known;
    }
    return known;
  }

  /** What stands for the group in the names of its classes. */
  String digest() {
    String known = digest;
    if (known == null) {
      computeDigests();
      known = Objects.requireNonNull(digest);
    }
    return known;
  }

  /** First the groups that are mentioned; their chain may be longer than a thread's stack. */
  private void computeDigests() {
    Deque<TypeGroup> open = new ArrayDeque<>();
    open.push(this);
    while (!open.isEmpty()) {
      TypeGroup group = open.peek();
      if (group.digest == null) {
        int before = open.size();
        for (TypeGroup each : group.mentioned()) {
          if (each.digest == null) {
            open.push(each);
          }
        }
        if (open.size() > before) {
          continue;
        }
        group.digest = TypeDigest.of(group.types);
      }
      open.pop();
    }
  }

  private List<TypeGroup> mentioned() {
    List<TypeGroup> groups = new ArrayList<>();
    for (SubType type : types) {
      for (TypeUse supertype : type.supertypes()) {
        add(supertype, groups);
      }
      switch (type.composite()) {
        case FuncType func -> {
          addAll(func.parameters(), groups);
          addAll(func.results(), groups);
        }
        case StructType struct -> {
          for (FieldType field : struct.fields()) {
            addAll(List.of(field.storage()), groups);
          }
        }
        case ArrayType array -> addAll(List.of(array.element().storage()), groups);
      }
    }
    return groups;
  }

  private static void addAll(List<? extends StorageType> parts, List<TypeGroup> groups) {
    for (StorageType part : parts) {
      if (part instanceof RefType ref) {
        add(ref.heap(), groups);
      }
    }
  }

  private static void add(HeapType type, List<TypeGroup> groups) {
    if (type instanceof DefType other) {
      groups.add(GeneratedType.of(other).group);
    }
  }
}
