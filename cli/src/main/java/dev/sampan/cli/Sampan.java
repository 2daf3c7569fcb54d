package dev.sampan.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code sampan} command. */
public final class Sampan {

  private static final String COMPLETION = "--completion";
  private static final String VERSION = "--version";

  private final Console console;
  private final Map<String, Verb> verbs = new LinkedHashMap<>();

  private Sampan(Console console) {
    this.console = console;
  }

  /** Runs the command as a process of its own. */
  public static void main(String[] args) {
    System.exit(new Sampan(Console.ofProcess()).run(args));
  }

  /**
   * Runs the command with other streams than those of the process.
   *
   * @param args the command line
   * @param in standard input
   * @param out standard output; it need not be buffered
   * @param err standard error
   * @return the exit code
   */
  public static int run(String[] args, InputStream in, OutputStream out, PrintStream err) {
    return new Sampan(Console.of(in, out, err)).run(args);
  }

  private int run(String[] args) {
    try {
      int exitCode = parseAndRun(args);
      console.flush();
      return exitCode;
    } catch (Console.OutputException e) {
      if (e.isBrokenPipe()) {
        return ExitCode.BROKEN_PIPE;
      }
      console.err().println("sampan: standard output: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private int parseAndRun(String[] args) {
    CommandLine command = command();
    if (args.length == 0) {
      console.err().print(command.getUsageMessage(Ansi.OFF));
      return ExitCode.USAGE;
    }
    ParseResult line;
    try {
      line = command.parseArgs(args);
    } catch (ParameterException e) {
      return complain(wording(e), e.getCommandLine());
    }
    if (!line.hasSubcommand()) {
      return withoutVerb(line, command);
    }
    ParseResult rest = line.subcommand();
    CommandLine verb = rest.commandSpec().commandLine();
    if (rest.isUsageHelpRequested()) {
      console.print(verb.getUsageMessage(Ansi.OFF));
      return ExitCode.SUCCESS;
    }
    return perform(verb, rest);
  }

  private int perform(CommandLine verb, ParseResult line) {
    Throwable thrown;
    int exitCode;
    try {
      return Objects.requireNonNull(verbs.get(verb.getCommandName())).run(line, console);
    } catch (Console.OutputException e) {
      throw e;
    } catch (Failure e) {
      if (e.exitCode() == ExitCode.USAGE) {
        return complain(String.valueOf(e.getMessage()), verb);
      }
      console.error(String.valueOf(e.getMessage()));
      thrown = e.getCause();
      exitCode = e.exitCode();
    } catch (OutOfMemoryError e) {
      console.error("out of memory: the Java heap is too small for this (option -Xmx of java)");
      thrown = e;
      exitCode = ExitCode.INTERNAL;
    } catch (RuntimeException | Error e) {
      console.error("internal error, please report: " + e);
      thrown = e;
      exitCode = ExitCode.INTERNAL;
    }
    if (thrown != null && Options.isVerbose(line)) {
      thrown.printStackTrace(console.err());
    }
    return exitCode;
  }

  private int complain(String message, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    console.error(message + "\nTry '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  /** The library's words, turned into the command's own. */
  private static String wording(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (first.startsWith("-")) {
        return "unknown option '" + first + "'";
      }
      boolean atRoot = e.getCommandLine().getParent() == null;
      return atRoot ? "unknown verb '" + first + "'" : "unexpected argument '" + first + "'";
    }
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  // ---- what there is without a verb ----

  private CommandLine command() {
    CommandSpec spec =
        Options.command(
            "sampan",
            "Runs WebAssembly.",
            "Wherever a module is asked for, it may be binary (.wasm) or text (.wat).");
    spec.usageMessage()
        .customSynopsis(
            "sampan VERB [OPTION...] ...", "       sampan --help | --version | --completion")
        .footer("%nHelp for a verb, with its exit codes: sampan VERB --help");
    spec.addOption(Options.flag(VERSION).description("Print the version.").build());
    spec.addOption(
        Options.flag(COMPLETION)
            .description(
                "Print a script that completes command lines in bash and zsh:",
                "  source <(sampan --completion)")
            .build());
    add(spec, new RunCommand());
    add(spec, new CallCommand());
    add(spec, new ValidateCommand());
    add(spec, new PrintCommand());
    add(spec, new ParseCommand());
    add(spec, new InspectCommand());
    add(spec, new WastCommand());
    return new CommandLine(spec);
  }

  private void add(CommandSpec root, Verb verb) {
    CommandSpec spec = verb.spec();
    verbs.put(spec.name(), verb);
    root.addSubcommand(spec.name(), new CommandLine(spec));
  }

  private int withoutVerb(ParseResult line, CommandLine command) {
    if (line.hasMatchedOption(COMPLETION)) {
      console.print(AutoComplete.bash(command.getCommandName(), command));
    } else if (line.hasMatchedOption(VERSION)) {
      console.println("sampan " + version() + " (Java " + Runtime.version() + ")");
    } else {
      console.print(command.getUsageMessage(Ansi.OFF));
    }
    return ExitCode.SUCCESS;
  }

  private static String version() {
    @Nullable String version = Sampan.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
