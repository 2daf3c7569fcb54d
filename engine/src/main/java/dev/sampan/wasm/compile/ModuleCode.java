package dev.sampan.wasm.compile;

import dev.sampan.wasm.WasmFrame;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.runtime.ExportBinding;
import dev.sampan.wasm.runtime.Guard;
import dev.sampan.wasm.runtime.WasmFunction;
import dev.sampan.wasm.valid.FunctionValidator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A module's compiled code for instances whose memories are of the same kinds. All of them share
 * it.
 */
final class ModuleCode {

  private static final MethodType INVOKE =
      MethodType.methodType(void.class, long[].class, Object[].class, CompiledInstance.class);
  private static final MethodType STEP =
      MethodType.methodType(void.class, TailCall.class, CompiledInstance.class);

  private final ModuleShape shape;
  private FunctionValidator validator;
  private Body body = new Body();
  private final ModuleLoader loader;

  /** Classes that were made along with others, and are not loaded yet. */
  private final Map<String, byte[]> ready = new HashMap<>();

  private final BitSet steps = new BitSet();
  private final @Nullable MethodHandle[] adaptors;
  private final @Nullable MethodHandle[] stepAdaptors;
  private final Map<Integer, MethodHandle> calleeMakers = new HashMap<>();
  private final Map<Integer, MethodHandle> entries = new ConcurrentHashMap<>();
  private final Map<ExportBinding, Glue> glue = new ConcurrentHashMap<>();
  private @Nullable Map<String, FunctionShape> calleeShapes;
  private @Nullable NamedTypes namedTypes;
  private final KeptClasses kept;

  private long nanos;

  /** What the code asks whether it is to stop. */
  private final Guard guard = new Guard();

  ModuleCode(ModuleShape shape, KeptClasses kept) {
    this.shape = shape;
    this.kept = kept;
    this.validator = new FunctionValidator(shape.context());
    this.adaptors = new MethodHandle[shape.definition().functionCount()];
    this.stepAdaptors = new MethodHandle[shape.definition().functionCount()];
    this.loader = new ModuleLoader(this);
  }

  Guard guard() {
    return guard;
  }

  /** Loads what code must not load in the midst of a guest's run. */
  void prepare() {
    try {
      Class.forName(GuardClass.NAME.replace('/', '.'), true, loader);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("the class that asks cannot be made; please report", e);
    }
  }

  ModuleShape shape() {
    return shape;
  }

  // ---- classes ----

  /** The class file of a class by its name with slashes, or null if there is no such class. */
  synchronized byte @Nullable [] classFile(String name) {
    long start = System.nanoTime();
    byte[] made = make(name);
    nanos += System.nanoTime() - start;
    return made;
  }

  /** How long it took so far to make class files. */
  synchronized long nanos() {
    return nanos;
  }

  private byte @Nullable [] make(String name) {
    byte[] known = ready.remove(name);
    if (known != null) {
      return known;
    }
    if (name.equals(GuardClass.NAME)) {
      return GuardClass.write();
    }
    if (name.startsWith(ModuleShape.FUNCTIONS)) {
      writeGroup(number(name, ModuleShape.FUNCTIONS));
      return ready.remove(name);
    }
    return kept.get(name, () -> write(name));
  }

  private byte @Nullable [] write(String name) {
    if (name.startsWith(ModuleShape.IMPORTS)) {
      return ImportClass.write(shape, number(name, ModuleShape.IMPORTS));
    }
    if (name.startsWith(ModuleShape.DISPATCH)) {
      return Dispatch.write(shape, name);
    }
    if (name.startsWith(FunctionClass.ADAPTORS)) {
      int group = number(name, FunctionClass.ADAPTORS);
      // whether a function is a step is known when it has been compiled
      if (!written.get(group)) {
        writeGroup(group);
      }
      return FunctionClass.writeAdaptors(shape, group, steps);
    }
    if (name.startsWith(EntryClass.CLASSES)) {
      return EntryClass.write(shape, number(name, EntryClass.CLASSES));
    }
    if (name.startsWith(VectorSwitch.CLASSES)) {
      return VectorSwitch.writeClass(name);
    }
    if (name.startsWith(VectorFunction.CLASSES)) {
      return VectorFunction.writeClass(shape, validator, body, name);
    }
    if (name.startsWith(OwnCallee.CLASSES)) {
      return OwnCallee.write(shape, number(name, OwnCallee.CLASSES));
    }
    return null;
  }

  /** Keeps a class file that was taken and could not be used. */
  synchronized void keep(String name, byte[] bytes) {
    ready.put(name, bytes);
  }

  private static int number(String name, String prefix) {
    return Integer.parseInt(name, prefix.length(), name.length(), 10);
  }

  private final BitSet written = new BitSet();

  private void writeGroup(int group) {
    String name = ModuleShape.FUNCTIONS + group;
    KeptClasses.Group made = kept.group(name);
    if (made == null) {
      made = new KeptClasses.Group(new HashMap<>(), new BitSet());
      try {
        FunctionClass.write(shape, group, validator, body, made.steps(), made.classes());
      } catch (Throwable e) {
        // both are used again, and are somewhere in the middle now
        validator = new FunctionValidator(shape.context());
        body = new Body();
        throw e;
      }
      kept.put(name, made);
    }
    written.set(group);
    steps.or(made.steps());
    ready.putAll(made.classes());
  }

  /** Generates a group of functions for the store alone; gives the class files. */
  synchronized List<byte[]> generateGroup(int group) {
    writeGroup(group);
    List<byte[]> made = List.copyOf(ready.values());
    ready.clear();
    return made;
  }

