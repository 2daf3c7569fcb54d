package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.WasmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as a whole, with their pointer into the text. */
class ErrorMessagesTest {

  private static String message(String text) {
    return catchThrowableOfType(
            MalformedException.class, () -> TextReader.read(Source.of("add.wat", text)))
        .getMessage();
  }

  @Test
  void unknownOperatorIsPointedAt() {
    assertThat(
            message(
                """
                (module
                  (func (result i32)
                    (i32.add foo
                """))
        .isEqualTo(
            """
            unknown operator foo: expected "("
             --> add.wat:3:14
              |
            3 |     (i32.add foo
              |              ^\
            """);
  }

  @Test
  void unexpectedTokenSaysWhatWasExpected() {
    assertThat(message("(module\n\t(memory 1) (export \"m\" (memory 0 0)))"))
        .isEqualTo(
            """
            unexpected token: expected ")" but found "0"
             --> add.wat:2:35
              |
            2 | \t(memory 1) (export "m" (memory 0 0)))
              | \t                                 ^\
            """);
  }

  @Test
  void endOfTextIsPointedAt() {
    assertThat(message("(module"))
        .isEqualTo(
            """
            unexpected token: expected ")" but found the end of the text
             --> add.wat:1:8
              |
            1 | (module
              |        ^\
            """);
  }

  @Test
  void longLineIsShownAroundThePlace() {
    String message = message("(func)".repeat(100) + "(func foo)" + "(func)".repeat(100));
    assertThat(message)
        .isEqualTo(
            """
            unknown operator foo: expected an instruction
             --> add.wat:1:607
              |
            1 | …%s(func foo)%s…
              |  %s^\
            """
                .formatted("(func)".repeat(9), "(func)".repeat(9) + "(f", " ".repeat(60)));
  }

  @Test
  void columnsCountCharactersAndNotBytes() {
    assertThat(message("(func $\"ü😀\" foo)")).contains("add.wat:1:13\n");
  }

  @Test
  void lineNumbersOfSeveralDigitsKeepTheMarginStraight() {
    assertThat(message("\n".repeat(99) + "(func foo)"))
        .isEqualTo(
            """
            unknown operator foo: expected an instruction
               --> add.wat:100:7
                |
            100 | (func foo)
                |       ^\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(func (br $x)) | unknown label $x",
        "(func (local.get $x)) | unknown local $x",
        "(func (call $x)) | unknown function $x",
        "(func (global.get $x)) | unknown global $x",
        "(func (table.get $x)) | unknown table $x",
        "(func (memory.size $x)) | unknown memory $x",
        "(func (throw $x)) | unknown tag $x",
        "(func (elem.drop $x)) | unknown elem segment $x",
        "(func (data.drop $x)) | unknown data segment $x",
        "(func (type $x)) | unknown type $x",
        "(type $t (struct)) (func (struct.get $t $x)) | unknown field $x",
        "(func (param $x i32) (local $x i32)) | duplicate local $x",
        "(func $f) (func $f) | duplicate func $f",
        "(type (struct (field $x i32) (field $x i32))) | duplicate field $x",
        "(func) (import \"\" \"\" (func)) | import after function",
        "(tag) (import \"\" \"\" (func)) | import after tag",
        "(memory 1) (func (import \"\" \"\")) | import after memory",
        "(func) (start 0) (start 0) | multiple start sections",
        "(func block $a end $b) | mismatching label: expected \"$a\" but found \"$b\"",
        "(func block end $b) | mismatching label: expected no label but found \"$b\"",
        "(func (i32.load align=3)) | alignment must be a power of two: found 3",
        "(memory 0 (pagesize 3)) | invalid custom page size: 3 is not a power of two",
        "(func (i32.const 4294967296)) | constant out of range: \"4294967296\" does not fit i32",
        "(func (f32.const 1e99)) | constant out of range: \"1e99\" does not fit f32",
        "(func (br 4294967296)) | i32 constant out of range: a label cannot be \"4294967296\"",
        "(func (v128.const i32x4 1 2 3)) | wrong number of lane literals: expected 4 but found 3",
        "(func (i8x16.shuffle 1 2)) | invalid lane length: expected 16 lanes but found 2",
        "(func (i8x16.extract_lane_s 256)) | i8 constant out of range: a lane index cannot be",
        "(type (func)) (func (type 0) (param i32)) | inline function type: type 0 is [] -> [], but",
        "(func (type 9) (param i32)) | unknown type 9",
        "(export \"\\ff\" (func 0)) | malformed UTF-8 encoding: in a name",
        "(module) (module) | unexpected token: expected the end of the text but found \"(\"",
        "(func (then)) | unexpected token: expected an instruction but found \"then\"",
        "(func end) | unexpected token: expected an instruction but found \"end\"",
        "(func (if (i32.const 0))) | unexpected token",
        "(func block) | unexpected token: expected an instruction or \"end\" but found \")\"",
        "(func (block (result i32) (param i32))) | unexpected token",
        "(func (@custom \"x\")) | misplaced @custom annotation",
        "(start (@name \"x\") 0) | misplaced @name annotation",
        "(module (@name \"x\") (@name \"y\")) | @name annotation: multiple module names",
        "(@custom 1) | @custom annotation: missing section name",
        "(@custom \"x\" (behind type)) | @custom annotation: malformed placement",
        "(@custom \"x\" (after types)) | @custom annotation: malformed section kind",
        "(@metadata.code.branch_hint \"\\00\") | @metadata.code.branch_hint annotation: not in a",
        "(func (@metadata.code.branch_hint \"\\02\") if end) | @metadata.code.branch_hint annot",
        "(func (@metadata.code.branch_hint \"\\01\") nop) | @metadata.code.branch_hint annotation:"
            + " invalid target",
        "(func (@metadata.code.branch_hint \"\\01\")) | @metadata.code.branch_hint annotation:"
            + " invalid target"
      })
  void messageBeginsWithTheCause(String text, String start) {
    assertThat(
            catchThrowableOfType(
                    WasmException.class, () -> TextReader.read(Source.of("add.wat", text)))
                .getMessage())
        .startsWith(start);
  }

  @Test
  void errorInQuotedTextNamesTheQuotation() {
    assertThat(message("\n(module quote \"(func)\\n(foo)\")"))
        .isEqualTo(
            """
            unknown operator foo: expected a module field
             --> quoted in add.wat:2:2:2
              |
            2 | (foo)
              |  ^\
            """);
  }
}
