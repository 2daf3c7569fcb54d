package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guests that are paused wait wherever they are, go on as if nothing had been, and can be stopped.
 */
@Timeout(120)
class PausingTest {

  /** Counts its rounds where everybody can see it. */
  private static final String COUNTER =
      """
      (module
        (import "env" "host" (func $host))
        (memory (export "memory") 1 1 shared)
        (func $count (param i32)
          (i64.atomic.store (local.get 0)
            (i64.add (i64.atomic.load (local.get 0)) (i64.const 1))))
        (func (export "loop") (param i32) (loop $l (call $count (local.get 0)) (br $l)))
        (func (export "tight") (loop $l (br $l)))
        (func (export "counted") (local i32 i32)
          (loop $l
            (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 31)) (local.get 0)))
            (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                                (i32.const 0xffffffff)))))
        (func (export "host-then-loop") (param i32)
          (call $host) (loop $l (call $count (local.get 0)) (br $l)))
        (func (export "calls-of-host") (param i32)
          (loop $l (call $host) (call $count (local.get 0)) (br $l)))
        (func (export "wait-then-loop") (param i32)
          (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 100_000_000)))
          (loop $l (call $count (local.get 0)) (br $l)))
        (func (export "fill")
          (loop $l (memory.fill (i32.const 128) (i32.const 7) (i32.const 65000)) (br $l)))
        (func (export "answer") (result i32) (i32.const 42))
        (func (export "rounds") (param i32) (result i32) (local $sum i32)
          (loop $l
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get 0)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get $sum))
        (func $deep (export "deep") (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
            (else (i32.const 0)))))
      """;

  private static final HostFunction NOTHING = call -> {};

  private static Engine engine(ExecutionMode mode) {
    return Engine.builder().mode(mode).build();
  }

  private static Instance counter(Engine engine, HostFunction host) {
    return engine.load(COUNTER).instantiate(host(host));
  }

  private static Imports host(HostFunction function) {
    return Imports.create().function("env", "host", function);
  }

  /** A call in a thread of its own. */
  private final class Running {
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private final Thread thread;

    Running(Runnable work) {
      thread = Thread.ofPlatform().daemon().start(() -> thrown.set(catchThrowable(work::run)));
    }

    Throwable end() throws InterruptedException {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
      return thrown.get();
    }

    /** Waits until it does nothing any more, and sees that it does not begin again. */
    void requireHeld() throws InterruptedException {
      await(thread, Thread.State.WAITING);
      for (int i = 0; i < 50; i++) {
        Thread.sleep(1);
        assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
      }
    }
  }

  private static void await(Thread thread, Thread.State state) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (thread.getState() != state) {
      assertThat(System.nanoTime()).as("%s in %s", thread, thread.getState()).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static long count(Instance instance, int address) {
    return instance.memory("memory").i64(address);
  }

  private static void awaitCounting(Instance instance, int address) throws InterruptedException {
    long before = count(instance, address);
    long end = System.nanoTime() + 10_000_000_000L;
    while (count(instance, address) == before) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatComputesIsHeldAndGoesOnWhereItWas(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, NOTHING)) {
      Running loop = new Running(() -> instance.function("loop").call(0));
      awaitCounting(instance, 0);
      for (int i = 0; i < 3; i++) {
        instance.pause();
        instance.pause();
        loop.requireHeld();
        long held = count(instance, 0);
        Thread.sleep(50);
        assertThat(count(instance, 0)).isEqualTo(held);
        instance.resume();
        awaitCounting(instance, 0);
        instance.resume();
      }
      instance.stop("enough");
      assertThat(loop.end()).hasMessage("interrupted: enough");
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatIsPausedAgainAndAgainComesToTheSameResult(ExecutionMode mode) throws Exception {
    int rounds = mode == ExecutionMode.COMPILER ? 200_000_000 : 4_000_000;
    Random random = new Random(7);
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, NOTHING)) {
      int expected = instance.function("rounds").call(rounds).i32();
      AtomicInteger result = new AtomicInteger();
      Running work =
          new Running(
              () -> {
                result.set(instance.function("rounds").call(rounds).i32());
                assertThat(instance.function("deep").call(3_000).i32()).isEqualTo(3_000);
              });
      while (work.thread.isAlive()) {
        instance.pause();
        Thread.sleep(random.nextInt(4));
        instance.resume();
        Thread.sleep(random.nextInt(10));
      }
      assertThat(work.end()).isNull();
      assertThat(result).hasValue(expected);
    }
  }

