package dev.sampan.wasm.compile;

import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.cache.ClassStore;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.runtime.Aggregates;
import dev.sampan.wasm.runtime.Executor;
import dev.sampan.wasm.runtime.ExportBinding;
import dev.sampan.wasm.runtime.Guard;
import dev.sampan.wasm.runtime.HeapAccount;
import dev.sampan.wasm.runtime.HeapMemory;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.runtime.ModuleInstance;
import dev.sampan.wasm.runtime.WasmFunction;
import dev.sampan.wasm.valid.ModuleContext;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a module's functions as methods of classes that it generates. */
public final class Compiler implements Executor {

  private final LoadedModule module;
  private final ModuleContext context;
  private final ClassStore store;

  private final Map<Variant, ModuleCode> variants = new HashMap<>();

  /** The numbers of functions, which all variants share; made when first needed. */
  private @Nullable CallNumbers callNumbers;

  /**
   * A compiler of a module.
   *
   * @param context what the validator found out about it
   * @param store where its classes are kept
   */
  public Compiler(LoadedModule module, ModuleContext context, ClassStore store) {
    this.module = module;
    this.context = context;
    this.store = store;
  }

  /**
   * What the code of instances depends on.
   *
   * @param fast the memories that are arrays, because accesses to those are written otherwise
   * @param metered whether fuel is taken
   */
  private record Variant(BitSet fast, boolean metered) {}

  /** What compiled code knows an instance of this module by. */
  CompiledInstance instance(ModuleInstance instance) {
    return instance.executorState() instanceof CompiledInstance known ? known : prepare(instance);
  }

  /** What compiled code knows an instance of any compiled module by. */
  static CompiledInstance instanceOf(ModuleInstance instance) {
    return ((Compiler) instance.module().executor()).instance(instance);
  }

  private CompiledInstance prepare(ModuleInstance instance) {
    // with the code at hand it is quick, and makes no classes
    CompiledInstance quick = known(instance);
    return quick != null ? quick : new Preparing(instance).done();
  }

  private synchronized @Nullable CompiledInstance known(ModuleInstance instance) {
    return variants.containsKey(variant(instance)) ? make(instance) : null;
  }

  /** The making of what compiled code knows an instance by. */
  private final class Preparing extends Linking<CompiledInstance> {

    private final ModuleInstance instance;

    Preparing(ModuleInstance instance) {
      this.instance = instance;
    }

    @Override
    CompiledInstance work() {
      Preparation.run();
      return make(instance);
    }

    @Override
    String what() {
      return module.toString();
    }
  }

  private synchronized CompiledInstance make(ModuleInstance instance) {
    if (instance.executorState() instanceof CompiledInstance known) {
      return known;
    }
    CompiledInstance made = new CompiledInstance(instance, code(instance));
    instance.executorState(made);
    return made;
  }

  private Variant variant(ModuleInstance instance) {
    List<MemoryType> types = module.definition().allMemories();
    BitSet fast = new BitSet();
    for (int i = 0; i < types.size(); i++) {
      if (ModuleShape.mayBeFast(types.get(i)) && instance.memories()[i] instanceof HeapMemory) {
        fast.set(i);
      }
    }
    return new Variant(fast, instance.fuelTank() != null);
  }

  private ModuleCode code(ModuleInstance instance) {
    Variant variant = variant(instance);
    ModuleCode code = variants.get(variant);
    if (code == null) {
      code = new ModuleCode(shape(variant), kept(variant));
      code.prepare();
      variants.put(variant, code);
    }
    return code;
  }

  /**
   * Generates all classes of instances without fuel whose memories are of the usual kinds, for the
   * store.
   *
   * @param threads how many threads may work, the caller's among them
   */
  public void generateAll(int threads) {
    List<MemoryType> types = module.definition().allMemories();
    BitSet fast = new BitSet();
    for (int i = 0; i < types.size(); i++) {
      fast.set(i, ModuleShape.mayBeFast(types.get(i)));
    }
    Variant usual = new Variant(fast, false);
    KeptClasses kept = kept(usual);
    AheadOfTime.generate(shape(usual), () -> new ModuleCode(shape(usual), kept), threads);
  }

  private CallNumbers callNumbers() {
    CallNumbers known = callNumbers;
    return known == null ? makeCallNumbers() : known;
  }

  private synchronized CallNumbers makeCallNumbers() {
    CallNumbers known = callNumbers;
    if (known == null) {
      known = new CallNumbers(context);
      callNumbers = known;
    }
    return known;
  }

  private KeptClasses kept(Variant variant) {
    return KeptClasses.of(store, variant.fast, variant.metered);
  }

  private ModuleShape shape(Variant variant) {
    return new ModuleShape(module, context, callNumbers(), variant.fast, variant.metered);
  }

  @Override
  public boolean numbersCalls() {
    return true;
  }

  @Override
  public int callNumber(int function) {
    return callNumbers().of(function);
  }

  @Override
  public synchronized List<Guard> guards() {
    return variants.values().stream().map(ModuleCode::guard).toList();
  }

  @Override
  public synchronized long compileNanos() {
    long nanos = 0;
    for (ModuleCode code : variants.values()) {
      nanos += code.nanos();
    }
    return nanos;
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

  @Override
  public @Nullable MethodHandle handle(WasmFunction function) {
    ModuleInstance instance = function.instance();
    if (instance.isClosed()) {
      return null;
    }
    MethodHandle entry = instance(instance).code.entry(function.index());
    return entry == null ? null : entry.bindTo(instance);
  }

  @Override
  public @Nullable Object implement(ModuleInstance instance, ExportBinding binding) {
    return instance(instance).code.glue(binding).of(instance);
  }

  /** What leaves the guest for something that was thrown in it. */
  static RuntimeException outcome(Throwable thrown) {
    Throwable outcome = thrown;
    if (thrown instanceof StackOverflowError) {
      outcome = new ExhaustedException(Resource.CALL_STACK, -1, -1);
      outcome.setStackTrace(thrown.getStackTrace());
    } else if (thrown instanceof OutOfMemoryError && HeapAccount.isGuests(thrown)) {
      outcome = HeapAccount.outOfMemory(thrown);
    } else if (thrown instanceof IndexOutOfBoundsException && StackFrames.isGuests(thrown)) {
      outcome = new Trap(Trap.Kind.OUT_OF_BOUNDS_MEMORY);
      outcome.setStackTrace(thrown.getStackTrace());
    }
    try {
      StackFrames.rewrite(outcome);
    } catch (VirtualMachineError | LinkageError e) {
      // too little stack or memory to tell more; what has happened counts
    }
    return switch (outcome) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> throw new AssertionError("the guest threw a checked exception", outcome);
    };
  }
}
