package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import java.nio.file.Path;
import java.util.List;

/** {@code sampan validate}: says which modules are not valid, and why. */
final class ValidateCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "validate",
            "Checks whether modules are valid.",
            "Says what is wrong with those that are not. With --verbose it names those that are, "
                + "too.");
    syntax.operand(Options.files("FILE", "The modules."));
    return Options.exitCodes(
        syntax, "All are valid.", "At least one is missing, malformed or invalid.");
  }

  @Override
  public int run(Line line, Console console) {
    List<Path> files = line.filesFrom(0);
    int exitCode = ExitCode.SUCCESS;
    try (Engine engine = Options.engine(line, null)) {
      for (Path file : files) {
        try {
          ModuleFile.read(file, console).load(engine);
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
