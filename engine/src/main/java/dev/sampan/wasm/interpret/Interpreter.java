package dev.sampan.wasm.interpret;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.Executor;
import dev.sampan.wasm.runtime.FuelTank;
import dev.sampan.wasm.runtime.Guard;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.SlotAggregates;
import dev.sampan.wasm.runtime.SlotStruct;
import dev.sampan.wasm.runtime.WasmFunction;
import dev.sampan.wasm.valid.ModuleContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a module's functions by interpreting them. */
public final class Interpreter implements Executor {

  private static final HeapMemory NO_MEMORY = HeapMemory.empty();

  private final LoadedModule module;
  private final ModuleContext context;
  private final SlotStruct.@Nullable Layout[] layouts;

  /**
   * Made when an instance needs it: with the first memory an array, and with any memory; each
   * without and with fuel being taken.
   */
  private final @Nullable FunctionTable[] tables = new FunctionTable[4];

  /**
   * An interpreter for a module.
   *
   * @param context what the validator found out about it
   */
  public Interpreter(LoadedModule module, ModuleContext context) {
    this.module = module;
    this.context = context;
    this.layouts = new SlotStruct.Layout[module.types().size()];
  }

  /** What is kept for an instance. */
  synchronized Tier tier(ModuleInstance instance) {
    List<MemoryType> memories = module.definition().allMemories();
    FuelTank fuel = instance.fuelTank();
    Tier tier;
    if (!memories.isEmpty()
        && memories.getFirst().address() == AddressType.I32
        && instance.memories()[0] instanceof HeapMemory memory) {
      tier = new Tier(table(true, fuel != null), memory, fuel);
    } else {
      tier = new Tier(table(false, fuel != null), NO_MEMORY, fuel);
    }
    instance.executorState(tier);
    return tier;
  }

  private FunctionTable table(boolean direct, boolean metered) {
    int index = (direct ? 1 : 0) + (metered ? 2 : 0);
    FunctionTable table = tables[index];
    if (table == null) {
      table = new FunctionTable(module, context, direct, metered);
      tables[index] = table;
    }
    return table;
  }

  /** Where the fields of a structure type lie. */
  SlotStruct.Layout layout(int type) {
    SlotStruct.Layout layout = layouts[type];
    if (layout == null) {
      layout = SlotStruct.Layout.of(module.types().type(type));
      layouts[type] = layout;
    }
    return layout;
  }

  @Override
  public synchronized long compileNanos() {
    long nanos = 0;
    for (FunctionTable table : tables) {
      nanos += table == null ? 0 : table.loweringNanos();
    }
    return nanos;
  }

  @Override
  public List<Guard> guards() {
    return List.of(Loop.GUARD);
  }

  @Override
  public Aggregates aggregates() {
    return SlotAggregates.INSTANCE;
  }

  @Override
  public void invoke(WasmFunction function, long[] numbers, @Nullable Object[] references) {
    CallStack stack = CallStack.current();
    int depth = stack.depth;
    int base = stack.free();
    ModuleInstance instance = function.instance();
    try {
      int slots = numbers.length;
      if (base + slots > stack.reserved) {
        stack.reserve(base + slots, instance.limits().maxStack());
      }
      System.arraycopy(numbers, 0, stack.numbers, base, slots);
      System.arraycopy(references, 0, stack.references, base, slots);
      Calls.enter(stack, Tier.of(instance), instance, function.index(), base);
      Loop.run(stack, depth);
      System.arraycopy(stack.numbers, base, numbers, 0, slots);
      System.arraycopy(stack.references, base, references, 0, slots);
    } catch (StackOverflowError e) {
      // guest and host have called each other too often
      ExhaustedException exhausted = new ExhaustedException(Resource.CALL_STACK, -1, -1);
      Backtrace.add(exhausted, stack, depth);
      throw exhausted;
    } catch (OutOfMemoryError e) {
      if (!HeapAccount.isGuests(e)) {
        throw e;
      }
      // what the guest holds on its stack goes first, or there would be no memory for this
      stack.cut(depth);
      throw HeapAccount.outOfMemory(e);
    } catch (RuntimeException | Error e) {
      Backtrace.add(e, stack, depth);
      throw e;
    } finally {
      stack.cut(depth);
    }
  }
}
