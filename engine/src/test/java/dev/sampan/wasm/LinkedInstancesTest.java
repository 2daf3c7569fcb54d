package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that call each other. */
@ParameterizedClass
@EnumSource(ExecutionMode.class)
class LinkedInstancesTest {

  private final Engine engine;

  LinkedInstancesTest(ExecutionMode mode) {
    engine = Engine.builder().mode(mode).build();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Instance instance(String text, Imports imports) {
    return engine.load(text).instantiate(imports);
  }

  private static final String LIBRARY =
      """
      (module
        (type $all (func (param i32 v128 externref i64 f32 f64 funcref)
          (result funcref f64 f32 i64 externref v128 i32)))
        (func (export "turn") (type $all)
          (local.get 6) (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1)
          (local.get 0))
        (func (export "one") (param v128) (result v128)
          (i64x2.add (local.get 0) (v128.const i64x2 1 2)))
        (func (export "fails") (param i32) (result i32) unreachable)
        (memory 1)
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
      """;

  private static final String USER =
      """
      (module
        (type $all (func (param i32 v128 externref i64 f32 f64 funcref)
          (result funcref f64 f32 i64 externref v128 i32)))
        (import "library" "turn" (func $turn (type $all)))
        (import "library" "one" (func $one (param v128) (result v128)))
        (import "library" "fails" (func $fails (param i32) (result i32)))
        (import "library" "load" (func $load (param i32) (result i32)))
        (func (export "turn") (type $all)
          (call $turn (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
            (local.get 5) (local.get 6)))
        (func (export "one") (param v128) (result v128) (call $one (call $one (local.get 0))))
        (func (export "fails") (param i32) (result i32) (call $fails (local.get 0)))
        (func (export "load") (param i32) (result i32) (call $load (local.get 0))))
      """;

  @Test
  void everyTypeAndManyResultsPassBetweenInstances() {
    try (Instance library = instance(LIBRARY, Imports.create());
        Instance user = instance(USER, Imports.create().instance("library", library))) {
      V128 vector = new V128(-1, 7);
      Func function = library.function("one");
      for (int i = 0; i < 3; i++) {
        assertThat(user.function("turn").call(i, vector, "text", 2L, 3f, 4.0, function).toList())
            .containsExactly(function, 4.0, 3f, 2L, "text", vector, i);
        assertThat(user.function("turn").call(i, vector, null, 2L, 3f, 4.0, null).toList())
            .containsExactly(null, 4.0, 3f, 2L, null, vector, i);
        assertThat(user.function("one").call(vector).v128()).isEqualTo(new V128(1, 11));
      }
    }
  }

  @Test
  void trapsPassThroughBothInstancesAndNameBoth() {
    try (Instance library = instance(LIBRARY, Imports.create());
        Instance user = instance(USER, Imports.create().instance("library", library))) {
      assertThatThrownBy(() -> user.function("fails").call(1))
          .isInstanceOf(Trap.class)
          .hasMessage("unreachable")
          .satisfies(trap -> assertThat(WasmFrame.of(trap)).hasSize(2));
      assertThatThrownBy(() -> user.function("load").call(-1))
          .isInstanceOf(Trap.class)
          .hasMessage("out of bounds memory access");
      assertThat(user.function("load").call(0).i32()).isZero();
    }
  }

  private static final int DEEP = 1_000_000;

  @Test
  void tailCallsBetweenInstancesNeedNoStack() {
    try (Instance even =
            instance(
                """
                (module
                  (type $f (func (param i32 i64) (result i32 i64)))
                  (table (export "table") 2 funcref)
                  (func (export "even") (type $f)
                    (if (i32.eqz (local.get 0)) (then (return (i32.const 1) (local.get 1))))
                    (return_call_indirect (type $f)
                      (i32.sub (local.get 0) (i32.const 1))
                      (i64.add (local.get 1) (i64.const 2)) (i32.const 1))))
                """,
                Imports.create());
        Instance odd =
            instance(
                """
                (module
                  (type $f (func (param i32 i64) (result i32 i64)))
                  (import "even" "even" (func $even (type $f)))
                  (import "even" "table" (table 2 funcref))
                  (elem (i32.const 1) $odd)
                  (func $odd (export "odd") (type $f)
                    (if (i32.eqz (local.get 0)) (then (return (i32.const 0) (local.get 1))))
                    (return_call $even
                      (i32.sub (local.get 0) (i32.const 1))
                      (i64.add (local.get 1) (i64.const 1)))))
                """,
                Imports.create().instance("even", even))) {
      assertThat(even.function("even").call(DEEP, 0L).toList()).containsExactly(1, 3L * (DEEP / 2));
      assertThat(odd.function("odd").call(DEEP, 0L).toList()).containsExactly(0, 3L * (DEEP / 2));
    }
  }

  private static final String TABLE_USER =
      """
      (module
        (type $f (func (param i32) (result i32)))
        (import "owner" "table" (table 4 funcref))
        (import "env" "triple" (func $triple (type $f)))
        (global $own i32 (i32.const OWN))
        (elem (i32.const SLOT) $add)
        (elem declare func $triple)
        (func $add (type $f) (i32.add (local.get 0) (global.get $own)))
        (func (export "put") (param i32)
          (table.set (local.get 0) (ref.func $triple)))
        (func (export "call") (param i32 i32) (result i32)
          (call_indirect (type $f) (local.get 0) (local.get 1))))
      """;

  @Test
  void sharedTableCallsEachFunctionInItsOwnInstance() {
    try (Instance owner =
            instance(
                "(module (table (export \"table\") 4 funcref) (func (export \"call\")"
                    + " (param i32 i32) (result i32) (call_indirect (param i32) (result i32)"
                    + " (local.get 0) (local.get 1))))",
                Imports.create());
        Instance first = tableUser(owner, 10, 0);
        Instance second = tableUser(owner, 20, 1)) {
      first.function("put").call(2);
      FuncType type = new FuncType(List.of(NumType.I32), List.of(NumType.I32));
      owner.table("table").set(3, engine.function(type, call -> call.result(-call.i32(0))));
      for (Instance each : List.of(owner, first, second)) {
        for (int round = 0; round < 3; round++) {
          assertThat(each.function("call").call(5, 0).i32()).isEqualTo(15);
          assertThat(each.function("call").call(5, 1).i32()).isEqualTo(25);
          assertThat(each.function("call").call(5, 2).i32()).isEqualTo(15);
          assertThat(each.function("call").call(5, 3).i32()).isEqualTo(-5);
        }
      }
      owner.table("table").set(0, second.function("call"));
      assertThatThrownBy(() -> first.function("call").call(5, 0))
          .isInstanceOf(Trap.class)
          .hasMessageStartingWith("indirect call type mismatch");
    }
  }

  private Instance tableUser(Instance owner, int own, int slot) {
    return instance(
        TABLE_USER.replace("OWN", String.valueOf(own)).replace("SLOT", String.valueOf(slot)),
        Imports.create()
            .instance("owner", owner)
            .function("env", "triple", call -> call.result(3 * call.i32(0))));
  }

  @Test
  void callIntoAnInstanceThatAnotherThreadIsInsideOfIsRefused() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (Instance library =
            instance(
                """
                (module (import "env" "wait" (func $wait)) (func (export "run") (call $wait))
                  (func (export "quick") (result i32) (i32.const 3)))
                """,
                Imports.create()
                    .function(
                        "env",
                        "wait",
                        call -> {
                          inside.countDown();
                          try {
                            leave.await();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        }));
        Instance user =
            instance(
                """
                (module (import "library" "quick" (func $quick (result i32)))
                  (func (export "plain") (result i32) (call $quick))
                  (func (export "tail") (result i32) (return_call $quick)))
                """,
                Imports.create().instance("library", library))) {
      AtomicReference<Throwable> other = new AtomicReference<>();
      Thread thread =
          new Thread(() -> other.set(catchThrowable(() -> library.function("run").call())));
      thread.start();
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      for (String name : List.of("plain", "tail")) {
        assertThatThrownBy(() -> user.function(name).call())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("another thread");
      }
      leave.countDown();
      thread.join();
      assertThat(other.get()).isNull();
      assertThat(user.function("plain").call().i32()).isEqualTo(3);
      assertThat(user.function("tail").call().i32()).isEqualTo(3);
    }
  }
}
