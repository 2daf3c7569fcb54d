package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.script.Script;
import dev.sampan.wasm.script.ScriptResult;
import dev.sampan.wasm.script.ScriptRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code sampan wast}: runs test scripts. */
final class WastCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "wast",
            "Runs test scripts.",
            "They have the form of the specification's own. Prints each command that failed, and "
                + "at the end: N passed, N failed.");
    syntax.option(Options.mode());
    syntax.operand(
        Options.files("FILE|DIR", "Scripts, and folders whose scripts (*.wast) are run."));
    return Options.exitCodes(
        syntax, "Nothing failed.", "Something failed, or a script is missing or malformed.");
  }

  @Override
  public int run(Line line, Console console) {
    List<Path> places = line.filesFrom(0);
    try (Engine engine = Options.engine(line, null)) {
      Totals totals = new Totals(engine, console, Options.isVerbose(line));
      places.forEach(totals::runAll);
      console.println(totals.passed + " passed, " + totals.failed + " failed");
      return totals.failed == 0 ? ExitCode.SUCCESS : ExitCode.FAILED;
    }
  }

  /** Runs scripts and counts. */
  private static final class Totals {
    private final Engine engine;
    private final Console console;
    private final boolean verbose;
    private long passed;
    private long failed;

    Totals(Engine engine, Console console, boolean verbose) {
      this.engine = engine;
      this.console = console;
      this.verbose = verbose;
    }

    void runAll(Path place) {
      try {
        scripts(place).forEach(this::run);
      } catch (Failure e) {
        fail(e);
      }
    }

    private void run(Path file) {
      try {
        ScriptResult result = ScriptRunner.run(read(file), engine);
        passed += result.passed();
        failed += result.failures().size();
        for (ScriptResult.Failure failure : result.failures()) {
          console.println(failure.toString());
          trace(failure.cause());
        }
        console.flush();
      } catch (Failure e) {
        fail(e);
      }
    }

    private void fail(Failure failure) {
      failed++;
      console.error(String.valueOf(failure.getMessage()));
      trace(failure.getCause());
    }

    private void trace(@Nullable Throwable cause) {
      if (verbose && cause != null) {
        console.flush();
        cause.printStackTrace(console.err());
      }
    }
  }

  private static Script read(Path file) {
    try {
      return Script.read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw Failure.of(file, e);
    } catch (WasmException e) {
      throw Failure.of(file, e);
    }
  }

  private static List<Path> scripts(Path place) {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> files = Files.walk(place)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".wast")).sorted().toList();
      if (found.isEmpty()) {
        throw new Failure(ExitCode.FAILED, place + ": no scripts (*.wast) in this folder", null);
      }
      return found;
    } catch (IOException e) {
      throw Failure.of(place, e);
    } catch (UncheckedIOException e) {
      throw Failure.of(place, Objects.requireNonNull(e.getCause()));
    }
  }
}
