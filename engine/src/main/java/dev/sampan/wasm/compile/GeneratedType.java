package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.runtime.Aggregate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the compiler keeps for a structure or array type: its class, once there is one. */
final class GeneratedType {

  final DefType type;
  final TypeGroup group;
  private @Nullable String name;
  private volatile @Nullable Class<?> generated;

  /** An object of the type, from which others are made without reflection. */
  private volatile @Nullable Aggregate prototype;

  private GeneratedType(DefType type) {
    this.type = type;
    this.group =
        type.groupIndex() == 0 ? new TypeGroup(type) : of(type.groupMembers().getFirst()).group;
  }

  static GeneratedType of(DefType type) {
    return type.attachment(GeneratedType.class, GeneratedType::new);
  }

  /** The name of the class, with slashes. */
  String name() {
    String known = name;
    if (known == null) {
      String kind = type.composite() instanceof StructType ? "Struct$" : "Array$";
      String full = GeneratedLoader.PREFIX + kind + group.digest() + "$" + type.groupIndex();
      known = full.replace('.', '/');
      name = known;
    }
    return known;
  }

  /** The class. */
  Class<?> generated() {
    Class<?> known = generated;
    if (known == null) {
      known = group.loader().define(this);
      generated = known;
    }
    return known;
  }

  /** Takes the first object of the class. */
  void prototype(Aggregate first) {
    prototype = first;
  }

  /** An object that can make others of the type. */
  Aggregate prototype() {
    Aggregate known = prototype;
    if (known == null) {
      Class<?> own = generated();
      try {
        // the class brings its first object along when it is initialised
        Class.forName(own.getName(), true, own.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
      known = Objects.requireNonNull(prototype);
    }
    return known;
  }
}
