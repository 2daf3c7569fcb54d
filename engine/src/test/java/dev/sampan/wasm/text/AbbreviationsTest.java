package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.model.ModuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short forms, each beside the long form that it stands for. */
class AbbreviationsTest {

  private static byte[] assemble(String text) {
    ModuleDefinition.Builder module = TextReader.read(Source.of("test.wat", text)).toBuilder();
    module.customs.removeIf(section -> section.name().equals(NameSection.NAME));
    return ModuleWriter.write(module.build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // modules and exports
        "(module (func)) | (func)",
        "(module definition $m (func)) | (func)",
        "(module quote `(fu` `nc)`) | (func)",
        "(func (export `a`) (export `b`)) | (func) (export `a` (func 0)) (export `b` (func 0))",
        "(memory $m (export `a`) 1) | (memory 1) (export `a` (memory 0))",
        "(table (export `a`) 1 funcref) | (table 1 funcref) (export `a` (table 0))",
        "(global (export `a`) i32 i32.const 1) | (global i32 (i32.const 1)) (export `a` (global"
            + " 0))",
        "(tag (export `a`)) | (tag) (export `a` (tag 0))",
        // imports
        "(func (import `a` `b`) (param i32)) | (import `a` `b` (func (param i32)))",
        "(memory (import `a` `b`) i64 1 2 shared) | (import `a` `b` (memory i64 1 2 shared))",
        "(table (import `a` `b`) 1 funcref) | (import `a` `b` (table 1 funcref))",
        "(global (import `a` `b`) (mut i32)) | (import `a` `b` (global (mut i32)))",
        "(tag (import `a` `b`) (param i32)) | (import `a` `b` (tag (param i32)))",
        // types
        "(func (param i32)) | (type (func (param i32))) (func (type 0))",
        "(func (param i32)) (type (func (param i32))) | (type (func (param i32))) (func (type 0))",
        "(func) (func (param i32)) | (type (func)) (type (func (param i32))) (func (type 0)) (func"
            + " (type 1))",
        "(type (sub (func))) (func) | (type (sub (func))) (type (func)) (func (type 1))",
        "(rec (type (func))) (func) | (type (func)) (func (type 0))",
        "(type (func (param) (param $x i32) (param i64 f32) (result) (result i32 i64))) | (type"
            + " (func (param i32 i64 f32) (result i32) (result i64)))",
        "(type (struct (field i8 (mut i16) i32))) | (type (struct (field i8) (field (mut i16))"
            + " (field i32)))",
        "(type (sub final (func))) | (type (func))",
        "(global (import `` ``) nullfuncref) | (global (import `` ``) (ref null nofunc))",
        "(global (import `` ``) nullref) | (global (import `` ``) (ref null none))",
        "(global (import `` ``) i31ref) | (global (import `` ``) (ref null i31))",
        // memories and tables
        "(memory i32 1) | (memory 1)",
        "(memory (data `ab` `c`)) | (memory 1 1) (data (memory 0) (offset i32.const 0) `abc`)",
        "(memory i64 (data)) | (memory i64 0 0) (data (i64.const 0))",
        "(memory (pagesize 1) (data `abc`)) | (memory 3 3 (pagesize 1)) (data (i32.const 0) `abc`)",
        "(func $f) (table funcref (elem $f $f)) | (func) (table 2 2 funcref) (elem (i32.const 0)"
            + " func 0 0)",
        "(table i64 funcref (elem)) | (table i64 0 0 funcref) (elem (i64.const 0))",
        "(func $f) (type (func)) (table (ref null 0) (elem $f)) | (func) (table 1 1 (ref null 0))"
            + " (elem (table 0) (i32.const 0) (ref null 0) (item ref.func 0))",
        "(table funcref (elem (ref.null func) (item ref.null func))) | (table 2 2 funcref) (elem"
            + " (i32.const 0) funcref (ref.null func) (ref.null func))",
        // segments
        "(table 1 funcref) (elem (i32.const 0)) | (table 1 funcref) (elem (table 0) (offset"
            + " i32.const 0) func)",
        "(table 1 funcref) (elem 0 (i32.const 0) 0) (func) | (table 1 funcref) (elem (i32.const 0)"
            + " 0) (func)",
        "(memory 1) (data 0 (i32.const 0) `a`) | (memory 1) (data (i32.const 0) `a`)",
        "(table 1 funcref ref.null func) | (table 1 funcref (ref.null func))",
        "(global i32 (i32.add (i32.const 1) (i32.const 2))) | (global i32 i32.const 1 i32.const 2"
            + " i32.add)",
        // code
        "(func (local i32 i64) (local) (local i64)) | (func (local i32) (local $x i64) (local"
            + " i64))",
        "(func (i32.load (i32.const 0))) (memory 1) | (func i32.const 0 i32.load 0 offset=0"
            + " align=4) (memory 1)",
        "(func call_indirect) (table 1 funcref) | (func call_indirect 0 (type 0)) (table 1"
            + " funcref)",
        "(func (block (type 0))) (type (func (result i32))) | (type (func (result i32))) (func"
            + " block (type 0) (result i32) end)",
        "(func (block (param i32) (result i32 i32))) | (type (func)) (type (func (param i32)"
            + " (result i32 i32))) (func block (type 1) end)",
        "(func (select (result i32 i64))) | (func select (result i32) (result i64))",
        "(func memory.copy) | (func memory.copy 0 0)",
        "(func memory.init 3) (data `a`) | (func memory.init 0 3) (data `a`)",
        "(func table.init 3) | (func table.init 0 3)",
        "(func v128.load8_lane 3) | (func v128.load8_lane 0 align=1 3)",
        "(func v128.load8_lane 2 3) | (func v128.load8_lane 2 offset=0 3)"
      })
  void shortFormMeansLongForm(String shortForm, String longForm) {
    assertThat(assemble(shortForm.replace('`', '"')))
        .isEqualTo(assemble(longForm.replace('`', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(i32.add (i32.const 1) (i32.const 2)) | i32.const 1 i32.const 2 i32.add",
        "(drop (i32.add (nop) (i32.const 2))) i32.eqz | nop i32.const 2 i32.add drop i32.eqz",
        "(block $a (result i32) (br $a (i32.const 1))) | block (result i32) i32.const 1 br 0 end",
        "(loop nop (nop)) | loop nop nop end",
        "(if (i32.const 1) (then nop)) | i32.const 1 if nop end",
        "(if $a (result i32) (nop) (i32.const 1) (then (br $a)) (else (br 0))) | nop i32.const 1 if"
            + " (result i32) br 0 else br 0 end",
        "(block $l (if $l (br_if $l) (then (br $l)))) | block br_if 0 if br 0 end end",
        "(block $a (block $b (br_table $a $b 7 (i32.const 1)))) | block block i32.const 1 br_table"
            + " 1 0 7 end end",
        "(block $a (block $a (br $a)) (br $a)) | block block br 0 end br 0 end",
        "(block $b (try_table $t (catch 0 $b) (catch_ref 1 $b) (catch_all 0) (catch_all_ref $b) (br"
            + " $t))) | block try_table (catch 0 0) (catch_ref 1 0) (catch_all 0) (catch_all_ref 0)"
            + " br 0 end end",
        "(try $t (do nop) (catch 0 (rethrow $t)) (catch_all drop)) | try nop catch 0 rethrow 0"
            + " catch_all drop end",
        "(block $o (try $t (do) (delegate $o))) | block try delegate 0 end",
        "(try (do)) | try end",
        "block $a if $b else $b end $b end $a | block if else end end"
      })
  void foldedCodeMeansFlatCode(String folded, String flat) {
    assertThat(assemble("(func " + folded + ")")).isEqualTo(assemble("(func " + flat + ")"));
  }

  @Test
  void dataCountIsWrittenIfCodeMentionsSegments() {
    assertThat(TextReader.read(Source.of("t", "(func (data.drop 0)) (data)")).dataCount())
        .hasValue(1);
    assertThat(TextReader.read(Source.of("t", "(func) (data)")).dataCount()).isEmpty();
    assertThat(TextReader.read(Source.of("t", "(func (array.new_data 0 0)) (data)")).dataCount())
        .hasValue(1);
  }

  @Test
  void implicitTypesComeInTheOrderOfTheText() {
    assertThat(
            assemble(
                """
                (func (block (param i32)))
                (func (param i64))
                (type (func (result f32)))
                """))
        .isEqualTo(
            assemble(
                """
                (type (func (result f32)))
                (type (func))
                (type (func (param i32)))
                (type (func (param i64)))
                (func (type 1) (block (type 2)))
                (func (type 3))
                """));
  }
}
