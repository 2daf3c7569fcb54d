package dev.sampan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code sampan parse}: writes a module in the binary format. */
final class ParseCommand implements Verb {

  private static final String OUTPUT = "--output";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.verb(
            "parse",
            "Writes a module in the binary format.",
            "The module is a text, as a rule. It need not be valid.");
    spec.addOption(
        OptionSpec.builder("-o", OUTPUT)
            .type(Path.class)
            .required(true)
            .paramLabel("OUT")
            .description("Where to write it; a file that exists is replaced as a whole.")
            .build());
    spec.addPositional(Options.file("The module."));
    Options.exitCodes(
        spec,
        "The module is written.",
        "The module is missing or malformed, or OUT cannot be written.");
    return spec;
  }

  @Override
  public int run(ParseResult line, Console console) {
    Path file = line.matchedPositionalValue(0, Path.of(""));
    Path out = line.matchedOptionValue(OUTPUT, Path.of(""));
    byte[] module = ModuleFile.read(file).binary();
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
