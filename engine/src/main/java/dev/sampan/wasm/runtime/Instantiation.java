package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Extern;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.jfr.Flight;
import dev.sampan.wasm.jfr.InstantiationEvent;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.Matching;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TypeSpace;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes an instance of a module (Execution › Modules). */
final class Instantiation {

  private final ModuleDefinition definition;
  private final TypeSpace types;
  private final ModuleInstance instance;
  private final ConstantExpressions constants;
  private final Budget memoryBudget;
  private final Budget tableBudget;
  private final ResourceLimits limits;

  private Instantiation(ModuleInstance instance) {
    LoadedModule module = instance.module();
    this.limits = instance.limits();
    this.definition = module.definition();
    this.types = module.types();
    this.instance = instance;
    this.constants = new ConstantExpressions(instance);
    this.memoryBudget = instance.memoryBudget();
    this.tableBudget =
        new Budget(limits.maxTableElements(), memoryBudget, TableInstance.ELEMENT_BYTES);
  }

  static ModuleInstance instantiate(
      LoadedModule module, Imports imports, ResourceLimits limits, Consumer<Instance> tell) {
    InstantiationEvent event = Flight.instantiation();
    Instantiation work = new Instantiation(new ModuleInstance(module, imports, limits));
    boolean made = false;
    try {
      work.link(imports);
      work.allocate();
      work.initialise(false);
      tell.accept(work.instance);
      work.start();
      made = true;
    } finally {
      if (!made) {
        work.memoryBudget.end();
      }
    }
    return work.told(event, false);
  }

  /** Makes an instance for another thread of the same guest. */
  static ModuleInstance sibling(ModuleInstance first, Siblings group) {
    InstantiationEvent event = Flight.instantiation();
    Instantiation work = new Instantiation(new ModuleInstance(first));
    work.instance.join(group);
    try {
      work.share(first);
      work.allocate();
      work.initialise(true);
      work.start();
      return work.told(event, true);
    } catch (RuntimeException | Error e) {
      work.instance.close();
      throw e;
    }
  }

  private ModuleInstance told(@Nullable InstantiationEvent event, boolean sibling) {
    if (event != null) {
      event.end(instance.module().name(), memoryBudget.peak(), sibling);
    }
    return instance;
  }

  // ---- imports ----

  /** Takes over what another instance was given. */
  private void share(ModuleInstance first) {
    int functions = definition.functionCount() - definition.functions().length;
    for (int i = 0; i < functions; i++) {
      instance.function(i, first.function(i));
    }
    take(first.tables(), instance.tables(), definition.tables().size());
    take(first.memories(), instance.memories(), definition.memories().size());
    take(first.globals(), instance.globals(), definition.globals().size());
    take(first.tags(), instance.tags(), definition.tags().size());
  }

  private static void take(Object[] from, Object[] to, int own) {
    System.arraycopy(from, 0, to, 0, to.length - own);
  }

  private void link(Imports imports) {
    int[] next = new int[ExternKind.values().length];
    for (Import each : definition.imports()) {
      ImportType wanted = new ImportType(each.module(), each.name(), types.close(each.type()));
      Importable value =
          imports
              .resolve(wanted)
              .<Importable>map(known -> known)
              .or(() -> made(imports, wanted))
              .orElseThrow(() -> new LinkException("unknown import: " + describe(wanted)));
      Extern extern = accept(wanted, value);
      int index = next[ExternKind.of(wanted.type()).ordinal()]++;
      switch (extern) {
        case FuncInstance function -> instance.function(index, function);
        case TableInstance table -> instance.tables()[index] = table;
        case MemoryInstance memory -> instance.memories()[index] = memory;
        case GlobalInstance global -> instance.globals()[index] = global;
        case TagInstance tag -> instance.tags()[index] = tag;
        default ->
            throw new LinkException(
                "incompatible import type: "
                    + describe(wanted)
                    + " was given an object that no engine made");
      }
    }
  }

  /** A new memory or table for an import that nobody provides, if a source wants it to be so. */
  private Optional<Importable> made(Imports imports, ImportType wanted) {
    return switch (wanted.type()) {
      case MemoryType type when imports.makes(wanted) ->
          Optional.of(MemoryInstance.create(type, memoryBudget, limits));
      case TableType type when type.element().nullable() && imports.makes(wanted) ->
          Optional.of(new TableInstance(type, null, tableBudget, null));
      default -> Optional.empty();
    };
  }

