package dev.sampan.wasm.valid;

import dev.sampan.wasm.model.FunctionBody;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Validates a module's functions on several threads. Of several errors the one in the first
 * function is reported, whatever the threads did.
 */
final class FunctionsInParallel {

  /** Below this many bytes of code a second thread costs more than it brings. */
  private static final int WORTHWHILE_BYTES = 1 << 18;

  private static final int CHUNK_FUNCTIONS = 64;

  private final ModuleContext context;
  private final int count;
  private final AtomicInteger next = new AtomicInteger();

  // guarded by this
  private int failedFunction = Integer.MAX_VALUE;
  private @Nullable Throwable failure;

  private FunctionsInParallel(ModuleContext context) {
    this.context = context;
    this.count = context.module().code().size();
  }

  static void validate(ModuleContext context, int threads) {
    new FunctionsInParallel(context).run(threads);
  }

  private void run(int threads) {
    boolean worthwhile = count > CHUNK_FUNCTIONS && codeBytes() > WORTHWHILE_BYTES;
    Workers.run(worthwhile ? threads : 1, "sampan-validate", this::work);
    rethrow();
  }

  private long codeBytes() {
    long bytes = 0;
    for (FunctionBody body : context.module().code()) {
      bytes += body.end() - body.start();
    }
    return bytes;
  }

  private void work() {
    FunctionValidator validator = new FunctionValidator(context);
    while (true) {
      int start = next.getAndAdd(CHUNK_FUNCTIONS);
      if (start < 0 || start >= count) {
        return;
      }
      for (int i = start; i < Math.min(count, start + CHUNK_FUNCTIONS); i++) {
        try {
          validator.function(i, null);
        } catch (RuntimeException | Error e) {
          fail(i, e);
          return;
        }
      }
    }
  }

  private synchronized void fail(int function, Throwable thrown) {
    if (function < failedFunction) {
      failedFunction = function;
      failure = thrown;
    }
    next.set(count);
  }

  private synchronized void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }
}
