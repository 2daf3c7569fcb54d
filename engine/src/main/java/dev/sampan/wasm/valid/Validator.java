package dev.sampan.wasm.valid;

import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.binary.ByteReader;
import dev.sampan.wasm.binary.InstructionReader;
import dev.sampan.wasm.model.DataSegment;
import dev.sampan.wasm.model.ElementSegment;
import dev.sampan.wasm.model.Export;
import dev.sampan.wasm.model.Expr;
import dev.sampan.wasm.model.ExternKind;
import dev.sampan.wasm.model.GlobalDefinition;
import dev.sampan.wasm.model.Import;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.model.Opcode;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.SegmentMode;
import dev.sampan.wasm.model.TableDefinition;
import dev.sampan.wasm.model.TypeIndex;
import dev.sampan.wasm.model.TypeRegistry;
import dev.sampan.wasm.model.TypeSpace;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a whole module (Validation › Modules). */
public final class Validator {

  private final ModuleDefinition module;
  private final TypeSpace types;
  private final ModuleContext context;
  private final FunctionValidator constants;

  private Validator(ModuleDefinition module, TypeRegistry registry) {
    this.module = module;
    this.types = TypeValidator.close(module.types(), registry);
    checkTypesOfImports();
    this.context = new ModuleContext(module, types);
    this.constants = new FunctionValidator(context);
  }

  /**
   * Validates a module. One that uses the legacy exceptions is rewritten first, so the definition
   * in the result may be another than the one given.
   *
   * @param registry the engine's definitions, among which the module's types are put
   * @param threads how many threads may validate functions, the caller's among them
   * @throws InvalidException if a rule is broken
   * @throws dev.sampan.wasm.MalformedException if a function's bytes are no instructions
   */
  public static ModuleContext validate(
      ModuleDefinition module, TypeRegistry registry, int threads) {
    try {
      ModuleContext context = new Validator(module, registry).validate();
      FunctionsInParallel.validate(context, threads);
      return context;
    } catch (FunctionValidator.LegacyInstruction e) {
      ModuleDefinition rewritten = LegacyExceptions.rewrite(module);
      ModuleContext context = new Validator(rewritten, registry).validate();
      FunctionsInParallel.validate(context, threads);
      return context;
    }
  }

  /**
   * Validates a module whose functions are known to be valid and to use no legacy exceptions,
   * because another run has validated the same bytes.
   *
   * @param registry the engine's definitions, among which the module's types are put
   * @throws InvalidException if a rule is broken
   */
  public static ModuleContext validateAgain(ModuleDefinition module, TypeRegistry registry) {
    return new Validator(module, registry).validate();
  }

  private ModuleContext validate() {
    checkDefinitions();
    checkExports();
    checkStart();
    for (int i = 0; i < module.elements().size(); i++) {
      element(i, module.elements().get(i));
    }
    for (int i = 0; i < module.data().size(); i++) {
      data(i, module.data().get(i));
    }
    return context;
  }

  /** The types that the context is made of, so they must be right before it is made. */
  private void checkTypesOfImports() {
    for (Import each : module.imports()) {
      TypeValidator.extern(each.type(), types);
    }
    for (int type : module.functions()) {
      TypeValidator.function(new TypeIndex(type), types);
    }
    module.tables().forEach(table -> TypeValidator.table(table.type(), types));
    module.memories().forEach(TypeValidator::memory);
    module.tags().forEach(tag -> TypeValidator.tag(tag, types));
    module.globals().forEach(global -> TypeValidator.value(global.type().type(), types));
    module.elements().forEach(element -> TypeValidator.value(element.type(), types));
  }

  private void checkDefinitions() {
    int imported = module.allGlobals().size() - module.globals().size();
    declareFunctions();
    for (int i = 0; i < module.tables().size(); i++) {
      table(i, module.tables().get(i), imported);
    }
    for (int i = 0; i < module.globals().size(); i++) {
      GlobalDefinition global = module.globals().get(i);
      constants.constant(
          global.init(),
          types.code(global.type().type()),
          imported + i,
          "global " + (imported + i));
    }
  }

