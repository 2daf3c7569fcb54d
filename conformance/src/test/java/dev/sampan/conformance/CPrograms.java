package dev.sampan.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C programs of this module, compiled for WASI with the machine's clang. Where there is none,
 * what depends on them is skipped, with one line on standard error that says why.
 */
final class CPrograms {

  /** The folder with the sources. */
  static final Path SOURCES = Path.of("src", "test", "c");

  private static final Path COMPILED = Path.of("target", "c");
  private static final Path SYSROOT =
      Path.of(Optional.ofNullable(System.getenv("WASI_SYSROOT")).orElse("/usr"));

  private static final Optional<String> MISSING = missing();
  private static final Map<String, Path> PROGRAMS = new ConcurrentHashMap<>();

  private CPrograms() {}

  /** A compiled program; ends the test that asks for it if no program can be compiled here. */
  static Path get(String name) {
    assumeTrue(MISSING.isEmpty(), MISSING.orElse(""));
    return PROGRAMS.computeIfAbsent(name, CPrograms::compile);
  }

  private static Optional<String> missing() {
    Optional<String> missing =
        !runs("clang", "--version")
            ? Optional.of("no clang")
            : !runs("wasm-ld", "--version")
                ? Optional.of("no wasm-ld (package lld)")
                : !Files.exists(SYSROOT.resolve("lib/wasm32-wasi/libc.a"))
                    ? Optional.of("no wasi-libc in " + SYSROOT)
                    : Optional.empty();
    missing.ifPresent(
        what ->
            System.err.println(
                "SKIPPED: the tests with real C programs, because there is " + what + " here"));
    return missing;
  }

  private static boolean runs(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path compile(String name) {
    Path program = COMPILED.resolve(name + ".wasm");
    try {
      Files.createDirectories(COMPILED);
      // the stack comes first, so that running out of it traps and does not overwrite data
      Process process =
          new ProcessBuilder(
                  List.of(
                      "clang",
                      "--target=wasm32-wasi",
                      "--sysroot=" + SYSROOT,
                      "-O2",
                      "-Wl,--stack-first",
                      "-Wl,-z,stack-size=1048576",
                      "-o",
                      program.toString(),
                      SOURCES.resolve(name + ".c").toString()))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("clang cannot compile " + name + ":\n" + output);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
