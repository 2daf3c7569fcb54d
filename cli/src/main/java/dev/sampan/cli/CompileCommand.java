package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Libc;
import dev.sampan.wasi.Program;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** {@code sampan compile}: generates the code of a module ahead of time. */
final class CompileCommand implements Verb {

  private static final String CLASSES = "--classes";
  private static final String STANDALONE = "--standalone";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "compile",
            "Writes a module and its generated code as a jar.",
            "The jar runs on every processor and system with a JDK 25 or later and this version of"
                + " the engine in the class path. A Java program loads it by its name:"
                + " engine.loadCompiled(\"FILE without extension\", classLoader).",
            "If the module exports '_start' or 'main', dev.sampan.wasi.Program in the class path"
                + " runs it.");
    syntax.option(Options.output());
    syntax.option(
        Option.flag(
            STANDALONE,
            "Put the engine and WASI into the jar, too, so that java -jar OUT runs it."));
    syntax.option(
        Option.flag(CLASSES, "OUT is a folder of class files, such as one that becomes a jar."));
    syntax.operand(Options.file("The module."));
    return Options.exitCodes(
        syntax,
        "The jar is written.",
        "The module is missing, malformed or invalid, or OUT cannot be written.");
  }

  @Override
  public int run(Line line, Console console) {
    Path file = line.file(0);
    Path out = Line.path(line.value(Options.OUTPUT));
    ModuleFile module = ModuleFile.read(file, console);
    try (Engine engine = Options.engine(line, null)) {
      WasmModule loaded = module.load(engine);
      boolean program =
          Exports.function(loaded, Exports.START).isPresent() || Libc.main(loaded).isPresent();
      boolean standalone = line.has(STANDALONE);
      if (standalone && !program) {
        throw Failure.usage(
            file
                + " is no program (it exports neither '_start' nor 'main'), so it cannot stand"
                + " alone");
      }
      if (line.has(CLASSES)) {
        if (standalone) {
          throw Failure.usage(CLASSES + " and " + STANDALONE + " exclude each other");
        }
        writeFolder(module, engine, out);
      } else {
        write(module, engine, out, program, standalone);
      }
      return ExitCode.SUCCESS;
    }
  }

  private static void write(
      ModuleFile module, Engine engine, Path out, boolean program, boolean standalone) {
    String name = name(module.path());
    try (JarFile jar = JarFile.create(out, program ? Program.class.getName() : "")) {
      engine.compile(module.bytes(), name, jar::add);
      if (program) {
        jar.add(Program.RESOURCE, name.getBytes(StandardCharsets.UTF_8));
      }
      if (standalone) {
        jar.addClassesOf(Engine.class, "dev/sampan/wasm/");
        jar.addClassesOf(Program.class, "dev/sampan/wasi/");
      }
      jar.finish();
    } catch (WasmException e) {
      throw Failure.of(module.path(), e);
    } catch (IOException e) {
      throw Failure.of(out, e);
    } catch (UncheckedIOException e) {
      throw Failure.of(out, Objects.requireNonNull(e.getCause()));
    }
  }

  private static void writeFolder(ModuleFile module, Engine engine, Path out) {
    try {
      engine.compile(
          module.bytes(),
          name(module.path()),
          (name, content) -> {
            Path file = out.resolve(name);
            try {
              Files.createDirectories(file.toAbsolutePath().getParent());
              Files.write(file, content);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (WasmException e) {
      throw Failure.of(module.path(), e);
    } catch (UncheckedIOException e) {
      throw Failure.of(out, Objects.requireNonNull(e.getCause()));
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
