package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.StructType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of a recursive group's types. The types, their classes, this loader and all
 * objects of the types keep each other alive, and go together.
 */
final class TypeLoader extends GeneratedLoader {

  static {
    registerAsParallelCapable();
  }

  final List<DefType> members;

  /** The supertypes of classes defined so far; nothing else is ever asked for. */
  private final Map<String, DefType> supertypes = new ConcurrentHashMap<>();

  TypeLoader(List<DefType> members) {
    this.members = members;
  }

  @Override
  @Nullable Class<?> shared(String name) {
    DefType supertype = supertypes.get(name);
    return supertype == null ? null : GeneratedType.of(supertype).generated();
  }

  /** The class of a type of the group. */
  synchronized Class<?> define(GeneratedType generated) {
    String name = generated.name().replace('/', '.');
    Class<?> known = findLoadedClass(name);
    if (known != null) {
      return known;
    }
    DefType supertype = generated.type.supertype();
    if (supertype != null) {
      supertypes.put(GeneratedType.of(supertype).name().replace('/', '.'), supertype);
    }
    if (generated.type.composite() instanceof StructType) {
      for (StructClass part : StructClass.chain(generated.type)) {
        known = define(part.name().replace('/', '.'), part.toBytes());
      }
      return Objects.requireNonNull(known);
    }
    return define(name, new ArrayClass(generated.type).toBytes());
  }
}
