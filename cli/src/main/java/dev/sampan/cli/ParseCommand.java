package dev.sampan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** {@code sampan parse}: writes a module in the binary format. */
final class ParseCommand implements Verb {

  private static final String STDOUT = "-";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "parse",
            "Writes a module in the binary format.",
            "The module is a text, as a rule. It need not be valid. As OUT, - is standard output.");
    syntax.option(Options.output());
    syntax.operand(Options.file("The module."));
    return Options.exitCodes(
        syntax,
        "The module is written.",
        "The module is missing or malformed, or OUT cannot be written.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    byte[] module = ModuleFile.read(file, console).binary();
    if (line.value(Options.OUTPUT).equals(STDOUT)) {
      console.write(module);
      return ExitCode.SUCCESS;
    }
    Path out = Line.path(line.value(Options.OUTPUT));
    try {
      write(out, module);
    } catch (IOException e) {
      throw Failure.of(out, e);
    }
    return ExitCode.SUCCESS;
  }

  /** Writes a file so that nobody ever sees half of it. */
  private static void write(Path out, byte[] content) throws IOException {
    if (Files.isDirectory(out)) {
      throw new IOException("is a directory");
    }
    if (Files.exists(out) && !Files.isRegularFile(out)) {
      // a pipe or a device cannot be replaced
      Files.write(out, content);
      return;
    }
    Path target = Files.exists(out) ? out.toRealPath() : out.toAbsolutePath();
    Path draft =
        target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
    draft.toFile().deleteOnExit();
    try {
      Files.write(draft, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
