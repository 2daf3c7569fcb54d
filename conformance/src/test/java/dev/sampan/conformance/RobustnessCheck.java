package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExportType;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Global;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Memory;
import dev.sampan.wasm.Table;
import dev.sampan.wasm.Tag;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for any input at all: only the declared exceptions come out, and a module that is
 * valid can be printed, read again, and run.
 */
final class RobustnessCheck {

  private static final int LONGEST_MEMORY = 1 << 20;

  /** How far inputs got. */
  static final class Tally {
    int malformed;
    int invalid;
    int valid;
    int instantiated;
    int called;
    int returned;

    @Override
    public String toString() {
      return "%d malformed, %d invalid, %d valid, %d instantiated, %d calls, %d returned"
          .formatted(malformed, invalid, valid, instantiated, called, returned);
    }
  }

  private final Tally tally;

  RobustnessCheck(Tally tally) {
    this.tally = tally;
  }

  /** Checks a text. */
  void text(Engine engine, String text) {
    byte[] binary;
    try {
      binary = Engine.assemble(text, "mutant.wat");
    } catch (MalformedException e) {
      says(e);
      tally.malformed++;
      return;
    }
    binary(engine, binary);
  }

  /** Checks bytes. */
  void binary(Engine engine, byte[] binary) {
    WasmModule module;
    try {
      module = engine.load(binary, "mutant.wasm");
    } catch (MalformedException e) {
      says(e);
      tally.malformed++;
      return;
    } catch (InvalidException e) {
      says(e);
      tally.invalid++;
      printUnlessMalformed(binary);
      return;
    }
    tally.valid++;
    String text = Engine.print(binary);
    byte[] again = Engine.assemble(text, "printed.wat");
    engine.load(again, "printed.wasm");
    String twice = Engine.print(again);
    if (!withoutCustom(twice).equals(withoutCustom(text))) {
      throw new AssertionError(
          "printed, read and printed again, a module is another:\n" + difference(text, twice));
    }
    if (!Arrays.equals(Engine.assemble(twice, "twice.wat"), again)) {
      throw new AssertionError("the same text, assembled twice, gave different bytes:\n" + twice);
    }
    run(engine, module, text);
  }

  private static void says(WasmException e) {
    String message = e.getMessage();
    if (message == null || message.isBlank() || message.length() > 10_000) {
      throw new AssertionError("a bad message: " + message, e);
    }
  }

  private static void printUnlessMalformed(byte[] binary) {
    try {
      Engine.print(binary);
    } catch (MalformedException e) {
      says(e);
    }
  }

  /** Custom sections name their place by sections that may be empty, and are then not written. */
  private static List<String> withoutCustom(String text) {
    return text.lines().filter(line -> !line.startsWith("  (@custom ")).toList();
  }

  private static String difference(String one, String two) {
    List<String> first = one.lines().toList();
    List<String> second = two.lines().toList();
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      if (!first.get(i).equals(second.get(i))) {
        return "line " + (i + 1) + "\n" + first.get(i) + "\n" + second.get(i);
      }
    }
    return first.size() + " and " + second.size() + " lines";
  }

  private void run(Engine engine, WasmModule module, String text) {
    if (!Endings.isCertain(text)
        || !module.imports().stream().allMatch(RobustnessCheck::canBeGiven)) {
      return;
    }
    try {
      Imports imports = Imports.create().with(wanted -> Optional.of(given(engine, wanted)));
      try (Instance instance =
          module.instantiate(
              imports,
              limits -> limits.maxMemory(LONGEST_MEMORY).maxTableElements(1000).maxStack(2000))) {
        tally.instantiated++;
        for (ExportType export : module.exports()) {
          use(instance, instance.export(export.name()).orElseThrow());
        }
      }
    } catch (WasmException e) {
      says(e);
    }
  }

  private void use(Instance instance, Extern extern) {
    switch (extern) {
      case Func function -> {
        if (takesDefaults(function.type())) {
          for (int number : new int[] {0, 1, -1}) {
            call(function, number);
          }
        }
      }
      case Memory memory -> memory.size();
      case Table table -> table.size();
      case Global global -> global.get();
      case Tag tag -> tag.type();
    }
  }

  private void call(Func function, int number) {
    @Nullable Object[] arguments =
        function.type().parameters().stream().map(type -> value(type, number)).toArray();
    tally.called++;
    try {
      function.call(arguments).toList();
      tally.returned++;
    } catch (WasmException e) {
      says(e);
    }
  }

  // What is given for imports

  private static boolean canBeGiven(ImportType wanted) {
    return switch (wanted.type()) {
      case ExternFuncType function -> takesDefaults(results(function));
      case GlobalType global -> hasDefault(global.type());
      case TableType table -> hasDefault(table.element()) && small(table.limits().min(), 1000);
      case MemoryType memory ->
          small(memory.limits().min(), LONGEST_MEMORY >> memory.pageSizeLog2());
      case TagType tag -> true;
    };
  }

  private static boolean small(long count, long most) {
    return count >= 0 && count <= most;
  }

  private static FuncType results(ExternFuncType function) {
    return new FuncType(type(function).results(), List.of());
  }

  private static FuncType type(ExternFuncType function) {
    return ((DefType) function.type()).function();
  }

  private static boolean takesDefaults(FuncType type) {
    return type.parameters().stream().allMatch(RobustnessCheck::hasDefault);
  }

  private static boolean hasDefault(ValType type) {
    return !(type instanceof RefType reference) || reference.nullable();
  }

  private static @Nullable Object value(ValType type, int number) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> number;
            case I64 -> (long) number;
            case F32 -> (float) number;
            case F64 -> (double) number;
          };
      case VecType vec -> new V128(number, number);
      case RefType reference -> null;
    };
  }

  private static Importable given(Engine engine, ImportType wanted) {
    ExternType type = wanted.type();
    return switch (type) {
      case ExternFuncType function -> answering(type(function));
      case GlobalType global -> engine.global(global, value(global.type(), 0));
      case TableType table -> engine.table(table, null);
      case MemoryType memory -> engine.memory(memory);
      case TagType tag -> engine.tag(((DefType) tag.type()).function());
    };
  }

  private static HostFunction answering(FuncType type) {
    return call -> {
      for (ValType result : type.results()) {
        switch (value(result, 0)) {
          case null -> call.resultRef(null);
          case Integer number -> call.result((int) number);
          case Long number -> call.result((long) number);
          case Float number -> call.result((float) number);
          case Double number -> call.result((double) number);
          case V128 vector -> call.result(vector);
          default -> throw new AssertionError(result.toString());
        }
      }
    };
  }
}
