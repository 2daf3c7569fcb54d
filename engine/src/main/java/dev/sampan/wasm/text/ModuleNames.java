package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.StructType;
import dev.sampan.wasm.model.SubType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How everything in a module is called in its printed text. */
final class ModuleNames {

  private static final PrintedNames NONE = new PrintedNames(Map.of(), 0);

  private final Names names;
  private final Map<Space, PrintedNames> spaces = new EnumMap<>(Space.class);
  private final Map<Integer, PrintedNames> fields = new HashMap<>();

  ModuleNames(Names names, ModuleDefinition module, List<SubType> types) {
    this.names = names;
    for (Space space : Space.values()) {
      spaces.put(space, new PrintedNames(names.all(space), size(space, module, types)));
    }
    for (int type : names.owners(InnerSpace.FIELD)) {
      if (Integer.compareUnsigned(type, types.size()) < 0
          && types.get(type).composite() instanceof StructType struct) {
        fields.put(
            type, new PrintedNames(names.all(InnerSpace.FIELD, type), struct.fields().size()));
      }
    }
  }

  private static int size(Space space, ModuleDefinition module, List<SubType> types) {
    return switch (space) {
      case FUNCTION -> module.functionCount();
      case TYPE -> types.size();
      case TABLE -> module.allTables().size();
      case MEMORY -> module.allMemories().size();
      case GLOBAL -> module.allGlobals().size();
      case ELEMENT -> module.elements().size();
      case DATA -> module.data().size();
      case TAG -> module.allTags().size();
    };
  }

  /** The names of a space of the module. */
  PrintedNames of(Space space) {
    PrintedNames found = spaces.get(space);
    return found == null ? NONE : found;
  }

  /** The names of what can be imported and exported. */
  PrintedNames of(ExternKind kind) {
    return of(
        switch (kind) {
          case FUNC -> Space.FUNCTION;
          case TABLE -> Space.TABLE;
          case MEMORY -> Space.MEMORY;
          case GLOBAL -> Space.GLOBAL;
          case TAG -> Space.TAG;
        });
  }

  /** The names of a structure's fields. */
  PrintedNames fields(int type) {
    return fields.getOrDefault(type, NONE);
  }

  /** The names of a function's parameters and locals. */
  PrintedNames locals(int function, int count) {
    return new PrintedNames(names.all(InnerSpace.LOCAL, function), count);
  }

  /** The names of a function's labels, as they are in the name section. */
  Map<Integer, String> labels(int function) {
    return names.all(InnerSpace.LABEL, function);
  }
}
