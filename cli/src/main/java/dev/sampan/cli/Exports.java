package dev.sampan.cli;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions that a module exports. */
final class Exports {

  /** The function that runs a program. */
  static final String START = "_start";

  /** The function that a library wants called before all others. */
  static final String INITIALIZE = "_initialize";

  private Exports() {}

  /** The type of an exported function, or empty if there is none. */
  static Optional<FuncType> function(WasmModule module, String name) {
    for (ExportType export : module.exports()) {
      if (export.name().equals(name)
          && export.type() instanceof ExternFuncType func
          && func.type() instanceof DefType type) {
        return Optional.of(type.function());
      }
    }
    return Optional.empty();
  }

  /** The names of all exported functions. */
  static List<String> functions(WasmModule module) {
    List<String> names = new ArrayList<>();
    for (ExportType export : module.exports()) {
      if (export.type() instanceof ExternFuncType) {
        names.add(export.name());
      }
    }
    return names;
  }
}
