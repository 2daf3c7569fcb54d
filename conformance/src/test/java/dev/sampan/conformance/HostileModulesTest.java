package dev.sampan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.management.ThreadMXBean;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.InvalidException;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmException;
import dev.sampan.wasm.WasmModule;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Modules that claim to be huge, or that are small and would become huge. The host lives, refuses
 * them before it reserves anything for them, and says why.
 */
class HostileModulesTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long FOUR_BILLION = 0xFFFF_FFFFL;

  /** What refusing a module may cost; the claims below would cost gigabytes. */
  private static final long MODEST = 4 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Engine engine() {
    // one thread, so that all it reserves is seen
    return Engine.builder().threads(1).build();
  }

  // Counts that lie

  private record Claim(String what, byte[] module) {}

  private static List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    String[] sections = {
      "types",
      "imports",
      "functions",
      "tables",
      "memories",
      "globals",
      "exports",
      "",
      "elements",
      "bodies",
      "data",
      "",
      "tags"
    };
    long[] counts = {FOUR_BILLION, 0x8000_0000L, 0x7FFF_FFFFL, 100_000_001, 999_999};
    for (int i = 0; i < sections.length; i++) {
      if (!sections[i].isEmpty()) {
        for (long count : counts) {
          claims.add(
              new Claim(
                  count + " " + sections[i],
                  Bytes.module().section(i + 1, new Bytes().u(count).raw(0)).toByteArray()));
        }
      }
    }
    for (long count : counts) {
      claim(claims, count + " data by count", m -> m.section(12, new Bytes().u(count)));
      claim(claims, count + " members of a group", m -> types(m, t -> t.raw(0x4E).u(count)));
      claim(claims, count + " fields", m -> types(m, t -> t.raw(0x5F).u(count)));
      claim(claims, count + " parameters", m -> types(m, t -> t.raw(0x60).u(count)));
      claim(claims, count + " results", m -> types(m, t -> t.raw(0x60, 0).u(count)));
      claim(claims, count + " supertypes", m -> types(m, t -> t.raw(0x50).u(count)));
      claim(
          claims,
          count + " bytes of an import's name",
          m -> m.section(2, new Bytes().raw(1).u(count).raw('a')));
      claim(
          claims,
          count + " bytes of an export's name",
          m -> m.section(7, new Bytes().raw(1).u(count).raw('a')));
      claim(
          claims,
          count + " bytes of a custom section's name",
          m -> m.section(0, new Bytes().u(count).raw('a')));
      claim(
          claims,
          count + " bytes of data",
          m -> m.section(11, new Bytes().raw(1, 1).u(count).raw(0)));
      claim(
          claims,
          count + " functions in a segment",
          m -> m.section(9, new Bytes().raw(1, 1, 0).u(count).raw(0)));
      claim(
          claims,
          count + " expressions in a segment",
          m -> m.section(9, new Bytes().raw(1, 5, 0x70).u(count).raw(0)));
      claim(claims, count + " bytes of a section", m -> m.raw(1).u(count).raw(0));
      claim(
          claims,
          count + " bytes of a body",
          m ->
              m.section(1, new Bytes().raw(1, 0x60, 0, 0))
                  .section(3, new Bytes().raw(1, 0))
                  .section(10, new Bytes().raw(1).u(count).raw(0, 0x0B)));
      claim(
          claims,
          count + " groups of locals",
          m -> m.function(new Bytes().u(count).raw(1, 0x7F, 0x0B)));
      claim(
          claims,
          count + " locals in a group",
          m -> m.function(new Bytes().raw(1).u(count).raw(0x7F, 0x0B)));
      claim(
          claims,
          "twice " + count + " locals",
          m -> m.function(new Bytes().raw(2).u(count).raw(0x7F).u(count).raw(0x7E, 0x0B)));
      claim(
          claims,
          count + " labels of br_table",
          m -> m.function(new Bytes().raw(0, 0x41, 0, 0x0E).u(count).raw(0, 0, 0x0B)));
      claim(
          claims,
          count + " types of select",
          m -> m.function(new Bytes().raw(0, 0x00, 0x1C).u(count).raw(0x7F, 0x1A, 0x0B)));
      claim(
          claims,
          count + " clauses of try_table",
          m -> m.function(new Bytes().raw(0, 0x1F, 0x40).u(count).raw(2, 0, 0x0B, 0x0B)));
      claim(
          claims,
          count + " operands of array.new_fixed",
          m ->
              m.section(1, new Bytes().raw(2, 0x60, 0, 0, 0x5E, 0x7F, 0))
                  .section(3, new Bytes().raw(1, 0))
                  .section(
                      10,
                      new Bytes()
                          .raw(1)
                          .sized(new Bytes().raw(0, 0x00, 0xFB, 8, 1).u(count).raw(0x1A, 0x0B))));
      claim(
          claims,
          "a block of type " + count,
          m -> m.function(new Bytes().raw(0, 0x02).s(count).raw(0x0B, 0x0B)));
    }
    return claims;
  }

  private static void claim(List<Claim> claims, String what, Consumer<Bytes> module) {
    Bytes bytes = Bytes.module();
    module.accept(bytes);
    claims.add(new Claim(what, bytes.toByteArray()));
  }

  private static void types(Bytes module, Consumer<Bytes> type) {
    Bytes content = new Bytes().raw(1);
    type.accept(content);
    module.section(1, content.raw(0, 0, 0));
  }

  @TestFactory
  Stream<DynamicTest> countsThatLieAreRefusedBeforeAnythingIsReserved() {
    return claims().stream()
        .map(
            claim ->
                dynamicTest(
                    claim.what,
                    () -> {
                      for (Consumer<byte[]> reader : readers()) {
                        long before = THREADS.getCurrentThreadAllocatedBytes();
                        Throwable thrown = catchThrowable(() -> reader.accept(claim.module));
                        long reserved = THREADS.getCurrentThreadAllocatedBytes() - before;
                        assertThat(thrown)
                            .isInstanceOfAny(MalformedException.class, InvalidException.class);
                        assertThat(reserved).isLessThan(MODEST);
                      }
                    }));
  }

  private static List<Consumer<byte[]>> readers() {
    return List.of(
        module -> {
          try (Engine engine = engine()) {
            engine.load(module);
          }
        },
        module -> {
          Engine.print(module);
          // printing does not validate; what can be printed need not be refused here
          throw new InvalidException("printed");
        });
  }

  @Test
  void nameAndHintSectionsThatLieDoNoHarm() {
    for (long count : new long[] {FOUR_BILLION, 0x7FFF_FFFFL, 1_000_000}) {
      for (int subsection = 0; subsection < 12; subsection++) {
        byte[] module =
            Bytes.module()
                .section(
                    0,
                    new Bytes()
                        .name("name")
                        .raw(subsection)
                        .sized(new Bytes().u(count).raw(0).u(count).raw('a')))
                .section(0, new Bytes().name("metadata.code.branch_hint").u(count).raw(0, 1))
                .toByteArray();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        catchThrowable(
            () -> {
              try (Engine engine = engine()) {
                engine.load(module);
              }
            });
        catchThrowable(() -> Engine.print(module));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MODEST);
      }
    }
  }

  // Sizes that are allowed to be declared, but not to be had

  private static Throwable instantiate(String text) {
    try (Engine engine = engine()) {
      return catchThrowable(() -> engine.load(text).instantiate(Imports.create()));
    }
  }

  @Test
  void memoriesBeyondTheLimitAreRefusedWhenInstantiated() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (String memory :
        List.of(
            "(memory 65536)",
            "(memory i64 0x1_0000_0000_0000)",
            "(memory i64 0x7FFF_FFFF_FFFF)",
            "(memory 0xFFFF_FFFF (pagesize 1))",
            "(memory i64 0xFFFF_FFFF_FFFF_FFFF (pagesize 1))",
            "(memory i64 0x8000_0000_0000_0000 (pagesize 1))",
            "(memory 65536 65536 shared)",
            "(memory 20000) (memory 20000)")) {
      assertThat(instantiate("(module " + memory + ")"))
          .as(memory)
          .isInstanceOf(Trap.class)
          .hasMessageStartingWith("allocation failure");
    }
    // a first memory that does fit may have been made: 20000 pages
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(20_000L * 65536 + 16 * MODEST);
  }

  @Test
  void tablesBeyondTheLimitAreRefusedWhenInstantiated() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (String table :
        List.of(
            "(table 0xFFFF_FFFF funcref)",
            "(table 0x7FFF_FFFF externref)",
            "(table 10_000_001 funcref)",
            "(table i64 0xFFFF_FFFF_FFFF_FFFF funcref)",
            "(table i64 0x1_0000_0000 funcref)")) {
      assertThat(instantiate("(module " + table + ")"))
          .as(table)
          .isInstanceOfAny(Trap.class, InvalidException.class);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(16 * MODEST);
  }

  @Test
  void growthBeyondEverythingGivesMinusOne() {
    try (Engine engine = engine()) {
      Instance instance =
          engine
              .load(
                  """
                  (module
                    (memory i64 1) (memory 1 (pagesize 1)) (memory 0 100 shared)
                    (table i64 1 funcref)
                    (func (export "m") (param i64) (result i64) (memory.grow 0 (local.get 0)))
                    (func (export "b") (param i32) (result i32) (memory.grow 1 (local.get 0)))
                    (func (export "s") (param i32) (result i32) (memory.grow 2 (local.get 0)))
                    (func (export "t") (param i64) (result i64)
                      (table.grow 0 (ref.null func) (local.get 0))))
                  """)
              .instantiate(
                  Imports.create(), limits -> limits.maxMemory(1 << 20).maxTableElements(100));
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (long count :
          new long[] {
            101, FOUR_BILLION, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 48, 0xFFFF_FFFF_FFFFL
          }) {
        assertThat(instance.function("m").call(count).i64()).isEqualTo(-1);
        assertThat(instance.function("t").call(count).i64()).isEqualTo(-1);
      }
      for (int count : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20}) {
        assertThat(instance.function("b").call(count).i32()).isEqualTo(-1);
        assertThat(instance.function("s").call(count).i32()).isEqualTo(-1);
      }
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MODEST);
    }
  }

  // Small modules that would become huge

  @Test
  void typesInTypesAreNotWrittenOut() {
    StringBuilder text = new StringBuilder("(module (type (struct))");
    for (int i = 1; i < 60; i++) {
      text.append("(type (struct (field (ref %d)) (field (ref %<d))))".formatted(i - 1));
    }
    text.append("(import \"a\" \"b\" (global (ref 59))))");
    try (Engine engine = engine()) {
      WasmModule module = engine.load(text.toString());
      assertThat(module.imports().getFirst().toString()).hasSizeLessThan(1000);
      assertThatThrownBy(() -> module.instantiate(Imports.create()))
          .isInstanceOf(LinkException.class)
          .hasMessageStartingWith("unknown import: \"a\" \"b\"")
          .satisfies(thrown -> assertThat(thrown.getMessage()).hasSizeLessThan(1000));
      assertThatThrownBy(
              () ->
                  module.instantiate(
                      Imports.create()
                          .instance(
                              "a",
                              engine
                                  .load("(module (memory (export \"b\") 1))")
                                  .instantiate(Imports.create()))))
          .isInstanceOf(LinkException.class)
          .satisfies(thrown -> assertThat(thrown.getMessage()).hasSizeLessThan(1000));
    }
  }

  @Test
  void deepNestingIsReadRunAndPrinted() {
    int depth = 45_000;
    for (String[] nest :
        new String[][] {
          {"block ", "end "},
          {"loop ", "end "},
          {"i32.const 1 if ", "end "},
          {"try_table ", "end "},
          {"try ", "catch_all end "},
          {"try ", "delegate 0 "}
        }) {
      String text =
          "(module (func (export \"f\") " + nest[0].repeat(depth) + nest[1].repeat(depth) + "))";
      byte[] binary = Engine.assemble(text, "deep.wat");
      try (Engine engine = engine()) {
        Instance instance = engine.load(binary).instantiate(Imports.create());
        assertThat(instance.function("f").call().size()).isZero();
      }
      assertThat(Engine.print(binary)).hasSizeLessThan(50_000_000);
    }
  }

  /** Nothing of the engine recurses with the module, so that a small stack is enough. */
  @Test
  void deepModulesNeedNoDeepStack() throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              Throwable failure = catchThrowable(this::deepNestingIsReadRunAndPrinted);
              if (failure != null) {
                thrown.add(failure);
              }
            },
            "small stack",
            256 << 10);
    thread.start();
    thread.join();
    assertThat(thrown).isEmpty();
  }

  @Test
  void foldedTextOfAnyDepthIsReadOrRefused() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (String open : List.of("(block ", "(", "(; ", "(module ", "(i32.eqz ", "(@a ")) {
            String text = "(module (func " + open.repeat(1_000_000);
            assertThatThrownBy(() -> Engine.assemble(text, "deep.wat"))
                .isInstanceOf(MalformedException.class);
          }
        });
  }

  @Test
  void wideSwitchesToLabelsWithManyValuesStaySmall() {
    String thousand = "(result " + "i32 ".repeat(1000) + ")";
    String text =
        "(module (func $c %s unreachable) (func (export \"f\") block %s i32.const 1 call $c "
                .formatted(thousand, thousand)
            + "i32.const 0 br_table "
            + "0 ".repeat(1_000_000)
            + " end "
            + "drop ".repeat(1000)
            + "))";
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try (Engine engine = engine()) {
            Instance instance = engine.load(text).instantiate(Imports.create());
            assertThatThrownBy(() -> instance.function("f").call())
                .isInstanceOf(Trap.class)
                .hasMessage("unreachable");
          }
        });
  }

  // Guests that run

  @Test
  void recursionEndsWithExhaustionAndInAShortTime() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try (Engine engine = engine()) {
            Instance instance =
                engine
                    .load(
                        """
                        (module
                          (type $t (func))
                          (table 1 funcref) (elem (i32.const 0) $indirect)
                          (tag $e)
                          (func $direct (export "direct") (call $direct))
                          (func $indirect (export "indirect") (call_indirect (i32.const 0)))
                          (func $reference (export "reference") (call_ref $t (ref.func $reference)))
                          (func $trying (export "trying")
                            (block $h (try_table (catch_all $h) (call $trying))) (call $trying))
                          (func $twice (export "twice") (call $twice) (call $twice))
                          (elem declare func $reference))
                        """)
                    .instantiate(Imports.create(), limits -> limits.maxStack(10_000));
            for (String name : List.of("direct", "indirect", "reference", "trying", "twice")) {
              assertThatThrownBy(() -> instance.function(name).call())
                  .as(name)
                  .isInstanceOf(ExhaustedException.class)
                  .hasMessageStartingWith("call stack exhausted");
            }
          }
        });
  }

  @Test
  void arraysThatDoNotFitTheHeapTrap() {
    try (Engine engine = engine()) {
      Instance instance =
          engine
              .load(
                  """
                  (module
                    (type $v (array (mut v128))) (type $r (array (mut anyref)))
                    (func (export "v") (param i32) (drop (array.new_default $v (local.get 0))))
                    (func (export "r") (param i32)
                      (drop (array.new $r (ref.null any) (local.get 0)))))
                  """)
              .instantiate(Imports.create());
      for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x4000_0000}) {
        for (String name : List.of("v", "r")) {
          Throwable thrown = catchThrowable(() -> instance.function(name).call(length));
          // a very large heap may have room for some of them
          if (thrown != null) {
            assertThat(thrown)
                .isInstanceOf(WasmException.class)
                .message()
                .matches("(allocation failure|memory exhausted).*");
          }
        }
      }
      assertThatThrownBy(() -> instance.function("v").call(-1)).isInstanceOf(Trap.class);
    }
  }
}
