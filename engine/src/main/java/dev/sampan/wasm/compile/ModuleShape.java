package dev.sampan.wasm.compile;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.TypeCode;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeSpace;
import dev.sampan.wasm.runtime.LoadedModule;
import dev.sampan.wasm.valid.ModuleContext;
import java.util.ArrayList;
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
  private final int[] globalKinds;
  private final int resultSlots;

  /** Per function the number under which calls through references know it, or -1. */
  private final int[] callNumbers;

  /** Per type the functions with numbers from its first one on. */
  private final List<int[]> callees = new ArrayList<>();

  ModuleShape(LoadedModule module, ModuleContext context, BitSet fastMemories) {
    this.module = module;
    this.definition = module.definition();
    this.types = module.types();
    this.context = context;
    this.fastMemories = fastMemories;
    this.shapes = new FunctionShape[types.size()];
    this.members = new Member[definition.functionCount()];
    this.groups = groups();
    this.globalKinds =
        definition.allGlobals().stream()
            .mapToInt(global -> FunctionShape.kind(types.code(global.type())))
            .toArray();
    int slots = 2;
    for (int i = 0; i < definition.functionCount(); i++) {
      slots = Math.max(slots, FunctionShape.slots(types.results(definition.functionType(i))));
    }
    for (int i = 0; i < types.size(); i++) {
      if (types.type(i).composite() instanceof FuncType) {
        slots = Math.max(slots, FunctionShape.slots(types.results(i)));
      }
    }
    this.resultSlots = slots;
    this.callNumbers = callNumbers(context, definition, types, callees);
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

  private static int[] callNumbers(
      ModuleContext context, ModuleDefinition definition, TypeSpace types, List<int[]> callees) {
    int[] numbers = new int[definition.functionCount()];
    Arrays.fill(numbers, -1);
    int imported = definition.importedFunctions();
    List<List<Integer>> byType = new ArrayList<>();
    int[] typeOrder = new int[types.size()];
    Arrays.fill(typeOrder, -1);
    for (int f = imported; f < numbers.length; f++) {
      boolean start = definition.start().isPresent() && definition.start().getAsInt() == f;
      if (context.isDeclared(f) || start) {
        int type = canonical(types, definition.functionType(f));
        if (typeOrder[type] < 0) {
          typeOrder[type] = byType.size();
          byType.add(new ArrayList<>());
        }
        byType.get(typeOrder[type]).add(f);
      }
    }
    int next = 0;
    int[][] lists = new int[types.size()][];
    for (int t = 0; t < typeOrder.length; t++) {
      if (typeOrder[t] >= 0) {
        List<Integer> functions = byType.get(typeOrder[t]);
        lists[t] = functions.stream().mapToInt(Integer::intValue).toArray();
        for (int f : lists[t]) {
          numbers[f] = next++;
        }
      }
    }
    for (int t = 0; t < lists.length; t++) {
      int[] own = lists[canonical(types, t)];
      callees.add(own == null ? new int[0] : own);
    }
    return numbers;
  }

  /** The first of the equivalent types. */
  private static int canonical(TypeSpace types, int type) {
    return types.heapCode(type) - TypeCode.CONCRETE;
  }

  /** The number under which calls through references know a function, or -1. */
  int callNumber(int function) {
    return callNumbers[function];
  }

  /** The functions of exactly a type that calls through references may mean, in their order. */
  int[] callees(int type) {
    return callees.get(type);
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
