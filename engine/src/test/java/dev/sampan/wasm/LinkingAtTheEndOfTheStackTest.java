package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Code is made and classes are loaded when they are first needed, which may be where the guest has
 * used up nearly all of its stack. Nothing may stay unusable then.
 */
class LinkingAtTheEndOfTheStackTest {

  /** So many functions are in a class of their own each. */
  private static final int FUNCTIONS = 300;

  private static final int NOPS = 6_000;

  interface Guest {
    int down(int depth, int function);
  }

  /** Each function uses something else for the first time. */
  private static String body(int kind) {
    return switch (kind % 10) {
      case 0 -> "(i32.add (local.get 0) (i32.const 1))";
      case 1 -> "(call $plus (local.get 0))";
      case 2 -> "(call $lambda (local.get 0))";
      case 3 ->
          "(struct.get $s 0 (struct.new $s (i32.add (local.get 0) (i32.const 1))"
              + " (f64.const 0)))";
      case 4 ->
          "(array.get $a (array.new $a (i32.add (local.get 0) (i32.const 1)) (i32.const 3))"
              + " (i32.const 2))";
      case 5 ->
          "(block $b (result i32) (try_table (catch $e $b)"
              + " (throw $e (i32.add (local.get 0) (i32.const 1)))) (unreachable))";
      case 6 -> "(return_call_indirect (type $f) (local.get 0) (i32.const 0))";
      case 7 ->
          "(i32.store (i32.const 64) (i32.add (local.get 0) (i32.const 1)))"
              + " (i32.atomic.rmw.add (i32.const 64) (i32.const 0))";
      case 8 ->
          "(i32x4.extract_lane 1 (i32x4.add (i32x4.splat (local.get 0))"
              + " (i32x4.splat (i32.const 1))))";
      default ->
          "(drop (call $same (ref.i31 (local.get 0)) ))"
              + " (i32.add (ref.test (ref $s) (struct.new_default $s)) (local.get 0))";
    };
  }

  private static String module() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        (module
          (type $f (func (param i32) (result i32)))
          (type $s (struct (field i32) (field f64)))
          (type $a (array i32))
          (import "host" "plusOne" (func $plus (type $f)))
          (import "env" "lambda" (func $lambda (type $f)))
          (import "host" "same" (func $same (param anyref) (result anyref)))
          (tag $e (param i32))
          (memory 1)
        """);
    text.append("(table funcref (elem");
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append(" $f").append(i);
    }
    text.append("))\n");
    String nops = "nop ".repeat(NOPS);
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append("(func $f").append(i).append(" (type $f) ");
      text.append(nops).append(body(i)).append(")\n");
    }
    text.append(
        """
          (func $down (export "down") (param i32 i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0))
              (then (call_indirect (type $f) (i32.const 41) (local.get 1)))
              (else
                (i32.sub
                  (i32.add (i32.const 1)
                    (call $down (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))
                  (i32.const 1))))))
        """);
    return text.toString();
  }

  private static boolean exhausts(Guest guest, int depth, int function) {
    try {
      assertThat(guest.down(depth, function)).isEqualTo(42);
      return false;
    } catch (ExhaustedException e) {
      return true;
    }
  }

  @Test
  void everythingWorksAfterTheStackHasEndedWhileLinking() throws Exception {
    for (long seed = 1; seed <= 2; seed++) {
      try (Engine engine = Engine.create()) {
        WasmModule module = engine.load(module());
        Random random = new Random(seed);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Instance instance =
            module.instantiate(
                Imports.create()
                    .module("host", DeepLinking.Host.class, new DeepLinking.HostWorker())
                    .function("env", "lambda", call -> call.result(call.i32(0) + 1)));
        Guest guest = instance.as(Guest.class);
        Thread thread =
            new Thread(
                null,
                () -> {
                  try {
                    descend(guest, random);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                },
                "guest",
                512 << 10);
        thread.start();
        thread.join();
        if (failure.get() != null) {
          throw new AssertionError("seed " + seed, failure.get());
        }
        for (int i = 0; i < FUNCTIONS; i++) {
          assertThat(guest.down(3, i)).as("function %d", i).isEqualTo(42);
        }
        instance.close();
      }
    }
  }

  private static void descend(Guest guest, Random random) {
    int low = 0;
    int high = 1 << 20;
    while (high - low > 16) {
      int middle = (low + high) >>> 1;
      if (exhausts(guest, middle, 0)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    int exhausted = 0;
    int done = 0;
    for (int i = 1; i < FUNCTIONS; i++) {
      int depth = high + 50 - random.nextInt(Math.max(100, high / 8));
      if (exhausts(guest, Math.max(depth, 1), i)) {
        exhausted++;
      } else {
        done++;
      }
    }
    assertThat(exhausted + done).isEqualTo(FUNCTIONS - 1);
  }

  @Test
  void nothingStaysUnusableWhereverTheStackEnds() throws Exception {
    // interpreted frames are of the same size each time, so the stack ends in each of them
    String output = ChildJvm.run(DeepLinking.class, "-Xint");
    assertThat(output)
        .containsPattern("exhausted \\d\\d+ times")
        .contains("out of bounds memory access", "unreachable", "integer divide by zero")
        .endsWith("all works" + System.lineSeparator());
  }

  @Test
  void fullMetaspaceIsAClearErrorAndTheEngineGoesOn() throws Exception {
    String output = ChildJvm.run(FullMetaspace.class, "-XX:MaxMetaspaceSize=24m", "-Xmx256m");
    assertThat(output)
        .startsWith("out of memory: Metaspace, while linking module module")
        .endsWith("all works" + System.lineSeparator());
  }

  @Test
  void guestRunsOnAStackSmallerThanTheReserve() throws Exception {
    try (Engine engine = Engine.create();
        Instance instance =
            engine
                .load("(module (func (export \"f\") (result i32) (i32.const 42)))")
                .instantiate(Imports.create())) {
      AtomicReference<Object> outcome = new AtomicReference<>();
      Thread thread =
          new Thread(
              null, () -> outcome.set(instance.function("f").call().get(0)), "small", 160 << 10);
      thread.start();
      thread.join();
      assertThat(outcome.get()).isEqualTo(42);
    }
  }

  @Test
  void interruptDoesNotDisturbLinking() throws Exception {
    try (Engine engine = Engine.create();
        Instance instance =
            engine
                .load("(module (func (export \"f\") (result i32) (i32.const 42)))")
                .instantiate(Imports.create())) {
      AtomicReference<Object> outcome = new AtomicReference<>();
      Thread thread =
          new Thread(
              null,
              () -> {
                Thread.currentThread().interrupt();
                outcome.set(instance.function("f").call().get(0));
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
              },
              "small",
              160 << 10);
      thread.start();
      thread.join();
      assertThat(outcome.get()).isEqualTo(42);
    }
  }
}
