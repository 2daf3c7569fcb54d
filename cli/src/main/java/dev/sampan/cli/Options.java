package dev.sampan.cli;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What several verbs have in common on the command line. */
final class Options {

  private static final String MODE = "--mode";
  private static final String VERBOSE = "--verbose";

  private Options() {}

  /**
   * A verb that knows {@code --help} and {@code --verbose}.
   *
   * @param name the verb
   * @param header what it does, as a short sentence
   * @param description what else is to be said
   */
  static CommandSpec verb(String name, String header, String... description) {
    CommandSpec spec = command(name, header, description);
    spec.addOption(
        flag(VERBOSE).description("Print the Java stack trace of a failure, too.").build());
    return spec;
  }

  /** A command that knows {@code --help}. */
  static CommandSpec command(String name, String header, String... description) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(null).name(name);
    // an argument that begins with @ is the guest's, and no file with more arguments
    spec.parser().expandAtFiles(false);
    spec.usageMessage()
        .header(header)
        .synopsisHeading("%nUsage: ")
        .description(description)
        .descriptionHeading(description.length == 0 ? "" : "%n")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nVerbs:%n")
        .sortOptions(false);
    spec.addOption(flag("-h", "--help").usageHelp(true).description("Print this help.").build());
    return spec;
  }

  /** An option without value. */
  static OptionSpec.Builder flag(String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .type(boolean.class)
        .arity("0");
  }

  /** An option with a value that may be given any number of times. */
  static OptionSpec list(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** The option that chooses how code is run. */
  static OptionSpec mode() {
    List<String> modes = Arrays.stream(ExecutionMode.values()).map(Options::text).toList();
    return OptionSpec.builder(MODE)
        .type(String.class)
        .paramLabel("MODE")
        .completionCandidates(modes)
        .description("How code is run: " + String.join(", ", modes) + ".")
        .build();
  }

  private static String text(ExecutionMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one file that a verb is about. */
  static PositionalParamSpec file(String description) {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("1")
        .required(true)
        .type(Path.class)
        .paramLabel("FILE")
        .description(description)
        .build();
  }

  /** The files that a verb is about, at least one. */
  static PositionalParamSpec files(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0..*")
        .arity("1..*")
        .required(true)
        .type(List.class)
        .auxiliaryTypes(Path.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** What is written behind the rest, and belongs to the guest. */
  static PositionalParamSpec arguments(int index, String description) {
    return PositionalParamSpec.builder()
        .index(index + "..*")
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel("ARG")
        .description(description)
        .build();
  }

  /** The exit codes of a verb that runs no guest. */
  static void exitCodes(CommandSpec spec, String success, String failed) {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put(" 0", success);
    codes.put(" 1", failed);
    codes.put(" 2", "The command line makes no sense.");
    spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
  }

  /** The exit codes of a verb that runs a guest. */
  static void guestExitCodes(CommandSpec spec, String success) {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("  0", success);
    codes.put("  N", "The guest ended itself with exit code N.");
    codes.put("  1", "The module is missing, malformed or invalid, or cannot be linked.");
    codes.put("  2", "The command line makes no sense.");
    codes.put("134", "The guest trapped, ran out of stack, or did not catch an exception.");
    spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
  }

  /** The engine that the options ask for. */
  static Engine engine(ParseResult line) {
    String wanted = line.matchedOptionValue(MODE, "");
    if (wanted.isEmpty()) {
      return Engine.create();
    }
    for (ExecutionMode mode : ExecutionMode.values()) {
      if (text(mode).equals(wanted)) {
        return Engine.builder().mode(mode).build();
      }
    }
    throw Failure.usage(
        "unknown mode '"
            + wanted
            + "'; there is "
            + String.join(", ", Arrays.stream(ExecutionMode.values()).map(Options::text).toList()));
  }

  static boolean isVerbose(ParseResult line) {
    return line.hasMatchedOption(VERBOSE);
  }
}
