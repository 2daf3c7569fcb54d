package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sampan print}: writes a module in the text format. */
final class PrintCommand implements Verb {

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.verb("print", "Prints a module in the text format.", "It need not be valid.");
    spec.addPositional(Options.file("The module."));
    Options.exitCodes(spec, "The module is printed.", "The module is missing or malformed.");
    return spec;
  }

  @Override
  public int run(ParseResult line, Console console) {
    Path file = line.matchedPositionalValue(0, Path.of(""));
    byte[] module = ModuleFile.read(file).binary();
    try {
      console.print(Engine.print(module));
    } catch (WasmException e) {
      throw Failure.of(file, e);
    }
    return ExitCode.SUCCESS;
  }
}
