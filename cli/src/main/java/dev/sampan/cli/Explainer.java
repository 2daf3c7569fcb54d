package dev.sampan.cli;

import dev.sampan.wasi.Explanation;
import dev.sampan.wasi.Explanation.Purpose;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.ImportType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prints what a module imports, what a policy gives and refuses of it, and the limits. */
final class Explainer {

  private static final int WIDTH = 80;
  private static final String INDENT = "      ";

  private Explainer() {}

  /**
   * Prints it.
   *
   * @return the exit code
   */
  static int print(Path file, Policy policy, List<Explanation> all, Console console) {
    console.println(file + (all.isEmpty() ? " imports nothing" : " imports"));
    boolean complete = true;
    for (Explanation each : all) {
      complete &= each.purpose() != Purpose.MISSING;
      String verdict = each.granted() ? "granted" : "refused";
      console.println("  " + verdict + ": " + words(each.purpose()));
      list(each.imports().stream().map(Explainer::name).toList(), console);
      each.details()
          .forEach(
              detail ->
                  console.println(INDENT + "- " + Literals.visible(detail.replace("\n", "\\n"))));
      if (!each.granted() && !hint(each.purpose()).isEmpty()) {
        console.println(INDENT + "give it by " + hint(each.purpose()));
      }
    }
    console.println("limits");
    for (Limit limit : Limit.values()) {
      console.println("  %-22s%s".formatted(limit.flag(), limit.text(policy)));
    }
    return complete ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private static String name(ImportType each) {
    return each.module().startsWith("wasi_")
        ? Literals.visible(each.name())
        : Literals.name(each.module()) + " " + Literals.name(each.name());
  }

  /** Prints names in lines. */
  private static void list(List<String> names, Console console) {
    List<String> words = new ArrayList<>();
    int column = INDENT.length();
    for (String name : names) {
      if (!words.isEmpty() && column + name.length() + 1 > WIDTH) {
        console.println(INDENT + String.join(", ", words) + ",");
        words.clear();
        column = INDENT.length();
      }
      words.add(name);
      column += name.length() + 2;
    }
    console.println(INDENT + String.join(", ", words));
  }

  private static String words(Purpose purpose) {
    return switch (purpose) {
      case ARGUMENTS -> "arguments";
      case ENVIRONMENT -> "environment variables";
      case STREAMS -> "standard streams, and what is open";
      case DIRECTORIES -> "files and folders";
      case NETWORK -> "network";
      case CLOCKS -> "clocks";
      case RANDOM -> "random numbers";
      case THREADS -> "threads";
      case PROCESS -> "ending, and giving way";
      case HOST -> "functions of the host";
      case MISSING -> "what nobody provides, so that the module cannot be linked";
    };
  }

  /** What would have to be written on the command line. */
  private static String hint(Purpose purpose) {
    return switch (purpose) {
      case ARGUMENTS, PROCESS, HOST, MISSING -> "";
      case ENVIRONMENT -> "--env NAME=VALUE";
      case STREAMS -> "not denying stdio";
      case DIRECTORIES -> "--dir HOST[::GUEST][:ro]";
      case NETWORK -> "--network DIRECTION:PROTOCOL:HOST:PORTS, or --listen ADDRESS:PORT";
      case CLOCKS -> "not denying clocks";
      case RANDOM -> "not denying random";
      case THREADS -> "--max-threads N";
    };
  }
}
