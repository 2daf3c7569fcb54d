package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.WasmModule;
import java.nio.file.Path;
import java.util.List;

/** {@code sampan run}: runs a program. */
final class RunCommand implements Verb {

  private static final String INVOKE = "--invoke";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "run",
            "Runs a program.",
            "A program is a module that exports the function '_start', or 'main' if it was built"
                + " without WASI. It is given WASI preview 1, and of module 'env' the C library"
                + " that devices have built in. It may use nothing but its arguments, its standard"
                + " streams, clocks, random numbers, and what options grant.",
            "Of a library, which exports '_initialize' instead, that function is called, or another"
                + " one behind it with "
                + INVOKE
                + ".");
    syntax.option(
        Option.value(
            INVOKE,
            "FUNC",
            "Call this function instead, with the arguments as its own, and print its results."));
    Guest.addOptions(syntax);
    syntax.operand(Options.file("The module."));
    syntax.operand(Options.arguments("The program's arguments, options too."));
    return Options.guestExitCodes(syntax, "The program ended well.");
  }

  @Override
  public int run(Line line, Console console) {
    return Guest.with(
        line,
        console,
        guest -> {
          List<String> arguments = line.operandsFrom(1);
          WasmModule module = guest.module();
          if (line.has(INVOKE)) {
            String function = line.value(INVOKE);
            FunctionCall call = FunctionCall.of(guest.file(), module, function, arguments);
            return guest.run(List.of(), instance -> call.on(instance, console));
          }
          if (Exports.function(module, Exports.START).isPresent()) {
            return guest.run(arguments, Wasi::start);
          }
          if (Libc.main(module).isPresent()) {
            return guest.run(arguments, instance -> guest.main(instance, arguments));
          }
          if (Exports.function(module, Exports.INITIALIZE).isPresent()) {
            return guest.run(arguments, Wasi::start);
          }
          throw noProgram(guest.file());
        });
  }

  private static Failure noProgram(Path file) {
    return new Failure(
        ExitCode.FAILED,
        file
            + ": no program (it exports neither '_start' nor 'main'); call a function of it with:"
            + " sampan call "
            + file
            + " FUNC [ARG...]",
        null);
  }
}
