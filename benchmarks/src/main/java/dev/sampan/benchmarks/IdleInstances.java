package dev.sampan.benchmarks;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;

/** Holds idle instances with a page of memory each, and prints the heap that each takes. */
final class IdleInstances {

  private static final int COUNT = 8_000;

  private IdleInstances() {}

  /** Prints bytes per instance. */
  public static void main(String[] args) {
    try (Engine engine = Engine.create()) {
      WasmModule module =
          engine.load("(module (memory (export \"m\") 1) (func (export \"f\") (nop)))");
      List<Instance> instances = new ArrayList<>();
      instances.add(module.instantiate(Imports.create()));
      long before = used();
      for (int i = 0; i < COUNT; i++) {
        instances.add(module.instantiate(Imports.create()));
      }
      System.out.println((used() - before) / COUNT);
      instances.forEach(instance -> instance.function("f").call());
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
