package dev.sampan.wasm.runtime;

import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Fuel;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Global;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Snapshot;
import dev.sampan.wasm.Table;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.ModuleDefinition;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a module (Execution › Runtime Structure › Module Instances). The index spaces are
 * arrays, imports first; executors read them directly.
 */
public final class ModuleInstance implements Instance {

  private static final VarHandle OWNER;

  private static final VarHandle STOP;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(ModuleInstance.class, "owner", Thread.class);
      // guests ask it however deep their stacks are, when it can no longer be initialised
      Interruptions.poll();
      // when a guest fails there may be no room for classes any more
      MethodHandles.lookup().ensureInitialized(Failing.class);
      STOP = MethodHandles.lookup().findVarHandle(ModuleInstance.class, "stop", StopRequest.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoadedModule module;
  private final Imports imports;
  private final ResourceLimits limits;
  private final @Nullable FuncInstance[] functions;
  private final TableInstance[] tables;
  private MemoryInstance[] memories;
  private final GlobalInstance[] globals;
  private final TagInstance[] tags;
  private final @Nullable Object[][] elements;
  private final boolean[] dataDropped;

  /** What the executor keeps for this instance; made when it first needs it. */
  private @Nullable Object executorState;

  /**
   * The thread that is inside, or null. It is written through {@link #OWNER}, and may be read
   * plainly, because a thread always sees what it has written itself.
   */
  private @Nullable Thread owner;

  /** Its fuel, or null if nothing is counted. */
  private final @Nullable FuelTank fuel;

  private final Budget memoryBudget;
  private final HeapAccount heap;

  private volatile boolean closed;

  /** The instances of all threads of the guest, or null if it has no other. */
  private volatile @Nullable Siblings siblings;

  /** Why it is to stop; for good. */
  private volatile @Nullable StopRequest stop;

  /** How long a call from outside may take, in nanoseconds, or 0. */
  private final long timeout;

  /** When the present call from outside has begun; read by the thread that looks at the clock. */
  private volatile long began;

  /** Whether that thread knows of the present call. */
  private final AtomicBoolean watched = new AtomicBoolean();

  ModuleInstance(LoadedModule module, Imports imports, ResourceLimits limits) {
    this(module, imports, limits, new Budget(limits.maxMemory(), limits.pool()), fuel(limits));
  }

  /**
   * An instance for another thread of a guest. What its memories take counts for the guest, too.
   * All its threads burn the same fuel, and count it without order: where several run at once, some
   * of what they burn is not counted.
   */
  ModuleInstance(ModuleInstance first) {
    this(
        first.module,
        Imports.create(),
        first.limits,
        new Budget(first.limits.maxMemory(), first.memoryBudget, 1),
        first.fuel);
  }

  private static @Nullable FuelTank fuel(ResourceLimits limits) {
    return limits.fuel().isPresent() ? new FuelTank(limits.fuel().getAsLong()) : null;
  }

  private ModuleInstance(
      LoadedModule module,
      Imports imports,
      ResourceLimits limits,
      Budget memoryBudget,
      @Nullable FuelTank fuel) {
    this.module = module;
    this.imports = imports;
    this.limits = limits;
    this.memoryBudget = memoryBudget;
    this.heap = new HeapAccount(memoryBudget);
    memoryBudget.objects(heap);
    this.fuel = fuel;
    this.timeout = limits.timeout().map(ModuleInstance::nanos).orElse(0L);
    ModuleDefinition definition = module.definition();
    functions = new FuncInstance[definition.functionCount()];
    tables = new TableInstance[definition.allTables().size()];
    memories = new MemoryInstance[definition.allMemories().size()];
    globals = new GlobalInstance[definition.allGlobals().size()];
    tags = new TagInstance[definition.allTags().size()];
    elements = new Object[definition.elements().size()][];
    dataDropped = new boolean[definition.data().size()];
  }

  @Override
  public LoadedModule module() {
    return module;
  }

  /** What it may use. */
  public ResourceLimits limits() {
    return limits;
  }

  /** What its memories, tables and objects may take, in bytes. */
  Budget memoryBudget() {
    return memoryBudget;
  }

  /** What its structures and arrays take. */
  public HeapAccount heap() {
    return heap;
  }

  /** Its fuel as executors use it, or null if nothing is counted. */
  public @Nullable FuelTank fuelTank() {
    return fuel;
  }

  @Override
  public Optional<Fuel> fuel() {
    return Optional.ofNullable(fuel);
  }

  @Override
  public long peakMemory() {
    return memoryBudget.peak();
  }

  /** A function of the index space. */
  public FuncInstance function(int index) {
    FuncInstance function = functions[index];
    if (function == null) {
      function = new WasmFunction(this, index);
      functions[index] = function;
    }
    return function;
  }

  void function(int index, FuncInstance function) {
    functions[index] = function;
  }

  /** The tables; not to be changed. */
  public TableInstance[] tables() {
    return tables;
  }

  /** The memories; not to be changed. */
  public MemoryInstance[] memories() {
    return memories;
  }

  /** The globals; not to be changed. */
  public GlobalInstance[] globals() {
    return globals;
  }

  /** The tags; not to be changed. */
  public TagInstance[] tags() {
    return tags;
  }

  /** The references of an element segment; empty once it is dropped. */
  public @Nullable Object[] element(int index) {
    return elements[index];
  }

  void element(int index, @Nullable Object[] references) {
    elements[index] = references;
  }

  /** Drops an element segment. */
  public void dropElement(int index) {
    elements[index] = new Object[0];
  }

  /** The bytes of a data segment. */
  public DataSegment data(int index) {
    return module.definition().data().get(index);
  }

  /** The number of bytes that a data segment has now: none once it is dropped. */
  public int dataSize(int index) {
    return dataDropped[index] ? 0 : data(index).size();
  }

  /** Drops a data segment. */
  public void dropData(int index) {
    dataDropped[index] = true;
  }

  boolean[] dataDropped() {
    return dataDropped;
  }

  @Override
  public Optional<Snapshot> snapshot() {
    if (imports.haveState()) {
      checkOpen();
      return Optional.empty();
    }
    if (!OWNER.compareAndSet(this, null, Thread.currentThread())) {
      throw inUse();
    }
    try {
      checkOpen();
      return InstanceSnapshot.of(this);
    } finally {
      leave();
    }
  }

  /** Brings the instance into another state, with nobody inside, and lets it begin anew. */
  void restoring(Runnable change) {
    if (!OWNER.compareAndSet(this, null, Thread.currentThread())) {
      throw inUse();
    }
    try {
      checkOpen();
      StopRequest request = stop;
      if (request != null) {
        Interruptions.left(request);
        stop = null;
      }
      change.run();
      if (fuel != null) {
        fuel.reset(limits.fuel().orElseThrow());
      }
    } finally {
      leave();
    }
  }

  /** What the executor has stored here, or null. */
  public @Nullable Object executorState() {
    return executorState;
  }

  /** Stores something for the executor. */
  public void executorState(Object state) {
    executorState = state;
  }

  /**
   * Enters the instance from outside.
   *
   * @return whether this is the outermost entry: the one that must {@link #leave}
   * @throws IllegalStateException if another thread is inside
   * @throws Trap if the instance is closed
   */
  public boolean enter() {
    Thread current = Thread.currentThread();
    boolean outermost = owner != current;
    if (outermost && !OWNER.compareAndSet(this, null, current)) {
      throw inUse();
    }
    if (closed || stop != null) {
      if (outermost) {
        leave();
      }
      throw refusal();
    }
    if (outermost && timeout != 0) {
      try {
        began = System.nanoTime();
        if (!watched.getAndSet(true)) {
          Interruptions.watch(this);
        }
      } catch (Throwable e) {
        // there was no stack left for it
        watched.set(false);
        leave();
        throw e;
      }
    }
    return outermost;
  }

  private WasmException refusal() {
    StopRequest request = stop;
    return closed || request == null ? new Trap(Trap.Kind.INSTANCE_CLOSED) : request.exception();
  }

  /** Leaves the instance to other threads. */
  public void leave() {
    // whoever enters next sees what was done here; nobody waits for this write to be seen
    OWNER.setRelease(this, null);
    StopRequest request = stop;
    if (request != null) {
      Interruptions.left(request);
    }
  }

  // ---- several threads ----

  @Override
  public ModuleInstance sibling() {
    checkOpen();
    checkStop();
    Siblings group = siblings;
    if (group == null) {
      group = new Siblings(this);
      siblings = group;
      checkStop();
    }
    return Instantiation.sibling(this, group);
  }

  /** Makes it one of the instances of a guest that has begun with another. */
  void join(Siblings group) {
    group.add(this);
    siblings = group;
  }

  /** Stops the guest because of what has become of another thread of it. */
  void stopWith(WasmException reason) {
    stop(new StopRequest(this, reason));
  }

  /**
   * Refuses a call that comes from another instance while another thread is inside, or when it has
   * been stopped.
   *
   * @throws IllegalStateException if another thread is inside
   */
  public void guard() {
    Thread inside = owner;
    if (inside != null && inside != Thread.currentThread()) {
      throw inUse();
    }
    checkStop();
  }

  // ---- being stopped ----

  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void stop(String reason) {
    StopRequest request = new StopRequest(this, reason);
    stop(request);
    Siblings group = siblings;
    if (group != null) {
      group.end(request.exception());
    }
  }

  private void stop(StopRequest request) {
    if (STOP.compareAndSet(this, null, request)) {
      Interruptions.begin(request);
    }
  }

  /** Ends the guest that runs in the calling thread, and now in this instance, if it is to stop. */
  public void checkInterruption() {
    checkStop();
    Interruptions.check();
  }

  private void checkStop() {
    StopRequest request = stop;
    if (request != null) {
      throw request.exception();
    }
  }

  /**
   * What leaves the outermost call for something that was thrown in it: if the instance has been
   * stopped, that is the reason for whatever has become of the call.
   */
  public RuntimeException outcome(RuntimeException thrown) {
    Siblings group = siblings;
    RuntimeException outcome = ownOutcome(thrown);
    Failing.tell(module, outcome);
    return group == null ? outcome : group.end(outcome);
  }

  private RuntimeException ownOutcome(RuntimeException thrown) {
    StopRequest request = stop;
    if (request == null
        || thrown instanceof ExitException
        || thrown instanceof GuestException
        || request.isException(thrown)) {
      return thrown;
    }
    WasmException outcome = request.exception();
    outcome.setStackTrace(thrown.getStackTrace());
    outcome.addSuppressed(thrown);
    return outcome;
  }

  /** The thread that is inside, as others see it, or null. */
  @Nullable Thread inside() {
    return (Thread) OWNER.getVolatile(this);
  }

  boolean isInside(Thread thread) {
    return inside() == thread;
  }

  static final long NOBODY_INSIDE = Long.MIN_VALUE;

  /** How long a call from outside may take, in nanoseconds. */
  long timeout() {
    return timeout;
  }

  /** How long the present call may still take. */
  long timeLeft(long now) {
    return inside() == null ? NOBODY_INSIDE : timeout - (now - began);
  }

  /** Nobody looks at the clock any more; yields whether that is right, as nobody has entered. */
  boolean unwatched() {
    watched.set(false);
    return inside() == null || watched.getAndSet(true);
  }

  /** Nobody looks at the clock any more, because it is stopped; if it is restored it is anew. */
  void unwatch() {
    watched.set(false);
  }

  boolean isStopped() {
    return stop != null;
  }

  /** Stops the present call, whose time is up; yields what is to be done, if anything. */
  @Nullable StopRequest timeUp() {
    long call = began;
    StopRequest request = new StopRequest(this, call, timeout);
    if (timeLeft(request.since) > 0 || !STOP.compareAndSet(this, null, request)) {
      return null;
    }
    if (began != call) {
      // that call came to its end just now, and this is another
      STOP.compareAndSet(this, request, null);
      return null;
    }
    return request;
  }

  private IllegalStateException inUse() {
    return new IllegalStateException(
        "the instance of "
            + module
            + " is in use by another thread; make an instance for each thread");
  }

  /** Whether it is closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Siblings group = siblings;
    if (group != null) {
      group.closed(this);
    }
    if (owner == null) {
      if (timeout != 0) {
        Interruptions.forget(this);
      }
      memories = new MemoryInstance[0];
      executorState = null;
    }
    memoryBudget.end();
    imports.close();
  }

  @Override
  public List<String> exportNames() {
    return List.copyOf(module.exportsByName().keySet());
  }

  @Override
  public Optional<Extern> export(String name) {
    checkOpen();
    Export export = module.exportsByName().get(name);
    return export == null ? Optional.empty() : Optional.of(extern(export));
  }

  private void checkOpen() {
    if (closed) {
      throw new Trap(Trap.Kind.INSTANCE_CLOSED);
    }
  }

  private Extern extern(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> function(index);
      case TABLE -> tables[index];
      case MEMORY -> memories[index];
      case GLOBAL -> globals[index];
      case TAG -> tags[index];
    };
  }

  private <T extends Extern> T export(String name, Class<T> wanted, String what) {
    Extern extern = export(name).orElse(null);
    if (!wanted.isInstance(extern)) {
      throw new IllegalArgumentException(
          module
              + " exports no "
              + what
              + " \""
              + name
              + "\""
              + (extern == null ? "" : ", but a " + extern.externType()));
    }
    return wanted.cast(extern);
  }

  @Override
  public Func function(String name) {
    return export(name, Func.class, "function");
  }

  @Override
  public Memory memory(String name) {
    return export(name, Memory.class, "memory");
  }

  @Override
  public Table table(String name) {
    return export(name, Table.class, "table");
  }

  @Override
  public Global global(String name) {
    return export(name, Global.class, "global");
  }

  @Override
  public <T> T as(Class<T> type) {
    ExportBinding binding = module.binding(type);
    checkOpen();
    Object made = module.executor().implement(this, binding);
    return type.cast(made != null ? made : ExportProxy.create(this, binding));
  }

  @Override
  public String toString() {
    return "instance of " + module;
  }
}