  private void table(int index, TableDefinition table, int importedGlobals) {
    RefType element = table.type().element();
    if (table.init() != null) {
      constants.constant(table.init(), types.code(element), importedGlobals, "table " + index);
    } else if (!element.nullable()) {
      throw new InvalidException(
          "type mismatch: table " + index + " of " + element + " expects an initial value");
    }
  }

  /** Gathers the functions that are named outside of code. */
  private void declareFunctions() {
    BitSet declared = context.declaredFunctions;
    for (Export export : module.exports()) {
      if (export.kind() == ExternKind.FUNC) {
        declare(declared, export.index());
      }
    }
    module.globals().forEach(global -> declare(declared, global.init()));
    for (TableDefinition table : module.tables()) {
      if (table.init() != null) {
        declare(declared, table.init());
      }
    }
    for (ElementSegment element : module.elements()) {
      int[] functions = element.functions();
      if (functions != null) {
        for (int function : functions) {
          declare(declared, function);
        }
      }
      element.expressions().forEach(expression -> declare(declared, expression));
    }
  }

  private static void declare(BitSet declared, Expr expression) {
    ByteReader in = new ByteReader(expression.bytes(), expression.start(), expression.end());
    while (in.hasMore()) {
      Opcode opcode = InstructionReader.opcode(in);
      if (opcode == Opcode.REF_FUNC) {
        declare(declared, in.u32());
      } else {
        InstructionReader.skipImmediates(in, opcode.immediates());
      }
    }
  }

  private static void declare(BitSet declared, int function) {
    if (function >= 0) {
      declared.set(function);
    }
  }

  private void checkExports() {
    Set<String> names = new HashSet<>();
    for (Export export : module.exports()) {
      if (!names.add(export.name())) {
        throw new InvalidException("duplicate export name \"" + export.name() + "\"");
      }
      switch (export.kind()) {
        case FUNC -> check(export.index(), module.functionCount(), "function");
        case TABLE -> check(export.index(), module.allTables().size(), "table");
        case MEMORY -> check(export.index(), module.allMemories().size(), "memory");
        case GLOBAL -> check(export.index(), module.allGlobals().size(), "global");
        case TAG -> check(export.index(), module.allTags().size(), "tag");
      }
    }
  }

  private static void check(int index, int size, String what) {
    if (Integer.compareUnsigned(index, size) >= 0) {
      throw new InvalidException("unknown " + what + " " + Integer.toUnsignedString(index));
    }
  }

  private void checkStart() {
    if (module.start().isEmpty()) {
      return;
    }
    int start = module.start().getAsInt();
    check(start, module.functionCount(), "function");
    int type = module.functionType(start);
    if (types.parameters(type).length + types.results(type).length > 0) {
      throw new InvalidException(
          "start function: expected [] -> [], found " + types.type(type).function());
    }
  }

  private void element(int index, ElementSegment segment) {
    String where = "element segment " + index;
    int type = types.code(segment.type());
    if (segment.mode() == SegmentMode.ACTIVE) {
      check(segment.table(), module.allTables().size(), "table");
      if (!types.matches(type, context.tableElements[segment.table()])) {
        throw new InvalidException(
            "type mismatch: table "
                + segment.table()
                + " expects "
                + types.describe(context.tableElements[segment.table()])
                + ", found "
                + types.describe(type)
                + " in "
                + where);
      }
      offset(segment.offset(), context.tableAddresses[segment.table()].code(), where);
    }
    int[] functions = segment.functions();
    if (functions != null) {
      for (int function : functions) {
        check(function, module.functionCount(), "function");
      }
    }
    for (Expr expression : segment.expressions()) {
      constants.constant(expression, type, context.globalTypes.length, where);
    }
  }

  private void data(int index, DataSegment segment) {
    if (segment.mode() == SegmentMode.ACTIVE) {
      check(segment.memory(), module.allMemories().size(), "memory");
      MemoryType memory = module.allMemories().get(segment.memory());
      offset(segment.offset(), memory.address().code(), "data segment " + index);
    }
  }

  private void offset(@Nullable Expr offset, int type, String where) {
    if (offset != null) {
      constants.constant(offset, type, context.globalTypes.length, "the offset of " + where);
    }
  }
}
