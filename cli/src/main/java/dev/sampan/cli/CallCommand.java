package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.WasmModule;
import dev.sampan.wasm.model.FuncType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sampan call}: calls one function. */
final class CallCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "call",
            "Calls an exported function and prints its results.",
            "Each result is a line. Arguments and results are written as in the text format: 42,"
                + " -0x1f, 1.5e3, nan, -inf; a vector is one argument such as 'i64x2 0x1 0x2' or"
                + " 'f32x4 1 2 3 4'; of references only null can be given.",
            "A library's '_initialize' is called first.");
    Guest.addOptions(syntax);
    syntax.operand(Options.file("The module."));
    syntax.operand(new Operand("FUNC", 1, false, "The name under which the function is exported."));
    syntax.operand(Options.arguments("The arguments, one per parameter."));
    return Options.guestExitCodes(syntax, "The function returned.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    String function = line.operand(1);
    List<String> arguments = line.operandsFrom(2);
    try (Engine engine = Options.cachingEngine(line)) {
      WasmModule module = ModuleFile.read(file).load(engine);
      FuncType type =
          Exports.function(module, function).orElseThrow(() -> unknown(file, function, module));
      @Nullable Object[] values = parse(function, type, arguments);
      var imports = Guest.imports(line, file, List.of(), console);
      return Guest.run(
          file,
          () -> {
            try (Instance instance = module.instantiate(imports)) {
              if (!function.equals(Exports.INITIALIZE)
                  && Exports.function(module, Exports.INITIALIZE).isPresent()) {
                instance.function(Exports.INITIALIZE).call();
              }
              print(type, instance.function(function).call(values), console);
            }
            return ExitCode.SUCCESS;
          });
    }
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

  private static void print(FuncType type, Results results, Console console) {
    for (int i = 0; i < results.size(); i++) {
      console.println(Literals.print(type.results().get(i), results.get(i)));
    }
  }
}
