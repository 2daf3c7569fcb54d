package dev.sampan.wasi.libc;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.NumType;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** From what a module imports to what stands for it. */
public final class Linking {

  /** Where two numbers come from that older compilers import. */
  private static final String GLOBALS = "global";

  /** The modules from which guests import memories and tables that they expect to find. */
  private static final Set<String> HOST_MODULES =
      Set.of(LibraryFunction.MODULE, "wasi_unstable", "wasi_snapshot_preview1", "");

  private Linking() {}

  /**
   * What an import means, or empty if the library does not know it. A function that is declared
   * with another type can be imported, but not be called: compilers declare functions for programs
   * that never call them, above all C's {@code abort}.
   *
   * @param functions gives a function of {@link LibraryFunction} by its name there
   */
  static Optional<? extends Importable> resolve(
      ImportType wanted, Function<String, HostFunction> functions) {
    if (wanted.module().equals(GLOBALS)) {
      return constant(wanted);
    } else if (!wanted.module().equals(LibraryFunction.MODULE)) {
      return Optional.empty();
    }
    return LibraryFunction.known(wanted.name())
        .map(name -> matches(wanted, name) ? functions.apply(name) : unlinked(wanted, name));
  }

  /** Tells whether an import is known, with functions that cannot be called. */
  public static Optional<? extends Importable> resolve(ImportType wanted) {
    HostFunction homeless =
        call -> {
          throw new IllegalStateException("the C library is called without Libc.forInstance()");
        };
    return resolve(wanted, name -> homeless);
  }

  /** Whether a memory or table is made for whoever imports it. */
  public static boolean makes(ImportType wanted) {
    return HOST_MODULES.contains(wanted.module());
  }

  private static boolean matches(ImportType wanted, String name) {
    return !(wanted.type() instanceof ExternFuncType(DefType type))
        || type.composite() instanceof FuncType declared && declared.equals(expected(name));
  }

  private static FuncType expected(String name) {
    return LibraryFunction.named(name).signature().type();
  }

  private static HostFunction unlinked(ImportType wanted, String name) {
    String message =
        "%s: failed to call unlinked import function (%s, %s): func %s expected, found %s"
            .formatted(
                Trap.Kind.ABORTED.message(),
                wanted.module(),
                wanted.name(),
                expected(name),
                wanted.type());
    return call -> {
      throw new Trap(Trap.Kind.ABORTED, message);
    };
  }

  private static Optional<? extends Importable> constant(ImportType wanted) {
    return switch (wanted.name()) {
      case "NaN" -> Optional.of(global(Double.NaN));
      case "Infinity" -> Optional.of(global(Double.POSITIVE_INFINITY));
      default -> Optional.empty();
    };
  }

  private static Importable global(double value) {
    try (Engine engine = Engine.create()) {
      return engine.global(new GlobalType(NumType.F64, false), value);
    }
  }
}
