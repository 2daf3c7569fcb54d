package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guests that would take all there is: time, stack, memory. Each ends with the error of the limit
 * that it exceeds, soon, in every mode; the host goes on, and nothing is left behind.
 */
class HostileGuestsTest {

  /** How long a guest may take whose limit is its timeout, and what it is given. */
  private static final Duration TIMEOUT = Duration.ofMillis(150);

  /** Guests that allocate have this long, on a busy machine. */
  private static final long LONGEST_SECONDS = 60;

  private static final long MEMORY = 24L << 20;

  /** A guest: its module, and what ends its function {@code run}. */
  private record Guest(String name, String text, String declared, Predicate<Throwable> isDeclared) {

    static Guest endless(String name, String text) {
      return new Guest(name, text, "time exhausted", exhausts(Resource.TIME));
    }

    static Guest deep(String name, String text) {
      return new Guest(name, text, "call stack exhausted", exhausts(Resource.CALL_STACK));
    }

    static Guest large(String name, String text) {
      return new Guest(name, text, "memory exhausted", exhausts(Resource.MEMORY));
    }

    static Guest trapping(String name, String text, Trap.Kind kind) {
      return new Guest(
          name, text, kind.message(), thrown -> thrown instanceof Trap trap && trap.kind() == kind);
    }

    private static Predicate<Throwable> exhausts(Resource resource) {
      return thrown -> thrown instanceof ExhaustedException e && e.resource() == resource;
    }
  }

  private static String run(String body) {
    return "(module (memory 1) (func (export \"run\") (local i32 i64 f64) " + body + "))";
  }

