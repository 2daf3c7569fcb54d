package dev.sampan.conformance;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;

/** What the functions of a generated module can name: all index spaces. */
final class Surroundings {

  /**
   * A function.
   *
   * @param type the type's index
   * @param imported whether the host gives it
   */
  record Function(int type, boolean imported) {}

  /** The elements of a table when it is made: function indices, or -1. */
  record Table(TableType type, int[] functions) {}

  record Elements(RefType type, int size) {}

  /** The global that limits calls and rounds of loops; programs may read it. */
  static final int FUEL = 0;

  final TypePool types;
  final Flavour flavour;
  final List<Function> functions = new ArrayList<>();
  final List<MemoryType> memories = new ArrayList<>();
  final List<Table> tables = new ArrayList<>();
  final List<GlobalType> globals = new ArrayList<>();

  /** The type indices of the tags. */
  final List<Integer> tags = new ArrayList<>();

  /** The sizes of the data segments. */
  final List<Integer> data = new ArrayList<>();

  final List<Elements> elements = new ArrayList<>();

  Surroundings(TypePool types, Flavour flavour) {
    this.types = types;
    this.flavour = flavour;
  }

  FuncType functionType(int function) {
    return types.function(functions.get(function).type);
  }

  List<ValType> payload(int tag) {
    return types.function(tags.get(tag)).parameters();
  }

  static NumType number(AddressType address) {
    return address == AddressType.I32 ? NumType.I32 : NumType.I64;
  }

  /** The number of bytes that a memory has at first. */
  long bytes(int memory) {
    MemoryType type = memories.get(memory);
    return type.limits().min() << type.pageSizeLog2();
  }
}