  /** On a machine that has nothing else to do; so one of several attempts must show it. */
  @ParameterizedTest
  @EnumSource
  void pauseAndStopOfThePausedTakeAtMostTenMilliseconds(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode)) {
      WasmModule module = engine.load(COUNTER);
      for (String export : List.of("tight", "counted", "fill")) {
        long pause = Long.MAX_VALUE;
        long stop = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && Math.max(pause, stop) > 10_000_000; attempt++) {
          long[] pauses = new long[9];
          long[] stops = new long[9];
          for (int k = 0; k < pauses.length; k++) {
            Instance instance = module.instantiate(host(NOTHING));
            Running running = new Running(() -> instance.function(export).call());
            Thread.sleep(20);
            long begin = System.nanoTime();
            instance.pause();
            while (running.thread.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            pauses[k] = System.nanoTime() - begin;
            begin = System.nanoTime();
            instance.stop("enough");
            running.thread.join(10_000);
            stops[k] = System.nanoTime() - begin;
            assertThat(running.end()).hasMessage("interrupted: enough");
          }
          Arrays.sort(pauses);
          Arrays.sort(stops);
          pause = Math.min(pause, pauses[pauses.length / 2]);
          stop = Math.min(stop, stops[stops.length / 2]);
        }
        assertThat(pause).as("pause of " + export).isLessThanOrEqualTo(10_000_000);
        assertThat(stop).as("stop of " + export).isLessThanOrEqualTo(10_000_000);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeoutStandsStillWhileTheGuestIsPausedAndCountsAgainLater(ExecutionMode mode)
      throws Exception {
    try (Engine engine = engine(mode);
        Instance instance =
            engine
                .load(COUNTER)
                .instantiate(host(NOTHING), limits -> limits.timeout(Duration.ofMillis(500)))) {
      long begin = System.nanoTime();
      Running loop = new Running(() -> instance.function("loop").call(0));
      awaitCounting(instance, 0);
      for (int i = 0; i < 3; i++) {
        instance.pause();
        Thread.sleep(300);
        instance.resume();
        awaitCounting(instance, 0);
      }
      Throwable end = loop.end();
      assertThat(end).hasMessageStartingWith("time exhausted: limit 500 ms, used ");
      assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_400_000_000L);
      assertThat(((ExhaustedException) end).used()).isBetween(500_000_000L, 1_300_000_000L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostFunctionComesToItsEndAndItsCallerIsHeldBehindIt(ExecutionMode mode) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    try (Engine engine = engine(mode);
        Instance instance =
            counter(
                engine,
                call -> {
                  inside.countDown();
                  try {
                    leave.await();
                    interrupted.set(false);
                  } catch (InterruptedException e) {
                    interrupted.set(true);
                  }
                })) {
      Running loop = new Running(() -> instance.function("host-then-loop").call(0));
      inside.await();
      instance.pause();
      Thread.sleep(100);
      leave.countDown();
      while (interrupted.get() == null) {
        Thread.sleep(1);
      }
      loop.requireHeld();
      assertThat(interrupted.get()).isFalse();
      assertThat(count(instance, 0)).isZero();
      instance.resume();
      awaitCounting(instance, 0);
      instance.stop("enough");
      assertThat(loop.end()).hasMessage("interrupted: enough");
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatIsPausedAsksNothingOfTheHostAnyMore(ExecutionMode mode) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, call -> calls.incrementAndGet())) {
      Running loop = new Running(() -> instance.function("calls-of-host").call(0));
      awaitCounting(instance, 0);
      Thread.sleep(50);
      instance.pause();
      loop.requireHeld();
      int before = calls.get();
      Thread.sleep(50);
      assertThat(calls).hasValue(before);
      instance.resume();
      awaitCounting(instance, 0);
      instance.stop("enough");
      loop.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void methodOfAJavaInterfaceComesToItsEndAndItsCallerIsHeldSoon(ExecutionMode mode)
      throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Runnable host =
        () -> {
          inside.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try (Engine engine = engine(mode);
        Instance instance =
            engine
                .load(COUNTER.replace("\"host\"", "\"run\""))
                .instantiate(Imports.create().module("env", Runnable.class, host))) {
      Running loop = new Running(() -> instance.function("host-then-loop").call(0));
      inside.await();
      instance.pause();
      Thread.sleep(300);
      leave.countDown();
      Thread.sleep(10);
      loop.requireHeld();
      instance.stop("enough");
      assertThat(loop.end()).hasMessage("interrupted: enough");
    }
  }

  @ParameterizedTest
  @EnumSource
  void guestThatWaitsForItsMemoryIsHeldWhenItIsWoken(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, NOTHING)) {
      Running loop = new Running(() -> instance.function("wait-then-loop").call(0));
      await(loop.thread, Thread.State.TIMED_WAITING);
      instance.pause();
      Thread.sleep(150);
      loop.requireHeld();
      assertThat(count(instance, 0)).isZero();
      instance.resume();
      awaitCounting(instance, 0);
      instance.stop("enough");
      loop.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void callOfAPausedGuestWaits(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, NOTHING)) {
      instance.pause();
      AtomicInteger answer = new AtomicInteger();
      Running call = new Running(() -> answer.set(instance.function("answer").call().i32()));
      call.requireHeld();
      instance.resume();
      assertThat(call.end()).isNull();
      assertThat(answer).hasValue(42);
      instance.pause();
      Running refused = new Running(() -> instance.function("answer").call());
      refused.requireHeld();
      instance.stop("nobody calls it any more");
      assertThat(refused.end()).hasMessage("interrupted: nobody calls it any more");
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThreadsOfAGuestAreHeldAndTheNewOnesToo(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance first = counter(engine, NOTHING);
        Instance second = first.sibling();
        Instance third = second.sibling()) {
      Running one = new Running(() -> first.function("loop").call(0));
      Running two = new Running(() -> second.function("loop").call(8));
      awaitCounting(first, 0);
      awaitCounting(second, 8);
      second.pause();
      one.requireHeld();
      two.requireHeld();
      Running three = new Running(() -> third.function("loop").call(16));
      three.requireHeld();
      AtomicReference<Instance> born = new AtomicReference<>();
      Running birth = new Running(() -> born.set(first.sibling()));
      birth.requireHeld();
      third.resume();
      awaitCounting(first, 0);
      awaitCounting(second, 8);
      awaitCounting(third, 16);
      assertThat(birth.end()).isNull();
      third.pause();
      two.requireHeld();
      first.stop("all of them");
      for (Running each : List.of(one, two, three)) {
        assertThat(each.end()).hasMessage("interrupted: all of them");
      }
      born.get().close();
    }
  }

  private static final String CALLER =
      """
      (module (import "m" "loop" (func $f (param i32)))
        (func (export "run") (call $f (i32.const 0))))
      """;

  @ParameterizedTest
  @EnumSource
  void guestIsHeldInAnotherOneThatItHasCalled(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance called = counter(engine, NOTHING);
        Instance caller = engine.load(CALLER).instantiate(Imports.create().instance("m", called))) {
      Running run = new Running(() -> caller.function("run").call());
      awaitCounting(called, 0);
      for (Instance paused : List.of(caller, called)) {
        paused.pause();
        run.requireHeld();
        paused.resume();
        awaitCounting(called, 0);
      }
      caller.pause();
      run.requireHeld();
      assertThat(called.export("answer")).isPresent();
      caller.stop("enough");
      assertThat(run.end()).hasMessage("interrupted: enough");
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersOfTheSameModuleGoOn(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode)) {
      WasmModule module = engine.load(COUNTER);
      try (Instance quiet = module.instantiate(host(NOTHING));
          Instance held = module.instantiate(host(NOTHING))) {
        Running one = new Running(() -> quiet.function("loop").call(0));
        Running two = new Running(() -> held.function("loop").call(0));
        awaitCounting(held, 0);
        held.pause();
        two.requireHeld();
        awaitCounting(quiet, 0);
        quiet.stop("enough");
        held.stop("enough");
        assertThat(one.end()).hasMessage("interrupted: enough");
        assertThat(two.end()).hasMessage("interrupted: enough");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsACallThatIsHeld(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode);
        Instance instance = counter(engine, NOTHING)) {
      Running loop = new Running(() -> instance.function("loop").call(0));
      awaitCounting(instance, 0);
      instance.pause();
      loop.requireHeld();
      loop.thread.interrupt();
      assertThat(loop.end())
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INTERRUPTED));
      instance.resume();
      assertThat(instance.function("answer").call().i32()).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsWhoIsHeld(ExecutionMode mode) throws Exception {
    try (Engine engine = engine(mode)) {
      Instance instance = counter(engine, NOTHING);
      Running loop = new Running(() -> instance.function("loop").call(0));
      awaitCounting(instance, 0);
      instance.pause();
      loop.requireHeld();
      instance.close();
      assertThat(loop.end()).hasMessage("instance is closed");
      instance.pause();
      assertThatThrownBy(() -> instance.function("answer")).hasMessage("instance is closed");
    }
  }

  @Test
  void hostFunctionMayPauseItsCaller() throws Exception {
    try (Engine engine = Engine.create();
        Instance instance = counter(engine, call -> call.instance().pause())) {
      Running loop = new Running(() -> instance.function("host-then-loop").call(0));
      loop.requireHeld();
      assertThat(count(instance, 0)).isZero();
      instance.resume();
      awaitCounting(instance, 0);
      instance.stop("enough");
      loop.end();
    }
  }

  @Test
  void virtualThreadIsHeldAndGoesOn() throws Exception {
    try (Engine engine = Engine.create();
        Instance instance = counter(engine, NOTHING)) {
      AtomicInteger answer = new AtomicInteger();
      instance.pause();
      Thread thread =
          Thread.ofVirtual().start(() -> answer.set(instance.function("rounds").call(9).i32()));
      await(thread, Thread.State.WAITING);
      instance.resume();
      thread.join();
      assertThat(answer).hasValue(instance.function("rounds").call(9).i32());
    }
  }
}
