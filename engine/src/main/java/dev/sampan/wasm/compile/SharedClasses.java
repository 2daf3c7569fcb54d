package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.runtime.Aggregate;
import java.util.Objects;

/**
 * The generated classes that modules share: one for each structure or array type. Public only
 * because generated classes call it.
 */
public final class SharedClasses {

  private SharedClasses() {}

  /** The name of a type's class, with slashes; the same in every process. */
  static String name(DefType type) {
    return GeneratedType.of(type).name();
  }

  /** The class of a type. */
  static Class<?> classOf(DefType type) {
    return GeneratedType.of(type).generated();
  }

  /**
   * Tells a generated class, from its initialiser, which type it is of.
   *
   * @param first an object of the class
   * @param index the type's place in its group
   */
  public static DefType adopt(Aggregate first, int index) {
    TypeLoader loader = (TypeLoader) Objects.requireNonNull(first.getClass().getClassLoader());
    DefType type = loader.members.get(index);
    GeneratedType.of(type).prototype(first);
    return type;
  }
}
