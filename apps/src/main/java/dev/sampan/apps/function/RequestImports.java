package dev.sampan.apps.function;

import dev.sampan.wasm.HostFunction;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Importable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Imports of an instance that handles many requests: functions that go to whatever the request of
 * the calling thread has. So the instance itself keeps nothing open, and can be brought back to its
 * initial state.
 */
final class RequestImports implements ImportSource {

  private static final ScopedValue<Functions> CURRENT = ScopedValue.newInstance();

  /** Knows which functions there are; it is never called. */
  private final ImportSource known;

  RequestImports(ImportSource known) {
    this.known = known;
  }

  /** The functions of one request. */
  private static final class Functions {
    private final ImportSource source;
    private final Map<ImportType, HostFunction> functions = new HashMap<>();

    Functions(ImportSource source) {
      this.source = source;
    }

    HostFunction function(ImportType wanted) {
      return functions.computeIfAbsent(
          wanted, key -> (HostFunction) source.resolve(key).orElseThrow());
    }
  }

  /** Does something during which the calling thread has these imports, which are closed then. */
  static void during(ImportSource source, Runnable action) {
    ImportSource opened = source.forInstance();
    try {
      ScopedValue.where(CURRENT, new Functions(opened)).run(action);
    } finally {
      if (opened instanceof AutoCloseable closeable) {
        close(closeable);
      }
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("what a request had open cannot be closed", e);
    }
  }

  @Override
  public Optional<? extends Importable> resolve(ImportType wanted) {
    return known
        .resolve(wanted)
        .map(any -> (HostFunction) call -> CURRENT.get().function(wanted).call(call));
  }
}
