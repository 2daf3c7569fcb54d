package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasm.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.lang.model.SourceVersion;

/** {@code sampan bind}: writes the Java interface of what a module exports. */
final class BindCommand implements Verb {

  private static final String NAME = "--name";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "bind",
            "Writes the Java interface of a module's exported functions.",
            "A program calls the functions through it: instance.as(NAME.class).");
    syntax.option(
        Option.value(
                NAME, "NAME", "The interface's name with its package, such as com.acme.Scorer.")
            .asRequired());
    syntax.option(
        Option.value(
                Options.OUTPUT,
                "DIR",
                "The folder of Java sources; the folders of the package are made in it.")
            .abbreviated("-o")
            .asRequired());
    syntax.operand(Options.file("The module."));
    return Options.exitCodes(
        syntax,
        "The interface is written.",
        "The module is missing, malformed or invalid, or DIR cannot be written.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    String name = line.value(NAME);
    if (!SourceVersion.isName(name)) {
      throw Failure.usage(NAME + " needs the name of a Java interface, found '" + name + "'");
    }
    Path source = Line.path(line.value(Options.OUTPUT)).resolve(name.replace('.', '/') + ".java");
    try (Engine engine = Options.engine(line, null)) {
      String text = JavaInterface.source(ModuleFile.read(file, console).load(engine), name);
      try {
        Files.createDirectories(source.toAbsolutePath().getParent());
        Files.write(source, text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw Failure.of(source, e);
      }
    }
    return ExitCode.SUCCESS;
  }
}
