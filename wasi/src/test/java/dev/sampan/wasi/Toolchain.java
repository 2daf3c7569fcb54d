package dev.sampan.wasi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machine's compilers for C. Where one is missing, what needs it is skipped, with a line on
 * standard error that says so.
 */
final class Toolchain {

  private static final Set<String> REPORTED = Collections.synchronizedSet(new TreeSet<>());

  private Toolchain() {}

  /** Ends the test unless a command is there. */
  static void require(String command) {
    boolean there;
    try {
      run(List.of(command, "--version"));
      there = true;
    } catch (IllegalStateException e) {
      there = false;
    }
    if (!there && REPORTED.add(command)) {
      System.err.println("SKIPPED: tests that compile C, because there is no " + command);
    }
    assumeTrue(there, "no " + command);
  }

  /** Compiles a source of {@code src/test/c} as for a device, without WASI. */
  static Path guest(String name, Path folder, String... more) {
    require("clang");
    require("wasm-ld");
    Path program = folder.resolve(name + ".wasm");
    List<String> command =
        new ArrayList<>(
            List.of(
                "clang",
                "--target=wasm32",
                "-nostdlib",
                "-O2",
                "-z",
                "stack-size=8192",
                "-Wl,--no-entry,--allow-undefined,--export=__main_argc_argv",
                "-Wl,--export=__heap_base,--export=__data_end",
                "-o",
                program.toString(),
                Path.of("src", "test", "c", name + ".c").toString()));
    command.addAll(List.of(more));
    run(command);
    return program;
  }

  /** Runs a command and gives what it prints. */
  static byte[] run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            command + " failed:\n" + new String(output, StandardCharsets.UTF_8));
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(command.getFirst() + " cannot be run", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
