package dev.sampan.wasm.text;

import dev.sampan.wasm.binary.ByteWriter;
import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.binary.TypeWriter;
import dev.sampan.wasm.model.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters and locals of the function that is being parsed. */
final class Locals {

  private final IndexSpace space = new IndexSpace("local", "local");
  private final Names names;
  private final List<ValType> types = new ArrayList<>();
  private int function;

  Locals(Names names) {
    this.names = names;
  }

  /** Begins with a function. */
  void start(int functionIndex) {
    function = functionIndex;
    space.clear();
    types.clear();
  }

  /** Sets the number of parameters, where no parameter was given itself. */
  void parameters(int count) {
    space.size(count);
  }

  /** The local that must be next. */
  int index(TokenCursor cursor) {
    return space.index(cursor);
  }

  /** Adds a parameter with the names that stand before its type. */
  void addParameter(TokenCursor cursor) {
    int index = space.add();
    String name = Bindings.bind(cursor, space);
    record(index, name);
  }

  /** Adds a parameter without names. */
  void addParameter() {
    space.add();
  }

  /** Adds a local with the names that stand before its type. */
  void addLocal(TokenCursor cursor, TypeParser typeParser) {
    int index = space.add();
    String name = Bindings.bind(cursor, space);
    record(index, name);
    types.add(typeParser.valType());
  }

  /** Adds a local without names. */
  void addLocal(ValType type) {
    space.add();
    types.add(type);
  }

  private void record(int index, @Nullable String name) {
    if (name != null) {
      names.put(InnerSpace.LOCAL, function, index, name);
    }
  }

  /** Writes the declarations of the locals. */
  void write(ByteWriter out) {
    int runs = 0;
    ByteWriter declarations = new ByteWriter();
    for (int i = 0; i < types.size(); ) {
      ValType type = types.get(i);
      int start = i;
      while (i < types.size() && types.get(i).equals(type)) {
        i++;
      }
      declarations.u32(i - start);
      TypeWriter.valType(declarations, type);
      runs++;
    }
    out.u32(runs);
    out.bytes(declarations);
  }
}
