package dev.sampan.wasm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.model.ModuleDefinition;
import dev.sampan.wasm.text.Source;
import dev.sampan.wasm.text.TextReader;
import org.junit.jupiter.api.Test;

class ModuleWriterTest {

  private static final String EVERYTHING =
      """
      (module $all
        (@custom "first" (before first) "a")
        (type $f (func (param i32) (result i64 f32)))
        (rec
          (type $a (sub (struct (field $x i8) (field (mut (ref null $b))))))
          (type $b (sub final $a (struct (field i8) (field (mut (ref null $b))) (field i16)))))
        (type (array (mut v128)))
        (import "m" "f" (func $imported (type $f)))
        (import "m" "t" (table 1 2 funcref))
        (import "m" "m" (memory i64 1 2 shared))
        (import "m" "g" (global (mut externref)))
        (import "m" "e" (tag (param exnref)))
        (@custom "middle" (after func) "b" "c")
        (table $t 2 (ref null $f))
        (table $u i64 1 9 (ref func) (ref.func $own))
        (memory 0 (pagesize 1))
        (memory i64 1 2)
        (tag (param f64))
        (global i32 (i32.const -5))
        (export "own" (func $own))
        (start $main)
        (elem (i32.const 0) $own)
        (elem (table $t) (i32.const 1) (ref null $f) (ref.null $f))
        (elem funcref (ref.func $own))
        (elem func $own)
        (elem declare func $own)
        (elem (offset (i32.const 2)) funcref (item (ref.func $own)))
        (func $own (type $f) (local i32 i32 f64) (memory.init 1 $d (local.get 0) (i32.const 0)
          (i32.const 1)) unreachable)
        (func $main (if (i32.const 1) (then)))
        (data $d "passive")
        (data (i64.const 8) "active")
        (data (memory 2) (i64.const 8) "\\00\\ff")
        (@custom "last" "z"))
      """;

  private static ModuleDefinition parse(String text) {
    return TextReader.read(Source.of("test.wat", text));
  }

  @Test
  void readerAndWriterAreInverse() {
    byte[] bytes = ModuleWriter.write(parse(EVERYTHING));
    assertThat(ModuleWriter.write(ModuleReader.read(bytes))).isEqualTo(bytes);
  }

  @Test
  void readModuleHasTheSameParts() {
    ModuleDefinition written = parse(EVERYTHING);
    ModuleDefinition read = ModuleReader.read(ModuleWriter.write(written));
    assertThat(read.types()).isEqualTo(written.types());
    assertThat(read.imports()).isEqualTo(written.imports());
    assertThat(read.functions()).isEqualTo(written.functions());
    assertThat(read.memories()).isEqualTo(written.memories());
    assertThat(read.allTables()).isEqualTo(written.allTables());
    assertThat(read.tags()).isEqualTo(written.tags());
    assertThat(read.exports()).isEqualTo(written.exports());
    assertThat(read.start()).isEqualTo(written.start());
    assertThat(read.dataCount()).hasValue(3);
    assertThat(read.elements())
        .extracting("mode")
        .isEqualTo(written.elements().stream().map(each -> (Object) each.mode()).toList());
    assertThat(read.elements())
        .extracting("type")
        .isEqualTo(written.elements().stream().map(each -> (Object) each.type()).toList());
    assertThat(read.customs())
        .extracting("name")
        .containsExactly("first", "middle", "last", "name");
  }

  @Test
  void limitsFlagsStateEverythingAboutAMemory() {
    assertThat(bytes("(memory 1)")).containsExactly(header(5, 3, 1, 0, 1));
    assertThat(bytes("(memory 1 2)")).containsExactly(header(5, 4, 1, 1, 1, 2));
    assertThat(bytes("(memory 1 2 shared)")).containsExactly(header(5, 4, 1, 3, 1, 2));
    assertThat(bytes("(memory i64 1)")).containsExactly(header(5, 3, 1, 4, 1));
    assertThat(bytes("(memory i64 1 2 shared (pagesize 1))"))
        .containsExactly(header(5, 5, 1, 15, 1, 2, 0));
  }

  @Test
  void tableWithInitialValueIsMarked() {
    assertThat(bytes("(table 1 funcref (ref.null func))"))
        .containsExactly(header(4, 9, 1, 0x40, 0, 0x70, 0, 1, 0xD0, 0x70, 0x0B));
  }

  @Test
  void groupOfOneTypeIsWrittenWithoutGroup() {
    assertThat(bytes("(rec (type (func)))")).containsExactly(header(1, 4, 1, 0x60, 0, 0));
    assertThat(bytes("(type (sub (func)))")).containsExactly(header(1, 6, 1, 0x50, 0, 0x60, 0, 0));
    assertThat(bytes("(rec)")).containsExactly(header(1, 3, 1, 0x4E, 0));
  }

  private static byte[] bytes(String fields) {
    return ModuleWriter.write(parse(fields));
  }

  private static int[] header(int... section) {
    int[] module = new int[8 + section.length];
    System.arraycopy(new int[] {0, 'a', 's', 'm', 1, 0, 0, 0}, 0, module, 0, 8);
    System.arraycopy(section, 0, module, 8, section.length);
    return module;
  }
}
