package dev.sampan.cli;

import dev.sampan.wasi.Libc;
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
            "A program is a module that exports the function '_start', or 'main' if it was built"
                + " without WASI. It is given WASI preview 1, and of module 'env' the C library"
                + " that devices have built in. It may use nothing but its arguments, its standard"
                + " streams, clocks, random numbers, and what options grant.");
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
      boolean start = Exports.function(module, Exports.START).isPresent();
      if (!start && Libc.main(module).isEmpty()) {
        throw noProgram(file, module);
      }
      Libc.Guest libc = console.grantStreams(Libc.builtin()).forInstance();
      var imports = Guest.imports(line, file, arguments, console).with(libc);
      return Guest.run(
          file,
          () -> {
            try (Instance instance = module.instantiate(imports)) {
              if (!start) {
                return libc.main(instance, Guest.arguments(file, arguments));
              }
              instance.function(Exports.START).call();
            }
            return ExitCode.SUCCESS;
          });
    }
  }

  private static Failure noProgram(Path file, WasmModule module) {
    String what =
        Exports.function(module, Exports.INITIALIZE).isPresent()
            ? "a library (it exports '_initialize' and neither '_start' nor 'main')"
            : "no program (it exports neither '_start' nor 'main')";
    return new Failure(
        ExitCode.FAILED,
        file + ": " + what + "; call a function of it with: sampan call " + file + " FUNC [ARG...]",
        null);
  }
}
