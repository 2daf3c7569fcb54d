package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.RecType;
import dev.sampan.wasm.model.SubType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a module while it is parsed (Text Format › Modules › Identifier Contexts).
 */
final class ModuleContext {

  final ModuleDefinition.Builder module = new ModuleDefinition.Builder();
  final Names names = new Names();

  final IndexSpace typeIds = new IndexSpace("type", "type");
  final IndexSpace functions = new IndexSpace("function", "func");
  final IndexSpace tables = new IndexSpace("table", "table");
  final IndexSpace memories = new IndexSpace("memory", "memory");
  final IndexSpace globals = new IndexSpace("global", "global");
  final IndexSpace tags = new IndexSpace("tag", "tag");
  final IndexSpace elements = new IndexSpace("elem segment", "elem");
  final IndexSpace data = new IndexSpace("data segment", "data");

  /** Whether code mentions a data segment, so that their number must precede the code. */
  boolean mentionsData;

  private final List<SubType> types = new ArrayList<>();
  private final List<IndexSpace> fields = new ArrayList<>();
  private final Map<FuncType, Integer> functionTypes = new HashMap<>();

  /** The fields of the structure type with an index. */
  IndexSpace fields(int type) {
    return Integer.compareUnsigned(type, fields.size()) < 0
        ? fields.get(type)
        : new IndexSpace("field", "field");
  }

  /** Makes room for the field names of the next type. */
  IndexSpace addFields() {
    IndexSpace space = new IndexSpace("field", "field");
    fields.add(space);
    return space;
  }

  /** The index of the type for which room was made last. */
  int fieldOwner() {
    return fields.size() - 1;
  }

  /** Adds a recursive group. */
  void addTypes(RecType group) {
    module.types.add(group);
    for (SubType type : group.types()) {
      if (group.types().size() == 1
          && type.isFinal()
          && type.supertypes().isEmpty()
          && type.composite() instanceof FuncType function) {
        functionTypes.putIfAbsent(function, types.size());
      }
      types.add(type);
    }
  }

  /** The type with an index, or null. */
  @Nullable SubType type(int index) {
    return Integer.compareUnsigned(index, types.size()) < 0 ? types.get(index) : null;
  }

  /** The index of the first type that is this function type alone; the type is added if need be. */
  int functionType(FuncType type) {
    Integer known = functionTypes.get(type);
    if (known != null) {
      return known;
    }
    int index = types.size();
    addTypes(new RecType(List.of(SubType.of(type))));
    return index;
  }
}
