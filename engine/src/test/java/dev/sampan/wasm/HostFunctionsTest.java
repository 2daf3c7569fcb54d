package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.model.AddressType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.GlobalType;
import dev.sampan.wasm.model.Limits;
import dev.sampan.wasm.model.MemoryType;
import dev.sampan.wasm.model.NumType;
import dev.sampan.wasm.model.RefType;
import dev.sampan.wasm.model.TableType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Functions and other things that Java gives, and calls by name. */
class HostFunctionsTest {

  private final Engine engine = Engine.create();

  @AfterEach
  void close() {
    engine.close();
  }

  private Instance instance(String text, Imports imports) {
    return engine.load(text).instantiate(imports);
  }

  private Instance instance(String text) {
    return instance(text, Imports.create());
  }

  @Test
  void hostFunctionReadsArgumentsAndGivesResults() {
    List<Object> seen = new ArrayList<>();
    Imports imports =
        Imports.create()
            .function(
                "env",
                "swap",
                call -> {
                  assertThat(call.type().parameters()).hasSize(6);
                  seen.add(call.i32(0));
                  // results do not overwrite arguments that are still to be read
                  call.result(call.ref(5) == null ? 1 : 2);
                  call.result(call.v128(4));
                  call.result(call.f64(3));
                  call.result(call.f32(2));
                  call.result(call.i64(1));
                  call.resultRef(call.ref(5));
                });
    try (Instance instance =
        instance(
            """
            (module
              (type $t (func (param i32 i64 f32 f64 v128 externref)
                (result i32 v128 f64 f32 i64 externref)))
              (import "env" "swap" (func $swap (type $t)))
              (func (export "run") (type $t)
                (call $swap (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
                  (local.get 5))))
            """,
            imports)) {
      V128 vector = new V128(5, 6);
      Results results = instance.function("run").call(1, 2L, 3f, 4.0, vector, this);
      assertThat(results.toList()).containsExactly(2, vector, 4.0, 3f, 2L, this);
      assertThat(results.i32()).isEqualTo(2);
      assertThat(results.f64(2)).isEqualTo(4);
      assertThat(results.f32(3)).isEqualTo(3);
      assertThat(results.i64(4)).isEqualTo(2);
      assertThat(seen).containsExactly(1);
    }
  }

  @Test
  void argumentOfAnotherTypeIsRefused() {
    try (Instance instance =
        instance(
            "(module (import \"env\" \"f\" (func $f (param i32))) (export \"f\" (func $f))"
                + " (func (export \"run\") (call $f (i32.const 1))))",
            Imports.create().function("env", "f", call -> call.i64(0)))) {
      assertThatThrownBy(() -> instance.function("run").call())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("parameter 0")
          .hasMessageContaining("i32, not i64");
    }
    try (Instance instance =
        instance(
            "(module (import \"env\" \"f\" (func $f (param i32)))"
                + " (func (export \"run\") (call $f (i32.const 1))))",
            Imports.create().function("env", "f", call -> call.i32(1)))) {
      assertThatThrownBy(() -> instance.function("run").call())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 parameters");
    }
  }

