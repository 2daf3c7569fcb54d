package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages are part of the design: each is asserted whole. */
class ErrorMessagesTest {

  @TempDir private Path folder;

  @Test
  void wrongMagicTellsWhatWasFound() {
    Path picture = file(folder, "picture.wasm", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10});

    sampan("run", picture)
        .failed(
            1,
            "sampan: "
                + picture
                + ": magic header not detected: expected 00 61 73 6d, found 89 50 4e 47"
                + " (at offset 0x0)\n");
  }

  @Test
  void typeMismatchTellsFunctionAndOffset() {
    Path module =
        file(
            folder,
            "mixed.wat",
            """
            (module
              (func $fine)
              (func $sum (param i64) (result i32)
                (i32.add (local.get 0) (i32.const 1))))
            """);

    sampan("validate", module)
        .failed(
            1,
            "sampan: "
                + module
                + ": type mismatch: i32.add expects i32, found i64\n"
                + "    in function $sum (func 1), at offset 0x24\n");
  }

  @Test
  void unknownImportTellsNamesAndType() {
    Path module =
        file(
            folder,
            "needs.wat",
            """
            (module
              (import "env" "log" (func (param i32 f64) (result i32)))
              (func (export "_start")))
            """);

    sampan("run", module)
        .failed(
            1,
            "sampan: " + module + ": unknown import: \"env\" \"log\" (func [i32 f64] -> [i32])\n");
  }

  @Test
  void importTypeMismatchTellsBothTypes() {
    Path module =
        file(
            folder,
            "odd.wat",
            """
            (module
              (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32)))
              (func (export "_start")))
            """);

    sampan("run", module)
        .failed(
            1,
            "sampan: "
                + module
                + ": incompatible import type: \"wasi_snapshot_preview1\" \"fd_close\""
                + " (func [i64] -> [i32]) expected, found func [i32] -> [i32]\n");
  }

  @Test
  void trapShowsTheGuestsFunctionsAndOffsets() {
    Path module =
        file(
            folder,
            "calc.wasm",
            Engine.assemble(
                """
                (module $calc
                  (func $div (param i32 i32) (result i32)
                    (i32.div_s (local.get 0) (local.get 1)))
                  (func $run (result i32)
                    (call $div (i32.const 1) (i32.const 0)))
                  (func $_start (export "_start")
                    (drop (call $run))))
                """,
                "calc.wat"));

    sampan("run", module)
        .failed(
            134,
            """
            sampan: trap: integer divide by zero
                at calc!div (offset 0x33)
                at calc!run (offset 0x3b)
                at calc!_start (offset 0x40)
            """);
  }

  @Test
  void syntaxErrorShowsTheLineWithACaret() {
    Path module =
        file(
            folder,
            "typo.wat",
            """
            (module
              (func (result i32)
                i32.cosnt 42))
            """);

    sampan("validate", module)
        .failed(
            1,
            "sampan: "
                + module
                + ": unknown operator i32.cosnt: expected an instruction\n"
                + (" --> " + module + ":3:5\n")
                + "  |\n"
                + "3 |     i32.cosnt 42))\n"
                + "  |     ^\n");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("missing.wasm");

    sampan("run", missing).failed(1, "sampan: " + missing + ": no such file or directory\n");
  }

  @Test
  void folderInPlaceOfAModuleIsNamed() {
    sampan("run", folder).failed(1, "sampan: " + folder + ": a directory, not a module\n");
  }

  @Test
  void callStackExhaustedIsNotHiddenBehindAJavaError() {
    Path module =
        file(
            folder,
            "deep.wat",
            """
            (module $deep
              (func $down (param i32) (call $down (i32.add (local.get 0) (i32.const 1))))
              (func $_start (export "_start") (call $down (i32.const 0))))
            """);

    CommandLineRun run = sampan("run", module);

    assertThat(run.err())
        .startsWith("sampan: call stack exhausted")
        .contains("\n    at deep!down (offset 0x")
        .doesNotContain("java");
    assertThat(run.exitCode()).isEqualTo(134);
  }

  @Test
  void uncaughtExceptionTellsThePayload() {
    Path module =
        file(
            folder,
            "thrower.wat",
            """
            (module $thrower
              (tag $problem (param i32))
              (func $_start (export "_start") (throw $problem (i32.const 7))))
            """);

    sampan("run", module)
        .failed(
            134,
            """
            sampan: uncaught exception with payload [7]
                at thrower!_start (offset 0x2e)
            """);
  }

  @Test
  void verboseAddsTheJavaStackTrace() {
    Path module = file(folder, "trap.wat", "(module (func (export \"_start\") unreachable))");

    CommandLineRun run = sampan("run", "--verbose", module);

    assertThat(run.err())
        .startsWith("sampan: trap: unreachable\n    at trap!func 0 (offset 0x")
        .contains("dev.sampan.wasm.Trap: unreachable\n")
        .contains("\tat dev.sampan.cli.Guest");
  }
}
