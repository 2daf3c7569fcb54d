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

  private static final VarHandle INTERRUPTION;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(ModuleInstance.class, "owner", Thread.class);
      // guests ask it however deep their stacks are, when it can no longer be initialised
      Interruptions.poll();
      // when a guest fails there may be no room for classes any more
      MethodHandles.lookup().ensureInitialized(Failing.class);
      INTERRUPTION =
          MethodHandles.lookup()
              .findVarHandle(ModuleInstance.class, "interruption", Interruption.class);
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

  /** Whether it is to stop, for good, or to wait; null if it may run. */
  private volatile @Nullable Interruption interruption;

  /** How long a call from outside may take, in nanoseconds, or 0. */
  private final long timeout;

  /** When the present call from outside has begun; read by the thread that looks at the clock. */
  private volatile long began;

  /** How long the instance was paused before that call, in nanoseconds. */
  private long pausedBefore;

  /** How long it was paused so far, the present pause not counted. */
  private volatile long paused;

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
      resumeAlone();
      if (interruption instanceof StopRequest request) {
        Interruptions.left(request);
        interruption = null;
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
   * Enters the instance from outside, and waits if it is paused.
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
    if (closed || interruption != null) {
      awaitAdmission(outermost);
    }
    if (outermost && timeout != 0) {
      try {
        pausedBefore = paused;
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

  private void awaitAdmission(boolean outermost) {
    boolean admitted = false;
    try {
      checkOpen();
      heed();
      checkOpen();
      admitted = true;
    } finally {
      if (outermost && !admitted) {
        leave();
      }
    }
  }

  /**
   * Leaves the instance to other threads. It has no variables of its own: whoever had the stack to
   * enter must have it to leave.
   */
  public void leave() {
    // whoever enters next sees what was done here; nobody waits for this write to be seen
    OWNER.setRelease(this, null);
    if (interruption != null) {
      tellThatLeft();
    }
  }

  private void tellThatLeft() {
    if (interruption instanceof StopRequest request) {
      Interruptions.left(request);
    }
  }

  // ---- several threads ----

  @Override
  public ModuleInstance sibling() {
    checkOpen();
    heed();
    Siblings group = siblings;
    if (group == null) {
      group = new Siblings(this);
      siblings = group;
      heed();
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
   * been stopped; lets it wait if it is paused.
   *
   * @throws IllegalStateException if another thread is inside
   */
  public void guard() {
    Thread inside = owner;
    if (inside != null && inside != Thread.currentThread()) {
      throw inUse();
    }
    heed();
  }

  // ---- being stopped and paused ----

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
    Interruption before = interruption;
    while (!(before instanceof StopRequest)) {
      if (INTERRUPTION.compareAndSet(this, before, request)) {
        if (before instanceof PauseRequest pause) {
          end(pause);
        }
        Interruptions.begin(request);
        return;
      }
      before = interruption;
    }
  }

  private static void end(PauseRequest pause) {
    Interruptions.end(pause);
    pause.end();
  }

  @Override
  public void pause() {
    pauseAlone();
    Siblings group = siblings;
    if (group != null) {
      group.pause();
    }
  }

  @Override
  public void resume() {
    resumeAlone();
    Siblings group = siblings;
    if (group != null) {
      group.resume();
    }
  }

  /** Pauses this instance of the guest. */
  void pauseAlone() {
    PauseRequest request = new PauseRequest(this);
    if (!closed && INTERRUPTION.compareAndSet(this, null, request)) {
      Interruptions.begin(request);
    }
  }

  /** Lets this instance of the guest go on. */
  void resumeAlone() {
    if (interruption instanceof PauseRequest pause) {
      synchronized (pause) {
        if (interruption != pause) {
          return; // somebody was faster
        }
        // while no call can begin, so that each knows how much of this is its own
        paused += System.nanoTime() - pause.since;
        INTERRUPTION.compareAndSet(this, pause, null);
      }
      end(pause);
    }
  }

  /** Whether it is to wait. */
  boolean isPaused() {
    return interruption instanceof PauseRequest;
  }

  /** Whether it is to stop. */
  boolean isStopped() {
    return interruption instanceof StopRequest;
  }

  @Nullable Interruption interruption() {
    return interruption;
  }

  /**
   * Ends the guest that runs in the calling thread, and now in this instance, if it is to stop, and
   * lets it wait if it is paused.
   */
  public void checkInterruption() {
    heed();
    Interruptions.check();
  }

  /** The same at the border to the host, where it is asked each time. */
  void heedAtBorder() {
    if (INTERRUPTION.getOpaque(this) != null) {
      heed();
    }
  }

  /** Does what this instance is asked for. */
  void heed() {
    Interruption request = interruption;
    while (request instanceof PauseRequest pause && pause.await()) {
      request = interruption;
    }
    if (request instanceof StopRequest stop) {
      throw stop.exception();
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
    if (!(interruption instanceof StopRequest request)
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

  /** How long the present call may still take; for ever while it is paused. */
  long timeLeft(long now) {
    if (inside() == null) {
      return NOBODY_INSIDE;
    }
    return isPaused() ? Long.MAX_VALUE : timeout - (now - began - pausedInCall());
  }

  private long pausedInCall() {
    return paused - pausedBefore;
  }

  /** Nobody looks at the clock any more, as it is stopped; it may be brought into another state. */
  void forgotten() {
    watched.set(false);
  }

  /** Nobody looks at the clock any more; yields whether that is right, as nobody has entered. */
  boolean unwatched() {
    watched.set(false);
    return inside() == null || watched.getAndSet(true);
  }

  /** Stops the present call, whose time is up; yields what is to be done, if anything. */
  @Nullable StopRequest timeUp() {
    long call = began;
    StopRequest request = new StopRequest(this, call + pausedInCall(), timeout);
    if (timeLeft(request.since) > 0 || !INTERRUPTION.compareAndSet(this, null, request)) {
      return null;
    }
    if (began != call) {
      // that call came to its end just now, and this is another
      INTERRUPTION.compareAndSet(this, request, null);
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
    if (inside() != null && isPaused()) {
      stopWith(new Trap(Trap.Kind.INSTANCE_CLOSED)); // nobody would let it go on
    }
    resumeAlone();
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
