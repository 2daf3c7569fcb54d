package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.valid.InstructionSink;
import dev.sampan.wasm.valid.Metering;
import dev.sampan.wasm.valid.ModuleContext;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What compiling needs to know about a module: which class a function goes to and what it looks
 * like there. All of it follows from the module, so that classes made at different times, or kept
 * in a cache, fit together.
 *
 * <p>Neighbouring functions share a class, because they tend to be called together and a class has
 * a price; a class is made when the Java virtual machine first needs it.
 */
final class ModuleShape {

  /** A class takes functions until their code is longer than this, in bytes of the module. */
  private static final int CLASS_BYTES = 6_000;

  private static final int CLASS_FUNCTIONS = 64;
  static final int IMPORTS_PER_CLASS = 256;
  private static final String PACKAGE = "wasm/";
  static final String FUNCTIONS = PACKAGE + "F";
  static final String IMPORTS = PACKAGE + "I";
  static final String DISPATCH = PACKAGE + "T";

  private final LoadedModule module;
  private final ModuleDefinition definition;
  private final TypeSpace types;
  private final ModuleContext context;
  private final @Nullable FunctionShape[] shapes;
  private final @Nullable Member[] members;

  /** The first function of each class, counted among the defined ones, and their number last. */
  private final int[] groups;

  private final BitSet fastMemories;

  /** Whether fuel is taken. */
  private final boolean metered;

  private final int[] globalKinds;
  private final int resultSlots;

  private final CallNumbers callNumbers;

  ModuleShape(
      LoadedModule module,
      ModuleContext context,
      CallNumbers callNumbers,
      BitSet fastMemories,
      boolean metered) {
    this.module = module;
    this.definition = module.definition();
    this.types = module.types();
    this.context = context;
    this.callNumbers = callNumbers;
    this.fastMemories = fastMemories;
    this.metered = metered;
    this.shapes = new FunctionShape[types.size()];
    this.members = new Member[definition.functionCount()];
    this.groups = groups();
    this.globalKinds =
        definition.allGlobals().stream()
            .mapToInt(global -> FunctionShape.kind(types.code(global.type())))
            .toArray();
    int slots = 2;
    for (int i = 0; i < types.size(); i++) {
      if (types.type(i).composite() instanceof FuncType) {
        slots = Math.max(slots, FunctionShape.slots(types.results(i)));
      }
    }
    this.resultSlots = slots;
  }

  LoadedModule module() {
    return module;
  }

  ModuleContext context() {
    return context;
  }

  TypeSpace types() {
    return types;
  }

  ModuleDefinition definition() {
    return definition;
  }

  int importedFunctions() {
    return definition.importedFunctions();
  }

  int resultSlots() {
    return resultSlots;
  }

  /** Whether a memory is an array that 32-bit addresses count in. */
  boolean isFast(int memory) {
    return fastMemories.get(memory);
  }

  /** Where the validator tells a function's instructions to, so that a body hears them. */
  InstructionSink sink(Body body) {
    return metered ? new Metering(body) : body;
  }

  /** Whether fuel is taken. */
  boolean isMetered() {
    return metered;
  }

  static boolean mayBeFast(MemoryType type) {
    return type.address() == AddressType.I32 && !type.shared();
  }

  // ---- functions and types ----

  /** The shape of functions of a type of the module. */
  FunctionShape ofType(int type) {
    FunctionShape shape = shapes[type];
    if (shape == null) {
      shape = new FunctionShape(types.parameters(type), types.results(type));
      shapes[type] = shape;
    }
    return shape;
  }

  /** The shape of a function, imports counted. */
  FunctionShape ofFunction(int function) {
    return ofType(definition.functionType(function));
  }

  /** The method of a function, imports counted. */
  Member member(int function) {
    Member member = members[function];
    if (member == null) {
      String descriptor = ofFunction(function).descriptor;
      int imported = importedFunctions();
      if (function < imported) {
        member = new Member(IMPORTS + function / IMPORTS_PER_CLASS, "i" + function, descriptor);
        members[function] = member;
      } else {
        nameGroup(groupOf(function - imported));
        member = Objects.requireNonNull(members[function]);
      }
    }
    return member;
  }

  /** Names the functions of a class, each differently, because overloads may clash. */
  private synchronized void nameGroup(int group) {
    Set<String> taken = new HashSet<>();
    int imported = importedFunctions();
    String owner = FUNCTIONS + group;
    for (int i = groups[group]; i < groups[group + 1]; i++) {
      String name = MethodNames.encode(module.functionName(imported + i));
      if (!taken.add(name)) {
        name = MethodNames.distinct(name, imported + i);
        taken.add(name);
      }
      if (members[imported + i] == null) {
        members[imported + i] = new Member(owner, name, ofFunction(imported + i).descriptor);
      }
    }
  }

  // ---- classes ----

  private int[] groups() {
    List<FunctionBody> code = definition.code();
    int[] starts = new int[16];
    int count = 0;
    int bytes = 0;
    int functions = 0;
    for (int i = 0; i < code.size(); i++) {
      int size = code.get(i).end() - code.get(i).start();
      if (i == 0 || bytes + size > CLASS_BYTES || functions == CLASS_FUNCTIONS) {
        if (count + 2 > starts.length) {
          starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[count++] = i;
        bytes = 0;
        functions = 0;
      }
      bytes += size;
      functions++;
    }
    starts[count] = code.size();
    return Arrays.copyOf(starts, count + 1);
  }

  int groupCount() {
    return groups.length - 1;
  }

  /**
   * The first function of a class, among the defined ones; of the class behind the last, the end.
   */
  int groupStart(int group) {
    return groups[group];
  }

  /** The class of a defined function. */
  int groupOf(int definedFunction) {
    int found = Arrays.binarySearch(groups, definedFunction);
    return found >= 0 ? found : -found - 2;
  }

  // ---- calls through references ----

  /** The number under which calls through references know a function, or -1. */
  int callNumber(int function) {
    return callNumbers.of(function);
  }

  /** The functions of exactly a type that calls through references may mean, in their order. */
  int[] callees(int type) {
    return callNumbers.callees(type);
  }

  /** The types of a tag's payload. */
  int[] tagParameters(int tag) {
    return types.parameters(((TypeIndex) definition.allTags().get(tag).type()).index());
  }

  /** The kind of a global. */
  int globalKind(int global) {
    return globalKinds[global];
  }

  DefType type(int index) {
    return types.type(index);
  }
}
