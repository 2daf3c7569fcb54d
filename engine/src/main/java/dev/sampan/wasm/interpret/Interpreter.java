package dev.sampan.wasm.interpret;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.Executor;
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

  /** Made when an instance needs it: with the first memory an array, and with any memory. */
  private @Nullable FunctionTable direct;

  private @Nullable FunctionTable general;

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
    Tier tier;
    if (!memories.isEmpty()
        && memories.getFirst().address() == AddressType.I32
        && instance.memories()[0] instanceof HeapMemory memory) {
      if (direct == null) {
        direct = new FunctionTable(module, context, true);
      }
      tier = new Tier(direct, memory);
    } else {
      if (general == null) {
        general = new FunctionTable(module, context, false);
      }
      tier = new Tier(general, NO_MEMORY);
    }
    instance.executorState(tier);
    return tier;
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
    } catch (RuntimeException | Error e) {
      Backtrace.add(e, stack, depth);
      throw e;
    } finally {
      stack.cut(depth);
    }
  }
}