  /** A class that modules share, by its name with dots. */
  synchronized @Nullable Class<?> sharedClass(String name) {
    FunctionShape function = calleeShapes().get(name);
    if (function != null) {
      return Callees.classOf(function);
    }
    NamedTypes types = namedTypes;
    if (types == null) {
      types = new NamedTypes(shape.types());
      namedTypes = types;
    }
    return types.find(name);
  }

  /**
   * The shapes of the module's functions by the names, with dots, of what they are called through.
   */
  private Map<String, FunctionShape> calleeShapes() {
    Map<String, FunctionShape> known = calleeShapes;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 0; i < shape.types().size(); i++) {
        if (shape.type(i).composite() instanceof FuncType) {
          FunctionShape function = shape.ofType(i);
          known.putIfAbsent(Callees.name(function).replace('/', '.'), function);
        }
      }
      calleeShapes = known;
    }
    return known;
  }

  /** Makes the second version of a loop, or yields null if it would be too large. */
  @Nullable VectorLoop makeVectorLoop(int function, int loop) {
    String name = VectorFunction.CLASSES + VectorSwitch.suffix(function, loop);
    try {
      Class<?> made = Class.forName(name.replace('/', '.'), true, loader);
      return (VectorLoop) made.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(shape.module() + " has no usable " + name + "; please report", e);
    }
  }

  /** What is known of a loop that may have a second version. */
  VectorSite vectorSite(int function, int loop) {
    return VectorSwitch.site(loader, function, loop);
  }

  // ---- calls from outside ----

  private MethodHandle find(String className, String method, MethodType type) {
    return new Finding(className, method, type).done();
  }

  /** The search for a method of a class that may still have to be made. */
  private final class Finding extends Linking<MethodHandle> {

    private final String className;
    private final String method;
    private final MethodType type;

    Finding(String className, String method, MethodType type) {
      this.className = className;
      this.method = method;
      this.type = type;
    }

    @Override
    MethodHandle work() {
      try {
        Class<?> owner = Class.forName(className.replace('/', '.'), true, loader);
        return MethodHandles.lookup().findStatic(owner, method, type);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(shape.module() + " has no " + what() + "; please report", e);
      }
    }

    @Override
    String what() {
      return className + "." + method;
    }
  }

  private String adaptors(int function) {
    return FunctionClass.ADAPTORS + shape.groupOf(function - shape.importedFunctions());
  }

  /** Calls a function with arguments and results in arrays. */
  void invoke(
      int function, long[] numbers, @Nullable Object[] references, CompiledInstance instance)
      throws Throwable {
    MethodHandle adaptor = adaptors[function];
    if (adaptor == null) {
      adaptor = find(adaptors(function), "a" + function, INVOKE);
      adaptors[function] = adaptor;
    }
    adaptor.invokeExact(numbers, references, instance);
  }

  /**
   * A function as Java sees it, the instance first, or null if it has too many parameters for that.
   */
  @Nullable MethodHandle entry(int function) {
    FunctionShape called = shape.ofFunction(function);
    if (!EntryClass.has(called)) {
      return null;
    }
    MethodHandle entry = entries.get(function);
    if (entry == null) {
      String owner = EntryClass.CLASSES + shape.groupOf(function - shape.importedFunctions());
      entry = find(owner, EntryClass.method(function), Glue.entryType(shape, function));
      entries.put(function, entry);
    }
    return entry;
  }

  /** What implements a Java interface. */
  Glue glue(ExportBinding binding) {
    Glue made = glue.get(binding);
    if (made == null) {
      made = new Gluing(binding).done();
      Glue other = glue.putIfAbsent(binding, made);
      return other == null ? made : other;
    }
    return made;
  }

  /** The making of what implements an interface. */
  private final class Gluing extends Linking<Glue> {

    private final ExportBinding binding;

    Gluing(ExportBinding binding) {
      this.binding = binding;
    }

    @Override
    Glue work() {
      return Glue.make(ModuleCode.this, binding);
    }

    @Override
    String what() {
      return binding.type().getName();
    }
  }

  /** Runs a function as a step of a tail call. */
  void step(int function, TailCall chain, CompiledInstance instance) {
    MethodHandle adaptor = stepAdaptors[function];
    if (adaptor == null) {
      adaptor = find(adaptors(function), "t" + function, STEP);
      stepAdaptors[function] = adaptor;
    }
    try {
      adaptor.invokeExact(chain, instance);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a function threw a checked exception; please report", e);
    }
  }

  /** What code of other instances calls a function through. */
  Callee callee(WasmFunction function) {
    int type = shape.definition().functionType(function.index());
    MethodHandle maker;
    synchronized (calleeMakers) {
      maker = calleeMakers.get(type);
      if (maker == null) {
        maker = OwnCallee.maker(loader, type);
        calleeMakers.put(type, maker);
      }
    }
    CompiledInstance instance = Compiler.instanceOf(function.instance());
    try {
      return Objects.requireNonNull(
          (Callee) maker.invoke(function, function.callNumber(), instance));
    } catch (Throwable e) {
      throw new AssertionError("the class of a callee cannot be used; please report", e);
    }
  }

  // ---- places ----

  private final Map<Integer, StackTraceElement[]> throwSites = new ConcurrentHashMap<>();

  /** The stack trace of an exception that the guest throws: the one frame that costs nothing. */
  StackTraceElement[] throwSite(int function, int offset) {
    return throwSites.computeIfAbsent(
        offset,
        key ->
            new StackTraceElement[] {
              new WasmFrame(shape.module().name(), shape.module().functionName(function), key)
                  .toStackTraceElement()
            });
  }
}
