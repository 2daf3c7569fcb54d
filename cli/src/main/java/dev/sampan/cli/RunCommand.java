package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sampan run}: runs a program. */
final class RunCommand implements Verb {

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.verb(
            "run",
            "Runs a program.",
            "A program is a module that exports the function '_start'. It is given WASI preview 1."
                + " It may use nothing but its arguments, its standard streams, clocks, random"
                + " numbers, and what options grant.");
    Guest.addOptions(spec);
    spec.addPositional(Options.file("The module."));
    spec.addPositional(Options.arguments(1, "The program's arguments, options too."));
    Options.guestExitCodes(spec, "The program ended well.");
    return spec;
  }

  @Override
  public int run(ParseResult line, Console console) {
    Path file = line.matchedPositionalValue(0, Path.of(""));
    List<String> arguments = line.matchedPositionalValue(1, List.of());
    try (Engine engine = Options.engine(line)) {
      WasmModule module = ModuleFile.read(file).load(engine);
      if (Exports.function(module, Exports.START).isEmpty()) {
        throw noProgram(file, module);
      }
      var imports = Guest.imports(line, file, arguments, console);
      return Guest.run(
          file,
          () -> {
            try (Instance instance = module.instantiate(imports)) {
              instance.function(Exports.START).call();
            }
            return ExitCode.SUCCESS;
          });
    }
  }

  private static Failure noProgram(Path file, WasmModule module) {
    String what =
        Exports.function(module, Exports.INITIALIZE).isPresent()
            ? "a library (it exports '_initialize' and no '_start')"
            : "no program (it exports no function '_start')";
    return new Failure(
        ExitCode.FAILED,
        file + ": " + what + "; call a function of it with: sampan call " + file + " FUNC [ARG...]",
        null);
  }
}
