package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static dev.sampan.cli.CommandLineRun.sampanReading;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  /** Prints a list that WASI has, such as the arguments; each entry ends with a zero. */
  private static final String LISTER =
      """
      (module
        (import "wasi_snapshot_preview1" "LIST_sizes_get"
          (func $sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "LIST_get" (func $get (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (drop (call $sizes (i32.const 0) (i32.const 4)))
          (drop (call $get (i32.const 1024) (i32.const 8192)))
          (i32.store (i32.const 8) (i32.const 8192))
          (i32.store (i32.const 12) (i32.load (i32.const 4)))
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
      """;

  /** Prints the name of the first folder granted, makes the file "made" in it, ends with errno. */
  private static final String MAKER =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_prestat_get"
          (func $prestat (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
          (func $name (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "made")
        (func (export "_start") (local $errno i32)
          (local.set $errno (call $prestat (i32.const 3) (i32.const 0)))
          (if (local.get $errno) (then (call $exit (local.get $errno))))
          (drop (call $name (i32.const 3) (i32.const 256) (i32.load (i32.const 4))))
          (i32.store (i32.const 16) (i32.const 256))
          (i32.store (i32.const 20) (i32.load (i32.const 4)))
          (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32)))
          (call $exit
            (call $open
              (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 1)
              (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 40)))))
      """;

  /** Copies one read of standard input to standard output. */
  private static final String ECHO =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
          (i32.store (i32.const 0) (i32.const 64))
          (i32.store (i32.const 4) (i32.const 1000))
          (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  private static final int ERRNO_BADF = 8;

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void makeFolder() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  @Test
  void allBehindTheFileBelongsToTheGuest() {
    Path module = file(folder, "lister.wat", LISTER.replace("LIST", "args"));

    CommandLineRun run =
        sampan("run", module, "--dir", "-x", "--", "--help", "@file", "--verbose", "", "a b");

    assertThat(run.succeeded().out())
        .isEqualTo("lister.wat\0--dir\0-x\0--\0--help\0@file\0--verbose\0\0a b\0");
  }

  @Test
  void optionsMayBeEndedBeforeTheFile() {
    Path module = file(folder, "lister.wat", LISTER.replace("LIST", "args"));

    assertThat(sampan("run", "--", module, "--", "x").succeeded().out())
        .isEqualTo("lister.wat\0--\0x\0");
  }

  @Test
  void guestSeesTheVariablesGivenAndNoOther() {
    Path module = file(folder, "lister.wat", LISTER.replace("LIST", "environ"));

    CommandLineRun run = sampan("run", "--env", "A=1", "--env=PATH=x=y", "--env", "E=", module);

    assertThat(run.succeeded().out()).isEqualTo("A=1\0PATH=x=y\0E=\0");
  }

  @Test
  void variableWithoutValueIsInherited() {
    Path module = file(folder, "lister.wat", LISTER.replace("LIST", "environ"));

    CommandLineRun run = sampan("run", "--env", "PATH", "--env", "SAMPAN_SURELY_NOT_SET", module);

    assertThat(run.succeeded().out()).isEqualTo("PATH=" + System.getenv("PATH") + "\0");
  }

  @Test
  void guestReadsStandardInput() {
    Path module = file(folder, "echo.wat", ECHO);

    assertThat(sampanReading("through\n", "run", module).succeeded().out()).isEqualTo("through\n");
  }

  @Test
  void withoutGrantThereIsNoFolder() {
    Path module = file(folder, "maker.wat", MAKER);

    assertThat(sampan("run", module).exitCode()).isEqualTo(ERRNO_BADF);
  }

  @Test
  void grantedFolderHasItsOwnNameUnlessAnotherIsGiven() {
    Path module = file(folder, "maker.wat", MAKER);

    assertThat(sampan("run", "--dir", data, module).succeeded().out()).isEqualTo(data.toString());
    assertThat(data.resolve("made")).isEmptyFile();
  }

  @Test
  void grantedFolderHasTheNameGiven() {
    Path module = file(folder, "maker.wat", MAKER);

    assertThat(sampan("run", "--dir=" + data + "::/work", module).succeeded().out())
        .isEqualTo("/work");
    assertThat(data.resolve("made")).isEmptyFile();
  }

  @Test
  void readOnlyGrantForbidsToMakeFiles() {
    Path module = file(folder, "maker.wat", MAKER);

    CommandLineRun named = sampan("run", "--dir", data + "::/work:ro", module);
    CommandLineRun plain = sampan("run", "--dir", data + ":ro", module);

    assertThat(named.out()).isEqualTo("/work");
    assertThat(plain.out()).isEqualTo(data.toString());
    assertThat(named.exitCode()).isNotZero();
    assertThat(plain.exitCode()).isEqualTo(named.exitCode());
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void severalFoldersAreGrantedInOrder() {
    Path module = file(folder, "maker.wat", MAKER);

    CommandLineRun run = sampan("run", "--dir", data + "::one", "--dir", folder + "::two", module);

    assertThat(run.succeeded().out()).isEqualTo("one");
  }

  @Test
  void folderThatIsNotThereIsBadUsage() {
    Path module = file(folder, "maker.wat", MAKER);
    Path missing = folder.resolve("missing");

    sampan("run", "--dir", missing + "::/x", module)
        .failed(2, "sampan: --dir: no such folder: " + missing + "\nTry 'sampan run --help'.\n");
  }

  @Test
  void exitCodeOfTheGuestIsTheCommands() {
    Path module =
        file(
            folder,
            "leave.wat",
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func (export "_start") (call $exit (i32.const 42)) unreachable))
            """);

    assertThat(sampan("run", module)).isEqualTo(new CommandLineRun(42, "", ""));
  }

  /** Prints its arguments as a program without WASI does; returns their number. */
  private static final String DEVICE =
      """
      (module
        (import "env" "printf" (func $printf (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "%s\\n")
        (func (export "main") (param $argc i32) (param $argv i32) (result i32)
          (loop $next
            (drop (call $printf (i32.const 64) (local.get $argv)))
            (local.set $argv (i32.add (local.get $argv) (i32.const 4)))
            (br_if $next (i32.load (local.get $argv))))
          (local.get $argc))
        (func (export "say") (result i32)
          (i32.store (i32.const 16) (i32.const 64))
          (call $printf (i32.const 64) (i32.const 16))))
      """;

  @Test
  void programWithoutWasiBeginsWithMainAndEndsWithWhatThatReturns() {
    Path module = file(folder, "device.wat", DEVICE);

    assertThat(sampan("run", module, "--dir", "x y"))
        .isEqualTo(new CommandLineRun(3, "device.wat\n--dir\nx y\n", ""));
    assertThat(sampan("run", "--mode", "interpreter", module).exitCode()).isEqualTo(1);
  }

  @Test
  void explanationKnowsTheLibrary() {
    Path module =
        file(
            folder,
            "many.wat",
            """
            (module
              (import "env" "printf" (func (param i32 i32) (result i32)))
              (import "env" "strlen" (func (param i32) (result i32)))
              (import "env" "memory" (memory 1)))
            """);

    String text = sampan("run", "--explain", module).succeeded().out();

    assertThat(text)
        .contains("granted: standard streams, and what is open\n      \"env\" \"printf\"\n");
    assertThat(text)
        .contains("granted: functions of the host\n      \"env\" \"strlen\", \"env\" \"memory\"\n");
  }

  @Test
  void startComesBeforeMain() {
    Path module =
        file(
            folder,
            "both.wat",
            """
            (module
              (func (export "main") (result i32) (i32.const 9))
              (func (export "_start")))
            """);

    sampan("run", module).succeeded();
  }

  @Test
  void programMayHaveBothLibraries() {
    Path module =
        file(
            folder,
            "both.wat",
            """
            (module
              (import "env" "puts" (func $puts (param i32) (result i32)))
              (import "env" "exit" (func $leave (param i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
              (memory (export "memory") 1)
              (data (i32.const 8) "hello")
              (func (export "_start") (drop (call $puts (i32.const 8))) (call $leave (i32.const 4))))
            """);

    assertThat(sampan("run", module)).isEqualTo(new CommandLineRun(4, "hello\n", ""));
  }

  @Test
  void calledFunctionMayPrint() {
    Path module = file(folder, "device.wat", DEVICE);

    assertThat(sampan("call", module, "say").succeeded().out()).isEqualTo("%s\n\n4\n");
  }

  @Test
  void abortIsATrap() {
    Path module =
        file(
            folder,
            "abort.wat",
            """
            (module
              (import "env" "abort" (func $abort (param i32)))
              (func $main (export "main") (result i32) (call $abort (i32.const 2)) (i32.const 0)))
            """);

    CommandLineRun run = sampan("run", module);

    assertThat(run.exitCode()).isEqualTo(134);
    assertThat(run.err()).startsWith("sampan: trap: aborted: env.abort(2)\n    at abort!main (");
  }

  @Test
  void moduleWithoutStartNamesTheOtherVerb() {
    Path module = file(folder, "math.wat", "(module (func (export \"half\")))");

    sampan("run", module)
        .failed(
            1,
            "sampan: MODULE: no program (it exports neither '_start' nor 'main'); call a function of it with: sampan call MODULE FUNC [ARG...]\n"
                .replace("MODULE", module.toString()));
  }

  @Test
  void everyModeCanBeNamed() {
    Path module = file(folder, "nothing.wat", "(module (func (export \"_start\")))");

    sampan("run", "--mode", "interpreter", module).succeeded();
    sampan("run", "--mode=interpreter", module).succeeded();
  }

  @Test
  void unknownModeIsBadUsage() {
    Path module = file(folder, "nothing.wat", "(module (func (export \"_start\")))");

    sampan("run", "--mode", "magic", module)
        .failed(
            2,
            "sampan: unknown mode 'magic'; there is interpreter, compiler\n"
                + "Try 'sampan run --help'.\n");
  }

  @Test
  void missingFileArgumentIsBadUsage() {
    sampan("run")
        .failed(2, "sampan: missing required parameter: 'FILE'\nTry 'sampan run --help'.\n");
  }

  @Test
  void unknownOptionIsBadUsage() {
    sampan("run", "--bogus", "x.wasm")
        .failed(2, "sampan: unknown option '--bogus'\nTry 'sampan run --help'.\n");
  }
}