  @Test
  void resultsMustBeThoseOfTheDeclaredType() {
    String module =
        "(module (import \"env\" \"f\" (func $f (result i32)))"
            + " (func (export \"run\") (result i32) (call $f)))";
    HostFunction[] wrong = {
      call -> {},
      call -> call.result(1L),
      call -> call.resultRef("text"),
      call -> {
        call.result(1);
        call.result(2);
      }
    };
    for (HostFunction function : wrong) {
      try (Instance instance = instance(module, Imports.create().function("env", "f", function))) {
        assertThatThrownBy(() -> instance.function("run").call())
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void callWithWrongArgumentsIsRefused() {
    try (Instance instance =
        instance("(module (func (export \"f\") (param i32 funcref) (result i32) (local.get 0)))")) {
      Func function = instance.function("f");
      assertThat(function.call(3, null).i32()).isEqualTo(3);
      assertThatThrownBy(() -> function.call(3)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(3, null, 4))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(3L, null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(null, null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(3, "no function"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(3, null).i64())
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> function.call(3, null).i32(1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void exportsAreFoundByNameAndKind() {
    try (Instance instance =
        instance(
            """
            (module
              (func (export "f")) (memory (export "m") 2) (table (export "t") 3 funcref)
              (global (export "g") (mut i64) (i64.const 4)) (tag (export "e") (param i32)))
            """)) {
      assertThat(instance.exportNames()).containsExactly("f", "m", "t", "g", "e");
      assertThat(instance.memory("m").pages()).isEqualTo(2);
      assertThat(instance.table("t").size()).isEqualTo(3);
      assertThat(instance.global("g").get()).isEqualTo(4L);
      assertThat(instance.export("e")).containsInstanceOf(Tag.class);
      assertThat(instance.export("x")).isEmpty();
      for (String name : List.of("m", "x")) {
        assertThatThrownBy(() -> instance.function(name))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("exports no function \"" + name + "\"");
      }
      assertThatThrownBy(() -> instance.memory("f")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.table("f")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.global("f")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void memoryIsReadAndWrittenFromJava() {
    try (Instance instance =
        instance(
            """
            (module (memory (export "m") 1 2)
              (func (export "load") (param i32) (result i64) (i64.load (local.get 0))))
            """)) {
      Memory memory = instance.memory("m");
      memory.setI64(8, 0x0102030405060708L);
      memory.setI8(8, (byte) 0xFF);
      memory.setI16(10, (short) 0xABCD);
      memory.setI32(12, 0x11223344);
      assertThat(memory.i64(8)).isEqualTo(0x11223344_ABCD07FFL);
      assertThat(memory.i32(12)).isEqualTo(0x11223344);
      assertThat(memory.i16(10)).isEqualTo((short) 0xABCD);
      assertThat(memory.i8(8)).isEqualTo((byte) -1);
      assertThat(instance.function("load").call(8).i64()).isEqualTo(0x11223344_ABCD07FFL);
      memory.write(100, "xHallo".getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, 5);
      assertThat(memory.utf8(100, 5)).isEqualTo("Hallo");
      memory.fill(100, (byte) 'z', 2);
      assertThat(memory.utf8(99, 7)).isEqualTo("\0zzllo\0");
      byte[] target = new byte[4];
      memory.read(101, target, 1, 2);
      assertThat(target).containsExactly(0, 'z', 'l', 0);
      assertThat(memory.grow(1)).isEqualTo(1);
      assertThat(memory.grow(1)).isEqualTo(-1);
      assertThat(memory.size()).isEqualTo(2 << 16);
    }
  }

  @Test
  void accessPastTheMemorysEndTrapsInJavaToo() {
    try (Instance instance = instance("(module (memory (export \"m\") 1))")) {
      Memory memory = instance.memory("m");
      Runnable[] wrong = {
        () -> memory.i8(65536),
        () -> memory.i16(65535),
        () -> memory.i32(65533),
        () -> memory.i64(65529),
        () -> memory.i64(-1),
        () -> memory.i64(Long.MAX_VALUE),
        () -> memory.i64(Long.MIN_VALUE),
        () -> memory.setI64(65529, 1),
        () -> memory.setI8(-1, (byte) 1),
        () -> memory.bytes(65530, 7),
        () -> memory.bytes(0, Integer.MAX_VALUE),
        () -> memory.bytes(0, -1),
        () -> memory.utf8(1L << 32, 1),
        () -> memory.fill(65530, (byte) 1, 7),
        () -> memory.fill(0, (byte) 1, -1),
        () -> memory.write(65536, new byte[1], 0, 1),
        () -> memory.read(65536, new byte[1], 0, 1)
      };
      for (Runnable each : wrong) {
        assertThatThrownBy(each::run)
            .isInstanceOfSatisfying(
                Trap.class,
                trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.OUT_OF_BOUNDS_MEMORY));
      }
      assertThatThrownBy(() -> memory.read(0, new byte[1], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(memory.bytes(65536, 0)).isEmpty();
    }
  }

  @Test
  void javaMakesMemoriesTablesGlobalsAndFunctions() {
    Memory memory = engine.memory(new MemoryType(AddressType.I32, Limits.between(1, 2), false, 16));
    Table table =
        engine.table(new TableType(AddressType.I32, Limits.between(2, 3), RefType.FUNCREF), null);
    Global global = engine.global(new GlobalType(NumType.I32, true), 5);
    FuncType type = new FuncType(List.of(NumType.I32), List.of(NumType.I32));
    Func triple = engine.function(type, call -> call.result(3 * call.i32(0)));
    table.set(1, triple);
    try (Instance instance =
        instance(
            """
            (module
              (import "env" "m" (memory 1)) (import "env" "t" (table 2 funcref))
              (import "env" "g" (global $g (mut i32)))
              (func (export "run") (result i32)
                (i32.store (i32.const 0) (i32.const 77))
                (global.set $g (i32.add (global.get $g) (i32.const 1)))
                (call_indirect (param i32) (result i32) (global.get $g) (i32.const 1))))
            """,
            Imports.create()
                .extern("env", "m", memory)
                .extern("env", "t", table)
                .extern("env", "g", global))) {
      assertThat(instance.function("run").call().i32()).isEqualTo(18);
      assertThat(memory.i32(0)).isEqualTo(77);
      assertThat(global.get()).isEqualTo(6);
      assertThat(triple.call(5).i32()).isEqualTo(15);
      assertThat(table.get(1)).isSameAs(triple);
      assertThat(table.grow(1, null)).isEqualTo(2);
      assertThat(table.grow(1, null)).isEqualTo(-1);
      assertThatThrownBy(() -> table.set(0, "text")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> table.get(3))
          .isInstanceOf(Trap.class)
          .hasMessageStartingWith("out of bounds table access");
      assertThatThrownBy(() -> global.set(1L)).isInstanceOf(IllegalArgumentException.class);
      Global constant = engine.global(new GlobalType(NumType.I32, false), 5);
      assertThatThrownBy(() -> constant.set(6)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> engine.global(new GlobalType(NumType.I32, false), 5L))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anyObjectIsAnExternref() {
    Object object = new Object();
    try (Instance instance =
        instance(
            """
            (module
              (table (export "t") 1 externref) (global $g (mut externref) (ref.null extern))
              (func (export "keep") (param externref) (global.set $g (local.get 0)))
              (func (export "kept") (result externref) (global.get $g))
              (func (export "i31") (result anyref) (ref.i31 (i32.const 7))))
            """)) {
      instance.function("keep").call(object);
      assertThat(instance.function("kept").call().get(0)).isSameAs(object);
      instance.function("keep").call(42);
      assertThat(instance.function("kept").call().get(0)).isEqualTo(42);
      assertThat(instance.function("i31").call().get(0)).isEqualTo(new I31(7));
      instance.table("t").set(0, "text");
      assertThat(instance.table("t").get(0)).isEqualTo("text");
    }
  }

  @Test
  void lastImportOfANameCounts() {
    Imports imports =
        Imports.create()
            .function("env", "f", call -> call.result(1))
            .function("env", "f", call -> call.result(2));
    try (Instance instance =
        instance(
            "(module (import \"env\" \"f\" (func $f (result i32))) (export \"g\" (func $f)))",
            imports)) {
      assertThat(instance.function("g").call().i32()).isEqualTo(2);
    }
  }

  @Test
  void exportsOfAnInstanceAreImportsOfAnother() {
    try (Instance one = instance("(module (func (export \"f\") (result i32) (i32.const 5)))");
        Instance two =
            instance(
                "(module (import \"one\" \"f\" (func $f (result i32))) (export \"g\" (func $f)))",
                Imports.create().instance("one", one))) {
      assertThat(two.function("g").call().i32()).isEqualTo(5);
    }
  }
}
