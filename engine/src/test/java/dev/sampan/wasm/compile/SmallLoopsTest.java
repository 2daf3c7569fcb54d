package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Trap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small loops that are written as several rounds end, and trap, in the round they always did. */
class SmallLoopsTest {

  private static final int PAGE = 1 << 16;

  /** A step that is a parameter, as in a sieve, and a way out in the middle. */
  private static final String STRIDED =
      """
      (module (memory (export "memory") 1)
        (func (export "run") (param $at i32) (param $step i32) (param $end i32) (result i32)
          (local $rounds i32) (local $one i32)
          i32.const 1 local.set $one
          block $out
            loop $on
              local.get $at local.get $rounds i32.store8
              local.get $rounds local.get $one i32.add local.tee $rounds
              i32.const 1000 i32.eq br_if $out
              local.get $at local.get $step i32.add local.tee $at
              local.get $end i32.lt_s br_if $on
            end
          end
          local.get $at i32.const 31 i32.mul local.get $rounds i32.add))
      """;

  private static List<String> outcomes(ExecutionMode mode) {
    List<String> all = new ArrayList<>();
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance = engine.load(STRIDED).instantiate(Imports.create())) {
      Func run = instance.function("run");
      for (int at : new int[] {0, 5, PAGE - 7, PAGE - 1, PAGE, -1}) {
        for (int step : new int[] {1, 2, 3, 100, 0, -1, -3}) {
          for (int end : new int[] {-5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 500, PAGE, PAGE + 50}) {
            String outcome;
            try {
              outcome = String.valueOf(run.call(at, step, end).i32());
            } catch (Trap trap) {
              outcome = trap.kind().name();
            }
            int hash = Arrays.hashCode(instance.memory("memory").bytes(0, PAGE));
            all.add(at + " by " + step + " to " + end + ": " + outcome + ", " + hash);
          }
        }
      }
    }
    return all;
  }

  @Test
  void sameRoundsAndTraps() {
    assertThat(outcomes(ExecutionMode.COMPILER)).isEqualTo(outcomes(ExecutionMode.INTERPRETER));
  }

  private static boolean isSmall(String text) {
    Body body = Bodies.of(text, 0);
    int loop = 0;
    while (!body.opcode(loop).text().equals("loop")) {
      loop++;
    }
    return SmallLoop.is(body, loop, body.first[loop] - 1);
  }

  @Test
  void stridedLoopIsOne() {
    assertThat(isSmall(STRIDED)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local.get $at i32.const 4 i32.add local.tee $at",
        "call 0",
        "block local.get $at br_if 0 end local.get $at",
        "i32.const 1 memory.grow",
      })
  void othersAreNot(String body) {
    String text = "(module (memory 1) (func (param $at i32) loop $on " + body + " br_if $on end))";
    assertThat(isSmall(text.replace("call 0", "local.get $at call 0 local.get $at"))).isFalse();
  }

  @Test
  void largeFunctionsHaveNone() {
    String more = "local.get $at i32.const 3 i32.mul local.set $at ".repeat(250);
    assertThat(isSmall(STRIDED.replace("block $out", more + "block $out"))).isFalse();
  }

  @Test
  void fuelIsTakenForEveryRound() {
    assertThat(fuelUsed(ExecutionMode.COMPILER)).isEqualTo(fuelUsed(ExecutionMode.INTERPRETER));
  }

  private static long fuelUsed(ExecutionMode mode) {
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance =
            engine.load(STRIDED).instantiate(Imports.create(), limits -> limits.fuel(1_000_000))) {
      instance.function("run").call(3, 7, 5000);
      return instance.fuel().orElseThrow().used();
    }
  }
}
