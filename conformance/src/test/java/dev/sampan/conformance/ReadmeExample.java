package dev.sampan.conformance;

import dev.sampan.wasi.AuditEvent;
import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Policy;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The code in README.md, compiled; {@link ReadmeTest} compares the two. */
public final class ReadmeExample {

  private ReadmeExample() {}

  // begin
  public interface Scorer {
    double score(int user, double weight);
  }

  public interface Store {
    long get(int key);
  }

  static double run(Path wasm, Store store) throws IOException {
    try (Engine engine = Engine.create()) {
      WasmModule module = engine.load(wasm); // binary or text; decoded, validated, shareable
      Imports imports =
          Imports.create()
              .with(Wasi.preview1().args("scorer").stdout(System.out))
              .function("env", "log", call -> System.out.println(call.i32(0)))
              .module("store", Store.class, store);
      try (Instance instance = module.instantiate(imports, limits -> limits.maxMemory(64 << 20))) {
        Scorer scorer = instance.as(Scorer.class); // checked once against the exports
        int twice = instance.function("twice").call(21).i32(); // by name, for tools
        return scorer.score(twice, 0.5);
      } catch (Trap trap) {
        throw new IllegalStateException("the guest was stopped: " + trap.kind(), trap);
      }
    }
  }

  // end

  // begin policy
  static int runWithPolicy(WasmModule module, Path data, Consumer<AuditEvent> log) {
    Policy policy =
        Policy.standard() // standard streams, clocks, random numbers
            .directory(data, "/data", Rights.READ_ONLY)
            .network(NetworkGrant.parse("connect:tcp:*.example.com:443"))
            .maxOutput(1 << 20)
            .limits(ResourceLimits.DEFAULT.maxMemory(64 << 20).timeout(Duration.ofSeconds(2)));
    Imports imports = Imports.create().with(policy.wasi().audit(log));
    try (Instance instance = module.instantiate(imports, any -> policy.limits())) {
      return Wasi.start(instance);
    }
  }
  // end policy
}
