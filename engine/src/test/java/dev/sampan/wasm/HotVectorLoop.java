package dev.sampan.wasm;

import java.nio.charset.StandardCharsets;

/** Runs one loop with vector instructions for long, or over the end of the memory. */
final class HotVectorLoop {

  private static final String TEXT =
      """
      (module $loops
        (memory (export "memory") 1)
        (func $sum (export "sum") (param i32) (result i32)
          (local v128)
          (loop
            (local.set 1
              (i32x4.add (local.get 1)
                (i32x4.mul (i32x4.splat (local.get 0)) (v128.const i32x4 1 2 3 4))))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (i32.add
            (i32x4.extract_lane 0 (local.get 1))
            (i32x4.extract_lane 3 (local.get 1))))
        (func $walk (export "walk") (param i32)
          (loop
            (v128.store offset=15 (local.get 0) (v128.const i32x4 -1 -1 -1 -1))
            (local.set 0 (i32.add (local.get 0) (i32.const 16)))
            (br 0))))
      """;

  private static final int REPETITIONS = 40;

  private HotVectorLoop() {}

  public static void main(String[] arguments) {
    try (Engine engine = Engine.create();
        Instance instance =
            engine.load(TEXT.getBytes(StandardCharsets.UTF_8)).instantiate(Imports.create())) {
      if (Boolean.getBoolean("trap")) {
        walk(instance);
      } else {
        int sum = 0;
        // the second version is made by another thread, which may get its turn late
        for (int i = 0; i < REPETITIONS; i++) {
          sum = instance.function("sum").call(20_000_000).i32();
        }
        System.out.println("sum " + sum);
      }
    }
  }

  private static void walk(Instance instance) {
    try {
      instance.function("walk").call(0);
    } catch (Trap trap) {
      System.out.println("trap " + trap.getMessage());
      for (StackTraceElement element : trap.getStackTrace()) {
        System.out.println("at " + element);
      }
    }
    System.out.println("last byte " + instance.memory("memory").i8(65_535));
  }
}
