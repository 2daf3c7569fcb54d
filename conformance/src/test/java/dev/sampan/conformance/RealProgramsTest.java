package dev.sampan.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sampan.cli.Sampan;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C programs, compiled with an optimising compiler and a real library, run by the command. */
@ParameterizedClass
@EnumSource(ExecutionMode.class)
class RealProgramsTest {

  private record Run(int exitCode, byte[] out, String err) {
    String text() {
      return new String(out, UTF_8);
    }
  }

  private final ExecutionMode mode;

  @TempDir private Path folder;

  RealProgramsTest(ExecutionMode mode) {
    this.mode = mode;
  }

  /** Runs a program: options, then the program's name, then its arguments. */
  private Run run(byte[] in, List<String> options, String program, String... args) {
    List<String> line =
        new ArrayList<>(List.of("run", "--mode", mode.name().toLowerCase(Locale.ROOT)));
    line.addAll(options);
    line.add(CPrograms.get(program).toString());
    line.addAll(Arrays.asList(args));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Sampan.run(
            line.toArray(String[]::new),
            new ByteArrayInputStream(in),
            out,
            new PrintStream(err, true, UTF_8));
    return new Run(exitCode, out.toByteArray(), err.toString(UTF_8));
  }

  private Run run(String program, String... args) {
    return run(new byte[0], List.of(), program, args);
  }

  private static void assertSuccess(Run run, String output) {
    assertThat(run.err()).isEmpty();
    assertThat(run.text()).isEqualTo(output);
    assertThat(run.exitCode()).isZero();
  }

  // ---- arguments, environment, exit codes ----

