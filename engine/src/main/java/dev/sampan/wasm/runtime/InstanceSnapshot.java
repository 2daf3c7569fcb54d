package dev.sampan.wasm.runtime;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Snapshot;
import dev.sampan.wasm.model.ModuleDefinition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an instance had of its own at one time. */
final class InstanceSnapshot implements Snapshot {

  private final ModuleInstance source;
  private final MemoryImage[] memories;
  private final @Nullable Object[][] tables;
  private final long[] lows;
  private final long[] highs;
  private final @Nullable Object[] references;
  private final @Nullable Object[][] elements;
  private final boolean[] dataDropped;

  private InstanceSnapshot(ModuleInstance source) {
    this.source = source;
    ModuleDefinition definition = source.module().definition();
    memories = new MemoryImage[definition.memories().size()];
    for (int i = 0; i < memories.length; i++) {
      memories[i] = MemoryImage.of(source.memories()[firstMemory() + i]);
    }
    tables = new Object[definition.tables().size()][];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = source.tables()[firstTable() + i].toArray();
    }
    int globals = definition.globals().size();
    lows = new long[globals];
    highs = new long[globals];
    references = new Object[globals];
    for (int i = 0; i < globals; i++) {
      GlobalInstance global = source.globals()[firstGlobal() + i];
      lows[i] = global.low;
      highs[i] = global.high;
      references[i] = global.reference;
    }
    elements = new Object[definition.elements().size()][];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = source.element(i);
    }
    dataDropped = source.dataDropped().clone();
  }

  /** The present state, unless objects of the guest are part of it, which might change later. */
  static Optional<Snapshot> of(ModuleInstance source) {
    InstanceSnapshot made = new InstanceSnapshot(source);
    boolean whole = areConstant(made.references);
    for (@Nullable Object[] table : made.tables) {
      whole &= areConstant(table);
    }
    for (@Nullable Object[] segment : made.elements) {
      whole &= areConstant(segment);
    }
    return whole ? Optional.of(made) : Optional.empty();
  }

  private static boolean areConstant(@Nullable Object[] references) {
    for (Object each : references) {
      if (each instanceof Aggregate || each instanceof GuestException) {
        return false;
      }
    }
    return true;
  }

  private int firstMemory() {
    ModuleDefinition definition = source.module().definition();
    return definition.allMemories().size() - definition.memories().size();
  }

  private int firstTable() {
    ModuleDefinition definition = source.module().definition();
    return definition.allTables().size() - definition.tables().size();
  }

  private int firstGlobal() {
    ModuleDefinition definition = source.module().definition();
    return definition.allGlobals().size() - definition.globals().size();
  }

  @Override
  public void restore(Instance instance) {
    if (!(instance instanceof ModuleInstance target) || target.module() != source.module()) {
      throw new IllegalArgumentException(
          "a snapshot of " + source + " does not fit the " + instance);
    }
    target.restoring(() -> restoreTo(target));
  }

  private void restoreTo(ModuleInstance target) {
    target.heap().reset();
    for (int i = 0; i < memories.length; i++) {
      memories[i].restore(target.memories()[firstMemory() + i]);
    }
    for (int i = 0; i < tables.length; i++) {
      target.tables()[firstTable() + i].restore(own(tables[i], target));
    }
    for (int i = 0; i < lows.length; i++) {
      GlobalInstance global = target.globals()[firstGlobal() + i];
      global.low = lows[i];
      global.high = highs[i];
      global.reference = own(references[i], target);
    }
    for (int i = 0; i < elements.length; i++) {
      target.element(i, own(elements[i], target));
    }
    System.arraycopy(dataDropped, 0, target.dataDropped(), 0, dataDropped.length);
  }

  /** The same references for another instance: its own functions in the place of the source's. */
  private @Nullable Object[] own(@Nullable Object[] kept, ModuleInstance target) {
    @Nullable Object[] own = new Object[kept.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = own(kept[i], target);
    }
    return own;
  }

  private @Nullable Object own(@Nullable Object kept, ModuleInstance target) {
    return kept instanceof WasmFunction function && function.instance() == source
        ? target.function(function.index())
        : kept;
  }
}
