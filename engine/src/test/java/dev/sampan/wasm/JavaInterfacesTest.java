package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plain Java interfaces both ways: exports as Java sees them, imports as Java gives them. */
class JavaInterfacesTest {

  interface Scorer {
    double score(int user, double weight);

    default double doubled(int user) {
      return 2 * score(user, 1);
    }
  }

  interface Store {
    long get(int key);

    void put(int key, long value);
  }

  private static final String SCORER =
      """
      (module $scorer
        (import "store" "get" (func $get (param i32) (result i64)))
        (import "store" "put" (func $put (param i32 i64)))
        (func (export "score") (param i32 f64) (result f64)
          (call $put (i32.const 99) (call $get (local.get 0)))
          (f64.mul (local.get 1) (f64.convert_i64_s (call $get (local.get 0))))))
      """;

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

  private static final class MapStore implements Store {
    final Map<Integer, Long> values = new HashMap<>();

    @Override
    public long get(int key) {
      return values.getOrDefault(key, 0L);
    }

    @Override
    public void put(int key, long value) {
      values.put(key, value);
    }
  }

  @Test
  void exportsAreAnInterfaceAndAnObjectGivesImports() {
    MapStore store = new MapStore();
    store.put(7, 21);
    Imports imports = Imports.create().module("store", Store.class, store);
    try (Instance instance = instance(SCORER, imports)) {
      Scorer scorer = instance.as(Scorer.class);
      assertThat(scorer.score(7, 0.5)).isEqualTo(10.5);
      assertThat(scorer.doubled(7)).isEqualTo(42);
      assertThat(store.values).containsEntry(99, 21L);
      assertThat(scorer).isEqualTo(scorer).hasToString("Scorer of " + instance);
      assertThat(scorer.hashCode()).isEqualTo(scorer.hashCode());
      assertThat(scorer.equals(instance.as(Scorer.class))).isFalse();
    }
  }

  interface Names {
    int readFile();

    int writeFile();

    int closeFile();

    @WasmName("odd name!")
    int other();
  }

  @Test
  void methodNamesAreFoundInEachSpelling() {
    Names names =
        instance(
                """
                (module
                  (func (export "readFile") (result i32) (i32.const 1))
                  (func (export "write_file") (result i32) (i32.const 2))
                  (func (export "close-file") (result i32) (i32.const 3))
                  (func (export "odd name!") (result i32) (i32.const 4)))
                """)
            .as(Names.class);
    assertThat(names.readFile()).isEqualTo(1);
    assertThat(names.writeFile()).isEqualTo(2);
    assertThat(names.closeFile()).isEqualTo(3);
    assertThat(names.other()).isEqualTo(4);
  }

  interface EveryType {
    float all(boolean b, int i, long l, float f, double d, V128 v, Object o, String s);

    boolean not(boolean b);

    Results several();
  }

  @Test
  void everyTypeHasItsJavaType() {
    EveryType types =
        instance(
                """
                (module
                  (func (export "all")
                    (param i32 i32 i64 f32 f64 v128 externref externref) (result f32)
                    (f32.add (f32.convert_i32_s (i32.add (local.get 0) (local.get 1)))
                      (f32.add (f32.convert_i64_s (local.get 2))
                        (f32.add (local.get 3)
                          (f32.add (f32.demote_f64 (local.get 4))
                            (f32.convert_i64_s (i64x2.extract_lane 1 (local.get 5))))))))
                  (func (export "not") (param i32) (result i32) (i32.eqz (local.get 0)))
                  (func (export "several") (result i32 v128 f64)
                    (i32.const 1) (v128.const i64x2 2 3) (f64.const 4)))
                """)
            .as(EveryType.class);
    assertThat(types.all(true, 2, 3, 4, 5, new V128(0, 6), this, "text")).isEqualTo(21);
    assertThat(types.not(true)).isFalse();
    assertThat(types.not(false)).isTrue();
    Results results = types.several();
    assertThat(results.toList()).containsExactly(1, new V128(2, 3), 4.0);
    assertThat(results.f64(2)).isEqualTo(4);
  }

