package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.runtime.FuelTank;
import dev.sampan.wasm.runtime.FuncInstance;
import dev.sampan.wasm.runtime.GlobalInstance;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.MemoryInstance;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.TableInstance;
import dev.sampan.wasm.runtime.TagInstance;
import org.jspecify.annotations.Nullable;

/**
 * An instance as compiled code sees it: the last argument of every function. Fields are public for
 * generated classes, and never change.
 */
public final class CompiledInstance {

  private static final HeapMemory NO_MEMORY = HeapMemory.empty();

  /** The instance. */
  public final ModuleInstance instance;

  /** The first memory, if code accesses it as an array. */
  public final HeapMemory memory;

  /** The instance's fuel, if any is taken. */
  public final @Nullable FuelTank fuel;

  /** What the instance's structures and arrays take. */
  public final HeapAccount heap;

  /** All memories. */
  public final MemoryInstance[] memories;

  /** All globals. */
  public final GlobalInstance[] globals;

  /** The first globals once more: what compilers of C keep their stack pointer in. */
  public final @Nullable GlobalInstance global0;

  public final @Nullable GlobalInstance global1;

  /** All tables. */
  public final TableInstance[] tables;

  /** The first table once more. */
  public final @Nullable TableInstance table0;

  /** All tags. */
  public final TagInstance[] tags;

  /** The module's types. */
  public final TypeSpace types;

  /** What runs the instance's functions when they are called by number. */
  final ModuleCode code;

  /** Results behind the first slot, by their slot; whoever has called takes them at once. */
  public final long[] results;

  /** The same for references. */
  public final @Nullable Object[] resultReferences;

  /** What imported functions are called through; filled when first used. */
  private final @Nullable Callee[] imports;

  CompiledInstance(ModuleInstance instance, ModuleCode code) {
    this.instance = instance;
    this.code = code;
    this.fuel = instance.fuelTank();
    this.heap = instance.heap();
    this.memories = instance.memories();
    this.memory = memories.length > 0 && memories[0] instanceof HeapMemory heap ? heap : NO_MEMORY;
    this.globals = instance.globals();
    this.global0 = globals.length > 0 ? globals[0] : null;
    this.global1 = globals.length > 1 ? globals[1] : null;
    this.tables = instance.tables();
    this.table0 = tables.length > 0 ? tables[0] : null;
    this.tags = instance.tags();
    this.types = instance.module().types();
    this.results = new long[code.shape().resultSlots()];
    this.resultReferences = new Object[results.length];
    this.imports = new Callee[code.shape().importedFunctions()];
  }

  /** What an imported function is called through. */
  public static Callee importCallee(int index, CompiledInstance in) {
    Callee callee = in.imports[index];
    return callee != null ? callee : in.link(index);
  }

  /** Forgets what a function was called through, because there is something better. */
  void relink(FuncInstance function) {
    for (int i = 0; i < imports.length; i++) {
      Callee callee = imports[i];
      if (callee != null && callee.function == function) {
        imports[i] = null;
      }
    }
  }

  private Callee link(int index) {
    FuncInstance function = instance.function(index);
    Callee callee = Callee.of(function);
    imports[index] = callee;
    return callee;
  }

  /** Takes a result that is a reference, so that it is not held longer. */
  public static @Nullable Object takeReference(int slot, CompiledInstance in) {
    Object reference = in.resultReferences[slot];
    in.resultReferences[slot] = null;
    return reference;
  }
}
