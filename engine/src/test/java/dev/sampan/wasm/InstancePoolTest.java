package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances are lent to one at a time, and are as new each time. */
class InstancePoolTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String STATE =
      """
      (module
        (memory (export "m") 2) (memory $shared 1 2 shared)
        (global $g (export "g") (mut i32) (i32.const 7))
        (table $t (export "t") 2 10 funcref)
        (elem (i32.const 0) $one $two) (elem $passive func $two)
        (data (i32.const 70000) "first") (data $later "second")
        (func $one (result i32) (i32.const 1))
        (func $two (result i32) (i32.add (global.get $g) (i32.const 100)))
        (func $start (i32.store (i32.const 16) (i32.const 99)))
        (start $start)
        (func (export "use") (param i32) (result i32)
          (global.set $g (local.get 0))
          (i32.store (i32.const 16) (local.get 0))
          (i32.store $shared (i32.const 65532) (local.get 0))
          (memory.init $later (i32.const 131000) (i32.const 0) (i32.const 6))
          (data.drop $later) (elem.drop $passive)
          (drop (memory.grow (i32.const 3))) (drop (memory.grow $shared (i32.const 1)))
          (drop (table.grow $t (ref.func $one) (i32.const 4)))
          (table.set $t (i32.const 0) (ref.func $two))
          (call_indirect (result i32) (i32.const 0)))
        (func (export "look") (result i32 i32 i32 i32 i32 i32 i32)
          (global.get $g) (i32.load (i32.const 16)) (i32.load $shared (i32.const 65532))
          (memory.size) (table.size $t)
          (call_indirect (result i32) (i32.const 0)) (call_indirect (result i32) (i32.const 1)))
        (func (export "init") (memory.init $later (i32.const 0) (i32.const 0) (i32.const 6))
          (table.init $t $passive (i32.const 0) (i32.const 0) (i32.const 1))))
      """;

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfTheOneBefore(ExecutionMode mode) {
    try (Engine engine = Engine.builder().mode(mode).build();
        InstancePool pool =
            InstancePool.of(
                engine.load(STATE), Imports.create(), 2, limits -> limits.fuel(10_000))) {
      Instance first;
      Object fresh;
      try (InstancePool.Lease lease = pool.lend(SOON);
          InstancePool.Lease other = pool.lend(SOON)) {
        first = lease.instance();
        fresh = first.function("look").call().toList();
        assertThat(fresh).isEqualTo(List.of(7, 99, 0, 2, 2, 1, 107));
        assertThat(other.instance().function("look").call().toList()).isEqualTo(fresh);
        // both are restored from the state of the first one
        assertThat(first.function("use").call(1000).i32()).isEqualTo(1100);
        assertThat(other.instance().function("use").call(2000).i32()).isEqualTo(2100);
        assertThat(other.instance().function("look").call().toList())
            .isEqualTo(List.of(2000, 2000, 2000, 5, 6, 2100, 2100));
      }
      for (int i = 0; i < 4; i++) {
        try (InstancePool.Lease lease = pool.lend(SOON);
            InstancePool.Lease other = pool.lend(SOON)) {
          for (Instance each : List.of(lease.instance(), other.instance())) {
            assertThat(each.function("look").call().toList()).isEqualTo(fresh);
            assertThat(each.memory("m").utf8(70000, 5)).isEqualTo("first");
            assertThat(each.memory("m").i64(131000)).isZero();
            assertThat(each.fuel().orElseThrow().used()).isLessThan(100);
            each.function("init").call();
            each.function("use").call(i);
          }
        }
      }
      assertThat(pool.size()).isEqualTo(2);
    }
  }

  @Test
  void nobodyGetsMoreThanThereAre() {
    try (Engine engine = Engine.create()) {
      InstancePool pool = InstancePool.of(engine.load(STATE), Imports.create(), 2);
      InstancePool.Lease one = pool.lend(SOON);
      InstancePool.Lease two = pool.lend(SOON);
      assertThatThrownBy(() -> pool.lend(Duration.ofMillis(30)))
          .isInstanceOf(ExhaustedException.class)
          .hasMessage("instances exhausted: limit 2, used 2");
      one.close();
      one.close();
      assertThatThrownBy(one::instance).isInstanceOf(IllegalStateException.class);
      assertThat(pool.idle()).isEqualTo(1);
      pool.lend(Duration.ZERO).close();
      pool.close();
      assertThatThrownBy(() -> pool.lend(SOON)).hasMessageContaining("closed");
      two.close();
      assertThat(pool.size()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void stoppedAndClosedInstancesHarmNobody(ExecutionMode mode) {
    try (Engine engine = Engine.builder().mode(mode).build();
        InstancePool pool = InstancePool.of(engine.load(STATE), Imports.create(), 1)) {
      try (InstancePool.Lease lease = pool.lend(SOON)) {
        lease.instance().stop("enough");
        assertThatThrownBy(() -> lease.instance().function("look").call()).isInstanceOf(Trap.class);
      }
      try (InstancePool.Lease lease = pool.lend(SOON)) {
        assertThat(lease.instance().function("use").call(1).i32()).isEqualTo(101);
        lease.instance().close();
      }
      try (InstancePool.Lease lease = pool.lend(SOON)) {
        assertThat(lease.instance().function("use").call(1).i32()).isEqualTo(101);
      }
      assertThat(pool.size()).isEqualTo(1);
    }
  }

  @Test
  void instanceThatWasTooSlowHasItsTimeoutTheNextTimeToo() {
    try (Engine engine = Engine.create()) {
      WasmModule module = engine.load("(module (func (export \"loop\") (loop $l (br $l))))");
      try (InstancePool pool =
          InstancePool.of(
              module, Imports.create(), 1, limits -> limits.timeout(Duration.ofMillis(20)))) {
        for (int i = 0; i < 3; i++) {
          try (InstancePool.Lease lease = pool.lend(SOON)) {
            assertThatThrownBy(() -> lease.instance().function("loop").call())
                .isInstanceOf(ExhaustedException.class);
          }
        }
      }
    }
  }

  @Test
  void pausedInstanceComesBackReady() {
    try (Engine engine = Engine.create();
        InstancePool pool = InstancePool.of(engine.load(STATE), Imports.create(), 1)) {
      try (InstancePool.Lease lease = pool.lend(SOON)) {
        lease.instance().pause();
      }
      try (InstancePool.Lease lease = pool.lend(SOON)) {
        assertThat(lease.instance().function("use").call(1).i32()).isEqualTo(101);
      }
      assertThat(pool.size()).isEqualTo(1);
    }
  }

  @Test
  void instancesWithObjectsOrStatefulImportsAreMadeAnew() {
    try (Engine engine = Engine.create()) {
      WasmModule objects =
          engine.load(
              """
              (module (type $s (struct (field (mut i32))))
                (global $g (ref $s) (struct.new $s (i32.const 5)))
                (func (export "next") (result i32)
                  (struct.set $s 0 (global.get $g)
                    (i32.add (struct.get $s 0 (global.get $g)) (i32.const 1)))
                  (struct.get $s 0 (global.get $g))))
              """);
      assertThat(objects.instantiate(Imports.create()).snapshot()).isEmpty();
      AtomicInteger closed = new AtomicInteger();
      record Files(AtomicInteger closed) implements ImportSource, AutoCloseable {
        @Override
        public Optional<? extends Importable> resolve(ImportType wanted) {
          return Optional.empty();
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      }
      try (InstancePool pool = InstancePool.of(objects, Imports.create(), 1);
          InstancePool files =
              InstancePool.of(engine.load(STATE), Imports.create().with(new Files(closed)), 1)) {
        for (int i = 0; i < 3; i++) {
          try (InstancePool.Lease lease = pool.lend(SOON);
              InstancePool.Lease other = files.lend(SOON)) {
            assertThat(lease.instance().function("next").call().i32()).isEqualTo(6);
            assertThat(other.instance().function("use").call(1).i32()).isEqualTo(101);
          }
        }
      }
      assertThat(closed.get()).isEqualTo(3);
    }
  }

  @Test
  void manyThreadsShareAPool() throws Exception {
    try (Engine engine = Engine.create();
        InstancePool pool = InstancePool.of(engine.load(STATE), Imports.create(), 3);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        results.add(
            threads.submit(
                () -> {
                  try (InstancePool.Lease lease = pool.lend(SOON)) {
                    boolean fresh =
                        lease.instance().function("look").call().toList().getFirst().equals(7);
                    return fresh
                        && lease.instance().function("use").call(number).i32() == number + 100;
                  }
                }));
      }
      for (Future<Boolean> each : results) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(pool.size()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void resettingIsCheaperThanInstantiatingLargeData() {
    // 32 MiB of memory, most of it initial data
    WasmModule module;
    try (Engine engine = Engine.create()) {
      module =
          engine.load(
              "(module (memory (export \"m\") 512) (func (export \"touch\") (i32.store (i32.const"
                  + " 4096) (i32.const 1))) (data (i32.const 0) \""
                  + "x".repeat(30 << 20)
                  + "\"))");
      Instance instance = module.instantiate(Imports.create());
      Snapshot snapshot = instance.snapshot().orElseThrow();
      long make = 0;
      long reset = 0;
      for (int i = 0; i < 30; i++) {
        if (i == 10) {
          // HotSpot has compiled what there is
          make = 0;
          reset = 0;
        }
        long begin = System.nanoTime();
        Instance other = module.instantiate(Imports.create());
        other.function("touch").call();
        other.close();
        make += System.nanoTime() - begin;
        instance.function("touch").call();
        begin = System.nanoTime();
        snapshot.restore(instance);
        reset += System.nanoTime() - begin;
      }
      System.out.println(
          "a pool's reset takes %.2f of the time of an instantiation (%.1f ms)"
              .formatted((double) reset / make, make / 20e6));
      assertThat(reset).isLessThan(make);
      assertThat(instance.memory("m").i32(4096)).isEqualTo(0x78787878);
    }
  }
}
