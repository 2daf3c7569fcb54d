package dev.sampan.wasm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Runs a function with several loops with vector instructions, one behind the other in a loop
 * around them, interpreted and compiled, and prints whether both leave the same. The system
 * property {@code times} says how often.
 */
final class VectorPhases {

  private static final String TEXT =
      """
      (module $phases
        (memory (export "memory") 1)
        (func (export "run") (param $times i32) (result i32)
          (local $i i32) (local $sum v128) (local $last i64)
          (i32.const 7)
          (loop $outer
            (local.set $i (i32.const 0))
            (loop $up
              (v128.store (local.get $i)
                (i32x4.add (v128.load (local.get $i)) (i32x4.splat (local.get $i))))
              (br_if $up
                (i32.lt_u
                  (local.tee $i (i32.add (local.get $i) (i32.const 16)))
                  (i32.const 3200))))
            (f64.const 0.5)
            (loop $down
              (local.set $i (i32.sub (local.get $i) (i32.const 16)))
              (local.set $sum
                (i32x4.add
                  (i32x4.mul (local.get $sum) (v128.const i32x4 3 5 7 9))
                  (v128.load (local.get $i))))
              (br_if $down (local.get $i)))
            (drop)
            (loop $mix
              (v128.store (local.get $i)
                (v128.xor (local.get $sum) (v128.load offset=16 (local.get $i))))
              (local.set $last (i64x2.extract_lane 1 (local.get $sum)))
              (br_if $mix
                (i32.ne
                  (local.tee $i (i32.add (local.get $i) (i32.const 32)))
                  (i32.const 1600))))
            (br_if $outer (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
          (i32.add (i32.wrap_i64 (local.get $last)))
          (i32.add (i32x4.extract_lane 0 (local.get $sum)))))
      """;

  private static final int REPETITIONS = 10;

  private VectorPhases() {}

  public static void main(String[] arguments) {
    int times = Integer.getInteger("times", 20);
    String expected = run(ExecutionMode.INTERPRETER, times);
    String found = expected;
    // the second version is made by another thread, which may get its turn late
    for (int i = 0; i < REPETITIONS && found.equals(expected); i++) {
      found = run(ExecutionMode.COMPILER, times);
    }
    System.out.println(expected.equals(found) ? "same" : "different: " + expected + ", " + found);
  }

  private static String run(ExecutionMode mode, int times) {
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance =
            engine.load(TEXT.getBytes(StandardCharsets.UTF_8)).instantiate(Imports.create())) {
      int result = instance.function("run").call(times).i32();
      byte[] memory = new byte[1 << 16];
      instance.memory("memory").read(0, memory, 0, memory.length);
      return result + " " + Arrays.hashCode(memory);
    }
  }
}
