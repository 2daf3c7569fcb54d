package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Trap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loops that are written as counted ones run as often as they always did, for bounds of all sorts,
 * and trap where they always did.
 */
class CountedLoopsTest {

  private static final int MIN = Integer.MIN_VALUE;
  private static final int MAX = Integer.MAX_VALUE;

  /** Ends a loop that would run for a long time: it counts its rounds up to this. */
  private static final int MANY = 5_000;

  private static final List<Integer> EDGES =
      List.of(
          0, 1, 2, 3, 7, 8, 9, 100, -1, -2, -8, -9, -100, MIN, MIN + 1, MIN + 8, MAX, MAX - 1,
          MAX - 7, MAX - 8, MAX - 9, MAX - 100);

  private static String loop(int stride, String comparison) {
    return """
    (module (memory 1)
      (func (export "rounds") (param $i i32) (param $n i32) (result i32) (local $rounds i32)
        block $out
          loop $on
            local.get $rounds i32.const 1 i32.add local.tee $rounds
            i32.const %d i32.ge_u br_if $out
            local.get $i i32.const %d i32.add local.tee $i
            local.get $n %s br_if $on
          end
        end
        local.get $rounds i32.const 16 i32.shl local.get $i i32.xor)
      (func (export "stores") (param $i i32) (param $n i32) (result i32) (local $rounds i32)
        block $out
          loop $on
            local.get $rounds i32.const 1 i32.add local.tee $rounds
            i32.const %d i32.ge_u br_if $out
            local.get $i local.get $rounds i32.store offset=4
            local.get $i i32.const %d i32.add local.tee $i
            local.get $n %s br_if $on
          end
        end
        local.get $rounds)
      (func (export "sum") (result i32) (local $a i32) (local $s i32)
        loop $on
          local.get $s i32.const 31 i32.mul local.get $a i32.load i32.add local.set $s
          local.get $a i32.const 4 i32.add local.tee $a i32.const 65536 i32.ne br_if $on
        end
        local.get $s))
    """
        .formatted(MANY, stride, comparison, MANY, stride, comparison);
  }

  private static String outcome(Func function, int first, int second) {
    try {
      return String.valueOf(function.call(first, second).i32());
    } catch (Trap trap) {
      return trap.kind().name();
    }
  }

  private static List<String> outcomes(ExecutionMode mode, String text) {
    List<String> all = new ArrayList<>();
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance = engine.load(text).instantiate(Imports.create())) {
      Func rounds = instance.function("rounds");
      Func stores = instance.function("stores");
      Func sum = instance.function("sum");
      for (int from : EDGES) {
        for (int to : EDGES) {
          all.add(from + " to " + to + ": " + outcome(rounds, from, to));
          all.add(from + " to " + to + " with stores: " + outcome(stores, from, to));
        }
      }
      for (int from : new int[] {65_520, 65_528, 65_532, 65_000, 0, 65_600}) {
        all.add("stores from " + from + ": " + outcome(stores, from, 65_536));
        all.add("memory: " + sum.call().i32());
      }
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "1,i32.ne", "4,i32.ne", "3,i32.ne", "-1,i32.ne", "-8,i32.ne", "32,i32.ne",
    "1,i32.lt_u", "4,i32.lt_u", "7,i32.lt_u", "2147483647,i32.lt_u", "-4,i32.gt_u", "-1,i32.gt_u",
    "-2147483648,i32.gt_u", "4,i32.lt_s", "-4,i32.gt_s", "0,i32.ne"
  })
  void sameRoundsAndTraps(int stride, String comparison) {
    String text = loop(stride, comparison);
    assertThat(outcomes(ExecutionMode.COMPILER, text))
        .isEqualTo(outcomes(ExecutionMode.INTERPRETER, text));
  }

  @ParameterizedTest
  @CsvSource({"i32,1", "i32,2", "i64,1", "i64,2", "i32,-1"})
  void aLoopUntilItsCounterOverflowsHasAllItsRounds(String type, int step) {
    String text =
        """
        (module
          (func (export "rounds") (param $i %1$s) (result i32)
            (local $next %1$s) (local $carry i32) (local $rounds i32)
            block $out
              loop $on
                local.get $rounds i32.const 1 i32.add local.tee $rounds
                i32.const 500 i32.ge_u br_if $out
                local.get $i %1$s.const %2$d %1$s.add local.tee $next
                local.get $i %1$s.lt_u local.set $carry
                local.get $next local.set $i
                local.get $carry i32.eqz br_if $on
              end
            end
            local.get $rounds))
        """
            .formatted(type, step);
    List<List<Integer>> rounds = new ArrayList<>();
    for (ExecutionMode mode : ExecutionMode.values()) {
      try (Engine engine = Engine.builder().mode(mode).build();
          Instance instance = engine.load(text).instantiate(Imports.create())) {
        Func function = instance.function("rounds");
        rounds.add(
            EDGES.stream()
                .map(
                    from ->
                        (type.equals("i64") ? function.call((long) from) : function.call(from))
                            .i32())
                .toList());
      }
    }
    assertThat(rounds.get(1)).isEqualTo(rounds.get(0));
    int expected = step == 1 ? 8 : step == 2 ? 4 : 1;
    assertThat(rounds.get(0).get(EDGES.indexOf(-8))).isEqualTo(expected);
  }

  @Test
  void boundsAreRecognisedInBothOrders() {
    String text = loop(4, "i32.ne").replace("local.get $n i32.ne", "local.get $n i32.ne");
    assertThat(found(text)).isNotNull();
    assertThat(found(loop(4, "i32.lt_u"))).isNotNull();
    assertThat(found(loop(-4, "i32.gt_u"))).isNotNull();
    assertThat(found(loop(4, "i32.gt_u"))).isNull();
    assertThat(found(loop(4, "i32.lt_s"))).isNull();
  }

  private static CountedLoop found(String text) {
    Body body = Bodies.of(text, 0);
    for (int i = 0; i < body.count(); i++) {
      if (body.opcode(i) == dev.sampan.wasm.model.Opcode.LOOP) {
        return CountedLoop.of(body, i);
      }
    }
    throw new AssertionError("no loop");
  }
}
