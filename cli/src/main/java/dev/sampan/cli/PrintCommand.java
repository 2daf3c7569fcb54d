package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import java.nio.file.Path;

/** {@code sampan print}: writes a module in the text format. */
final class PrintCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb("print", "Prints a module in the text format.", "It need not be valid.");
    syntax.operand(Options.file("The module."));
    return Options.exitCodes(
        syntax, "The module is printed.", "The module is missing or malformed.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    byte[] module = ModuleFile.read(file, console).binary();
    try {
      console.print(Engine.print(module));
    } catch (WasmException e) {
      throw Failure.of(file, e);
    }
    return ExitCode.SUCCESS;
  }
}
