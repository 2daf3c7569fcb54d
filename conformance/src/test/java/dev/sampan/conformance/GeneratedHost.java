package dev.sampan.conformance;

import dev.sampan.wasm.Call;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Extern;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Tag;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.ExternType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TableType;
import dev.sampan.wasm.model.TagType;
import dev.sampan.wasm.model.ValType;
import dev.sampan.wasm.model.VecType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives generated modules what they import, and writes down what they call. What a function does
 * follows from its name: {@code echo} answers, {@code throw} sometimes throws an exception that the
 * guest can catch, {@code back} calls an export, {@code other} is an export of another instance,
 * {@code probe} counts instructions.
 */
final class GeneratedHost {

  private static final int DEEPEST = 2;
  private static final int MORE_PAGES = 3;

  private final Engine engine;
  private final Transcript transcript;
  private final long[] executed;
  private int calls;
  private int depth;
  private final @Nullable Instance other;
  private @Nullable Tag tag;

  /**
   * A host for one instance.
   *
   * @param executed where executed instructions are counted by their ordinals, if probed
   * @param other another instance to be linked with, or null
   */
  GeneratedHost(Engine engine, Transcript transcript, long[] executed, @Nullable Instance other) {
    this.engine = engine;
    this.transcript = transcript;
    this.executed = executed;
    this.other = other;
  }

  Imports imports() {
    return Imports.create().with(wanted -> Optional.of(given(wanted)));
  }

  private Importable given(ImportType wanted) {
    ExternType type = wanted.type();
    return switch (type) {
      case ExternFuncType function -> {
        Importable linked = wanted.name().startsWith("other") ? ofOther(function) : null;
        yield linked != null ? linked : function(wanted.name());
      }
      case GlobalType global -> engine.global(global, answer(global.type(), 1));
      case TableType table -> engine.table(table, null);
      case MemoryType memory -> engine.memory(bounded(memory));
      case TagType thrown -> {
        Tag made = engine.tag(((DefType) thrown.type()).function());
        tag = made;
        yield made;
      }
    };
  }

  /** What the host gives counts against no limits, so it has a maximum. */
  private static MemoryType bounded(MemoryType wanted) {
    Limits limits = wanted.limits();
    return limits.bounded()
        ? wanted
        : new MemoryType(
            wanted.address(),
            Limits.between(limits.min(), limits.min() + MORE_PAGES),
            wanted.shared(),
            wanted.pageSizeLog2());
  }

  private @Nullable Importable ofOther(ExternFuncType type) {
    if (other == null) {
      return null;
    }
    for (String name : other.exportNames()) {
      Extern export = other.export(name).orElseThrow();
      if (export instanceof Func && export.externType().equals(type)) {
        return export;
      }
    }
    return null;
  }

  private HostFunction function(String name) {
    if (name.equals("probe")) {
      // programs call it like any other function, too
      return call -> {
        int row = call.i32(0);
        if (row >= 0 && row < executed.length) {
          executed[row]++;
        }
      };
    }
    return call -> {
      calls++;
      transcript.add(name);
      arguments(call);
      if (name.startsWith("throw") && calls % 3 == 0) {
        throw exception();
      }
      if (name.startsWith("back")) {
        back(call);
      }
      for (ValType result : call.type().results()) {
        give(call, answer(result, calls));
      }
    };
  }

  private RuntimeException exception() {
    Tag known = tag;
    return known != null && known.type().parameters().isEmpty()
        ? known.exception()
        : engine.tag(new FuncType(List.of(), List.of())).exception();
  }

  private void arguments(Call call) {
    List<ValType> parameters = call.type().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      transcript.value(
          switch (parameters.get(i)) {
            case NumType num ->
                switch (num) {
                  case I32 -> call.i32(i);
                  case I64 -> call.i64(i);
                  case F32 -> call.f32(i);
                  case F64 -> call.f64(i);
                };
            case VecType vec -> call.v128(i);
            case RefType reference -> call.ref(i);
          });
    }
  }

  /** Calls an export from within a call, which may come here again. */
  private void back(Call call) {
    if (depth >= DEEPEST) {
      return;
    }
    Func function = call.instance().function("f" + calls % 2);
    FuncType type = function.type();
    if (!type.parameters().stream().allMatch(TypePool::hasDefault)) {
      return;
    }
    depth++;
    try {
      int number = calls;
      @Nullable Object[] arguments =
          type.parameters().stream().map(parameter -> answer(parameter, number)).toArray();
      function.call(arguments).toList().forEach(transcript::value);
    } finally {
      depth--;
    }
  }

  private static @Nullable Object answer(ValType type, int number) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> number;
            case I64 -> (long) number << 33;
            case F32 -> number / 4f;
            case F64 -> -number / 8.0;
          };
      case VecType vec -> new V128(number, ~number);
      case RefType reference -> null;
    };
  }

  private static void give(Call call, @Nullable Object value) {
    switch (value) {
      case null -> call.resultRef(null);
      case Integer number -> call.result((int) number);
      case Long number -> call.result((long) number);
      case Float number -> call.result((float) number);
      case Double number -> call.result((double) number);
      case V128 vector -> call.result(vector);
      default -> throw new AssertionError(value.toString());
    }
  }
}
