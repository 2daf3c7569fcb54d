package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fuel is taken for what is executed, as much in each mode and in each run. */
class FuelTest {

  private static final String WORK =
      """
      (module
        (import "env" "host" (func $host))
        (memory 4)
        (func (export "straight") (param i32) (result i32)
          (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.const 1)))
        (func (export "loop") (param i32) (result i32) (local $sum i32)
          (loop $l
            (local.set $sum (i32.add (local.get $sum) (local.get 0)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get $sum))
        (func $fib (export "fib") (param i32) (result i32)
          (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                           (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
        (func (export "trap") (param i32) (result i32)
          (loop $l
            (i32.store (i32.shl (local.get 0) (i32.const 10)) (local.get 0))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br $l))
          (unreachable))
        (func (export "fill") (param i32)
          (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
        (func (export "call-host") (call $host))
        (func $tail (export "tail") (param i32)
          (if (local.get 0) (then (return_call $tail (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "endless") (loop $l (br $l))))
      """;

  private static Instance instance(Engine engine, long units) {
    return engine
        .load(WORK)
        .instantiate(
            Imports.create()
                .function(
                    "env", "host", call -> call.instance().fuel().orElseThrow().consume(1000)),
            limits -> limits.fuel(units));
  }

  private static Engine engine(ExecutionMode mode) {
    return Engine.builder().mode(mode).build();
  }

  private static Fuel fuel(Instance instance) {
    return instance.fuel().orElseThrow();
  }

  private static long cost(Instance instance, String name, Object... arguments) {
    long before = fuel(instance).used();
    try {
      instance.function(name).call(arguments);
    } catch (Trap e) {
      // paid for like anything else
    }
    return fuel(instance).used() - before;
  }

  @ParameterizedTest
  @EnumSource
  void stretchCostsOneAndItsInstructions(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance = instance(engine, 1_000_000)) {
      // two reads, two constants, two operations... of which the multiplication is no dearer
      assertThat(cost(instance, "straight", 7)).isEqualTo(1 + 5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void roundsOfALoopCostTheSameEach(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance = instance(engine, 1_000_000)) {
      long one = cost(instance, "loop", 1);
      long two = cost(instance, "loop", 2);
      assertThat(two - one).isEqualTo(1 + 4 + 5);
      assertThat(cost(instance, "loop", 1001)).isEqualTo(one + 1000 * (two - one));
    }
  }

  @Test
  void modesAndRunsUseTheSameAmount() {
    List<List<Long>> totals = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      for (ExecutionMode mode : ExecutionMode.values()) {
        try (Engine engine = engine(mode);
            Instance instance = instance(engine, 100_000_000)) {
          totals.add(
              List.of(
                  cost(instance, "fib", 22),
                  cost(instance, "trap", 0),
                  cost(instance, "fill", 100_000),
                  cost(instance, "fill", -1),
                  cost(instance, "tail", 1000),
                  cost(instance, "loop", 100_000),
                  fuel(instance).remaining()));
        }
      }
    }
    assertThat(totals).allMatch(each -> each.equals(totals.getFirst()));
  }

  @ParameterizedTest
  @EnumSource
  void guestThatRunsOutEndsWithAllFuelUsedAndGoesOnWhenSomeIsAdded(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance = instance(engine, 1_000_000)) {
      assertThatThrownBy(() -> instance.function("endless").call())
          .isInstanceOfSatisfying(
              ExhaustedException.class, e -> assertThat(e.resource()).isEqualTo(Resource.FUEL))
          .hasMessage("fuel exhausted: limit 1000000, used 1000000");
      assertThat(fuel(instance).remaining()).isZero();
      assertThat(fuel(instance).used()).isEqualTo(1_000_000);
      assertThatThrownBy(() -> instance.function("straight").call(1))
          .isInstanceOf(ExhaustedException.class);
      fuel(instance).add(100);
      assertThat(instance.function("straight").call(1).i32()).isEqualTo(4);
      assertThat(fuel(instance).used()).isEqualTo(1_000_006);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hostFunctionsMayHaveAPrice(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance = instance(engine, 1500)) {
      assertThat(cost(instance, "call-host")).isEqualTo(1000 + 1 + 5);
      assertThatThrownBy(() -> instance.function("call-host").call())
          .hasMessage("fuel exhausted: limit 1500, used 1500");
    }
  }

  @ParameterizedTest
  @EnumSource
  void largeRangesCostMore(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance instance = instance(engine, 1_000_000)) {
      assertThat(cost(instance, "fill", 64_000) - cost(instance, "fill", 0)).isEqualTo(1000);
    }
  }

  @Test
  void instanceWithoutLimitHasNoFuel() {
    try (Engine engine = Engine.create();
        Instance instance = engine.load("(module)").instantiate(Imports.create())) {
      assertThat(instance.fuel()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachInstancePaysForWhatRunsInIt(ExecutionMode mode) {
    try (Engine engine = engine(mode);
        Instance callee = instance(engine, 1_000_000);
        Instance caller =
            engine
                .load(
                    """
                    (module (import "m" "loop" (func $f (param i32) (result i32)))
                      (func (export "run") (drop (call $f (i32.const 1000)))))
                    """)
                .instantiate(Imports.create().instance("m", callee), limits -> limits.fuel(1000))) {
      caller.function("run").call();
      assertThat(fuel(caller).used()).isEqualTo(1 + 1 + 5);
      assertThat(fuel(callee).used()).isGreaterThan(5000);
    }
  }
}
