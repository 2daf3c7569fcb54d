package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is thrown across the border, and what its stack trace tells. */
class ExceptionsAndTracesTest {

  private static final String TRAPS =
      """
      (module $shop
        (import "env" "call" (func $host))
        (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
        (func $price (param i32) (result i32) (call $divide (i32.const 100) (local.get 0)))
        (func (export "run") (param i32) (result i32) (call $price (local.get 0)))
        (func $outer (export "outer") (call $host)))
      """;

  private final Engine engine = Engine.create();

  @AfterEach
  void close() {
    engine.close();
  }

  private static List<String> functions(Throwable thrown) {
    return WasmFrame.of(thrown).stream().map(WasmFrame::function).toList();
  }

  @Test
  void trapsTraceHoldsWasmFramesBetweenJavaFrames() {
    Imports imports = Imports.create().function("env", "call", call -> {});
    try (Instance instance = engine.load(TRAPS).instantiate(imports)) {
      Trap trap = catchThrowableOfType(Trap.class, () -> instance.function("run").call(0));
      assertThat(trap.kind()).isEqualTo(Trap.Kind.INTEGER_DIVIDE_BY_ZERO);
      assertThat(trap).hasMessageStartingWith("integer divide by zero");
      assertThat(functions(trap)).containsExactly("divide", "price", "func 3");
      assertThat(WasmFrame.of(trap))
          .allSatisfy(frame -> assertThat(frame.module()).isEqualTo("shop"));
      List<StackTraceElement> trace = Arrays.asList(trap.getStackTrace());
      assertThat(trace.get(0))
          .hasToString(
              "wasm//shop.divide(shop.wasm:0x%x)"
                  .formatted(WasmFrame.of(trap).getFirst().offset()));
      assertThat(trace)
          .anySatisfy(
              element -> assertThat(element.getClassName()).isEqualTo(getClass().getName()));
      assertThat(trace)
          .noneSatisfy(element -> assertThat(element.getClassName()).contains("wasm.interpret"));
    }
  }

  @Test
  void offsetOfAFramePointsAtItsInstruction() {
    byte[] binary = Engine.assemble("(module (func (export \"f\") (nop) (unreachable)))", "f.wat");
    int at = binary.length - 1;
    while (binary[at] != 0x00) {
      at--;
    }
    try (Instance instance = engine.load(binary).instantiate(Imports.create())) {
      Trap trap = catchThrowableOfType(Trap.class, () -> instance.function("f").call());
      assertThat(WasmFrame.of(trap)).singleElement().extracting(WasmFrame::offset).isEqualTo(at);
    }
  }

  @Test
  void traceGoesThroughHostFunctions() {
    List<Instance> inner = new ArrayList<>();
    Imports imports =
        Imports.create().function("env", "call", call -> inner.getFirst().function("run").call(0));
    try (Instance instance = engine.load(TRAPS).instantiate(imports)) {
      inner.add(instance);
      Trap trap = catchThrowableOfType(Trap.class, () -> instance.function("outer").call());
      assertThat(functions(trap)).containsExactly("divide", "price", "func 3", "outer");
    }
  }

  @Test
  void javaExceptionOfAHostFunctionPassesThrough() {
    List<RuntimeException> thrown = new ArrayList<>();
    Imports imports =
        Imports.create()
            .function(
                "env",
                "call",
                call -> {
                  thrown.add(new UnsupportedOperationException("not today"));
                  throw thrown.getLast();
                });
    try (Instance instance = engine.load(TRAPS).instantiate(imports)) {
      assertThatThrownBy(() -> instance.function("outer").call())
          .satisfies(each -> assertThat(each).isSameAs(thrown.getFirst()))
          .satisfies(each -> assertThat(functions(each)).containsExactly("outer"));
    }
  }

  @Test
  void guestCannotCatchJavaExceptionsNorExits() {
    for (RuntimeException thrown :
        List.of(
            new IllegalStateException("java"),
            new ExitException(3),
            new Trap(Trap.Kind.UNREACHABLE),
            new ExhaustedException(Resource.CALL_STACK, 100, 100))) {
      try (Instance instance =
          engine
              .load(
                  """
                  (module (import "env" "f" (func $f))
                    (func (export "run") (block $h (try_table (catch_all $h) (call $f))))
                    (func (export "old") (try (do (call $f)) (catch_all))))
                  """)
              .instantiate(
                  Imports.create()
                      .function(
                          "env",
                          "f",
                          call -> {
                            throw thrown;
                          }))) {
        assertThatThrownBy(() -> instance.function("run").call()).isSameAs(thrown);
        assertThatThrownBy(() -> instance.function("old").call()).isSameAs(thrown);
      }
    }
  }

