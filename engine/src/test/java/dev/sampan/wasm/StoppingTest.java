package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests are stopped from outside and by their timeouts, and nothing else is disturbed by it. */
class StoppingTest {

  private static final String LOOPS =
      """
      (module
        (import "env" "back" (func $back))
        (func $loop (export "loop") (loop $l (br $l)))
        (func (export "call-back") (call $back) (call $loop))
        (func (export "answer") (result i32) (i32.const 42))
        (func (export "rounds") (param i32) (result i32) (local $sum i32)
          (loop $l
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get 0)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get $sum)))
      """;

  private static Engine engine(ExecutionMode mode) {
    return Engine.builder().mode(mode).build();
  }

  private static Imports back(HostFunction function) {
    return Imports.create().function("env", "back", function);
  }

  private static Thread run(Runnable work, AtomicReference<Throwable> thrown) {
    return Thread.ofPlatform().daemon().start(() -> thrown.set(catchThrowable(work::run)));
  }

  @ParameterizedTest
  @EnumSource
  void stoppedCallEndsWithTheReasonAndTheInstanceStaysStopped(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode)) {
      Instance instance = engine.load(LOOPS).instantiate(back(call -> {}));
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread = run(() -> instance.function("loop").call(), thrown);
      Thread.sleep(50);
      instance.stop("the user has gone");
      thread.join(10_000);
      assertThat(thrown.get())
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED))
          .hasMessage("interrupted: the user has gone");
      instance.stop("again");
      Func answer = instance.function("answer");
      assertThatThrownBy(answer::call).hasMessage("interrupted: the user has gone");
      assertThatThrownBy(() -> answer.handle().invoke())
          .hasMessage("interrupted: the user has gone");
      instance.close();
      assertThatThrownBy(answer::call).hasMessage("instance is closed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void startFunctionThatNeverEndsIsStoppedByWhoWasToldOfTheInstance(ExecutionMode mode)
      throws Exception {
    try (Engine engine = engine(mode)) {
      WasmModule endless = engine.load("(module (func $f (loop $l (br $l))) (start $f))");
      AtomicReference<Instance> told = new AtomicReference<>();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          run(() -> endless.instantiate(Imports.create(), limits -> limits, told::set), thrown);
      while (told.get() == null) {
        Thread.onSpinWait();
      }
      told.get().stop("nobody waits for it");
      thread.join(10_000);
      assertThat(thrown.get()).hasMessage("interrupted: nobody waits for it");
    }
  }

  @ParameterizedTest
  @EnumSource
  void callThatTakesTooLongEndsAndSaysHowLongItTook(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance =
            engine
                .load(LOOPS)
                .instantiate(back(call -> {}), limits -> limits.timeout(Duration.ofMillis(100)))) {
      assertThat(instance.function("answer").call().i32()).isEqualTo(42);
      long begin = System.nanoTime();
      assertThatThrownBy(() -> instance.function("loop").call())
          .isInstanceOfSatisfying(
              ExhaustedException.class,
              e -> {
                assertThat(e.resource()).isEqualTo(Resource.TIME);
                assertThat(e.limit()).isEqualTo(100_000_000);
                assertThat(e.used()).isGreaterThanOrEqualTo(100_000_000);
              })
          .hasMessageStartingWith("time exhausted: limit 100 ms, used ");
      assertThat(System.nanoTime() - begin).isBetween(100_000_000L, 5_000_000_000L);
      assertThatThrownBy(() -> instance.function("answer").call())
          .isInstanceOf(ExhaustedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeoutIsForEachCallAndNotForTheTimeBetween(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance instance =
            engine
                .load(LOOPS)
                .instantiate(back(call -> {}), limits -> limits.timeout(Duration.ofMillis(300)))) {
      for (int i = 0; i < 5; i++) {
        Thread.sleep(150);
        assertThat(instance.function("answer").call().i32()).isEqualTo(42);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void blockedHostFunctionIsInterruptedAndTheInterruptDoesNotOutlastTheCall(ExecutionMode mode)
      throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    AtomicReference<Boolean> left = new AtomicReference<>();
    try (Engine engine = engine(mode);
        Instance instance =
            engine
                .load(LOOPS)
                .instantiate(
                    back(
                        call -> {
                          inside.countDown();
                          try {
                            Thread.sleep(60_000);
                          } catch (InterruptedException e) {
                            throw new IllegalStateException("woken", e);
                          }
                        }))) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          run(
              () -> {
                try {
                  instance.function("call-back").call();
                } finally {
                  left.set(Thread.currentThread().isInterrupted());
                }
              },
              thrown);
      inside.await();
      instance.stop("enough");
      thread.join(10_000);
      assertThat(thrown.get()).isInstanceOf(Trap.class).hasMessage("interrupted: enough");
      assertThat(thrown.get().getSuppressed()[0]).hasMessage("woken");
      assertThat(left.get()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostFunctionMayStopItsCaller(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance =
            engine.load(LOOPS).instantiate(back(call -> call.instance().stop("by the host")))) {
      assertThatThrownBy(() -> instance.function("call-back").call())
          .hasMessage("interrupted: by the host");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatCallsAnEndlessGuestIsStopped(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance endless = engine.load(LOOPS).instantiate(back(call -> {}));
        Instance caller =
            engine
                .load(
                    """
                    (module (import "m" "loop" (func $f)) (import "m" "answer" (func $a (result i32)))
                      (func (export "run") (call $f)) (func (export "answer") (result i32) (call $a)))
                    """)
                .instantiate(Imports.create().instance("m", endless))) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread = run(() -> caller.function("run").call(), thrown);
      Thread.sleep(100);
      caller.stop("the one outside");
      thread.join(10_000);
      assertThat(thrown.get()).hasMessage("interrupted: the one outside");
      // the other one was not meant
      assertThat(endless.function("answer").call().i32()).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatIsCalledByAnotherIsStopped(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance endless = engine.load(LOOPS).instantiate(back(call -> {}));
        Instance caller =
            engine
                .load(
                    """
                    (module (import "m" "loop" (func $f)) (func (export "run") (call $f)))
                    """)
                .instantiate(Imports.create().instance("m", endless))) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread = run(() -> caller.function("run").call(), thrown);
      Thread.sleep(100);
      endless.stop("the one inside");
      thread.join(10_000);
      assertThat(thrown.get()).hasMessage("interrupted: the one inside");
      assertThatThrownBy(() -> caller.function("run").call())
          .hasMessage("interrupted: the one inside");
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersOfTheSameModuleGoOn(ExecutionMode mode) throws Exception {
    int rounds = mode == ExecutionMode.COMPILER ? 300_000_000 : 5_000_000;
    try (Engine engine = engine(mode)) {
      WasmModule module = engine.load(LOOPS);
      try (Instance quiet = module.instantiate(back(call -> {}))) {
        int expected = quiet.function("rounds").call(rounds).i32();
        AtomicReference<Integer> result = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = run(() -> result.set(quiet.function("rounds").call(rounds).i32()), thrown);
        for (int i = 0; i < 5; i++) {
          try (Instance loud = module.instantiate(back(call -> {}))) {
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread other = run(() -> loud.function("loop").call(), end);
            Thread.sleep(20);
            loud.stop("stop " + i);
            other.join(10_000);
            assertThat(end.get()).hasMessage("interrupted: stop " + i);
          }
        }
        thread.join(60_000);
        assertThat(thrown.get()).isNull();
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void shortTimeoutIsHeededWhileALongOneRuns() throws Exception {
    try (Engine engine = engine(ExecutionMode.COMPILER)) {
      WasmModule module = engine.load(LOOPS);
      Instance slow =
          module.instantiate(back(call -> {}), limits -> limits.timeout(Duration.ofMinutes(1)));
      Thread thread = run(() -> slow.function("loop").call(), new AtomicReference<>());
      Thread.sleep(50); // whoever looks at the clock has nothing to do for a while
      try (Instance quick =
          module.instantiate(back(call -> {}), limits -> limits.timeout(Duration.ofMillis(20)))) {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> quick.function("loop").call())
            .isInstanceOf(ExhaustedException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(300));
      }
      slow.stop("over");
      thread.join();
    }
  }

  @Test
  void restoredInstanceHasItsTimeoutAgain() {
    try (Engine engine = engine(ExecutionMode.COMPILER);
        InstancePool pool =
            InstancePool.of(
                engine.load(LOOPS),
                back(call -> {}),
                1,
                limits -> limits.timeout(Duration.ofMillis(50)))) {
      for (int i = 0; i < 3; i++) {
        try (InstancePool.Lease lease = pool.lend(Duration.ofSeconds(5))) {
          long begin = System.nanoTime();
          assertThatThrownBy(() -> lease.instance().function("loop").call())
              .isInstanceOf(ExhaustedException.class);
          assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        }
      }
    }
  }

  @Test
  void startFunctionHasTheTimeoutToo() {
    try (Engine engine = Engine.create()) {
      WasmModule module = engine.load("(module (func $start (loop $l (br $l))) (start $start))");
      assertThatThrownBy(
              () ->
                  module.instantiate(
                      Imports.create(), limits -> limits.timeout(Duration.ofMillis(50))))
          .isInstanceOf(ExhaustedException.class)
          .hasMessageStartingWith("time exhausted: limit 50 ms");
    }
  }

  @Test
  void timeoutMustBePositive() {
    assertThatThrownBy(() -> ResourceLimits.DEFAULT.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResourceLimits.DEFAULT.fuel(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final String BUSY =
      """
      (module
        (import "env" "sleep" (func $sleep))
        (memory 1 1 shared)
        (func (export "tight") (loop $l (br $l)))
        (func (export "counted") (local i32 i32)
          (loop $l
            (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 31)) (local.get 0)))
            (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                                (i32.const 0xffffffff)))))
        (func (export "asleep") (call $sleep) (loop $l (br $l)))
        (func (export "waiting")
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
      """;

  /** On a machine that has nothing else to do; so one of several attempts must show it. */
  @ParameterizedTest
  @EnumSource
  void stopTakesAtMostTenMillisecondsWhateverTheGuestDoes(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode)) {
      WasmModule module = engine.load(BUSY);
      for (String export : List.of("tight", "counted", "asleep", "waiting")) {
        long best = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && best > 10_000_000; attempt++) {
          best = Math.min(best, medianOfStops(module, export));
        }
        assertThat(best).as(export).isLessThanOrEqualTo(10_000_000);
      }
    }
  }

  private static long medianOfStops(WasmModule module, String export) throws Exception {
    long[] times = new long[9];
    for (int k = 0; k < times.length; k++) {
      Instance instance =
          module.instantiate(
              Imports.create()
                  .function(
                      "env",
                      "sleep",
                      call -> {
                        try {
                          Thread.sleep(60_000);
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      }));
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread = run(() -> instance.function(export).call(), thrown);
      Thread.sleep(20);
      long begin = System.nanoTime();
      instance.stop("enough");
      thread.join(10_000);
      times[k] = System.nanoTime() - begin;
      assertThat(thrown.get()).hasMessage("interrupted: enough");
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
