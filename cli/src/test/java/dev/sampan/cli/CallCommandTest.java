package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallCommandTest {

  private static final String MODULE =
      """
      (module
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "swap") (param i64 f64) (result f64 i64) (local.get 1) (local.get 0))
        (func (export "half") (param f32) (result f32) (f32.mul (local.get 0) (f32.const 0.5)))
        (func (export "same") (param v128) (result v128) (local.get 0))
        (func (export "kept") (param externref) (result externref) (local.get 0))
        (func $self (export "self") (result funcref) (ref.func $self))
        (func (export "nothing"))
        (memory (export "memory") 1))
      """;

  @TempDir private Path folder;
  private Path module;

  @BeforeEach
  void write() {
    module = file(folder, "math.wat", MODULE);
  }

  @Test
  void resultIsPrintedAsInTheTextFormat() {
    assertThat(sampan("call", module, "add", "40", "2").succeeded().out()).isEqualTo("42\n");
    assertThat(sampan("call", module, "half", "3").succeeded().out()).isEqualTo("1.5\n");
  }

  @Test
  void negativeAndHexadecimalArgumentsNeedNoMark() {
    assertThat(sampan("call", module, "add", "-5", "0x10").succeeded().out()).isEqualTo("11\n");
    assertThat(sampan("call", module, "add", "-0x1", "-1").succeeded().out()).isEqualTo("-2\n");
  }

  @Test
  void eachResultIsALine() {
    assertThat(sampan("call", module, "swap", "-7", "1e100").succeeded().out())
        .isEqualTo("1e100\n-7\n");
  }

  @Test
  void vectorIsOneArgument() {
    assertThat(sampan("call", module, "same", "i32x4 1 2 3 -1").succeeded().out())
        .isEqualTo("i64x2 0x0000000200000001 0xffffffff00000003\n");
  }

  @Test
  void referencesAreNullOrNamedByKind() {
    assertThat(sampan("call", module, "kept", "null").succeeded().out()).isEqualTo("null\n");
    assertThat(sampan("call", module, "self").succeeded().out()).isEqualTo("ref.func\n");
  }

  @Test
  void functionWithoutResultPrintsNothing() {
    assertThat(sampan("call", module, "nothing").succeeded().out()).isEmpty();
  }

  @Test
  void libraryIsInitialisedFirst() {
    Path library =
        file(
            folder,
            "lib.wat",
            """
            (module
              (global $ready (mut i32) (i32.const 0))
              (func (export "_initialize")
                (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
              (func (export "ready") (result i32) (global.get $ready)))
            """);

    assertThat(sampan("call", library, "ready").succeeded().out()).isEqualTo("1\n");
    assertThat(sampan("call", library, "_initialize").succeeded().out()).isEmpty();
  }

  @Test
  void functionMayExit() {
    Path leaver =
        file(
            folder,
            "leave.wat",
            """
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func (export "leave") (param i32) (result i32)
                (call $exit (local.get 0)) unreachable))
            """);

    assertThat(sampan("call", leaver, "leave", "3")).isEqualTo(new CommandLineRun(3, "", ""));
  }

  @Test
  void trapEndsTheCommand() {
    Path trap =
        file(
            folder,
            "trap.wat",
            "(module $bad (func $f (export \"f\") (param i32) (result i32) (i32.load8_u"
                + " (local.get 0))) (memory 1))");

    CommandLineRun run = sampan("call", trap, "f", "-1");

    assertThat(run.err())
        .startsWith("sampan: trap: out of bounds memory access")
        .contains("\n    at bad!f (offset 0x");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void wrongNumberOfArgumentsShowsTheType() {
    sampan("call", module, "add", "1")
        .failed(
            2,
            """
            sampan: 'add' takes 2 arguments, found 1; its type is [i32 i32] -> [i32]
            Try 'sampan call --help'.
            """);
    sampan("call", module, "half", "1", "2")
        .failed(
            2,
            """
            sampan: 'half' takes 1 argument, found 2; its type is [f32] -> [f32]
            Try 'sampan call --help'.
            """);
  }

  @Test
  void argumentOfAnotherTypeShowsTheType() {
    sampan("call", module, "add", "1", "two")
        .failed(
            2,
            """
            sampan: argument 2 of 'add': 'two' is no i32; its type is [i32 i32] -> [i32]
            Try 'sampan call --help'.
            """);
  }

  @Test
  void unknownFunctionShowsThoseThatThereAre() {
    sampan("call", module, "sub")
        .failed(
            2,
            "sampan: "
                + module
                + " exports no function 'sub'; there is add, swap, half, same, kept, self,"
                + " nothing\n"
                + "Try 'sampan call --help'.\n");
  }

  @Test
  void exportThatIsNoFunctionCannotBeCalled() {
    assertThat(sampan("call", module, "memory").exitCode()).isEqualTo(2);
  }
}
