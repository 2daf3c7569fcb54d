package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Unsigned division and remainder by constants, against Java's own. */
class ConstantDivisionTest {

  private static List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    for (int shift = 0; shift < 64; shift++) {
      long power = 1L << shift;
      numbers.addAll(List.of(power, power - 1, power + 1, -power, -power - 1));
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 40; i++) {
      numbers.add(random.nextLong() >>> random.nextInt(64));
    }
    numbers.addAll(List.of(3L, 5L, 6L, 7L, 9L, 10L, 11L, 12L, 25L, 100L, 125L, 625L, 641L));
    numbers.addAll(List.of(1_000_000_007L, 6_700_417L, 0xAAAA_AAAA_AAAA_AAABL));
    return numbers;
  }

  @Test
  void sameAsJavas() {
    List<Long> divisors = numbers().stream().filter(d -> d != 0 && d.intValue() != 0).toList();
    StringBuilder text = new StringBuilder("(module ");
    for (int i = 0; i < divisors.size(); i++) {
      long wide = divisors.get(i);
      int narrow = (int) wide;
      for (String operation : new String[] {"div_u", "rem_u"}) {
        text.append(
            "(func (export \"%s32-%d\") (param i32) (result i32) local.get 0 i32.const %d i32.%s)"
                .formatted(operation, i, narrow, operation));
        text.append(
            "(func (export \"%s64-%d\") (param i64) (result i64) local.get 0 i64.const %d i64.%s)"
                .formatted(operation, i, wide, operation));
      }
    }
    List<Long> dividends = numbers();
    try (Engine engine = Engine.create();
        Instance instance =
            engine.load(text.append(")").toString()).instantiate(Imports.create())) {
      for (int i = 0; i < divisors.size(); i++) {
        long wide = divisors.get(i);
        int narrow = (int) wide;
        var quotient32 = instance.function("div_u32-" + i);
        var remainder32 = instance.function("rem_u32-" + i);
        var quotient64 = instance.function("div_u64-" + i);
        var remainder64 = instance.function("rem_u64-" + i);
        for (long dividend : dividends) {
          int small = (int) dividend;
          assertThat(quotient32.call(small).i32()).isEqualTo(Integer.divideUnsigned(small, narrow));
          assertThat(remainder32.call(small).i32())
              .isEqualTo(Integer.remainderUnsigned(small, narrow));
          assertThat(quotient64.call(dividend).i64())
              .isEqualTo(Long.divideUnsigned(dividend, wide));
          assertThat(remainder64.call(dividend).i64())
              .isEqualTo(Long.remainderUnsigned(dividend, wide));
        }
      }
    }
  }
}
