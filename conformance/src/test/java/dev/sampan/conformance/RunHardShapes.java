package dev.sampan.conformance;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;

/** Runs all {@link HardShapes} until they are hot: the program of {@link CompilationLogTest}. */
final class RunHardShapes {

  private RunHardShapes() {}

  /** The program. */
  public static void main(String[] arguments) {
    for (HardShapes.Shape shape : HardShapes.all()) {
      long began = System.nanoTime();
      try (Engine engine = Engine.create();
          Instance instance = engine.load(shape.text()).instantiate(Imports.create())) {
        int result = 0;
        for (int i = 0; i < shape.calls(); i++) {
          result = instance.function("hot").call(shape.rounds()).i32();
        }
        long milliseconds = (System.nanoTime() - began) / 1_000_000;
        System.out.println("\nran " + shape.name() + ": " + result + ", ms: " + milliseconds);
      }
    }
  }
}