  private static Extern accept(ImportType wanted, Importable value) {
    switch (value) {
      case HostFunction function -> {
        if (wanted.type() instanceof ExternFuncType func) {
          return new HostFunc(
              (DefType) func.type(), function, wanted.module() + "." + wanted.name());
        }
        throw mismatch(wanted, "a Java function");
      }
      case Extern extern -> {
        if (!Matching.extern(extern.externType(), wanted.type())) {
          throw mismatch(wanted, extern.externType().toString());
        }
        return extern;
      }
    }
  }

  private static LinkException mismatch(ImportType wanted, String found) {
    return new LinkException(
        "incompatible import type: " + describe(wanted) + " expected, found " + found);
  }

  private static String describe(ImportType wanted) {
    return "\"" + wanted.module() + "\" \"" + wanted.name() + "\" (" + wanted.type() + ")";
  }

  // ---- what the module makes itself ----

  private void allocate() {
    int memory = definition.allMemories().size() - definition.memories().size();
    for (var type : definition.memories()) {
      instance.memories()[memory++] = MemoryInstance.create(type, memoryBudget, limits);
    }
    int tag = definition.allTags().size() - definition.tags().size();
    for (var type : definition.tags()) {
      instance.tags()[tag++] = new TagInstance((DefType) types.close(type.type()));
    }
    int global = definition.allGlobals().size() - definition.globals().size();
    for (GlobalDefinition each : definition.globals()) {
      instance.globals()[global++] =
          new GlobalInstance(
              (GlobalType) types.close(each.type()), constants.evaluate(each.init()));
    }
    int table = definition.allTables().size() - definition.tables().size();
    for (TableDefinition each : definition.tables()) {
      @Nullable Object value = each.init() == null ? null : constants.evaluate(each.init());
      instance.tables()[table++] =
          new TableInstance(
              (TableType) types.close(each.type()),
              value,
              tableBudget,
              instance.module().executor().numbersCalls() ? instance : null);
    }
    for (int i = 0; i < definition.elements().size(); i++) {
      instance.element(i, references(definition.elements().get(i)));
    }
  }

  private @Nullable Object[] references(ElementSegment segment) {
    @Nullable Object[] references = new Object[segment.size()];
    int[] functions = segment.functions();
    for (int i = 0; i < references.length; i++) {
      references[i] =
          functions != null
              ? instance.function(functions[i])
              : constants.evaluate(segment.expressions().get(i));
    }
    return references;
  }

  // ---- segments and start ----

  /**
   * Writes the active segments.
   *
   * @param ownOnly whether imported memories and tables are left as they are
   */
  private void initialise(boolean ownOnly) {
    int tables = ownOnly ? instance.tables().length - definition.tables().size() : 0;
    int memories = ownOnly ? instance.memories().length - definition.memories().size() : 0;
    for (int i = 0; i < definition.elements().size(); i++) {
      ElementSegment segment = definition.elements().get(i);
      if (segment.mode() == SegmentMode.ACTIVE
          && segment.offset() != null
          && segment.table() >= tables) {
        long offset = constants.address(segment.offset());
        instance.tables()[segment.table()].init(offset, instance.element(i), 0, segment.size());
      }
      if (segment.mode() != SegmentMode.PASSIVE) {
        instance.dropElement(i);
      }
    }
    for (int i = 0; i < definition.data().size(); i++) {
      DataSegment segment = definition.data().get(i);
      if (segment.mode() == SegmentMode.ACTIVE && segment.offset() != null) {
        if (segment.memory() >= memories) {
          long offset = constants.address(segment.offset());
          instance.memories()[segment.memory()].initRange(
              offset, segment.bytes(), segment.start(), segment.size(), 0, segment.size());
        }
        instance.dropData(i);
      }
    }
  }

  private void start() {
    if (definition.start().isPresent()) {
      FuncInstance function = instance.function(definition.start().getAsInt());
      if (function instanceof HostFunc host) {
        host.call(instance, new long[0], new Object[0]);
      } else {
        function.invoke(new long[0], new Object[0]);
      }
    }
  }
}
