package dev.sampan.benchmarks;

import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs a program in this process, with fuel if the system property {@code fuel} says so. */
final class LimitedProgram {

  private static final long PLENTY = 1L << 60;

  private LimitedProgram() {}

  /** Arguments: the file, then the program's own. */
  public static void main(String[] args) throws IOException {
    Wasi wasi = Wasi.preview1().args(List.of(args)).inheritStdio();
    try (Engine engine = Engine.create();
        Instance instance =
            engine
                .load(Path.of(args[0]))
                .instantiate(
                    Imports.create().with(wasi),
                    limits -> Boolean.getBoolean("fuel") ? limits.fuel(PLENTY) : limits)) {
      instance.function("_start").call();
    } catch (ExitException e) {
      if (e.status() != 0) {
        throw e;
      }
    }
  }
}
