package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import org.junit.jupiter.api.Test;

/**
 * A module's code goes with the module. The property {@code sampan.cycles} says how many modules
 * come and go.
 */
class CodeUnloadingTest {

  private static final int CYCLES = Integer.getInteger("sampan.cycles", 2_000);

  /** What may come in addition after the first tenth: some code is of Java itself. */
  private static final long ALLOWED_GROWTH = 1 << 20;

  public interface Host {
    int plusOne(int value);
  }

  public interface Guest {
    int run(int value);
  }

  private static String module(int number) {
    return """
    (module
      (import "host" "plusOne" (func $plus (param i32) (result i32)))
      (import "env" "same" (func $same (param i32) (result i32)))
      (type $s (struct (field i32) (field (mut i64))))
      (memory 1) (table 2 funcref) (elem (i32.const 0) $number $same)
      (func $number (param i32) (result i32) (i32.const NUMBER))
      (func (export "run") (param i32) (result i32)
        (drop (struct.get $s 0 (struct.new_default $s)))
        (i32.add
          (i32.add (call $same (i32.const 1)) (call $plus (local.get 0)))
          (call_indirect (param i32) (result i32) (i32.const 1) (i32.const 0)))))
    """
        .replace("NUMBER", String.valueOf(number));
  }

  private static long metaspace() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        if (pool.getName().equals("Metaspace")) {
          used = Math.min(used, pool.getUsage().getUsed());
        }
      }
    }
    return used;
  }

  @Test
  void metaspaceStaysFlatWhileModulesComeAndGo() throws Exception {
    long before = 0;
    try (Engine engine = Engine.create()) {
      for (int i = 0; i < CYCLES; i++) {
        if (i == CYCLES / 10) {
          before = metaspace();
        }
        try (Instance instance =
            engine
                .load(module(i))
                .instantiate(
                    Imports.create()
                        .module("host", Host.class, value -> value + 1)
                        .function("env", "same", call -> call.result(call.i32(0))))) {
          assertThat(instance.as(Guest.class).run(5)).isEqualTo(7 + i);
          assertThat(instance.function("run").call(6).i32()).isEqualTo(8 + i);
        }
      }
      assertThat(metaspace()).isLessThan(before + ALLOWED_GROWTH);
    }
  }
}
