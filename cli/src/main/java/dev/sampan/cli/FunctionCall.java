package dev.sampan.cli;

import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.FuncType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call of an exported function with arguments from the command line, which prints its results.
 */
final class FunctionCall {

  private final String function;
  private final FuncType type;
  private final @Nullable Object[] values;

  private FunctionCall(String function, FuncType type, @Nullable Object[] values) {
    this.function = function;
    this.type = type;
    this.values = values;
  }

  /**
   * A call.
   *
   * @throws Failure if there is no such function, or the arguments are not its
   */
  static FunctionCall of(Path file, WasmModule module, String function, List<String> arguments) {
    FuncType type =
        Exports.function(module, function).orElseThrow(() -> unknown(file, function, module));
    return new FunctionCall(function, type, parse(function, type, arguments));
  }

  /**
   * Calls it, and before it a library's initialisation.
   *
   * @return the exit code
   */
  int on(Instance instance, Console console) {
    if (!function.equals(Exports.INITIALIZE)
        && Exports.function(instance.module(), Exports.INITIALIZE).isPresent()) {
      instance.function(Exports.INITIALIZE).call();
    }
    Results results = instance.function(function).call(values);
    for (int i = 0; i < results.size(); i++) {
      console.println(Literals.print(type.results().get(i), results.get(i)));
    }
    return ExitCode.SUCCESS;
  }

  private static Failure unknown(Path file, String function, WasmModule module) {
    List<String> known = Exports.functions(module);
    return Failure.usage(
        file
            + " exports no function '"
            + function
            + "'; "
            + (known.isEmpty()
                ? "it exports none at all"
                : "there is " + String.join(", ", known)));
  }

  private static @Nullable Object[] parse(String function, FuncType type, List<String> arguments) {
    int wanted = type.parameters().size();
    if (arguments.size() != wanted) {
      throw Failure.usage(
          "'%s' takes %d argument%s, found %d; its type is %s"
              .formatted(function, wanted, wanted == 1 ? "" : "s", arguments.size(), type));
    }
    @Nullable Object[] values = new Object[wanted];
    for (int i = 0; i < wanted; i++) {
      try {
        values[i] = Literals.parse(type.parameters().get(i), arguments.get(i));
      } catch (IllegalArgumentException e) {
        throw Failure.usage(
            "argument %d of '%s': %s; its type is %s"
                .formatted(i + 1, function, e.getMessage(), type));
      }
    }
    return values;
  }
}