  @Test
  void programSeesArgumentsEnvironmentClocksAndRandomNumbers() {
    Run run =
        run(
            new byte[0],
            List.of("--env", "HOME=/", "--env", "EMPTY="),
            "args",
            "one",
            "--two",
            "",
            "größer");

    assertSuccess(
        run,
        """
        5 arguments
          [one]
          [--two]
          []
          [größer]
        2 variables
          [EMPTY=]
          [HOME=/]
        sleep of 20 ms: good
        wall clock: good
        resolution: good
        random: good
        """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void exitCodeIsTheProgramsAndBufferedOutputIsWritten(int status) {
    Run run = run("args", "exit", String.valueOf(status));

    assertThat(run.text()).isEqualTo("leaving with " + status + "\n");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(status);
  }

  @Test
  void trapKeepsWhatWasPrintedBefore() {
    Run run = run("args", "trap");

    assertThat(run.text()).isEqualTo("before the trap\n");
    assertThat(run.err()).startsWith("sampan: trap: unreachable\n    at args!");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void standardErrorIsApart() {
    Run run = run("args", "err", "to the right place");

    assertThat(run.err()).isEqualTo("to the right place\n");
    assertThat(run.text()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void standardInputIsReadToItsEnd() {
    byte[] input = random(100_000);

    Run run = run(input, List.of(), "args", "echo");

    assertThat(run.out()).isEqualTo(input);
  }

  @Test
  void memoryRunsOutInsideTheProgram() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Imports imports =
        Imports.create().with(Wasi.preview1().args("args", "eat").stdout(out).stderr(out));
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance =
            engine
                .load(CPrograms.get("args"))
                .instantiate(imports, limits -> limits.maxMemory(32 << 20))) {
      assertThatExceptionOfType(ExitException.class)
          .isThrownBy(() -> instance.function("_start").call())
          .extracting(ExitException::status)
          .isEqualTo(9);
    }
    assertThat(out.toString(UTF_8)).isEqualTo("no more after some\n");
  }

  @Test
  void endlessRecursionEndsWithATrap() {
    Run run = run("args", "deep");

    assertThat(run.err()).startsWith("sampan: ").contains("\n    at args!");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  // ---- wordcount ----

  @Test
  void wordcountCountsStandardInput() {
    byte[] text = "The cat and the dog.\nThe dog's cat\tand THE end\n".getBytes(UTF_8);

    assertSuccess(
        run(text, List.of(), "wordcount", "-n", "3"),
        """
               2       11       47
        6 different words
               4 the (36.4%)
               2 and (18.2%)
               2 cat (18.2%)
        """);
  }

  @Test
  void wordcountReadsGrantedFilesAndReportsMissingOnes() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "a b c\n");
    Files.writeString(folder.resolve("b.txt"), "c");

    Run run =
        run(
            new byte[0],
            List.of("--dir", folder + "::/in:ro"),
            "wordcount",
            "-n",
            "1",
            "/in/a.txt",
            "/in/none.txt",
            "/in/b.txt");

    assertThat(run.err()).isEqualTo("wordcount: /in/none.txt: No such file or directory\n");
    assertThat(run.text())
        .isEqualTo(
            """
                   1        3        6 /in/a.txt
                   0        1        1 /in/b.txt
                   1        4        7 total
            3 different words
                   2 c (50.0%)
            """);
    assertThat(run.exitCode()).isEqualTo(1);
  }

  // ---- squeeze ----

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static List<byte[]> inputs() throws IOException {
    byte[] same = new byte[100_000];
    Arrays.fill(same, (byte) 'x');
    return List.of(
        new byte[0],
        new byte[] {7},
        same,
        random(20_000),
        Files.readAllBytes(CPrograms.SOURCES.resolve("lisp.c")));
  }

  @ParameterizedTest(name = "input {index}")
  @MethodSource("inputs")
  void squeezedDataComesBackUnchanged(byte[] input) {
    Run squeezed = run(input, List.of(), "squeeze", "c");
    assertThat(squeezed.exitCode()).isZero();

    Run restored = run(squeezed.out(), List.of(), "squeeze", "d");

    assertThat(restored.err()).isEmpty();
    assertThat(restored.out()).isEqualTo(input);
    assertThat(restored.exitCode()).isZero();
    assertThat(squeezed.out()).hasSizeLessThan(input.length + input.length / 10 + 300);
  }

  @Test
  void repeatedDataGetsMuchSmaller() {
    byte[] same = new byte[100_000];

    assertThat(run(same, List.of(), "squeeze", "c").out()).hasSizeLessThan(1000);
  }

  @Test
  void damagedDataIsRefused() {
    byte[] squeezed = run("hello hello hello".getBytes(UTF_8), List.of(), "squeeze", "c").out();
    squeezed[8] ^= 1; // in the checksum

    Run run = run(squeezed, List.of(), "squeeze", "d");

    assertThat(run.err()).startsWith("squeeze: ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  // ---- lisp ----

  @Test
  void lispRunsQueensClosuresAndItsCollector() {
    Run run =
        run(new byte[0], List.of("--dir", CPrograms.SOURCES + "::.:ro"), "lisp", "queens.lisp");

    assertSuccess(
        run,
        """
        queens: (2 10 4 40)
        deep tail call: 100000
        counters: (3 1)
        joined: "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
        part: "\\"hello\\""
        folded: 3628800
        pair: (1 two . 3)
        collected: #t
        """);
  }

  @Test
  void lispEndsWithTheStatusOfItsProgram() {
    assertThat(run("lisp", "-e", "(exit (* 6 7))").exitCode()).isEqualTo(42);
    assertThat(run("lisp", "-e", "(car 1)").exitCode()).isEqualTo(1);
  }

  // ---- files ----

  @Test
  void everyFileOperationWorksInAGrantedFolder() throws IOException {
    Run run = run(new byte[0], List.of("--dir", folder + "::/data"), "files", "/data");

    assertSuccess(run, Files.readString(CPrograms.SOURCES.resolve("files.expected")));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void everyFileOperationWorksTwiceInARow() throws IOException {
    List<String> options = List.of("--dir", folder + "::.");
    String expected = Files.readString(CPrograms.SOURCES.resolve("files.expected"));

    assertSuccess(run(new byte[0], options, "files"), expected);
    assertSuccess(run(new byte[0], options, "files"), expected);
  }

  @Test
  void nothingOutsideTheGrantedFolderCanBeRead() throws IOException {
    Files.writeString(folder.resolve("secret"), "secret\n");
    Path granted = Files.createDirectory(folder.resolve("granted"));
    Files.writeString(granted.resolve("open"), "open\n");
    Files.createSymbolicLink(granted.resolve("up"), Path.of("..", "secret"));
    Files.createSymbolicLink(granted.resolve("absolute"), folder.resolve("secret"));
    List<String> options = List.of("--dir", granted + "::/g");

    assertThat(run(new byte[0], options, "files", "/g", "read", "open").text()).contains("open");
    for (String path : List.of("../secret", "up", "absolute", "./.././secret")) {
      Run run = run(new byte[0], options, "files", "/g", "read", path);
      assertThat(run.text() + run.err()).as(path).doesNotContain("secret\n");
      assertThat(run.exitCode()).as(path).isNotZero();
    }
  }
}
