package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The {@code sampan} command. */
public final class Sampan {

  private static final String NAME = "sampan";
  private static final String COMPLETION = "--completion";
  private static final String VERSION = "--version";

  /** What people try first; {@code help VERB} is {@code VERB --help}. */
  private static final String HELP = "help";

  /** The verbs in the order in which help tells them. */
  private static final List<String> VERBS =
      List.of(
          "run",
          "call",
          "validate",
          "print",
          "parse",
          "inspect",
          "compile",
          "bind",
          "wast",
          "host",
          "app",
          "fn",
          "tenant",
          "event",
          "ui");

  /** Verbs that have verbs of their own, and what they are about. */
  private static final Map<String, String> GROUPS =
      Map.of(
          "host", "Starts and stops the container host.",
          "app", "Manages the apps of the container host.",
          "fn", "Deploys functions to the container host.",
          "tenant", "Says who shares the container host.",
          "event", "Publishes events, and listens to them.");

  private final Console console;

  private Sampan(Console console) {
    this.console = console;
  }

  /** Runs the command as a process of its own. */
  public static void main(String[] args) {
    int exitCode = new Sampan(Console.ofProcess()).run(args);
    Interruption.commandHasEnded();
    // the library's exit begins with opening the loggers, which takes as long as a short run
    if (exitCode != ExitCode.SUCCESS) {
      System.exit(exitCode);
    }
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
      int exitCode = parseAndRun(List.of(args));
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

  /** A verb, made only when it is needed. */
  private static @Nullable Verb verb(String name) {
    return switch (name) {
      case "run" -> new RunCommand();
      case "call" -> new CallCommand();
      case "validate" -> new ValidateCommand();
      case "print" -> new PrintCommand();
      case "parse" -> new ParseCommand();
      case "inspect" -> new InspectCommand();
      case "compile" -> new CompileCommand();
      case "bind" -> new BindCommand();
      case "wast" -> new WastCommand();
      case "ui" -> new UiCommand();
      default -> GROUPS.containsKey(name.split(" ", 2)[0]) ? HostVerbs.verb(name) : null;
    };
  }

  private int parseAndRun(List<String> args) {
    if (args.isEmpty()) {
      console.err().print(help());
      return ExitCode.USAGE;
    }
    String first = args.getFirst();
    if (first.equals(HELP)) {
      List<String> about = new ArrayList<>(args.subList(1, args.size()));
      about.add(Syntax.HELP);
      return parseAndRun(about);
    }
    int words = 1;
    if (GROUPS.containsKey(first)) {
      if (args.size() == 1 || verb(first + " " + args.get(1)) == null) {
        return group(first, args);
      }
      first += " " + args.get(1);
      words = 2;
    }
    Verb verb = verb(first);
    if (verb == null) {
      return withoutVerb(args);
    }
    Syntax syntax = verb.syntax();
    String command = NAME + " " + first;
    Line line;
    try {
      line = Line.parse(syntax, args.subList(words, args.size()));
    } catch (Failure e) {
      return complain(e, command);
    }
    if (line.has(Syntax.HELP)) {
      console.print(Help.of(words == 2 ? NAME + " " + args.getFirst() : NAME, syntax));
      return ExitCode.SUCCESS;
    }
    return perform(verb, line, command);
  }

  private int perform(Verb verb, Line line, String command) {
    Throwable thrown;
    int exitCode;
    try {
      return verb.run(line, console);
    } catch (Console.OutputException e) {
      throw e;
    } catch (Failure e) {
      if (e.isCommandLine()) {
        return complain(e, command);
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

  private int complain(Failure failure, String command) {
    console.error(failure.getMessage() + "\nTry '" + command + " --help'.");
    return ExitCode.USAGE;
  }

  // ---- verbs of verbs ----

  private static Syntax groupSyntax(String name) {
    return new Syntax(name, Objects.requireNonNull(GROUPS.get(name))).endOptionsWithFirstOperand();
  }

  private int group(String name, List<String> args) {
    Map<String, String> verbs = new LinkedHashMap<>();
    for (String each : HostVerbs.VERBS) {
      if (each.startsWith(name + " ")) {
        Syntax verb = Objects.requireNonNull(verb(each)).syntax();
        verbs.put(each.substring(name.length() + 1), verb.header);
      }
    }
    String second = args.size() < 2 ? "" : args.get(1);
    if (!second.isEmpty() && !second.startsWith("-")) {
      return complain(
          Failure.usage(
              "unknown verb '"
                  + name
                  + " "
                  + second
                  + "'; there is "
                  + String.join(", ", verbs.keySet())),
          NAME + " " + name);
    }
    String help =
        Help.ofCommand(
            groupSyntax(name),
            List.of("sampan " + name + " VERB [OPTION...] ..."),
            verbs,
            "Help for a verb: sampan " + name + " VERB --help");
    if (second.equals(Syntax.HELP) || second.equals("-h")) {
      console.print(help);
      return ExitCode.SUCCESS;
    }
    console.err().print(help);
    return ExitCode.USAGE;
  }

  // ---- what there is without a verb ----

  private static Syntax syntax() {
    return new Syntax(
            NAME,
            "Runs WebAssembly.",
            "Wherever a module is asked for, it may be binary (.wasm) or text (.wat), and - is"
                + " standard input.")
        .option(Option.flag(VERSION, "Print the version."))
        .option(
            Option.flag(
                COMPLETION,
                "Print a script that completes command lines in bash and zsh:",
                "  source <(sampan --completion)"))
        .endOptionsWithFirstOperand();
  }

  private static List<Syntax> verbSyntaxes() {
    return VERBS.stream()
        .map(
            name ->
                GROUPS.containsKey(name)
                    ? groupSyntax(name)
                    : Objects.requireNonNull(verb(name)).syntax())
        .toList();
  }

  private static String help() {
    Map<String, String> verbs = new LinkedHashMap<>();
    for (Syntax verb : verbSyntaxes()) {
      verbs.put(verb.name, verb.header);
    }
    return Help.ofCommand(
        syntax(),
        List.of(
            "sampan VERB [OPTION...] ...",
            "sampan help [VERB] | --help | --version | --completion"),
        verbs,
        "Help for a verb, with its exit codes: sampan VERB --help");
  }

  private int withoutVerb(List<String> args) {
    Syntax syntax = syntax();
    String first = args.getFirst();
    if (!first.startsWith("-")) {
      return complain(Failure.usage("unknown verb '" + first + "'"), NAME);
    }
    Line line;
    try {
      line = Line.parse(syntax, args);
    } catch (Failure e) {
      return complain(e, NAME);
    }
    if (line.has(Syntax.HELP)) {
      console.print(help());
    } else if (line.has(COMPLETION)) {
      console.print(Completion.script(syntax, verbSyntaxes()));
    } else if (line.has(VERSION)) {
      console.println("sampan " + version() + " (Java " + Runtime.version() + ")");
    } else {
      console.err().print(help());
      return ExitCode.USAGE;
    }
    return ExitCode.SUCCESS;
  }

  private static String version() {
    @Nullable String version = Sampan.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
