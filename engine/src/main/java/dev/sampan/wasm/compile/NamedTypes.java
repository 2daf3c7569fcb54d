package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.TypeSpace;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the classes of a module's structure and array types by their names. */
final class NamedTypes {

  private final TypeSpace types;
  private @Nullable Map<String, DefType> byName;

  NamedTypes(TypeSpace types) {
    this.types = types;
  }

  /** The class with a name, given with dots, or null if it is no type's of this module. */
  @Nullable Class<?> find(String className) {
    DefType type = byName().get(className.replace('.', '/'));
    return type == null ? null : SharedClasses.classOf(type);
  }

  private synchronized Map<String, DefType> byName() {
    Map<String, DefType> known = byName;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 0; i < types.size(); i++) {
        DefType type = types.type(i);
        if (!(type.composite() instanceof FuncType)) {
          known.put(SharedClasses.name(type), type);
        }
      }
      byName = known;
    }
    return known;
  }
}
