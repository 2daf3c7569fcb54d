package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampanTest {

  @TempDir private Path folder;

  @Test
  void helpNamesEveryVerb() {
    assertThat(sampan("--help").succeeded().out())
        .startsWith("Runs WebAssembly.\n\nUsage: sampan VERB [OPTION...] ...\n")
        .contains(
            "\n  run ",
            "\n  call ",
            "\n  validate ",
            "\n  print ",
            "\n  parse ",
            "\n  inspect ",
            "\n  compile ",
            "\n  bind ",
            "\n  wast ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run", "call", "validate", "print", "parse", "inspect", "compile", "bind", "wast"})
  void helpForAVerbHasItsExitCodes(String verb) {
    String help = sampan(verb, "--help").succeeded().out();

    assertThat(help).contains("\nUsage: sampan " + verb + " [-h]").contains("\nExit codes:\n");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"host start", "app install", "fn deploy", "event listen", "tenant add"})
  void helpForAVerbOfAVerbSaysHowBothAreWritten(String verbs) {
    String[] words = verbs.split(" ");
    String help = sampan(words[0], words[1], "--help").succeeded().out();

    assertThat(help).contains("\nUsage: sampan " + verbs + " [-h]");
    assertThat(oneLine(help)).contains("or a folder 'sampan' where the system has the user's data");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void wordHelpIsTheOption() {
    assertThat(sampan("help").succeeded().out()).isEqualTo(sampan("--help").out());
    assertThat(sampan("help", "run").succeeded().out()).isEqualTo(sampan("run", "--help").out());
    assertThat(sampan("help", "app").succeeded().out()).isEqualTo(sampan("app", "--help").out());
    assertThat(sampan("help", "app", "list").succeeded().out())
        .isEqualTo(sampan("app", "list", "--help").out());
    sampan("help", "fly").failed(2, "sampan: unknown verb 'fly'\nTry 'sampan --help'.\n");
  }

  @Test
  void helpTellsWhatHoldsWithoutALimit() {
    assertThat(oneLine(sampan("run", "--help").succeeded().out()))
        .contains("about one instruction. By default not counted.")
        .contains("such as 64M or 1G. By default 2 GiB.")
        .contains("Threads beside the first one. By default 0.");
    // apps share a host
    assertThat(oneLine(sampan("app", "install", "--help").succeeded().out()))
        .contains("such as 64M or 1G. By default 256 MiB.")
        .contains("standard output and error. By default 1 GiB.");
  }

  private static String oneLine(String help) {
    return help.replaceAll("\\s+", " ");
  }

  @Test
  void versionIsOneLine() {
    assertThat(sampan("--version").succeeded().out()).matches("sampan \\S+ \\(Java 25.*\\)\n");
  }

  @Test
  void completionKnowsVerbsAndOptions() {
    assertThat(sampan("--completion").succeeded().out())
        .startsWith("# Completes command lines of sampan")
        .contains("validate", "--dir", "interpreter");
  }

  @Test
  void nothingToDoIsBadUsage() {
    CommandLineRun run = sampan();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo(sampan("--help").out());
  }

  @Test
  void unknownVerbIsBadUsage() {
    sampan("fly").failed(2, "sampan: unknown verb 'fly'\nTry 'sampan --help'.\n");
  }

  @Test
  void unknownOptionIsBadUsage() {
    sampan("--fly").failed(2, "sampan: unknown option '--fly'\nTry 'sampan --help'.\n");
  }

  @Test
  void oneArgumentTooManyIsBadUsage() {
    sampan("print", "a", "b")
        .failed(2, "sampan: unexpected argument 'b'\nTry 'sampan print --help'.\n");
  }

  /** Output that fails with a message, as a pipe or a disk does. */
  private static CommandLineRun printInto(Path module, String message) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(message);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Sampan.run(
            new String[] {"print", module.toString()},
            InputStream.nullInputStream(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new CommandLineRun(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void readerThatGoesAwayEndsTheCommandQuietly() {
    Path module = file(folder, "empty.wat", "(module)");

    printInto(module, "Broken pipe").failed(141, "");
  }

  @Test
  void fullDiskIsReported() {
    Path module = file(folder, "empty.wat", "(module)");

    printInto(module, "No space left on device")
        .failed(1, "sampan: standard output: No space left on device\n");
  }
}
