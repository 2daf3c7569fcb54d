package dev.sampan.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls between Java and the guest that use neither arrays nor objects where they can help it. */
@ParameterizedClass
@EnumSource(ExecutionMode.class)
class JavaCallsTest {

  private final Engine engine;

  JavaCallsTest(ExecutionMode mode) {
    engine = Engine.builder().mode(mode).build();
  }

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

  private static final String EVERY_TYPE =
      """
      (module
        (type $f (func))
        (func (export "i32") (param i32) (result i32) (local.get 0))
        (func (export "i64") (param i64) (result i64) (local.get 0))
        (func (export "f32") (param f32) (result f32) (local.get 0))
        (func (export "f64") (param f64) (result f64) (local.get 0))
        (func (export "v128") (param v128) (result v128) (local.get 0))
        (func $ref (export "externref") (param externref) (result externref) (local.get 0))
        (func (export "funcref") (param funcref) (result funcref) (local.get 0))
        (func (export "typed") (param (ref $f)) (result (ref $f)) (local.get 0))
        (func (export "swap") (param i32 v128 externref i64 f32 f64)
          (result f64 f32 i64 externref v128 i32)
          (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
        (func (export "trap") (param i32) (result i32) unreachable))
      """;

  @Test
  void handlesPassEveryType() throws Throwable {
    try (Instance instance = instance(EVERY_TYPE)) {
      assertThat((int) instance.function("i32").handle().invokeExact(-7)).isEqualTo(-7);
      assertThat((long) instance.function("i64").handle().invokeExact(1L << 60))
          .isEqualTo(1L << 60);
      assertThat((float) instance.function("f32").handle().invokeExact(1.5f)).isEqualTo(1.5f);
      assertThat((double) instance.function("f64").handle().invokeExact(2.5)).isEqualTo(2.5);
      V128 vector = new V128(3, -4);
      assertThat((V128) instance.function("v128").handle().invokeExact(vector)).isEqualTo(vector);
      Object text = "text";
      assertThat((Object) instance.function("externref").handle().invokeExact(text)).isSameAs(text);
      Func self = instance.function("i32");
      assertThat((Object) instance.function("funcref").handle().invokeExact((Object) self))
          .isSameAs(self);
      MethodHandle swap = instance.function("swap").handle();
      assertThat(swap.type())
          .isEqualTo(
              MethodType.methodType(
                  Results.class,
                  int.class,
                  V128.class,
                  Object.class,
                  long.class,
                  float.class,
                  double.class));
      Results results = (Results) swap.invokeExact(1, vector, text, 2L, 3f, 4.0);
      assertThat(results.toList()).containsExactly(4.0, 3f, 2L, text, vector, 1);
      assertThat(results.i64(2)).isEqualTo(2);
    }
  }

  @Test
  void handlesRefuseWhatIsNoValueOfTheType() {
    try (Instance instance = instance(EVERY_TYPE)) {
      assertThatThrownBy(() -> instance.function("v128").handle().invoke((V128) null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("v128")
          .hasMessageContaining("null");
      for (Object wrong : new Object[] {"text", 1}) {
        assertThatThrownBy(() -> instance.function("funcref").handle().invoke(wrong))
            .isInstanceOf(IllegalArgumentException.class);
      }
      for (Object wrong : new Object[] {"text", instance.function("i32")}) {
        assertThatThrownBy(() -> instance.function("typed").handle().invoke(wrong))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> instance.function("typed").handle().invoke((Object) null))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void handleOfAClosedInstanceTraps() throws Throwable {
    Instance instance = instance(EVERY_TYPE);
    Func function = instance.function("i32");
    MethodHandle before = function.handle();
    assertThat((int) before.invokeExact(1)).isEqualTo(1);
    IntUnaryOperator proxy = instance.as(Trapping.class)::i32;
    instance.close();
    for (MethodHandle handle : List.of(before, function.handle())) {
      assertThatThrownBy(() -> handle.invoke(1))
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.INSTANCE_CLOSED));
    }
    assertThatThrownBy(() -> proxy.applyAsInt(1)).hasMessage("instance is closed");
    assertThatThrownBy(() -> instance.as(Trapping.class)).hasMessage("instance is closed");
  }

  interface Trapping {
    int i32(int value);

    int trap(int value);
  }

  @Test
  void whatIsThrownLeavesTheInstanceFree() throws Exception {
    try (Instance instance = instance(EVERY_TYPE)) {
      Trapping guest = instance.as(Trapping.class);
      MethodHandle trap = instance.function("trap").handle();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> guest.trap(1)).isInstanceOf(Trap.class).hasMessage("unreachable");
        assertThatThrownBy(() -> trap.invoke(1)).isInstanceOf(Trap.class);
      }
      AtomicInteger other = new AtomicInteger();
      Thread thread = new Thread(() -> other.set(guest.i32(5)));
      thread.start();
      thread.join();
      assertThat(other).hasValue(5);
    }
  }

