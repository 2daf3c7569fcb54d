package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Section;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A validated module, ready for instances. */
public final class LoadedModule implements WasmModule {

  private final String name;
  private final ModuleDefinition definition;
  private final TypeSpace types;
  private final Executor executor;
  private final Map<String, Export> exportsByName = new LinkedHashMap<>();

  private final Map<Class<?>, ExportBinding> bindings = new ConcurrentHashMap<>();

  /** Read when first needed, because only messages and tools ask for names. */
  private volatile @Nullable Names names;

  /**
   * A module.
   *
   * @param fallbackName the name if it has none of its own
   * @param definition the module, validated
   * @param types its closed types
   * @param executor makes what runs its code
   */
  public LoadedModule(
      String fallbackName,
      ModuleDefinition definition,
      TypeSpace types,
      Function<LoadedModule, Executor> executor) {
    this.definition = definition;
    this.types = types;
    this.name = NameSection.moduleName(definition).orElse(fallbackName);
    definition.exports().forEach(export -> exportsByName.put(export.name(), export));
    this.executor = executor.apply(this);
  }

  /** The module as data. */
  public ModuleDefinition definition() {
    return definition;
  }

  /** Its closed types. */
  public TypeSpace types() {
    return types;
  }

  /** The exports in their order; not to be changed. */
  Map<String, Export> exportsByName() {
    return exportsByName;
  }

  /** What runs its code. */
  public Executor executor() {
    return executor;
  }

  /** Which exports an interface's methods stand for. */
  ExportBinding binding(Class<?> type) {
    ExportBinding known = bindings.get(type);
    if (known == null) {
      known = ExportBinding.of(this, type);
      ExportBinding other = bindings.putIfAbsent(type, known);
      return other == null ? known : other;
    }
    return known;
  }

  private Names names() {
    Names known = names;
    if (known == null) {
      known = NameSection.of(definition);
      names = known;
    }
    return known;
  }

  /** How messages and stack traces call a function. */
  public String functionName(int index) {
    return names().get(Names.Space.FUNCTION, index).orElse("func " + index);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ImportType> imports() {
    return definition.imports().stream()
        .map(each -> new ImportType(each.module(), each.name(), types.close(each.type())))
        .toList();
  }

  @Override
  public List<ExportType> exports() {
    return definition.exports().stream()
        .map(export -> new ExportType(export.name(), types.close(typeOf(export))))
        .toList();
  }

  private ExternType typeOf(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> new ExternFuncType(new TypeIndex(definition.functionType(index)));
      case TABLE -> definition.allTables().get(index);
      case MEMORY -> definition.allMemories().get(index);
      case GLOBAL -> definition.allGlobals().get(index);
      case TAG -> definition.allTags().get(index);
    };
  }

  @Override
  public List<Section> sections() {
    return definition.sections();
  }

  @Override
  public List<CustomSection> customSections() {
    return definition.customs();
  }

  @Override
  public Duration compileTime() {
    return Duration.ofNanos(executor.compileNanos());
  }

  @Override
  public Instance instantiate(
      Imports imports, UnaryOperator<ResourceLimits> limits, Consumer<Instance> made) {
    Imports own = imports.forInstance();
    try {
      return Instantiation.instantiate(this, own, limits.apply(ResourceLimits.DEFAULT), made);
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return "module " + name;
  }
}
