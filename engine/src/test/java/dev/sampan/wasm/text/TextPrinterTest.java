package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.model.FunctionBody;
import dev.sampan.wasm.model.ModuleDefinition;
import org.junit.jupiter.api.Test;

class TextPrinterTest {

  private static ModuleDefinition parse(String text) {
    return TextReader.read(Source.of("test.wat", text));
  }

  @Test
  void moduleIsPrintedIndented() {
    assertThat(
            TextPrinter.print(
                parse(
                    """
                    (module $fac
                      (import "env" "log" (func $log (param i32)))
                      (memory (export "memory") 1 2)
                      (table 1 funcref)
                      (global $count (mut i64) (i64.const 0))
                      (func $fac (export "fac") (param $n i32) (result i32)
                        (local $r i32) (local f64 f64)
                        (if $base (result i32) (i32.eqz (local.get $n))
                          (then (i32.const 1))
                          (else (i32.mul (local.get $n) (call $fac (i32.sub (local.get $n)
                            (i32.const 1)))))))
                      (elem (i32.const 0) $fac)
                      (data (i32.const 8) "hi\\00\\"")
                      (@custom "note" (after type) "x"))
                    """)))
        .isEqualTo(
            """
            (module $fac
              (type (;0;) (func (param i32)))
              (type (;1;) (func (param i32) (result i32)))
              (import "env" "log" (func $log (;0;) (type 0) (param i32)))
              (table (;0;) 1 funcref)
              (memory (;0;) 1 2)
              (global $count (;0;) (mut i64) (i64.const 0))
              (func $fac (;1;) (type 1) (param $n i32) (result i32)
                (local $r i32) (local f64 f64)
                local.get $n
                i32.eqz
                if $base (;@1;) (result i32)
                  i32.const 1
                else
                  local.get $n
                  local.get $n
                  i32.const 1
                  i32.sub
                  call $fac
                  i32.mul
                end)
              (export "memory" (memory 0))
              (export "fac" (func $fac))
              (elem (;0;) (i32.const 0) func $fac)
              (data (;0;) (i32.const 8) "hi\\00\\"")
              (@custom "note" (after type) "x"))
            """);
  }

  @Test
  void legacyExceptionsArePrintedAsTheyAre() {
    String text =
        TextPrinter.print(
            parse("(tag) (func (try (do nop) (catch 0 (rethrow 0))) (try (do) (delegate 0)))"));
    assertThat(text)
        .contains(
            """
                try (;@1;)
                  nop
                catch 0
                  rethrow 0 (;@1;)
                end
                try (;@1;)
                delegate 0)\
            """);
  }

  @Test
  void hiddenLabelIsPrintedAsNumber() {
    assertThat(TextPrinter.print(parse("(func block $a block $a br 1 br 0 end br 0 end)")))
        .contains("br 1 (;@1;)")
        .contains("br $a");
  }

  @Test
  void printedTextOfPrintedModuleIsTheSame() {
    String text =
        TextPrinter.print(
            parse(
                """
                (rec (type $a (sub (struct (field (ref null $b))))) (type $b (sub $a (struct
                  (field (ref null $b)) (field i64)))))
                (type $f (func (param i32 (ref $a)) (result v128)))
                (table i64 1 5 (ref null $f) (ref.null $f))
                (memory i64 1 2 shared (pagesize 1))
                (global i32 i32.const 1 i32.const 2 i32.add)
                (elem declare funcref (item ref.null func) (ref.func 0))
                (func (type $f)
                  (block (type $f) unreachable)
                  (v128.const f32x4 1 nan -inf 0x1p-3)
                  (ref.cast (ref null $a) (ref.test anyref))
                  (br_on_cast 0 (ref null any) (ref $a))
                  (i64.load offset=18446744073709551615 align=1)
                  (select (result (ref $b)))
                  atomic.fence)
                """));
    assertThat(TextPrinter.print(parse(text))).isEqualTo(text);
  }

  @Test
  void codeThatCannotBeDecodedIsRefused() {
    assertRefused("illegal opcode ff", 0, 0xFF, 0x0B);
    assertRefused("END opcode expected", 0, 0x0B, 0x0B);
    assertRefused("unexpected end of section or function", 0, 0x02, 0x40, 0x0B);
    assertRefused("too many locals", 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x0B);
  }

  private static void assertRefused(String phrase, int... code) {
    byte[] bytes = new byte[code.length];
    for (int i = 0; i < code.length; i++) {
      bytes[i] = (byte) code[i];
    }
    ModuleDefinition.Builder module = parse("(func)").toBuilder();
    module.code.set(0, new FunctionBody(bytes, 0, bytes.length));
    ModuleDefinition built = module.build();
    assertThatThrownBy(() -> TextPrinter.print(built))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith(phrase);
  }
}