  @Test
  void exhaustedStackIsReportedThroughHandlesAndInterfaces() {
    try (Instance instance =
        instance(
            """
            (module
              (func $down (export "down") (param i32) (result i32)
                (i32.add (i32.const 1) (call $down (local.get 0)))))
            """)) {
      IntUnaryOperator guest = instance.as(Down.class);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> guest.applyAsInt(1)).isInstanceOf(ExhaustedException.class);
        assertThatThrownBy(() -> instance.function("down").handle().invoke(1))
            .isInstanceOf(ExhaustedException.class)
            .hasMessageStartingWith("call stack exhausted");
      }
    }
  }

  interface Down extends IntUnaryOperator {
    @Override
    @WasmName("down")
    int applyAsInt(int value);
  }

  // ---- interfaces ----

  public interface Exported {
    @WasmName("i32")
    boolean truth(int value);

    @WasmName("i32")
    int number(boolean value);

    @WasmName("externref")
    String text(String value);

    @WasmName("swap")
    Results several(int a, V128 b, Object c, long d, float e, double f);

    default int twice(int value) {
      return 2 * (truth(value) ? 1 : 0);
    }

    static int none() {
      return 0;
    }

    @Override
    String toString();

    @Override
    boolean equals(Object other);
  }

  @Test
  void booleansAndReferencesAreConverted() {
    try (Instance instance = instance(EVERY_TYPE)) {
      Exported guest = instance.as(Exported.class);
      for (int value : new int[] {1, 2, -1, Integer.MIN_VALUE, 256}) {
        assertThat(guest.truth(value)).as("%d", value).isTrue();
      }
      assertThat(guest.truth(0)).isFalse();
      assertThat(guest.number(true)).isEqualTo(1);
      assertThat(guest.number(false)).isZero();
      assertThat(guest.text("a")).isEqualTo("a");
      assertThat(guest.text(null)).isNull();
      assertThat(guest.twice(4)).isEqualTo(2);
      assertThat(guest.several(1, new V128(1, 2), guest, 2, 3, 4).toList())
          .containsExactly(4.0, 3f, 2L, guest, new V128(1, 2), 1);
      assertThat(guest).hasToString("Exported of " + instance).isEqualTo(guest);
      assertThat(guest.equals(instance.as(Exported.class))).isFalse();
      assertThat(guest.hashCode()).isEqualTo(System.identityHashCode(guest));
    }
  }

  private interface Wrong {
    @WasmName("externref")
    Integer wrong(Object value);
  }

  @Test
  void resultOfAnotherClassIsAClassCastException() {
    try (Instance instance = instance(EVERY_TYPE)) {
      Wrong guest = instance.as(Wrong.class);
      assertThat(guest.wrong(5)).isEqualTo(5);
      assertThatThrownBy(() -> guest.wrong("text")).isInstanceOf(ClassCastException.class);
    }
  }

  interface Generic<T, R> {
    R externref(T value);
  }

  interface Specific extends Generic<String, String> {
    @Override
    String externref(String value);
  }

  @Test
  void genericInterfacesAreImplemented() {
    try (Instance instance = instance(EVERY_TYPE)) {
      Generic<Object, Object> generic = instance.as(Generic.class);
      assertThat(generic.externref("x")).isEqualTo("x");
      Specific specific = instance.as(Specific.class);
      assertThat(specific.externref("y")).isEqualTo("y");
      Generic<String, String> bridged = specific;
      assertThat(bridged.externref("z")).isEqualTo("z");
    }
  }

  @Test
  void interfacesOfThePlatformAreImplemented() {
    try (Instance instance =
        instance(
            """
            (module
              (func (export "applyAsInt") (param i32 i32) (result i32)
                (i32.sub (local.get 0) (local.get 1)))
              (func (export "test") (param i32) (result i32) (i32.and (local.get 0) (i32.const 6)))
              (func (export "applyAsLong") (param externref) (result i64)
                (i64.extend_i32_u (ref.is_null (local.get 0)))))
            """)) {
      assertThat(instance.as(IntBinaryOperator.class).applyAsInt(7, 9)).isEqualTo(-2);
      IntPredicate even = instance.as(IntPredicate.class);
      assertThat(even.test(2)).isTrue();
      assertThat(even.negate().test(2)).isFalse();
      assertThat(IntStream.range(0, 10).filter(even)).containsExactly(2, 3, 4, 5, 6, 7);
      ToLongFunction<Object> absent = instance.as(ToLongFunction.class);
      assertThat(absent.applyAsLong(this)).isZero();
    }
  }

  sealed interface Sealed permits SealedImplementation {
    int i32(int value);
  }

  record SealedImplementation() implements Sealed {
    @Override
    public int i32(int value) {
      return value;
    }
  }

  @Test
  void sealedInterfaceIsRefused() {
    try (Instance instance = instance(EVERY_TYPE)) {
      assertThatThrownBy(() -> instance.as(Sealed.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void interfaceIsServedByAClassOfItsOwnInTheCompiler() {
    try (Instance first = instance(EVERY_TYPE)) {
      Object guest = first.as(Trapping.class);
      assertThat(Proxy.isProxyClass(guest.getClass()))
          .isEqualTo(engine.mode() == ExecutionMode.INTERPRETER);
      assertThat(guest.getClass()).isSameAs(first.as(Trapping.class).getClass());
      try (Instance second = first.module().instantiate(Imports.create())) {
        assertThat(second.as(Trapping.class).getClass()).isSameAs(guest.getClass());
      }
    }
  }

  @Test
  void exportedImportsAreEachInstancesOwn() {
    WasmModule module =
        engine.load(
            "(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
                + " (export \"i32\" (func $f)) (export \"trap\" (func $f)))");
    try (Instance one =
            module.instantiate(
                Imports.create().function("env", "f", call -> call.result(call.i32(0) + 1)));
        Instance two =
            module.instantiate(
                Imports.create().module("env", WithBoolean.class, value -> value < 0))) {
      Trapping first = one.as(Trapping.class);
      Trapping second = two.as(Trapping.class);
      assertThat(first.i32(41)).isEqualTo(42);
      assertThat(second.i32(-41)).isEqualTo(1);
      assertThat(second.trap(41)).isZero();
    }
  }

  interface WithBoolean {
    boolean f(int value);
  }

  // ---- imports ----

  public interface Host {
    boolean not(boolean value);

    V128 twice(V128 vector);

    Object same(Object value);

    String text(String value);

    Func function(Func value);

    double sum(int a, long b, float c, double d);

    void checked() throws IOException;

    int fails(Memory memory, int index);

    int names(Instance instance);
  }

  private static final String HOST_MODULE =
      """
      (module
        (import "host" "not" (func $not (param i32) (result i32)))
        (import "host" "twice" (func $twice (param v128) (result v128)))
        (import "host" "same" (func $same (param externref) (result externref)))
        (import "host" "text" (func $text (param externref) (result externref)))
        (import "host" "function" (func $function (param funcref) (result (ref func))))
        (import "host" "sum" (func $sum (param i32 i64 f32 f64) (result f64)))
        (import "host" "checked" (func $checked))
        (import "host" "fails" (func $fails (param i32) (result i32)))
        (import "host" "names" (func $names (result i32)))
        (memory (export "memory") 1)
        (func (export "not") (param i32) (result i32) (call $not (local.get 0)))
        (func (export "twice") (param v128) (result v128) (call $twice (local.get 0)))
        (func (export "same") (param externref) (result externref) (call $same (local.get 0)))
        (func (export "text") (param externref) (result externref) (call $text (local.get 0)))
        (func (export "function") (param funcref) (result funcref) (call $function (local.get 0)))
        (func (export "sum") (param i32 i64 f32 f64) (result f64)
          (call $sum (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
        (func (export "checked") (call $checked))
        (func (export "fails") (param i32) (result i32) (call $fails (local.get 0)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "names") (result i32) (call $names)))
      """;

  private static final class Worker implements Host {

    private final int[] numbers = new int[4];

    @Override
    public boolean not(boolean value) {
      return !value;
    }

    @Override
    public V128 twice(V128 vector) {
      return vector.low() == 0 ? null : new V128(2 * vector.low(), 2 * vector.high());
    }

    @Override
    public Object same(Object value) {
      return value;
    }

    @Override
    public String text(String value) {
      return value + "!";
    }

    @Override
    public Func function(Func value) {
      return value;
    }

    @Override
    public double sum(int a, long b, float c, double d) {
      return a + b + c + d;
    }

    @Override
    public void checked() throws IOException {
      throw new IOException("no such thing");
    }

    @Override
    public int fails(Memory memory, int index) {
      return numbers[index] + (int) memory.pages();
    }

    @Override
    public int names(Instance instance) {
      return instance.exportNames().size();
    }
  }

  private Instance hosted() {
    return instance(HOST_MODULE, Imports.create().module("host", Host.class, new Worker()));
  }

  @Test
  void methodsOfTheHostTakeAndGiveEveryType() {
    try (Instance instance = hosted()) {
      for (int round = 0; round < 3; round++) {
        assertThat(instance.function("not").call(0).i32()).isEqualTo(1);
        assertThat(instance.function("not").call(6).i32()).isZero();
        assertThat(instance.function("twice").call(new V128(1, -2)).v128())
            .isEqualTo(new V128(2, -4));
        assertThat(instance.function("same").call(this).get(0)).isSameAs(this);
        assertThat(instance.function("text").call("so").get(0)).isEqualTo("so!");
        Func names = instance.function("names");
        assertThat(instance.function("function").call(names).get(0)).isSameAs(names);
        assertThat(instance.function("sum").call(1, 2L, 3f, 4.0).f64()).isEqualTo(10);
        assertThat(instance.function("fails").call(2).i32()).isEqualTo(1);
        assertThat(names.call().i32()).isEqualTo(11);
      }
    }
  }

  @Test
  void whatMethodsOfTheHostMustNotTakeOrGiveIsRefused() {
    try (Instance instance = hosted()) {
      assertThatThrownBy(() -> instance.function("twice").call(new V128(0, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.function("text").call(1))
          .isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> instance.function("function").call((Object) null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> instance.function("checked").call())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("checked")
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void handleOfAnImportedMethodIsExact() throws Throwable {
    try (Instance instance =
        instance(
            "(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
                + " (export \"f\" (func $f)))",
            Imports.create().module("env", WithBoolean.class, value -> 1 / value > 0))) {
      MethodHandle handle = instance.function("f").handle();
      assertThat(handle.type()).isEqualTo(MethodType.methodType(int.class, int.class));
      assertThat((int) handle.invokeExact(1)).isEqualTo(1);
      assertThatThrownBy(() -> handle.invoke(0)).isInstanceOf(ArithmeticException.class);
    }
  }

  interface Hot {
    Results all(int i, V128 v, Object r, long l, float f, double d);

    int bad(int i);
  }

  @Test
  void hotHostFunctionsKeepTheirMeaning() {
    Imports imports =
        Imports.create()
            .function(
                "env",
                "all",
                call -> {
                  call.result(call.f64(5));
                  call.result(call.f32(4));
                  call.result(call.i64(3));
                  call.resultRef(call.ref(2));
                  call.result(call.v128(1));
                  call.result(call.i32(0));
                })
            .function(
                "env",
                "bad",
                call -> {
                  switch (call.i32(0)) {
                    case 0 -> call.result(1L);
                    case 1 -> call.i64(0);
                    case 2 -> {}
                    case 3 -> throw new IllegalStateException("of the host");
                    default -> call.result(-call.i32(0));
                  }
                });
    try (Instance instance =
        instance(
            """
            (module
              (type $all (func (param i32 v128 externref i64 f32 f64)
                (result f64 f32 i64 externref v128 i32)))
              (import "env" "all" (func $all (type $all)))
              (import "env" "bad" (func $bad (param i32) (result i32)))
              (func (export "all") (type $all)
                (call $all (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
                  (local.get 5)))
              (func (export "bad") (param i32) (result i32) (call $bad (local.get 0))))
            """,
            imports)) {
      Hot guest = instance.as(Hot.class);
      for (int i = 4; i < 12_000; i++) {
        V128 vector = new V128(i, -i);
        Results results = guest.all(i, vector, "text", 2L * i, 3f, 4.0);
        if (i % 1000 == 4) {
          assertThat(results.toList()).containsExactly(4.0, 3f, 2L * i, "text", vector, i);
        }
        assertThat(guest.bad(i)).isEqualTo(-i);
      }
      for (int i = 0; i < 3; i++) {
        int kind = i;
        assertThatThrownBy(() -> guest.bad(kind)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> guest.bad(3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("of the host");
    }
  }

  // ---- exceptions without a trace ----

  /** HotSpot leaves out the trace of what a compiled method throws very often. */
  private static final int OFTEN = 200_000;

  /** Enough where no trace is ever left out. */
  private static final int SOMETIMES = 2_000;

  /** Runs something very often where the stack is short, so that traces are cheap. */
  private void often(Runnable body) throws InterruptedException {
    int times = engine.mode() == ExecutionMode.COMPILER ? OFTEN : SOMETIMES;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < times; i++) {
                  body.run();
                }
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    thread.start();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  private static void expectBoundsError(Fails guest) {
    try {
      guest.fails(7);
      throw new AssertionError("nothing was thrown");
    } catch (ArrayIndexOutOfBoundsException e) {
      if (e.getStackTrace().length == 0) {
        throw new AssertionError("there is no trace", e);
      }
    }
  }

  @Test
  void hostsOwnBoundsErrorIsNoTrapHoweverOften() throws Exception {
    try (Instance instance = hosted()) {
      Fails guest = instance.as(Fails.class);
      often(() -> expectBoundsError(guest));
    }
  }

  @Test
  void boundsErrorOfAHostFunctionIsNoTrapHoweverOften() throws Exception {
    int[] numbers = new int[4];
    try (Instance instance =
        instance(
            "(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
                + " (func (export \"fails\") (param i32) (result i32) (call $f (local.get 0))))",
            Imports.create().function("env", "f", call -> call.result(numbers[call.i32(0)])))) {
      Fails guest = instance.as(Fails.class);
      often(() -> expectBoundsError(guest));
    }
  }

  @Test
  void guestsOwnBoundsErrorIsATrapHoweverOften() throws Exception {
    try (Instance instance = hosted()) {
      Load guest = instance.as(Load.class);
      often(
          () -> {
            try {
              guest.load(1 << 20);
              throw new AssertionError("nothing was thrown");
            } catch (Trap e) {
              if (e.kind() != Trap.Kind.OUT_OF_BOUNDS_MEMORY) {
                throw e;
              }
            }
          });
    }
  }

  interface Fails {
    int fails(int index);
  }

  interface Load {
    int load(int address);
  }
}