  private static final List<Guest> GUESTS =
      List.of(
          // loops of every shape
          Guest.endless("an empty loop", run("(loop $l (br $l))")),
          Guest.endless("a loop with a true condition", run("(loop $l (br_if $l (i32.const 1)))")),
          Guest.endless(
              "a loop whose body is skipped", run("(loop $l (block $b (br $b)) (br $l))")),
          Guest.endless(
              "a counted loop around a counted loop",
              run(
                  """
                  (local $j i32) (local $s i32)
                  (loop $o (local.set $j (i32.const 0))
                    (loop $i
                      (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 31))
                                             (local.get $j)))
                      (br_if $i (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1)))
                                          (i32.const 0x7ffffff0))))
                    (br_if $o (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                                        (i32.const 0x7ffffff0))))
                  (i32.store (i32.const 0) (local.get $s))
                  """)),
          Guest.endless(
              "a loop that counts to zero by unsigned comparison",
              run(
                  """
                  (local $s i64)
                  (local.set 1 (i64.const -1))
                  (loop $l
                    (local.set $s (i64.xor (i64.mul (local.get $s) (i64.const 31)) (local.get 1)))
                    (br_if $l (i64.gt_u (local.tee 1 (i64.sub (local.get 1) (i64.const 1)))
                                        (i64.const 0))))
                  (i64.store (i32.const 0) (local.get $s))
                  """)),
          Guest.endless(
              "a loop that is left at its head, which never happens",
              run(
                  """
                  (block $out (loop $l
                    (br_if $out (i32.lt_s (local.get 0) (i32.const 0)))
                    (local.set 0 (i32.and (i32.add (local.get 0) (i32.const 1))
                                          (i32.const 0xfffff)))
                    (br $l)))
                  """)),
          Guest.endless(
              "two loops that jump to each other's heads",
              run("(loop $a (loop $b (br_if $a (local.tee 0 (i32.eqz (local.get 0)))) (br $b)))")),
          Guest.endless(
              "a loop of br_table",
              run(
                  """
                  (loop $l (block $a (block $b
                    (br_table $a $b $l (i32.and (local.tee 0 (i32.add (local.get 0)
                      (i32.const 1))) (i32.const 3)))) (br $l)) (br $l))
                  """)),
          Guest.endless(
              "a loop with parameters",
              run("(i32.const 1) (loop $l (param i32) (i32.const 1) (i32.add) (br $l))")),
          Guest.endless(
              "a loop of floating-point numbers that never get there",
              run(
                  """
                  (loop $l (local.set 2 (f64.add (local.get 2) (f64.const 0.1)))
                    (br_if $l (f64.ne (local.get 2) (f64.const -1))))
                  """)),
          Guest.endless(
              "a loop over the memory, again and again",
              run(
                  """
                  (loop $o (local.set 0 (i32.const 0))
                    (loop $l (i32.store8 (local.get 0) (local.get 0))
                      (br_if $l (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                                        (i32.const 65536))))
                    (br $o))
                  """)),
          Guest.endless(
              "a loop with vectors",
              """
              (module (memory 1) (func (export "run") (local v128) (loop $l
                (local.set 0 (i32x4.add (local.get 0) (i32x4.splat (i32.const 3))))
                (v128.store (i32.const 0) (local.get 0)) (br $l))))
              """),
          Guest.endless(
              "a loop that catches everything",
              """
              (module (tag $t) (func (export "run")
                (loop $l (block $h (try_table (catch_all $h) (throw $t))) (br $l))))
              """),
          Guest.endless(
              "a handler around an endless loop",
              """
              (module (func (export "run")
                (loop $o (block $h (try_table (catch_all $h) (loop $l (br $l)))) (br $o))))
              """),
          Guest.endless(
              "a very large loop body",
              run(
                  "(loop $l "
                      + "(i32.store (i32.const 0) (i32.const 1)) ".repeat(3000)
                      + "(br $l))")),
          // calls
          Guest.endless(
              "a function that calls itself twice, 90 deep",
              """
              (module (func $f (param i32) (result i32)
                (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
                  (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1)))
                                 (call $f (i32.sub (local.get 0) (i32.const 2)))))))
                (func (export "run") (drop (call $f (i32.const 90)))))
              """),
          Guest.endless(
              "a tail call of itself", "(module (func $f (export \"run\") (return_call $f)))"),
          Guest.endless(
              "tail calls of each other",
              """
              (module (func $f (export "run") (return_call $g)) (func $g (return_call $f)))
              """),
          Guest.endless(
              "tail calls through a table",
              """
              (module (type $v (func)) (table 1 funcref) (elem (i32.const 0) $f)
                (func $f (export "run") (return_call_indirect (type $v) (i32.const 0))))
              """),
          Guest.endless(
              "a loop of calls of the host",
              """
              (module (import "env" "nop" (func $nop)) (func (export "run")
                (loop $l (call $nop) (br $l))))
              """),
          Guest.endless(
              "a host function that sleeps",
              """
              (module (import "env" "sleep" (func $s)) (func (export "run") (call $s)))
              """),
          Guest.deep("recursion", "(module (func $f (export \"run\") (call $f)))"),
          Guest.deep(
              "recursion of two functions",
              "(module (func $f (export \"run\") (call $g)) (func $g (call $f)))"),
          Guest.deep(
              "recursion through a table",
              """
              (module (type $v (func)) (table 1 funcref) (elem (i32.const 0) $f)
                (func $f (export "run") (call_indirect (type $v) (i32.const 0))))
              """),
          Guest.deep(
              "recursion through a reference",
              """
              (module (type $v (func)) (elem declare func $f)
                (func $f (export "run") (type $v) (call_ref $v (ref.func $f))))
              """),
          Guest.deep(
              "recursion through the host",
              """
              (module (import "env" "again" (func $a)) (func (export "run") (call $a)))
              """),
          Guest.deep(
              "recursion with large frames",
              "(module (func $f (export \"run\") (local " + "i64 ".repeat(900) + ") (call $f)))"),
          Guest.deep(
              "recursion inside a handler",
              """
              (module (func $f (export "run") (block $h (try_table (catch_all $h) (call $f)))))
              """),
          // long instructions
          Guest.endless(
              "filling a memory over and over",
              """
              (module (memory 320) (func (export "run") (loop $l
                (memory.fill (i32.const 0) (i32.const 1) (i32.const 20971520)) (br $l))))
              """),
          Guest.endless(
              "copying a memory onto itself",
              """
              (module (memory 320) (func (export "run") (loop $l
                (memory.copy (i32.const 0) (i32.const 1) (i32.const 20971519)) (br $l))))
              """),
          Guest.endless(
              "filling a table over and over",
              """
              (module (table $t 1000000 externref) (func (export "run") (loop $l
                (table.fill $t (i32.const 0) (ref.null extern) (i32.const 1000000)) (br $l))))
              """),
          Guest.endless(
              "a wait for nobody",
              """
              (module (memory 1 1 shared) (func (export "run")
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
              """),
          Guest.endless(
              "many short waits",
              """
              (module (memory 1 1 shared) (func (export "run") (loop $l
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000)))
                (br $l))))
              """),
          // memory
          Guest.endless(
              "growing a memory although it fails",
              run("(loop $l (drop (memory.grow (i32.const 100))) (br $l))")),
          Guest.endless(
              "growing a table although it fails",
              """
              (module (table $t 0 externref) (func (export "run") (loop $l
                (drop (table.grow $t (ref.null extern) (i32.const 100000))) (br $l))))
              """),
          Guest.trapping(
              "writing behind what could not be grown",
              run(
                  """
                  (loop $l (i32.store (local.get 0) (i32.const 1))
                    (drop (memory.grow (i32.const 16)))
                    (local.set 0 (i32.add (local.get 0) (i32.const 65536))) (br $l))
                  """),
              Trap.Kind.OUT_OF_BOUNDS_MEMORY),
          Guest.large(
              "a list that never ends",
              """
              (module (type $n (struct (field i32) (field (ref null $n))))
                (global $g (mut (ref null $n)) (ref.null $n))
                (func (export "run") (loop $l
                  (global.set $g (struct.new $n (i32.const 1) (global.get $g))) (br $l))))
              """),
          Guest.large(
              "a list in a local",
              """
              (module (type $n (struct (field i32) (field (ref null $n))))
                (func (export "run") (local $g (ref null $n)) (loop $l
                  (local.set $g (struct.new $n (i32.const 1) (local.get $g))) (br $l))))
              """),
          Guest.large(
              "an array that is too large",
              """
              (module (type $a (array (mut i64)))
                (func (export "run") (drop (array.new_default $a (i32.const 200000000)))))
              """),
          Guest.large(
              "arrays in arrays",
              """
              (module (type $a (array (mut i64))) (type $r (array (mut (ref null $a))))
                (func (export "run") (local $r (ref null $r)) (local $i i32)
                  (local.set $r (array.new_default $r (i32.const 100000)))
                  (loop $l
                    (array.set $r (local.get $r) (local.get $i)
                      (array.new_default $a (i32.const 2000)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))))
              """),
          Guest.large(
              "small arrays in a table",
              """
              (module (type $a (array (mut i32))) (table $t 1000000 (ref null $a))
                (func (export "run") (local $i i32) (loop $l
                  (table.set $t (i32.rem_u (local.get $i) (i32.const 1000000))
                    (array.new_default $a (i32.const 10)))
                  (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))))
              """),
          Guest.endless(
              "millions of objects that nobody keeps",
              """
              (module (type $n (struct (field i32) (field (ref null $n))))
                (func (export "run") (local $g (ref null $n)) (loop $l
                  (local.set $g (struct.new $n (i32.const 1) (ref.null $n))) (br $l))))
              """),
          new Guest(
              "an exception with a payload that holds the one before, thrown for ever",
              """
              (module (tag $t (param exnref)) (func (export "run") (local $e exnref)
                (loop $l
                  (block $h (result exnref exnref)
                    (try_table (catch_ref $t $h) (throw $t (local.get $e))) (unreachable))
                  (local.set $e) (drop) (br $l))))
              """,
              "time or memory exhausted",
              thrown ->
                  thrown instanceof ExhaustedException e
                      && (e.resource() == Resource.TIME || e.resource() == Resource.MEMORY)));

