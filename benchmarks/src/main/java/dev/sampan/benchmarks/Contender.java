package dev.sampan.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of those that run the same programs.
 *
 * @param name the column's name
 * @param command what starts it; the program and its arguments follow
 * @param suffix what the program's file is called after its name
 * @param simd whether it can run vector instructions
 */
record Contender(String name, List<String> command, String suffix, boolean simd) {

  /** Where the programs lie, and what starts the engines. */
  record Setup(Path programs, Path sampan, Path node, List<String> java) {}

  /** What the others are compared with. */
  static final Contender NATIVE = new Contender("native", List.of(), "", true);

  /** Sampan in one of its modes; {@code SAMPAN_OPTS} holds more options for {@code run}. */
  static Contender sampan(Setup setup, String mode) {
    Stream<String> command = Stream.of(setup.sampan().toString(), "run", "--mode", mode);
    return new Contender(
        mode.equals("compiler") ? "Sampan" : mode,
        Stream.concat(command, options("SAMPAN_OPTS").stream()).toList(),
        ".wasm",
        true);
  }

  static Contender node(Setup setup) {
    return new Contender(
        "Node", List.of("node", "--no-warnings", setup.node().toString()), ".wasm", true);
  }

  /** Endive; {@code ENDIVE_JAVA_OPTS} holds more options for its JVM. */
  static Contender endive(Setup setup) {
    List<String> command = new ArrayList<>(setup.java());
    command.addAll(options("ENDIVE_JAVA_OPTS"));
    command.add(EndiveProgram.class.getName());
    return new Contender("Endive", command, ".wasm", false);
  }

  /** The options in an environment variable, separated by spaces. */
  private static List<String> options(String variable) {
    String value = System.getenv().getOrDefault(variable, "").strip();
    return value.isEmpty() ? List.of() : Arrays.asList(value.split("\\s+"));
  }

  /** What runs a program with an argument. */
  List<String> command(Path programs, Program program, int repetitions) {
    List<String> whole = new ArrayList<>(command);
    String file = command.isEmpty() ? program.name() : program.file() + suffix;
    whole.add(programs.resolve(file).toString());
    whole.add(Integer.toString(repetitions));
    return whole;
  }

  boolean runs(Program program) {
    return simd || !program.simd();
  }
}
