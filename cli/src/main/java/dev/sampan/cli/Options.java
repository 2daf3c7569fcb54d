package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasm.CodeCache;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What several verbs have in common on the command line. */
final class Options {

  static final String OUTPUT = "--output";
  private static final String CACHE = "--cache";
  private static final String MODE = "--mode";
  private static final String NONE = "none";
  private static final String VERBOSE = "--verbose";

  private Options() {}

  /**
   * A verb that knows {@code --help} and {@code --verbose}.
   *
   * @param name the verb
   * @param header what it does, as a short sentence
   * @param description what else is to be said
   */
  static Syntax verb(String name, String header, String... description) {
    return new Syntax(name, header, description)
        .option(Option.flag(VERBOSE, "Print the Java stack trace of a failure, too."));
  }

  /** The option that chooses how code is run. */
  static Option mode() {
    return Option.value(MODE, "MODE", "How code is run: " + String.join(", ", modes()) + ".")
        .oneOf(modes());
  }

  private static List<String> modes() {
    List<String> modes = new ArrayList<>();
    for (ExecutionMode mode : ExecutionMode.values()) {
      modes.add(text(mode));
    }
    return modes;
  }

  private static String text(ExecutionMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The option that tells where generated code is kept. */
  static Option cache() {
    return Option.value(
        CACHE,
        "DIR",
        "Keep generated code in the folder DIR, or nowhere if that is '" + NONE + "'.",
        "Without it a folder 'sampan' among the user's caches is used.");
  }

  /** The option that tells where to write. */
  static Option output() {
    return Option.value(
            OUTPUT, "OUT", "Where to write it; a file that exists is replaced as a whole.")
        .abbreviated("-o")
        .asRequired();
  }

  /** The one file that a verb is about. */
  static Operand file(String description) {
    return new Operand("FILE", 1, false, description);
  }

  /** The files that a verb is about, at least one. */
  static Operand files(String label, String description) {
    return new Operand(label, 1, true, description);
  }

  /** What is written behind the rest, and belongs to the guest. */
  static Operand arguments(String description) {
    return new Operand("ARG", 0, true, description);
  }

  /** The exit codes of a verb that runs no guest. */
  static Syntax exitCodes(Syntax syntax, String success, String failed) {
    return syntax
        .exitCode("0", success)
        .exitCode("1", failed)
        .exitCode("2", "The command line makes no sense.");
  }

  /** The exit codes of a verb that runs a guest. */
  static Syntax guestExitCodes(Syntax syntax, String success) {
    return syntax
        .exitCode("0", success)
        .exitCode("N", "The guest ended itself with exit code N.")
        .exitCode("1", "The module is missing, malformed or invalid, or cannot be linked.")
        .exitCode("2", "The command line or the policy makes no sense.")
        .exitCode("134", "The guest trapped, exceeded a limit, or did not catch an exception.");
  }

  /** The engine that the options ask for, with a code cache. */
  static Engine cachingEngine(Line line) {
    String folder = line.value(CACHE);
    if (line.has(CACHE) && folder.isEmpty()) {
      throw Failure.usage(CACHE + " needs a folder or '" + NONE + "', found nothing");
    }
    if (folder.equals(NONE)) {
      return engine(line, null);
    }
    return engine(line, folder.isEmpty() ? UserCache.find() : CodeCache.at(Line.path(folder)));
  }

  /** The engine that the options ask for. */
  static Engine engine(Line line, @Nullable CodeCache cache) {
    return Engine.builder().mode(mode(line.value(MODE))).codeCache(cache).build();
  }

  private static ExecutionMode mode(String wanted) {
    if (wanted.isEmpty()) {
      return ExecutionMode.COMPILER;
    }
    for (ExecutionMode mode : ExecutionMode.values()) {
      if (text(mode).equals(wanted)) {
        return mode;
      }
    }
    throw Failure.usage("unknown mode '" + wanted + "'; there is " + String.join(", ", modes()));
  }

  static boolean isVerbose(Line line) {
    return line.has(VERBOSE);
  }
}