  @Test
  void methodWithoutExportIsALinkException() {
    try (Instance instance = instance("(module)")) {
      assertThatThrownBy(() -> instance.as(Scorer.class))
          .isInstanceOf(LinkException.class)
          .hasMessageStartingWith("unknown export")
          .hasMessageContaining("score");
    }
  }

  @Test
  void methodOfAnotherTypeIsALinkException() {
    for (String type :
        new String[] {
          "(param i32 f32) (result f64)",
          "(param i32) (result f64)",
          "(param i32 f64) (result f32)",
          "(param i32 f64)",
          "(param i32 f64) (result f64 f64)",
          "(param i32 externref) (result f64)"
        }) {
      try (Instance instance =
          instance("(module (func (export \"score\") " + type + " unreachable))")) {
        assertThatThrownBy(() -> instance.as(Scorer.class))
            .as(type)
            .isInstanceOf(LinkException.class)
            .hasMessageStartingWith("incompatible export type");
      }
    }
  }

  @Test
  void classIsNoInterface() {
    try (Instance instance = instance("(module)")) {
      assertThatThrownBy(() -> instance.as(String.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("interface");
    }
  }

  @Test
  void importThatTheObjectDoesNotFitIsALinkException() {
    Imports imports = Imports.create().module("store", Store.class, new MapStore());
    WasmModule wrongType =
        engine.load("(module (import \"store\" \"get\" (func (param i64) (result i64))))");
    assertThatThrownBy(() -> wrongType.instantiate(imports))
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("incompatible import type");
    WasmModule unknown = engine.load("(module (import \"store\" \"remove\" (func (param i32))))");
    assertThatThrownBy(() -> unknown.instantiate(imports))
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("unknown import: \"store\" \"remove\"");
    // what the object has beyond the interface cannot be reached
    WasmModule beyond = engine.load("(module (import \"store\" \"hashCode\" (func (result i32))))");
    assertThatThrownBy(() -> beyond.instantiate(imports)).isInstanceOf(LinkException.class);
  }

  interface WithMemory {
    void log(Memory memory, int address, int length);

    int self(Instance instance);
  }

  @Test
  void importsMayTakeTheCallersMemoryAndInstance() {
    StringBuilder log = new StringBuilder();
    WithMemory host =
        new WithMemory() {
          @Override
          public void log(Memory memory, int address, int length) {
            log.append(memory.utf8(address, length));
          }

          @Override
          public int self(Instance instance) {
            return instance.exportNames().size();
          }
        };
    try (Instance instance =
        instance(
            """
            (module
              (import "host" "log" (func $log (param i32 i32)))
              (import "host" "self" (func $self (result i32)))
              (memory 1) (data (i32.const 3) "Grüße")
              (func (export "run") (result i32)
                (call $log (i32.const 3) (i32.const 7)) (call $self))
              (func (export "other")))
            """,
            Imports.create().module("host", WithMemory.class, host))) {
      assertThat(instance.function("run").call().i32()).isEqualTo(2);
      assertThat(log).hasToString("Grüße");
    }
  }

  @Test
  void handleHasExactlyTheFunctionsType() throws Throwable {
    try (Instance instance =
        instance(
            """
            (module
              (func (export "add") (param i32 i64) (result i64)
                (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1)))
              (func (export "nothing") (param externref))
              (func (export "two") (result i32 f64) (i32.const 1) (f64.const 2)))
            """)) {
      MethodHandle add = instance.function("add").handle();
      assertThat(add.type()).isEqualTo(MethodType.methodType(long.class, int.class, long.class));
      assertThat((long) add.invokeExact(-2, 44L)).isEqualTo(42);
      MethodHandle nothing = instance.function("nothing").handle();
      assertThat(nothing.type()).isEqualTo(MethodType.methodType(void.class, Object.class));
      nothing.invokeExact((Object) "anything");
      MethodHandle two = instance.function("two").handle();
      assertThat(two.type()).isEqualTo(MethodType.methodType(Results.class));
      assertThat(((Results) two.invokeExact()).toList()).containsExactly(1, 2.0);
    }
  }
}
