package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.binary.BranchHints;
import dev.sampan.wasm.binary.ModuleReader;
import dev.sampan.wasm.binary.ModuleWriter;
import dev.sampan.wasm.binary.NameSection;
import dev.sampan.wasm.binary.Names;
import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.ModuleDefinition;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesInTextTest {

  private static final String NAMED =
      """
      (module $mod
        (type $t (func))
        (type $s (struct (field $x i32) (field i64) (field $y i8)))
        (import "m" "n" (func $imp (param $p i32)))
        (table $tab 1 funcref)
        (memory $mem 1)
        (tag $tag)
        (global $glob i32 (i32.const 1))
        (func $one (type $t)
          (local $l i32) (local i64) (local $"m m" f32)
          (block $outer
            (block
              (loop $outer (br $outer)))
            (br $outer)
            (local.set $l (struct.get $s $y (ref.null $s)))))
        (func (@name "one"))
        (func $two (@name "zwei"))
        (elem $e func $one)
        (data $d "x"))
      """;

  private static ModuleDefinition parse(String text) {
    return TextReader.read(Source.of("test.wat", text));
  }

  @Test
  void identifiersBecomeNames() {
    Names names = NameSection.of(parse(NAMED));
    assertThat(names.module()).hasValue("mod");
    assertThat(names.all(Space.TYPE)).isEqualTo(Map.of(0, "t", 1, "s"));
    assertThat(names.all(Space.FUNCTION))
        .isEqualTo(Map.of(0, "imp", 1, "one", 2, "one", 3, "zwei"));
    assertThat(names.all(Space.TABLE)).isEqualTo(Map.of(0, "tab"));
    assertThat(names.all(Space.MEMORY)).isEqualTo(Map.of(0, "mem"));
    assertThat(names.all(Space.TAG)).isEqualTo(Map.of(0, "tag"));
    assertThat(names.all(Space.GLOBAL)).isEqualTo(Map.of(0, "glob"));
    assertThat(names.all(Space.ELEMENT)).isEqualTo(Map.of(0, "e"));
    assertThat(names.all(Space.DATA)).isEqualTo(Map.of(0, "d"));
    assertThat(names.all(InnerSpace.FIELD, 1)).isEqualTo(Map.of(0, "x", 2, "y"));
    assertThat(names.all(InnerSpace.LOCAL, 0)).isEqualTo(Map.of(0, "p"));
    assertThat(names.all(InnerSpace.LOCAL, 1)).isEqualTo(Map.of(0, "l", 2, "m m"));
    assertThat(names.all(InnerSpace.LABEL, 1)).isEqualTo(Map.of(0, "outer", 2, "outer"));
  }

  @Test
  void printedNamesAreReadAgain() {
    ModuleDefinition module = parse(NAMED);
    byte[] bytes = ModuleWriter.write(module);
    String text = TextPrinter.print(ModuleReader.read(bytes));
    assertThat(ModuleWriter.write(parse(text))).as(text).isEqualTo(bytes);
  }

  @Test
  void nameThatOccursTwiceIsPrintedAsAnnotation() {
    assertThat(TextPrinter.print(parse(NAMED)))
        .contains("(func $one (;1;) (type $t)")
        .contains("(func (@name \"one\") (;2;) (type $t)")
        .contains("(elem $e (;0;) func $one)");
  }

  @Test
  void moduleWithoutIdentifiersHasNoNameSection() {
    assertThat(parse("(func (param i32) (block))").customs()).isEmpty();
  }

  @Test
  void branchHintsNameTheOffsetOfTheirInstruction() {
    ModuleDefinition module =
        parse(
            """
            (func)
            (func (param i32)
              (@metadata.code.branch_hint "\\01")
              (if (local.get 0) (then
                (block
                  local.get 0
                  (@metadata.code.branch_hint "\\00") br_if 0))))
            """);
    BranchHints hints = BranchHints.of(module).orElseThrow();
    assertThat(hints.function(0)).isEmpty();
    assertThat(hints.function(1)).isEqualTo(Map.of(3, true, 9, false));
    byte[] body = module.code().getLast().bytes();
    assertThat(body[3]).isEqualTo((byte) 0x04);
    assertThat(body[9]).isEqualTo((byte) 0x0D);
    String text = TextPrinter.print(module);
    assertThat(text).contains("(@metadata.code.branch_hint \"\\01\") if");
    assertThat(ModuleWriter.write(parse(text))).isEqualTo(ModuleWriter.write(module));
  }

  @Test
  void hintsForOtherInstructionsStayASection() {
    ModuleDefinition module =
        parse(
            "(func nop) (@custom \"metadata.code.branch_hint\" (before code)"
                + " \"\\01\\00\\01\\01\\01\\01\")");
    String text = TextPrinter.print(module);
    assertThat(text).contains("(@custom \"metadata.code.branch_hint\" (after datacount)");
    assertThat(ModuleWriter.write(parse(text))).isEqualTo(ModuleWriter.write(module));
  }
}