  private static Imports imports() {
    return Imports.create()
        .function("env", "nop", call -> {})
        .function("env", "again", call -> call.instance().function("run").call())
        .function(
            "env",
            "sleep",
            call -> {
              try {
                TimeUnit.SECONDS.sleep(LONGEST_SECONDS);
              } catch (InterruptedException e) {
                throw new IllegalStateException("woken", e);
              }
            });
  }

  private static ResourceLimits limits(Guest guest, ResourceLimits usual) {
    ResourceLimits limits = usual.maxMemory(MEMORY).maxStack(200_000);
    return guest.declared.startsWith("time") ? limits.timeout(TIMEOUT) : limits;
  }

  @TestFactory
  Stream<DynamicTest> guestEndsWithItsError() {
    return Arrays.stream(ExecutionMode.values())
        .flatMap(
            mode ->
                GUESTS.stream()
                    .map(guest -> dynamicTest(mode + ": " + guest.name, () -> run(mode, guest))));
  }

  private static void run(ExecutionMode mode, Guest guest) {
    try (Engine engine = Engine.builder().mode(mode).build()) {
      WasmModule module = engine.load(guest.text);
      long begin = System.nanoTime();
      try (Instance instance = module.instantiate(imports(), limits -> limits(guest, limits))) {
        Throwable thrown = catchThrowable(() -> instance.function("run").call());
        assertThat(thrown).as(guest.declared).matches(guest.isDeclared);
        if (thrown instanceof ExhaustedException e && e.limit() >= 0) {
          assertThat(thrown).hasMessageContaining("limit").hasMessageContaining("used");
        }
      }
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
          .isLessThan(LONGEST_SECONDS);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      // the host goes on
      try (Instance instance =
          engine
              .load("(module (func (export \"f\") (result i32) (i32.const 1)))")
              .instantiate(Imports.create())) {
        assertThat(instance.function("f").call().i32()).isEqualTo(1);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> guestWithLittleFuelUsesAllOfItInEveryMode() {
    return GUESTS.stream()
        .filter(guest -> guest.declared.startsWith("time"))
        .filter(guest -> !guest.text.contains("wait32") && !guest.text.contains("sleep"))
        .map(guest -> dynamicTest(guest.name, () -> runWithFuel(guest)));
  }

  private static void runWithFuel(Guest guest) {
    for (ExecutionMode mode : ExecutionMode.values()) {
      try (Engine engine = Engine.builder().mode(mode).build();
          Instance instance =
              engine
                  .load(guest.text)
                  .instantiate(imports(), limits -> limits.maxMemory(MEMORY).fuel(100_000))) {
        assertThat(catchThrowable(() -> instance.function("run").call()))
            .isInstanceOf(ExhaustedException.class)
            .isNotInstanceOf(GuestException.class)
            .hasMessage("fuel exhausted: limit 100000, used 100000");
      }
    }
  }

  private static Set<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sampan"))
        .collect(Collectors.toSet());
  }

  @AfterAll
  static void nothingIsLeftBehind() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!ownThreads().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(ownThreads()).isEmpty();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(200L << 20);
  }
}
