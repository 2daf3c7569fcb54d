package dev.sampan.wasm.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptRunnerTest {

  private static ScriptResult run(String text) {
    try (Engine engine = Engine.create()) {
      return ScriptRunner.run(
          Script.read("test.wast", text.getBytes(StandardCharsets.UTF_8)), engine);
    }
  }

  @Test
  void scriptThatHoldsPassesWhole() {
    ScriptResult result =
        run(
            """
            (module $m
              (import "spectest" "global_i32" (global i32))
              (import "spectest" "print_i32" (func $print (param i32)))
              (memory (import "spectest" "memory") 1)
              (global $g (export "g") (mut i32) (i32.const 5))
              (tag $e)
              (func (export "add") (param i32 i32) (result i32)
                (call $print (local.get 0))
                (i32.add (local.get 0) (local.get 1)))
              (func (export "host") (result i32) (global.get 0))
              (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
              (func (export "throw") (throw $e))
              (func $deep (export "deep") (call $deep))
              (func (export "nan") (result f32) (f32.div (f32.const 0) (f32.const 0)))
              (func (export "id") (param externref) (result externref) (local.get 0))
              (func (export "pair") (result i64 v128) (i64.const -1) (v128.const i32x4 1 2 3 4)))
            (assert_return (invoke "add" (i32.const 2) (i32.const 3)) (i32.const 5))
            (assert_return (invoke "host") (i32.const 666))
            (assert_return (get "g") (i32.const 5))
            (assert_return (invoke "nan") (f32.const nan:canonical))
            (assert_return (invoke "id" (ref.extern 3)) (ref.extern 3))
            (assert_return (invoke "id" (ref.null extern)) (ref.null extern))
            (assert_return (invoke "pair") (i64.const -1) (v128.const i8x16
              1 0 0 0 2 0 0 0 3 0 0 0 4 0 0 0))
            (assert_trap (invoke "div" (i32.const 0)) "integer divide by zero")
            (assert_exception (invoke "throw"))
            (assert_exhaustion (invoke "deep") "call stack exhausted")
            (register "m")
            (module (import "m" "g" (global (mut i32))))
            (assert_return (invoke $m "add" (i32.const 1) (i32.const 1)) (i32.const 2))
            (assert_unlinkable (module (import "m" "nothing" (func))) "unknown import")
            (assert_invalid (module (func (result i32))) "type mismatch")
            (assert_malformed (module quote "(func (foo))") "unknown operator foo")
            (assert_trap (module (func $f unreachable) (start $f)) "unreachable")
            """);
    assertThat(result.failures()).isEmpty();
    assertThat(result.passed()).isEqualTo(18);
    assertThat(result.isSuccess()).isTrue();
  }

  @Test
  void failuresSayWhatWasExpectedAndFound() {
    ScriptResult result =
        run(
            """
            (module (func (export "one") (result i32) (i32.const 1)) (func (export "nop")))
            (assert_return (invoke "one") (i32.const 2))
            (assert_trap (invoke "nop") "unreachable")
            (assert_invalid (module) "type mismatch")
            (invoke "nothing")
            (assert_return (invoke "one") (i32.const 1))
            (module (foo))
            (invoke "one")
            """);
    assertThat(result.failures())
        .extracting(ScriptResult.Failure::toString)
        .anySatisfy(
            text -> assertThat(text).isEqualTo("test.wast:2: expected [(i32.const 2)], found [1]"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .isEqualTo("test.wast:3: expected Trap \"unreachable\", found success"));
    assertThat(result.failures())
        .extracting(ScriptResult.Failure::line)
        .containsExactly(2, 3, 4, 5, 7, 8);
    assertThat(result.passed()).isEqualTo(2);
  }

  @Test
  void threadsShareMemoriesAndReportTheirFailures() {
    ScriptResult result =
        run(
            """
            (module $Mem (memory (export "shared") 1 1 shared))
            (register "mem" $Mem)
            (thread $T (shared (module $Mem))
              (register "mem" $Mem)
              (module
                (memory (import "mem" "shared") 1 1 shared)
                (func (export "run") (i32.store (i32.const 0) (i32.const 42))))
              (invoke "run")
              (assert_return (invoke "run") (i32.const 1)))
            (wait $T)
            (thread $U
              (assert_unlinkable (module (memory (import "mem" "shared") 1 1 shared)) "unknown import"))
            (wait $U)
            (module (memory (import "mem" "shared") 1 1 shared)
              (func (export "get") (result i32) (i32.load (i32.const 0))))
            (assert_return (invoke "get") (i32.const 42))
            """);
    assertThat(result.failures()).extracting(ScriptResult.Failure::line).containsExactly(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type mismatch | type mismatch: i32.add expects i32 | true",
        "type mismatch: instruction requires [i32] | type mismatch: found i64 | true",
        "unknown memory 0 | unknown memory 0 (at offset 0x3) | true",
        "unknown memory 0 | unknown memory | true",
        "unknown memory 1 | unknown memory 0: there is none | false",
        "type mismatch | unknown local | false"
      })
  void messagesAgreeIfOneBeginsTheOther(String expected, String found, boolean agree) {
    assertThat(ScriptRunner.agrees(expected, found)).isEqualTo(agree);
  }
}
