package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sampan validate}: says which modules are not valid, and why. */
final class ValidateCommand implements Verb {

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.verb(
            "validate",
            "Checks whether modules are valid.",
            "Says what is wrong with those that are not. With --verbose it names those that are, "
                + "too.");
    spec.addPositional(Options.files("FILE", "The modules."));
    Options.exitCodes(spec, "All are valid.", "At least one is missing, malformed or invalid.");
    return spec;
  }

  @Override
  public int run(ParseResult line, Console console) {
    List<Path> files = line.matchedPositionalValue(0, List.of());
    int exitCode = ExitCode.SUCCESS;
    try (Engine engine = Options.engine(line)) {
      for (Path file : files) {
        try {
          ModuleFile.read(file).load(engine);
          if (Options.isVerbose(line)) {
            console.println(file + ": valid");
          }
        } catch (Failure e) {
          console.error(String.valueOf(e.getMessage()));
          exitCode = e.exitCode();
        }
      }
    }
    return exitCode;
  }
}
