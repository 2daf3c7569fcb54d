package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryGrowthTest {

  private static final String MODULE =
      """
      (module
        (memory 1)
        (func (export "grow") (param $pages i32) (result i32) (local $end i32)
          loop $on
            i32.const 1 memory.grow i32.const -1 i32.eq if i32.const -1 return end
            memory.size i32.const 16 i32.shl i32.const 4 i32.sub local.tee $end
            local.get $end i32.store
            local.get $pages i32.const 1 i32.sub local.tee $pages br_if $on
          end
          memory.size)
        (func (export "read") (param i32) (result i32) local.get 0 i32.load)
        (func (export "byte") (param i32) (result i32) local.get 0 i32.load8_u offset=1)
        (func (export "write") (param i32) local.get 0 i64.const -1 i64.store offset=8))
      """;

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void theEndIsExactAfterEachGrowth(ExecutionMode mode) {
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance = engine.load(MODULE).instantiate(Imports.create())) {
      Func grow = instance.function("grow");
      int pages = 1;
      for (int step : new int[] {1, 2, 29, 100, 1, 250, 1}) {
        pages += step;
        int expected = pages;
        Assertions.assertTimeout(
            Duration.ofSeconds(20), () -> assertThat(grow.call(step).i32()).isEqualTo(expected));
        int end = pages << 16;
        assertThat(instance.function("read").call(end - 4).i32()).isEqualTo(end - 4);
        assertThat(instance.function("read").call((pages - step << 16) - 4).i32())
            .isEqualTo(pages - step == 1 ? 0 : (pages - step << 16) - 4);
        instance.function("byte").call(end - 2);
        instance.function("write").call(end - 32);
        for (String access : new String[] {"read", "byte", "write"}) {
          for (int address : new int[] {end - 1, end, end + 100, -1, -8, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> instance.function(access).call(address))
                .as("%s at %d of %d pages", access, address, expected)
                .isInstanceOfSatisfying(
                    Trap.class,
                    trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_BOUNDS_MEMORY));
          }
        }
      }
    }
  }
}
