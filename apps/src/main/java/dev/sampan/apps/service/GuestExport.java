package dev.sampan.apps.service;

import dev.sampan.apps.AppException;
import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The functions that a guest may export to be called. They take numbers and return nothing. */
enum GuestExport {
  INITIALIZE("_initialize", 0),
  POST_INSTANTIATE("__post_instantiate", 0),
  CONSTRUCTORS("__wasm_call_ctors", 0),
  START("_start", 0),
  ON_INIT("on_init", 0),
  ON_DESTROY("on_destroy", 0),
  ON_REQUEST("on_request", 2),
  ON_RESPONSE("on_response", 2),
  ON_TIMER("on_timer_callback", 1),
  ON_SENSOR("on_sensor_event", 3),
  ON_CONNECTION("on_connection_data", 3);

  /** Functions of the framework's widgets are called like this; no host has a display for them. */
  private static final String WIDGETS = "_native_call";

  private final String word;
  private final FuncType type;

  GuestExport(String word, int parameters) {
    this.word = word;
    this.type = new FuncType(Collections.nCopies(parameters, NumType.I32), List.of());
  }

  /** What it is called. */
  String word() {
    return word;
  }

  /**
   * The name by which a module exports it: with a further underscore before it, as compilers for
   * AssemblyScript have it, or without.
   */
  Optional<String> in(WasmModule module) {
    return find(module).map(ExportType::name);
  }

  private Optional<ExportType> find(WasmModule module) {
    return named(module, "_" + word).or(() -> named(module, word));
  }

  private static Optional<ExportType> named(WasmModule module, String name) {
    return module.exports().stream()
        .filter(each -> each.name().equals(name) && each.type() instanceof ExternFuncType)
        .findFirst();
  }

  private boolean fits(ExportType export) {
    return export.type() instanceof ExternFuncType(DefType declared)
        && declared.composite() instanceof FuncType function
        && function.equals(type);
  }

  /**
   * Sees whether a module can be a service.
   *
   * @throws AppException if not
   */
  static void require(WasmModule module) {
    for (GuestExport each : values()) {
      Optional<ExportType> found = each.find(module);
      if (found.isPresent() && !each.fits(found.get())) {
        throw new AppException(
            AppException.Reason.INVALID,
            "expected the export '%s' of %s to have the type func %s, found %s"
                .formatted(found.get().name(), module.name(), each.type, found.get().type()),
            null);
      }
    }
    if (ON_INIT.in(module).isEmpty() && START.in(module).isEmpty()) {
      List<String> exports = module.exports().stream().map(ExportType::name).toList();
      throw new AppException(
          AppException.Reason.INVALID,
          "expected a service to export 'on_init' or '_start'; %s exports %s"
              .formatted(module.name(), exports.isEmpty() ? "nothing" : exports),
          null);
    }
    for (ImportType each : module.imports()) {
      if (each.module().equals(GuestFunction.MODULE) && each.name().endsWith(WIDGETS)) {
        throw new AppException(
            AppException.Reason.INVALID,
            "%s imports '%s' for widgets on a display, and there is none"
                .formatted(module.name(), each.name()),
            null);
      }
    }
  }
}
