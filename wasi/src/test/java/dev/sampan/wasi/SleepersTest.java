package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many guests in one process. */
@Timeout(60)
class SleepersTest {

  private static final int GUESTS = 1000;

  private static final String SLEEPER =
      """
      (module
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "sleep") (param $nanos i64) (result i32)
          (i32.store (i32.const 16) (i32.const 1))
          (i64.store (i32.const 24) (local.get $nanos))
          (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))
      """;

  @Test
  void aThousandGuestsSleepAtOnce() throws Exception {
    CountDownLatch asleep = new CountDownLatch(GUESTS);
    Clocks clocks =
        new Clocks() {
          @Override
          public long realtime() {
            return Clocks.system().realtime();
          }

          @Override
          public long monotonic() {
            return Clocks.system().monotonic();
          }

          @Override
          public void sleep(long nanos) throws InterruptedException {
            asleep.countDown();
            // nobody wakes before all sleep
            assertThat(asleep.await(50, TimeUnit.SECONDS)).isTrue();
            Clocks.system().sleep(nanos);
          }
        };
    Wasi wasi = Wasi.preview1().clock(clocks);
    long start = System.nanoTime();
    try (Engine engine = Engine.create();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      WasmModule module = engine.load(SLEEPER);
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < GUESTS; i++) {
        results.add(
            threads.submit(
                () -> {
                  try (Instance guest = module.instantiate(Imports.create().with(wasi))) {
                    return guest.function("sleep").call(200_000_000L).i32();
                  }
                }));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).isZero();
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(200), Duration.ofSeconds(20));
  }
}
