package dev.sampan.apps.function;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.function.CallingConvention.Exchange;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.InstancePool;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmModule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the instance comes from that handles a request. One for each {@link Isolation}. */
sealed interface Instances extends AutoCloseable {

  /** What is to be known while an instance handles a request. */
  interface Watch {

    /** From now on it may run, and may have to be stopped. */
    void begins(Instance instance);

    /** What began, if anything, has ended. */
    void ends();
  }

  /**
   * Handles a request.
   *
   * @param left how long that may take
   */
  void handle(Exchange exchange, Duration left, Watch watch);

  /**
   * Makes an instance, to see whether that can be done.
   *
   * @param left how long that may take
   */
  void tryOut(CallingConvention convention, Duration left);

  @Override
  void close();

  /** The instances of a function. */
  static Instances of(
      WasmModule module, Isolation isolation, CallingConvention convention, FunctionSettings all) {
    ResourceLimits limits = all.policy().limits();
    return switch (isolation) {
      case FRESH -> new Fresh(module, limits);
      case POOLED ->
          new Pooled(
              InstancePool.of(
                  module,
                  Imports.create().with(new RequestImports(convention.importsToPrepare())),
                  all.calls().concurrency(),
                  _ -> limits.timeout(shorter(limits, all.calls().timeLimit()))));
      case SHARED ->
          new Shared(module, convention, limits.timeout(shorter(limits, all.calls().timeLimit())));
    };
  }

  private static Duration shorter(ResourceLimits limits, Duration time) {
    return limits.timeout().filter(own -> own.compareTo(time) < 0).orElse(time);
  }

  private static void run(Exchange exchange, Instance instance, boolean prepared, Watch watch) {
    watch.begins(instance);
    try {
      exchange.run(instance, prepared);
    } finally {
      watch.ends();
    }
  }

  /** A new one for each request. */
  record Fresh(WasmModule module, ResourceLimits limits) implements Instances {
    @Override
    public void handle(Exchange exchange, Duration left, Watch watch) {
      Imports imports = Imports.create().with(exchange.imports());
      try (Instance instance =
          module.instantiate(imports, _ -> limits.timeout(shorter(limits, left)), watch::begins)) {
        exchange.run(instance, false);
      } finally {
        watch.ends();
      }
    }

    @Override
    public void tryOut(CallingConvention convention, Duration left) {
      Imports imports = Imports.create().with(convention.importsToPrepare());
      module.instantiate(imports, _ -> limits.timeout(shorter(limits, left))).close();
    }

    @Override
    public void close() {}
  }

  /** One that had other requests before, and has forgotten them. */
  record Pooled(InstancePool pool) implements Instances {
    @Override
    public void handle(Exchange exchange, Duration left, Watch watch) {
      RequestImports.during(
          exchange.imports(),
          () -> {
            try (InstancePool.Lease lease = pool.lend(left)) {
              run(exchange, lease.instance(), false, watch);
            }
          });
    }

    @Override
    public void tryOut(CallingConvention convention, Duration left) {
      RequestImports.during(convention.importsToPrepare(), () -> pool.lend(left).close());
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  /** One for all requests. When it was stopped, the next request gets a new one. */
  final class Shared implements Instances {
    private final WasmModule module;
    private final CallingConvention convention;
    private final ResourceLimits limits;
    private @Nullable Instance instance;

    Shared(WasmModule module, CallingConvention convention, ResourceLimits limits) {
      this.module = module;
      this.convention = convention;
      this.limits = limits;
    }

    @Override
    public synchronized void handle(Exchange exchange, Duration left, Watch watch) {
      boolean well = false;
      try {
        Instance prepared = prepare();
        RequestImports.during(exchange.imports(), () -> run(exchange, prepared, true, watch));
        well = true;
      } finally {
        if (!well) {
          close(); // what it has left behind is in nobody's hands
        }
      }
    }

    private Instance prepare() {
      Instance present = instance;
      if (present == null) {
        RequestImports imports = new RequestImports(convention.importsToPrepare());
        Instance[] made = new Instance[1];
        RequestImports.during(
            convention.importsToPrepare(),
            () -> {
              made[0] = module.instantiate(Imports.create().with(imports), _ -> limits);
              instance = made[0]; // also if it fails now, so that it is closed
              convention.prepare(made[0]);
            });
        present = made[0];
      }
      return present;
    }

    @Override
    public synchronized void tryOut(CallingConvention any, Duration left) {
      boolean well = false;
      try {
        prepare();
        well = true;
      } finally {
        if (!well) {
          close();
        }
      }
    }

    @Override
    public synchronized void close() {
      Instance present = instance;
      instance = null;
      if (present != null) {
        present.close();
      }
    }
  }
}
