package dev.sampan.wasm.runtime;

import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Global;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Table;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.ModuleDefinition;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a module (Execution › Runtime Structure › Module Instances). The index spaces are
 * arrays, imports first; executors read them directly.
 */
public final class ModuleInstance implements Instance {

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(ModuleInstance.class, "owner", Thread.class);
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

  /** Whether calls are refused: it is closed, or has been ended with its siblings. */
  private volatile boolean closed;

  private boolean released;

  /** Whether it was made from outside, and not as the sibling of another. */
  private boolean root = true;

  /** The instances of other threads of the same guest, or null if it has no other thread. */
  private @Nullable Siblings siblings;

  /** Whether the thread that is inside was interrupted by {@link #interrupt}. */
  private boolean interrupted;

  ModuleInstance(LoadedModule module, Imports imports, ResourceLimits limits) {
    this.module = module;
    this.imports = imports;
    this.limits = limits;
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
    if (closed) {
      if (outermost) {
        leave();
      }
      throw closedBecause();
    }
    return outermost;
  }

  private WasmException closedBecause() {
    WasmException ending = siblings == null ? null : siblings.ending();
    return ending != null ? ending : new Trap(Trap.Kind.INSTANCE_CLOSED);
  }

  /** Leaves the instance to other threads. */
  public void leave() {
    if (siblings != null) {
      leaveUninterrupted();
      return;
    }
    // whoever enters next sees what was done here; nobody waits for this write to be seen
    OWNER.setRelease(this, null);
  }

  /** Leaves in a way that no interruption meant for the guest reaches whoever called it. */
  private synchronized void leaveUninterrupted() {
    OWNER.setVolatile(this, null);
    if (interrupted) {
      interrupted = false;
      Thread.interrupted();
    }
  }

  /** Refuses further calls, and wakes the thread that is inside, if it waits. */
  synchronized void interrupt() {
    closed = true;
    Thread inside = (Thread) OWNER.getVolatile(this);
    if (inside != null && inside != Thread.currentThread()) {
      interrupted = true;
      inside.interrupt();
    }
  }

  /**
   * What is to be thrown to whoever called from outside, when something was thrown inside: for a
   * guest with several threads, what ended the first of them.
   */
  public RuntimeException outcome(RuntimeException thrown) {
    return siblings == null ? thrown : siblings.end(thrown);
  }

  /** As {@link #outcome(RuntimeException)}; an error is always thrown as it is. */
  public Error outcome(Error thrown) {
    if (siblings != null) {
      siblings.end(new RuntimeException(thrown));
    }
    return thrown;
  }

  @Override
  public ModuleInstance sibling() {
    checkOpen();
    Siblings group = siblings;
    if (group == null) {
      group = new Siblings(this);
      siblings = group;
    }
    return Instantiation.sibling(this);
  }

  /** Makes it one of the instances of a guest. */
  void join(ModuleInstance sibling) {
    Siblings group = Objects.requireNonNull(sibling.siblings);
    group.add(this);
    siblings = group;
    root = false;
  }

  /**
   * Refuses a call that comes from another instance while another thread is inside.
   *
   * @throws IllegalStateException if so
   */
  public void guard() {
    Thread inside = owner;
    if (inside != null && inside != Thread.currentThread()) {
      throw inUse();
    }
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
    if (released) {
      return;
    }
    released = true;
    closed = true;
    if (siblings != null) {
      siblings.remove(this);
      if (root) {
        siblings.end(new Trap(Trap.Kind.INSTANCE_CLOSED));
      }
    }
    if (owner == null) {
      memories = new MemoryInstance[0];
      executorState = null;
    }
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
      throw closedBecause();
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
