package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.nio.file.Path;
import java.util.List;

/** {@code sampan run}: runs a program. */
final class RunCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "run",
            "Runs a program.",
            "A program is a module that exports the function '_start'. It is given WASI preview 1."
                + " It may use nothing but its arguments, its standard streams, clocks, random"
                + " numbers, and what options grant.");
    Guest.addOptions(syntax);
    syntax.operand(Options.file("The module."));
    syntax.operand(Options.arguments("The program's arguments, options too."));
    return Options.guestExitCodes(syntax, "The program ended well.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    List<String> arguments = line.operandsFrom(1);
    try (Engine engine = Options.cachingEngine(line)) {
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
