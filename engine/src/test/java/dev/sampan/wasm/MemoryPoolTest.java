package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances share what they may take, and give it back. */
@Timeout(120)
class MemoryPoolTest {

  private static final long PAGE = 1 << 16;

  private static final String GROWS =
      """
      (module
        (memory 1)
        (table $t 0 funcref)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "widen") (param i32) (result i32)
          (table.grow $t (ref.null func) (local.get 0))))
      """;

  private static Instance instance(WasmModule module, MemoryPool pool) {
    return module.instantiate(Imports.create(), limits -> limits.pool(pool));
  }

  @ParameterizedTest
  @EnumSource
  void growthBeyondWhatIsLeftFails(ExecutionMode mode) {
    MemoryPool pool = MemoryPool.of(10 * PAGE);
    try (Engine engine = Engine.builder().mode(mode).build()) {
      WasmModule module = engine.load(GROWS);
      try (Instance one = instance(module, pool);
          Instance other = instance(module, pool)) {
        assertThat(pool.used()).isEqualTo(2 * PAGE);
        assertThat(one.function("grow").call(6).i32()).isEqualTo(1);
        assertThat(other.function("grow").call(3).i32()).isEqualTo(-1);
        assertThat(other.function("grow").call(2).i32()).isEqualTo(1);
        assertThat(other.function("widen").call(1).i32()).isEqualTo(-1);
        assertThat(pool.used()).isEqualTo(pool.max());
        one.close();
        assertThat(pool.used()).isEqualTo(3 * PAGE);
        assertThat(other.function("widen").call(1).i32()).isZero();
      }
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void instanceThatDoesNotFitSaysWhatIsTaken() {
    MemoryPool all = MemoryPool.of(3 * PAGE);
    List<MemoryPool> lacking = new ArrayList<>();
    MemoryPool part = all.part(Long.MAX_VALUE, lacking::add);
    try (Engine engine = Engine.create()) {
      WasmModule module = engine.load("(module (memory 2))");
      try (Instance _ = instance(module, part)) {
        assertThatThrownBy(() -> instance(module, part))
            .isInstanceOf(Trap.class)
            .hasMessage(
                "allocation failure: a memory of 2 pages does not fit the limits: limit 196608"
                    + " bytes of all instances together, used 131072 bytes");
      }
      // nothing is left of those that were not made
      assertThat(all.used()).isZero();
      assertThat(lacking).containsExactly(all);
      WasmModule traps = engine.load("(module (memory 1) (func unreachable) (start 0))");
      assertThatThrownBy(() -> instance(traps, part)).isInstanceOf(Trap.class);
      assertThat(all.used()).isZero();
    }
  }

  @Test
  void partsTakeFromTheWhole() {
    MemoryPool all = MemoryPool.of(100);
    MemoryPool small = all.part(30);
    MemoryPool large = all.part(1000);
    assertThat(small.take(31)).isFalse();
    assertThat(small.take(30)).isTrue();
    assertThat(large.left()).isEqualTo(70);
    assertThat(large.take(71)).isFalse();
    assertThat(large.take(70)).isTrue();
    assertThat(all.left()).isZero();
    all.max(50);
    assertThat(all.left()).isEqualTo(-50);
    large.count(-60);
    assertThat(all.left()).isEqualTo(10);
    assertThat(large.used()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void structuresAndArraysCount(ExecutionMode mode) {
    MemoryPool pool = MemoryPool.of(4 << 20);
    try (Engine engine = Engine.builder().mode(mode).build()) {
      WasmModule module =
          engine.load(
              """
              (module
                (type $bytes (array (mut i8)))
                (type $list (struct (field (ref null $list)) (field (ref $bytes))))
                (global $all (mut (ref null $list)) (ref.null $list))
                (func (export "keep") (param $n i32)
                  (loop $l
                    (global.set $all
                      (struct.new $list (global.get $all) (array.new_default $bytes (i32.const 1000))))
                    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                    (br_if $l (local.get $n)))))
              """);
      try (Instance one = instance(module, pool);
          Instance other = instance(module, pool)) {
        one.function("keep").call(2_000);
        assertThat(pool.used()).isBetween(1_900_000L, 2_300_000L);
        // what lives is known when the collector has been asked, which is done now and then
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    other.function("keep").call(100);
                    Thread.sleep(10);
                  }
                })
            .isInstanceOfSatisfying(
                ExhaustedException.class, e -> assertThat(e.resource()).isEqualTo(Resource.MEMORY))
            .hasMessageContaining("limit 4194304 bytes of all instances together");
      }
      assertThat(pool.used()).isZero();
    }
  }

  @Test
  void threadsLeaveNothingBehind() throws Exception {
    MemoryPool pool = MemoryPool.of(40 * PAGE);
    try (Engine engine = Engine.create();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      WasmModule module = engine.load(GROWS);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int pages = i % 12;
        tasks.add(
            () -> {
              try (Instance instance = instance(module, pool)) {
                return instance.function("grow").call(pages).i32();
              } catch (Trap e) {
                return -1; // not even the first page was there
              }
            });
      }
      for (Future<Integer> each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isBetween(-1, 1);
        assertThat(pool.used()).isBetween(0L, 40 * PAGE);
      }
    }
    assertThat(pool.used()).isZero();
  }
}
