package dev.sampan.wasm.valid;

import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import java.util.BitSet;
import java.util.List;

/**
 * What instructions may refer to, packed for quick looks (Validation › Conventions › Contexts). It
 * is made once per module and read by many threads.
 */
public final class ModuleContext {

  final ModuleDefinition module;
  final TypeSpace types;
  final int[] tableElements;
  final AddressType[] tableAddresses;
  final AddressType[] memoryAddresses;
  final int[] globalTypes;
  final boolean[] globalMutable;
  final int[] tagTypes;
  final int[] elementTypes;
  final int dataSegments;

  /** The functions that {@code ref.func} may name in code. */
  final BitSet declaredFunctions = new BitSet();

  ModuleContext(ModuleDefinition module, TypeSpace types) {
    this.module = module;
    this.types = types;
    List<TableType> tables = module.allTables();
    tableElements = tables.stream().mapToInt(t -> types.code(t.element())).toArray();
    tableAddresses = tables.stream().map(TableType::address).toArray(AddressType[]::new);
    memoryAddresses =
        module.allMemories().stream().map(MemoryType::address).toArray(AddressType[]::new);
    List<GlobalType> globals = module.allGlobals();
    globalTypes = globals.stream().mapToInt(g -> types.code(g.type())).toArray();
    globalMutable = new boolean[globalTypes.length];
    for (int i = 0; i < globalMutable.length; i++) {
      globalMutable[i] = globals.get(i).mutable();
    }
    tagTypes =
        module.allTags().stream().mapToInt(tag -> ((TypeIndex) tag.type()).index()).toArray();
    elementTypes = module.elements().stream().mapToInt(e -> types.code(e.type())).toArray();
    dataSegments = module.dataCount().orElse(-1);
  }

  /** The module. */
  public ModuleDefinition module() {
    return module;
  }

  /** Its types. */
  public TypeSpace types() {
    return types;
  }

  /** Whether a function is named outside of code, so that there may be references to it. */
  public boolean isDeclared(int function) {
    return declaredFunctions.get(function);
  }

  /** How messages name a function. */
  String describeFunction(int index) {
    return NameSection.of(module)
        .get(Names.Space.FUNCTION, index)
        .map(name -> "function $" + name + " (func " + index + ")")
        .orElse("function " + index);
  }
}
