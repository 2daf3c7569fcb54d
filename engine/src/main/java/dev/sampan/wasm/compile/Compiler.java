package dev.sampan.wasm.compile;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.Executor;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.WasmFunction;
import dev.sampan.wasm.valid.ModuleContext;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a module's functions as methods of classes that it generates. */
public final class Compiler implements Executor {

  private final LoadedModule module;
  private final ModuleContext context;

  /** The code by the memories that are arrays, because accesses to those are written otherwise. */
  private final Map<BitSet, ModuleCode> variants = new HashMap<>();

  /** The shape that numbers calls; the numbers do not depend on memories. */
  private @Nullable ModuleShape anyShape;

  /**
   * A compiler of a module.
   *
   * @param context what the validator found out about it
   */
  public Compiler(LoadedModule module, ModuleContext context) {
    this.module = module;
    this.context = context;
  }

  /** What compiled code knows an instance of this module by. */
  CompiledInstance instance(ModuleInstance instance) {
    return instance.executorState() instanceof CompiledInstance known ? known : prepare(instance);
  }

  /** What compiled code knows an instance of any compiled module by. */
  static CompiledInstance instanceOf(ModuleInstance instance) {
    return ((Compiler) instance.module().executor()).instance(instance);
  }

  private synchronized CompiledInstance prepare(ModuleInstance instance) {
    if (instance.executorState() instanceof CompiledInstance known) {
      return known;
    }
    CompiledInstance made = new CompiledInstance(instance, code(instance));
    instance.executorState(made);
    return made;
  }

  private ModuleCode code(ModuleInstance instance) {
    List<MemoryType> types = module.definition().allMemories();
    BitSet fast = new BitSet();
    for (int i = 0; i < types.size(); i++) {
      if (ModuleShape.mayBeFast(types.get(i)) && instance.memories()[i] instanceof HeapMemory) {
        fast.set(i);
      }
    }
    ModuleCode code = variants.get(fast);
    if (code == null) {
      code = new ModuleCode(new ModuleShape(module, context, fast));
      variants.put(fast, code);
    }
    return code;
  }

  private synchronized ModuleShape anyShape() {
    ModuleShape known = anyShape;
    if (known == null) {
      known = new ModuleShape(module, context, new BitSet());
      anyShape = known;
    }
    return known;
  }

  @Override
  public boolean numbersCalls() {
    return true;
  }

  @Override
  public int callNumber(int function) {
    ModuleShape known = anyShape;
    return (known == null ? anyShape() : known).callNumber(function);
  }

  @Override
  public Aggregates aggregates() {
    return GeneratedAggregates.INSTANCE;
  }

  @Override
  public void invoke(WasmFunction function, long[] numbers, @Nullable Object[] references) {
    CompiledInstance instance = instance(function.instance());
    try {
      instance.code.invoke(function.index(), numbers, references, instance);
    } catch (Throwable e) {
      throw outcome(e);
    }
  }

  /** What leaves the guest for something that was thrown in it. */
  static RuntimeException outcome(Throwable thrown) {
    Throwable outcome = thrown;
    if (thrown instanceof StackOverflowError) {
      outcome = new ExhaustedException("call stack exhausted");
      outcome.setStackTrace(thrown.getStackTrace());
    } else if (thrown instanceof IndexOutOfBoundsException && StackFrames.isGuests(thrown)) {
      outcome = new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
      outcome.setStackTrace(thrown.getStackTrace());
    }
    StackFrames.rewrite(outcome);
    return switch (outcome) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> throw new AssertionError("the guest threw a checked exception", outcome);
    };
  }
}
