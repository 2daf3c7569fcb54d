package dev.sampan.apps.service;

import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import dev.sampan.wasm.Trap;
import java.util.Optional;

/** The framework's functions for the instance of one run. */
final class GuestImports implements ImportSource {

  private final GuestCalls calls;

  GuestImports(GuestCalls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    return GuestFunction.of(wanted).map(function -> linked(function, wanted));
  }

  /** As for the C library, a function that is declared otherwise links, but cannot be called. */
  private HostFunction linked(GuestFunction function, ImportType wanted) {
    if (!function.matches(wanted)) {
      String message =
          "%s: failed to call unlinked import function (%s, %s): func %s expected, found %s"
              .formatted(
                  Trap.Kind.ABORTED.message(),
                  wanted.module(),
                  wanted.name(),
                  function.type(),
                  wanted.type());
      return call -> {
        throw new Trap(Trap.Kind.ABORTED, message);
      };
    }
    return call -> {
      int result = calls.perform(function, new Arguments(call));
      if (function.returns()) {
        call.result(result);
      }
    };
  }
}