  @Test
  void exceptionOfTheGuestIsCaughtInJava() {
    try (Instance instance =
        engine
            .load(
                """
                (module $m
                  (tag $e (export "e") (param i32 f64))
                  (func $thrower (throw $e (i32.const 7) (f64.const 1.5)))
                  (func (export "run") (call $thrower)))
                """)
            .instantiate(Imports.create())) {
      GuestException thrown =
          catchThrowableOfType(GuestException.class, () -> instance.function("run").call());
      assertThat(thrown.tag()).isSameAs(instance.export("e").orElseThrow());
      assertThat(thrown.payload()).containsExactly(7, 1.5);
      assertThat(functions(thrown)).startsWith("thrower");
    }
  }

  @Test
  void exceptionOfTheHostIsCaughtByTheGuest() {
    Tag tag = engine.tag(new FuncType(List.of(NumType.I32), List.of()));
    Tag other = engine.tag(new FuncType(List.of(NumType.I32), List.of()));
    try (Instance instance =
        engine
            .load(
                """
                (module
                  (import "env" "tag" (tag $e (param i32)))
                  (import "env" "throw" (func $throw (param i32)))
                  (func (export "run") (param i32) (result i32)
                    (block $h (result i32)
                      (try_table (catch $e $h) (call $throw (local.get 0)))
                      (i32.const -1))))
                """)
            .instantiate(
                Imports.create()
                    .extern("env", "tag", tag)
                    .function(
                        "env",
                        "throw",
                        call -> {
                          switch (call.i32(0)) {
                            case 0 -> {}
                            case 1 -> throw tag.exception(42);
                            default -> throw other.exception(43);
                          }
                        }))) {
      Func run = instance.function("run");
      assertThat(run.call(0).i32()).isEqualTo(-1);
      assertThat(run.call(1).i32()).isEqualTo(42);
      assertThatThrownBy(() -> run.call(2))
          .isInstanceOfSatisfying(
              GuestException.class, thrown -> assertThat(thrown.tag()).isSameAs(other));
    }
  }

  @Test
  void exceptionTravelsFromGuestThroughHostToGuest() {
    List<Instance> inner = new ArrayList<>();
    try (Instance instance =
        engine
            .load(
                """
                (module
                  (import "env" "call" (func $host))
                  (tag $e (param i64))
                  (func (export "throw") (throw $e (i64.const 9)))
                  (func (export "run") (result i64)
                    (block $h (result i64)
                      (try_table (catch $e $h) (call $host)) (unreachable))))
                """)
            .instantiate(
                Imports.create()
                    .function("env", "call", call -> inner.getFirst().function("throw").call()))) {
      inner.add(instance);
      assertThat(instance.function("run").call().i64()).isEqualTo(9);
    }
  }

  @Test
  void payloadIsChecked() {
    Tag tag = engine.tag(new FuncType(List.of(NumType.I32, NumType.F64), List.of()));
    assertThat(tag.exception(1, 2.0).payload()).containsExactly(1, 2.0);
    assertThatThrownBy(() -> tag.exception(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tag.exception(1, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void exitEndsTheGuestWithItsStatus() {
    Imports imports =
        Imports.create()
            .function(
                "env",
                "call",
                call -> {
                  throw new ExitException(17);
                });
    try (Instance instance = engine.load(TRAPS).instantiate(imports)) {
      assertThatThrownBy(() -> instance.function("outer").call())
          .isInstanceOfSatisfying(
              ExitException.class, exit -> assertThat(exit.status()).isEqualTo(17));
    }
  }

  @Test
  void failuresOfLoadingNamePlaceAndCause() {
    assertThatThrownBy(() -> engine.load("(module (func (result i32) (i64.const 1)))"))
        .isInstanceOf(InvalidException.class)
        .hasMessageStartingWith("type mismatch")
        .hasMessageContaining("function 0, at offset 0x");
    assertThatThrownBy(() -> engine.load("(module (func (i32.foo)))"))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("unknown operator i32.foo");
    assertThatThrownBy(() -> engine.load(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("magic header not detected");
  }
}
