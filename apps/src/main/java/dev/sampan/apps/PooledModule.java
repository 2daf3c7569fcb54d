package dev.sampan.apps;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.MemoryPool;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.Section;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A module whose instances take their memory from a pool, whoever makes them. */
record PooledModule(WasmModule module, MemoryPool pool) implements WasmModule {

  @Override
  public Instance instantiate(
      Imports imports, UnaryOperator<ResourceLimits> limits, Consumer<Instance> made) {
    return module.instantiate(imports, standard -> limits.apply(standard).pool(pool), made);
  }

  @Override
  public String name() {
    return module.name();
  }

  @Override
  public List<ImportType> imports() {
    return module.imports();
  }

  @Override
  public List<ExportType> exports() {
    return module.exports();
  }

  @Override
  public List<Section> sections() {
    return module.sections();
  }

  @Override
  public List<CustomSection> customSections() {
    return module.customSections();
  }

  @Override
  public Duration compileTime() {
    return module.compileTime();
  }
}
