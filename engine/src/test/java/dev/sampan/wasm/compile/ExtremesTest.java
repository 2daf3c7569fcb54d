package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects that are written as minima and maxima select what they always did. */
class ExtremesTest {

  private static final List<String> COMPARISONS =
      List.of("lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u");

  private static final long[] EDGES = {
    0, 1, 2, -1, -2, 200, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };

  /** All comparisons, the operands straight and turned, and with the constant 200. */
  private static String module(String type) {
    StringBuilder text = new StringBuilder("(module");
    for (String comparison : COMPARISONS) {
      for (String order : List.of("local.get $a local.get $b", "local.get $b local.get $a")) {
        text.append(
            """

            (func (export "%1$s %3$s") (param $a %2$s) (param $b %2$s) (result %2$s)
              local.get $a local.get $b %3$s %2$s.%1$s select)
            (func (export "const %1$s %3$s") (param $a %2$s) (param $b %2$s) (result %2$s)
              local.get $b local.tee $a %2$s.const 200 %4$s %2$s.%1$s select)
            """
                .formatted(
                    comparison, type, order, order.replace("local.get $b", type + ".const 200")));
      }
    }
    return text.append(")").toString();
  }

  private static List<String> results(ExecutionMode mode, String type) {
    List<String> all = new ArrayList<>();
    try (Engine engine = Engine.builder().mode(mode).build();
        Instance instance = engine.load(module(type)).instantiate(Imports.create())) {
      for (String name : instance.exportNames()) {
        Func function = instance.function(name);
        for (long a : EDGES) {
          for (long b : EDGES) {
            long result =
                type.equals("i64")
                    ? function.call(a, b).i64()
                    : function.call((int) a, (int) b).i32();
            all.add(name + " of " + a + " and " + b + ": " + result);
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"i32", "i64"})
  void allEdgesGiveWhatTheInterpreterGives(String type) {
    assertThat(results(ExecutionMode.COMPILER, type))
        .isEqualTo(results(ExecutionMode.INTERPRETER, type));
  }

  private static boolean isWritten(String body) {
    StringBuilder classes = new StringBuilder();
    String text = "(module (func (export \"f\") (param $a i32) (param $b i32) (result i32) %s))";
    try (Engine engine = Engine.create()) {
      engine.compile(
          text.formatted(body).getBytes(StandardCharsets.UTF_8),
          "extremes",
          (name, bytes) -> classes.append(new String(bytes, StandardCharsets.ISO_8859_1)));
    }
    return classes.indexOf("java/lang/Math") >= 0;
  }

  @Test
  void aSelectByComparingItsOwnOperandsIsAnExtreme() {
    assertThat(isWritten("local.get $a local.get $b local.get $a local.get $b i32.lt_u select"))
        .isTrue();
    assertThat(
            isWritten(
                """
                local.get $a i32.const 1 i32.add local.tee $a
                local.get $b i32.const 2 i32.shl local.tee $b
                local.get $b local.get $a i32.ge_s select
                """))
        .isTrue();
  }

  @Test
  void aSelectByComparingAnythingElseIsNone() {
    assertThat(isWritten("local.get $a local.get $b local.get $a local.get $a i32.lt_u select"))
        .isFalse();
    assertThat(isWritten("local.get $a local.get $b local.get $a local.get $b i32.ne select"))
        .isFalse();
    assertThat(isWritten("i32.const 1 local.get $b i32.const 2 local.get $b i32.lt_u select"))
        .isFalse();
    assertThat(
            isWritten(
                """
                local.get $a local.get $b i32.const 5 local.set $a
                local.get $a local.get $b i32.lt_u select
                """))
        .isFalse();
    assertThat(
            isWritten(
                """
                local.get $a local.get $b local.get $b if i32.const 5 local.set $a end
                local.get $a local.get $b i32.lt_u select
                """))
        .isFalse();
  }
}
