package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an instance may use, which thread it belongs to, and its end. */
class LimitsAndOwnershipTest {

  private final Engine engine = Engine.create();

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void growBeyondLimitReturnsMinusOne() {
    WasmModule module =
        engine.load(
            """
            (module
              (memory $a 1) (memory $b 1)
              (func (export "a") (param i32) (result i32) (memory.grow $a (local.get 0)))
              (func (export "b") (param i32) (result i32) (memory.grow $b (local.get 0))))
            """);
    try (Instance instance =
        module.instantiate(Imports.create(), limits -> limits.maxMemory(5 << 16))) {
      assertThat(instance.function("a").call(4).i32()).isEqualTo(-1);
      assertThat(instance.function("a").call(2).i32()).isEqualTo(1);
      // the limit is for all memories together
      assertThat(instance.function("b").call(2).i32()).isEqualTo(-1);
      assertThat(instance.function("b").call(1).i32()).isEqualTo(1);
      assertThat(instance.function("a").call(1).i32()).isEqualTo(-1);
      assertThat(instance.function("a").call(0).i32()).isEqualTo(3);
    }
  }

  @Test
  void memoryThatBeginsBeyondTheLimitIsNotMade() {
    WasmModule module = engine.load("(module (memory 2) (memory 1))");
    assertThatThrownBy(
            () -> module.instantiate(Imports.create(), limits -> limits.maxMemory((3 << 16) - 1)))
        .isInstanceOfSatisfying(
            Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.ALLOCATION_FAILURE));
    module.instantiate(Imports.create(), limits -> limits.maxMemory(3 << 16)).close();
  }

  @Test
  void tableLimitHoldsForAllTablesTogether() {
    WasmModule module =
        engine.load(
            """
            (module
              (table $a 10 funcref) (table $b 10 externref)
              (func (export "a") (param i32) (result i32)
                (table.grow $a (ref.null func) (local.get 0)))
              (func (export "b") (param i32) (result i32)
                (table.grow $b (ref.null extern) (local.get 0))))
            """);
    try (Instance instance =
        module.instantiate(Imports.create(), limits -> limits.maxTableElements(25))) {
      assertThat(instance.function("a").call(6).i32()).isEqualTo(-1);
      assertThat(instance.function("a").call(3).i32()).isEqualTo(10);
      assertThat(instance.function("b").call(3).i32()).isEqualTo(-1);
      assertThat(instance.function("b").call(2).i32()).isEqualTo(10);
    }
    assertThatThrownBy(
            () -> module.instantiate(Imports.create(), limits -> limits.maxTableElements(19)))
        .isInstanceOf(Trap.class)
        .hasMessageStartingWith("allocation failure");
  }

  @Test
  void negativeLimitIsRefused() {
    assertThatThrownBy(() -> ResourceLimits.DEFAULT.maxMemory(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResourceLimits.DEFAULT.maxTableElements(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResourceLimits.DEFAULT.maxStack(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final String DEPTH =
      """
      (module $deep
        (import "env" "down" (func $host (param i32) (result i32)))
        (func $down (export "down") (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
            (else (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))))
        (func (export "through-host") (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
            (else (i32.add (i32.const 1) (call $host (i32.sub (local.get 0) (i32.const 1))))))))
      """;

  private Instance deep(int maxStack) {
    return deep(engine, maxStack);
  }

  private static Instance deep(Engine engine, int maxStack) {
    return engine
        .load(DEPTH)
        .instantiate(
            Imports.create()
                .function(
                    "env",
                    "down",
                    call ->
                        call.result(
                            call.instance().function("through-host").call(call.i32(0)).i32())),
            limits -> limits.maxStack(maxStack));
  }

  @Test
  void recursionOfTheGuestEndsWithExhaustion() {
    try (Instance instance = deep(1 << 16)) {
      Func down = instance.function("down");
      assertThat(down.call(1000).i32()).isEqualTo(1000);
      assertThatThrownBy(() -> down.call(-1))
          .isInstanceOf(ExhaustedException.class)
          .hasMessageStartingWith("call stack exhausted");
      assertThat(down.call(1000).i32()).isEqualTo(1000);
    }
  }

  @Test
  void stackLimitOfTheInterpreterIsTheInstances() {
    Engine interpreter = Engine.builder().mode(ExecutionMode.INTERPRETER).build();
    try (Instance small = deep(interpreter, 1000);
        Instance large = deep(interpreter, 1_000_000)) {
      assertThatThrownBy(() -> small.function("down").call(5000))
          .isInstanceOf(ExhaustedException.class);
      assertThat(large.function("down").call(5000).i32()).isEqualTo(5000);
    }
  }

  @Test
  void recursionThroughTheHostEndsWithExhaustion() {
    try (Instance instance = deep(1 << 20)) {
      Func through = instance.function("through-host");
      assertThat(through.call(50).i32()).isEqualTo(50);
      assertThatThrownBy(() -> through.call(-1)).isInstanceOf(ExhaustedException.class);
      // and nothing is left of it
      assertThat(through.call(50).i32()).isEqualTo(50);
      assertThat(instance.function("down").call(1000).i32()).isEqualTo(1000);
    }
  }

  /** The exports of a module, as Java sees them. */
  public interface Nop {
    void nop();
  }

  @Test
  void secondThreadInsideIsRefused() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (Instance instance =
        engine
            .load(
                """
                (module (import "env" "wait" (func $wait))
                  (func (export "run") (call $wait)) (func (export "nop")))
                """)
            .instantiate(
                Imports.create()
                    .function(
                        "env",
                        "wait",
                        call -> {
                          // the thread that is inside may enter again
                          call.instance().function("nop").call();
                          inside.countDown();
                          try {
                            leave.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        }))) {
      AtomicReference<Throwable> other = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> other.set(catchThrowable(() -> instance.function("run").call())), "first");
      thread.start();
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      MethodHandle handle = instance.function("nop").handle();
      Nop glue = instance.as(Nop.class);
      for (ThrowableAssert.ThrowingCallable way :
          List.<ThrowableAssert.ThrowingCallable>of(
              () -> instance.function("nop").call(), handle::invoke, glue::nop)) {
        assertThatThrownBy(way)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("another thread");
      }
      leave.countDown();
      thread.join();
      assertThat(other.get()).isNull();
      // one after the other is no trouble
      instance.function("nop").call();
    }
  }

  @Test
  void guestThatWaitsIsEndedByAnInterrupt() throws Exception {
    try (Instance instance =
        engine
            .load(
                """
                (module (import "env" "ready" (func $ready)) (memory 1 1 shared)
                  (func (export "wait") (result i32)
                    (call $ready)
                    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
                """)
            .instantiate(
                Imports.create()
                    .function("env", "ready", call -> Thread.currentThread().interrupt()))) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          new Thread(() -> thrown.set(catchThrowable(() -> instance.function("wait").call())));
      thread.start();
      thread.join(30_000);
      assertThat(thread.isAlive()).isFalse();
      assertThat(thrown.get())
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
    }
  }

  @Test
  void manyThreadsShareAModule() throws Exception {
    WasmModule module =
        engine.load(
            """
            (module
              (global $g (mut i32) (i32.const 0))
              (func (export "count") (param i32) (result i32)
                (loop $l
                  (global.set $g (i32.add (global.get $g) (i32.const 1)))
                  (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (global.get $g)))
            """);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        results.add(
            threads.submit(
                () -> {
                  try (Instance instance = module.instantiate(Imports.create())) {
                    return instance.function("count").call(10_000).i32();
                  }
                }));
      }
      for (Future<Integer> each : results) {
        assertThat(each.get()).isEqualTo(10_000);
      }
    }
  }

  @Test
  void closedInstanceTraps() {
    Instance instance =
        engine
            .load(
                """
                (module (memory (export "m") 1) (table (export "t") 1 funcref)
                  (global (export "g") i32 (i32.const 1)) (func (export "f")))
                """)
            .instantiate(Imports.create());
    Func function = instance.function("f");
    function.call();
    instance.close();
    instance.close();
    assertThatThrownBy(function::call)
        .isInstanceOfSatisfying(
            Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INSTANCE_CLOSED));
    for (Runnable use :
        List.<Runnable>of(
            () -> instance.function("f"),
            () -> instance.memory("m"),
            () -> instance.table("t"),
            () -> instance.global("g"),
            () -> instance.export("m"))) {
      assertThatThrownBy(use::run).isInstanceOf(Trap.class).hasMessage("instance is closed");
    }
    assertThat(instance.exportNames()).containsExactly("m", "t", "g", "f");
    assertThat(instance.module().name()).isEqualTo("module");
  }

  @Test
  void instanceClosedWhileInsideEndsWithTheCall() {
    AtomicReference<Instance> self = new AtomicReference<>();
    Instance instance =
        engine
            .load(
                """
                (module (import "env" "close" (func $close)) (memory 1)
                  (func (export "run") (result i32)
                    (call $close) (i32.store (i32.const 0) (i32.const 5)) (i32.load (i32.const 0))))
                """)
            .instantiate(Imports.create().function("env", "close", call -> self.get().close()));
    self.set(instance);
    assertThat(instance.function("run").call().i32()).isEqualTo(5);
    assertThatThrownBy(() -> instance.function("run").call()).isInstanceOf(Trap.class);
  }
}
