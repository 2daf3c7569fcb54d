package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.TableType;
import org.jspecify.annotations.Nullable;

/** What the host makes itself, to be imported by modules. Types must be closed. */
public final class HostExterns {

  private HostExterns() {}

  /** A memory within the default limits. */
  public static MemoryInstance memory(MemoryType type) {
    ResourceLimits limits = ResourceLimits.DEFAULT;
    return MemoryInstance.create(type, new Budget(limits.maxMemory()), limits);
  }

  /** A table within the default limits. */
  public static TableInstance table(TableType type, @Nullable Object value) {
    Values.check(type.element(), value);
    return new TableInstance(
        type, value, new Budget(ResourceLimits.DEFAULT.maxTableElements()), null);
  }

  /** A global. */
  public static GlobalInstance global(GlobalType type, @Nullable Object value) {
    return new GlobalInstance(type, value);
  }
}
