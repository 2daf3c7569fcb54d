package dev.sampan.benchmarks;

import dev.sampan.benchmarks.Program.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs every program under every engine, in turns, and writes the ratios to native code. The script
 * {@code compare} tells how to call it.
 */
final class Compare {

  private final Path folder;
  private final Contender.Setup setup;
  private boolean interpreter;
  private int repetitions = 14;
  private int rounds = 3;
  private Set<Table> tables = EnumSet.allOf(Table.class);
  private List<String> kernels = List.of();

  private Compare(Path folder, Path sampan) {
    this.folder = folder;
    this.setup =
        new Contender.Setup(
            folder.resolve("target/kernels"), sampan, folder.resolve("node.mjs"), javaCommand());
  }

  /** Arguments: the module's folder, the sampan command, and those of the script. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    Compare compare = new Compare(Path.of(rest.pop()), Path.of(rest.pop()));
    try {
      compare.parse(rest);
      compare.run();
    } catch (Sample.Failure e) {
      System.err.println("compare: " + e.getMessage());
      System.exit(1);
    }
  }

  /** The same JVM with the same garbage collector as the sampan command's. */
  private static List<String> javaCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"));
  }

  private void parse(Deque<String> args) {
    while (!args.isEmpty() && args.peek().startsWith("-")) {
      String option = args.pop();
      switch (option) {
        case "--interpreter" -> interpreter = true;
        case "--repetitions" -> repetitions = Math.max(2, number(option, args.poll()));
        case "--tables" -> {
          tables = EnumSet.noneOf(Table.class);
          for (String name : String.valueOf(args.poll()).split(",")) {
            tables.add(table(name));
          }
        }
        default -> throw new Sample.Failure("unknown option " + option);
      }
    }
    if (!args.isEmpty()) {
      rounds = number("ROUNDS", args.pop());
    }
    kernels = List.copyOf(args);
  }

  private static int number(String what, @Nullable String text) {
    if (text == null || !text.matches("[1-9][0-9]{0,5}")) {
      throw new Sample.Failure(what + " needs a number, found " + text);
    }
    return Integer.parseInt(text);
  }

  private static Table table(String name) {
    return Arrays.stream(Table.values())
        .filter(table -> table.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new Sample.Failure("no table '" + name + "': kernels, inlined or sqlite"));
  }

  private void run() throws IOException {
    List<Contender> contenders = new ArrayList<>();
    if (knowsCompiler()) {
      contenders.add(Contender.sampan(setup, "compiler"));
    }
    contenders.add(Contender.node(setup));
    contenders.add(Contender.endive(setup));
    Contender interpreted = Contender.sampan(setup, "interpreter");

    Map<Table, Results> results = new EnumMap<>(Table.class);
    List<Program> programs = programs();
    Results interpreterResults = new Results(List.of(interpreted));
    for (int round = 1; round <= rounds; round++) {
      for (Program program : programs) {
        Results table = results.computeIfAbsent(program.table(), unused -> new Results(contenders));
        Sample base = take(Contender.NATIVE, program);
        table.add(program, Contender.NATIVE, base);
        StringBuilder line =
            new StringBuilder("round %d of %d: %-20s".formatted(round, rounds, program.file()));
        line.append(progress(Contender.NATIVE, base));
        for (Contender contender : contenders) {
          if (contender.runs(program)) {
            Sample sample = take(contender, program);
            compareChecksums(contender, program, sample, base);
            table.add(program, contender, sample);
            line.append(progress(contender, sample));
          }
        }
        if (interpreter && program.table() != Table.INLINED) {
          Sample sample = take(interpreted, program);
          compareChecksums(interpreted, program, sample, base);
          interpreterResults.add(program, Contender.NATIVE, base);
          interpreterResults.add(program, interpreted, sample);
          line.append(progress(interpreted, sample));
        }
        System.err.println(line);
      }
    }
    report(results, interpreterResults);
  }

  private static String progress(Contender contender, Sample sample) {
    return "  %s %.0f/%.0f".formatted(contender.name(), sample.first(), sample.warm());
  }

  private Sample take(Contender contender, Program program) throws IOException {
    return Sample.take(contender.command(setup.programs(), program, repetitions));
  }

  /**
   * Fails unless the results are those of the native code, which may have repeated more often in
   * its time.
   */
  private static void compareChecksums(
      Contender contender, Program program, Sample sample, Sample base) {
    List<String> found = sample.checksums();
    List<String> wanted = base.checksums();
    int common = Math.min(found.size(), wanted.size());
    if (!found.subList(0, common).equals(wanted.subList(0, common))) {
      throw new Sample.Failure(
          "%s, %s: results differ from the native ones:\n%s\n%s"
              .formatted(contender.name(), program.file(), found, wanted));
    }
  }

  private boolean knowsCompiler() throws IOException {
    Process help =
        new ProcessBuilder(setup.sampan().toString(), "run", "--help")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(help.getInputStream().readAllBytes()).matches("(?s).*\\bcompiler\\b.*");
  }

  private List<Program> programs() throws IOException {
    List<String> all;
    try (Stream<Path> files = Files.list(folder.resolve("kernels"))) {
      all =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".c"))
              .map(name -> name.substring(0, name.length() - 2))
              .sorted()
              .toList();
    }
    for (String kernel : kernels) {
      if (!all.contains(kernel) && !kernel.equals("sqlite")) {
        throw new Sample.Failure("no kernel '" + kernel + "'");
      }
    }
    List<Program> programs = new ArrayList<>();
    for (Table table : tables) {
      for (String name : table == Table.SQLITE ? List.of("sqlite") : all) {
        if (kernels.isEmpty() || kernels.contains(name)) {
          programs.add(new Program(name, table));
        }
      }
    }
    return programs;
  }

  private void report(Map<Table, Results> results, Results interpreterResults) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Results

            By `benchmarks/compare`: %d round(s), all engines in turns, each time a new process with %d
            repetitions, or as many as begin within ten seconds.
            A figure is the median over the rounds of the ratio to native code (`gcc -O2`) in the same
            round. *First* is the first repetition, *warm* the best of the others; both are measured by the
            program itself, so that the start of a process or a JVM is not in them. The native time is the
            warm one. An engine's results must equal the native ones.

            """
                .formatted(rounds, repetitions));
    text.append(new Machine(setup.sampan()).markdown());
    section(text, "Kernels", "As clang makes them.", results.get(Table.KERNELS));
    section(
        text,
        "Kernels inlined into one function",
        "After `wasm-opt -O2`: the work lies in `_start`, which is called once.",
        results.get(Table.INLINED));
    section(
        text,
        "SQLite",
        "A database in memory: inserts, look-ups by index, joins, updates, aggregates.",
        results.get(Table.SQLITE));
    section(
        text,
        "Interpreter",
        "`sampan run --mode interpreter`, on the same modules.",
        interpreterResults);
    if (text.indexOf("\\*") >= 0) {
      text.append("\n\\* Its compiler left functions to its interpreter.\n");
    }
    System.out.print(text);
    if (kernels.isEmpty() && tables.size() == Table.values().length) {
      Files.writeString(folder.resolve("RESULTS.md"), text);
    }
  }

  private static void section(
      StringBuilder text, String title, String what, @Nullable Results results) {
    if (results != null && !results.isEmpty()) {
      text.append("\n## %s\n\n%s\n\n".formatted(title, what))
          .append(results.markdown())
          .append('\n')
          .append(results.starts());
    }
  }
}
