package dev.sampan.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasi.libc.LibraryFunction;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExhaustedException;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.Resource;
import dev.sampan.wasm.Trap;
import dev.sampan.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How modules are linked with the C library, begin, and end. */
class LibcTest {

  private static final Engine ENGINE = Engine.create();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  private static Instance link(String text) {
    return ENGINE.load(text).instantiate(Imports.create().with(Libc.builtin()));
  }

  private int main(WasmModule module, String... args) {
    Libc.Guest libc = Libc.builtin().stdout(out).forInstance();
    try (Instance instance = module.instantiate(Imports.create().with(libc))) {
      return libc.main(instance, List.of(args));
    }
  }

  private int main(String text, String... args) {
    return main(ENGINE.load(text), args);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void allNamesAreThere() {
    assertThat(Stream.of(LibraryFunction.values()).flatMap(each -> each.names().stream()))
        .hasSize(52)
        .doesNotHaveDuplicates();
    new LibcGuest().close();
  }

  @Test
  void oneUnderscoreBeforeANameIsNoMatter() {
    try (Instance instance =
        link(
            """
            (module
              (import "env" "_strlen" (func $strlen (param i32) (result i32)))
              (import "env" "__strdup" (func (param i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 8) "four")
              (func (export "run") (result i32) (call $strlen (i32.const 8))))
            """)) {
      assertThat(instance.function("run").call().i32()).isEqualTo(4);
    }
  }

  @Test
  void unknownNamesDoNotLink() {
    for (String name : List.of("__strlen", "bsearch", "Printf", "")) {
      assertThatThrownBy(() -> link("(module (import \"env\" \"%s\" (func)))".formatted(name)))
          .as(name)
          .isInstanceOf(LinkException.class)
          .hasMessageStartingWith("unknown import: \"env\" \"%s\"".formatted(name));
    }
    assertThatThrownBy(() -> link("(module (import \"libc\" \"clock\" (func (result i64))))"))
        .isInstanceOf(LinkException.class);
  }

  @Test
  void functionOfAnotherTypeLinksAndTrapsWhenCalled() {
    try (Instance instance =
        link(
            """
            (module
              (import "env" "abort" (func $abort))
              (func (export "run") (call $abort)))
            """)) {
      assertThatThrownBy(() -> instance.function("run").call())
          .isInstanceOfSatisfying(
              Trap.class, trap -> assertThat(trap.kind()).isEqualTo(Trap.Kind.ABORTED))
          .hasMessage(
              "aborted: failed to call unlinked import function (env, abort):"
                  + " func [i32] -> [] expected, found func [] -> []");
    }
  }

  @Test
  void functionsAreNoGlobals() {
    assertThatThrownBy(() -> link("(module (import \"env\" \"puts\" (global i32)))"))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("incompatible import type");
  }

  @Test
  void twoGlobalsAreNumbers() {
    try (Instance instance =
        link(
            """
            (module
              (import "global" "NaN" (global $nan f64))
              (import "global" "Infinity" (global $infinity f64))
              (export "nan" (global $nan))
              (export "infinity" (global $infinity)))
            """)) {
      Object nan = instance.global("nan").get();
      assertThat(Double.doubleToRawLongBits((Double) nan)).isEqualTo(0x7FF8000000000000L);
      assertThat(instance.global("infinity").get()).isEqualTo(Double.POSITIVE_INFINITY);
    }
    assertThatThrownBy(() -> link("(module (import \"global\" \"NaN\" (global (mut f64))))"))
        .isInstanceOf(LinkException.class);
    assertThatThrownBy(() -> link("(module (import \"global\" \"Pi\" (global f64)))"))
        .isInstanceOf(LinkException.class);
  }

  @Test
  void exitEndsTheGuestWithItsStatus() {
    try (LibcGuest guest = new LibcGuest()) {
      for (int status : new int[] {0, 3, -1}) {
        assertThatThrownBy(() -> guest.run("exit", status))
            .isInstanceOfSatisfying(
                ExitException.class, exit -> assertThat(exit.status()).isEqualTo(status));
      }
    }
  }

  @Test
  void abortsAreTrapsThatNameThem() {
    try (LibcGuest guest = new LibcGuest()) {
      for (String name : List.of("abort", "abortStackOverflow", "nullFunc_X")) {
        assertThatThrownBy(() -> guest.run(name, 7))
            .isInstanceOf(Trap.class)
            .hasMessage("aborted: env." + name + "(7)");
      }
    }
  }

  @Test
  void exceptionsOfCxxAreTraps() {
    try (LibcGuest guest = new LibcGuest()) {
      int exception = guest.call("__cxa_allocate_exception", 8);
      assertThat(exception).isNotZero();
      guest.run("__cxa_begin_catch", exception);
      assertThatThrownBy(() -> guest.run("__cxa_throw", exception, 0, 0))
          .isInstanceOf(Trap.class)
          .hasMessage("aborted: exception thrown by stdc++");
      guest.outOfBounds("__cxa_begin_catch", guest.end());
      guest.outOfBounds("__cxa_throw", 0, guest.end(), 0);
    }
  }

  @Test
  void moduleWithoutMemoryHasNoAddresses() {
    try (Instance instance =
        link(
            """
            (module
              (import "env" "strlen" (func $strlen (param i32) (result i32)))
              (import "env" "malloc" (func $malloc (param i32) (result i32)))
              (import "env" "isdigit" (func $isdigit (param i32) (result i32)))
              (func (export "length") (result i32) (call $strlen (i32.const 0)))
              (func (export "get") (result i32) (call $malloc (i32.const 1)))
              (func (export "digit") (result i32) (call $isdigit (i32.const 48))))
            """)) {
      for (String name : List.of("length", "get")) {
        assertThatThrownBy(() -> instance.function(name).call())
            .isInstanceOf(Trap.class)
            .hasMessage("out of bounds memory access");
      }
      assertThat(instance.function("digit").call().i32()).isEqualTo(1);
    }
  }

  @Test
  void emptyMemoryHasNoAddresses() {
    try (LibcGuest guest = new LibcGuest(libc -> libc, "(memory (export \"memory\") 0 1)")) {
      guest.outOfBounds("strlen", 0);
      guest.outOfBounds("free", 0);
      guest.outOfBounds("printf", 0, 0);
      assertThat(guest.call("malloc", 8)).as("never 0").isEqualTo(16);
    }
  }

  @Test
  void anyArgumentsEndInAResultOrATrap() {
    SplittableRandom random = new SplittableRandom(11);
    String alphabet = "\0\0aA0 %%-#.5*hljdsfgcnp";
    int calls = 0;
    for (int round = 0; round < 6; round++) {
      try (LibcGuest guest = new LibcGuest(libc -> libc, "(memory (export \"memory\") 1 3)")) {
        for (int i = 0; i < 1 << 16; i++) {
          guest.memory().setI8(i, (byte) alphabet.charAt(random.nextInt(alphabet.length())));
        }
        int[] edges = {0, 1, 8, 100, 65_000, 65_528, 65_533, 65_535, 65_536, 1 << 17, -8, -1};
        for (LibraryFunction function : LibraryFunction.values()) {
          for (int i = 0; i < 80; i++) {
            Object[] arguments = new Object[function.signature().type().parameters().size()];
            for (int j = 0; j < arguments.length; j++) {
              arguments[j] =
                  random.nextInt(3) == 0
                      ? random.nextInt(1 << 16)
                      : edges[random.nextInt(edges.length)];
            }
            try {
              guest.run(function.names().getFirst(), arguments);
              calls++;
            } catch (Trap | ExitException e) {
              calls++;
            }
          }
        }
      }
    }
    assertThat(calls).isEqualTo(6 * 80 * LibraryFunction.values().length);
  }

  @Test
  void instancesHaveTheirOwnHeaps() {
    Imports imports = Imports.create().with(Libc.builtin());
    WasmModule module =
        ENGINE.load(
            """
            (module
              (import "env" "malloc" (func $malloc (param i32) (result i32)))
              (memory 1)
              (func (export "get") (result i32) (call $malloc (i32.const 16))))
            """);
    try (Instance one = module.instantiate(imports);
        Instance two = module.instantiate(imports)) {
      assertThat(one.function("get").call().i32()).isEqualTo(65_536);
      assertThat(two.function("get").call().i32()).isEqualTo(65_536);
      assertThat(one.function("get").call().i32()).isEqualTo(65_552);
    }
  }

  @Test
  void importedMemoriesAndTablesAreMadeWithinTheLimits() {
    String text =
        """
        (module
          (import "MODULE" "memory" (memory 2))
          (import "MODULE" "table" (table 3 funcref))
          (func (export "size") (result i32)
            (i32.add (memory.size) (i32.mul (table.size) (i32.const 10)))))
        """;
    for (String name : List.of("env", "wasi_unstable", "wasi_snapshot_preview1", "")) {
      try (Instance instance = link(text.replace("MODULE", name))) {
        assertThat(instance.function("size").call().i32()).isEqualTo(32);
      }
    }
    assertThatThrownBy(() -> link(text.replace("MODULE", "js")))
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("unknown import: \"js\" \"memory\"");
    WasmModule module = ENGINE.load(text.replace("MODULE", "env"));
    assertThatThrownBy(
            () ->
                module.instantiate(
                    Imports.create().with(Libc.builtin()), limits -> limits.maxMemory(1 << 16)))
        .isInstanceOf(Trap.class)
        .hasMessageStartingWith("allocation failure");
  }

  @Test
  void longWorkEndsInTime() {
    WasmModule module =
        ENGINE.load(
            """
            (module
              (import "env" "memset" (func $memset (param i32 i32 i32) (result i32)))
              (import "env" "strstr" (func $strstr (param i32 i32) (result i32)))
              (memory 512)
              (func (export "search") (result i32)
                (drop (call $memset (i32.const 0) (i32.const 97) (i32.const 33000000)))
                (i32.store8 (i32.const 19999999) (i32.const 0))
                (i32.store8 (i32.const 30000000) (i32.const 98))
                (i32.store8 (i32.const 30000001) (i32.const 0))
                (call $strstr (i32.const 0) (i32.const 20000000))))
            """);
    Imports imports = Imports.create().with(Libc.builtin());
    try (Instance instance =
        module.instantiate(imports, limits -> limits.timeout(Duration.ofMillis(300)))) {
      assertThatThrownBy(() -> instance.function("search").call())
          .isInstanceOfSatisfying(
              ExhaustedException.class, end -> assertThat(end.resource()).isEqualTo(Resource.TIME));
    }
  }

  @Test
  void libraryWithoutInstanceCannotBeCalled() {
    assertThatThrownBy(
            () ->
                ENGINE
                    .load(
                        """
                        (module
                          (import "env" "clock" (func $clock (result i64)))
                          (func $start (drop (call $clock)))
                          (start $start))
                        """)
                    .instantiate(Imports.create().with(Libc.builtin()::resolve)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the C library is called without Libc.forInstance()");
  }

  // ---- programs ----

  @Test
  void constructorsRunBeforeMain() {
    assertThat(
            main(
                """
                (module
                  (import "env" "putchar" (func $putchar (param i32) (result i32)))
                  (memory 1)
                  (func (export "__wasm_call_ctors") (drop (call $putchar (i32.const 98))))
                  (func (export "__post_instantiate") (drop (call $putchar (i32.const 97))))
                  (func (export "main") (result i32)
                    (drop (call $putchar (i32.const 99)))
                    (i32.const 7)))
                """,
                "x"))
        .isEqualTo(7);
    assertThat(printed()).isEqualTo("abc");
  }

  @Test
  void mainMayHaveThreeNamesAndTwoTypes() {
    for (String name : List.of("main", "__main_argc_argv", "_main")) {
      String none = "(module (func (export \"%s\") (result i32) (i32.const 3)))".formatted(name);
      assertThat(Libc.main(ENGINE.load(none))).contains(name);
      assertThat(main(none)).isEqualTo(3);
      String both =
          """
          (module
            (memory (export "memory") 1)
            (func (export "%s") (param i32 i32) (result i32) (local.get 0)))
          """
              .formatted(name);
      assertThat(Libc.main(ENGINE.load(both))).contains(name);
      assertThat(main(both, "a", "b")).isEqualTo(2);
    }
  }

  @Test
  void mainOfAnotherTypeIsNone() {
    WasmModule module =
        ENGINE.load(
            """
            (module
              (func (export "main"))
              (func (export "_main") (param i32) (result i32) (i32.const 0))
              (memory (export "__main_argc_argv") 0))
            """);
    assertThat(Libc.main(module)).isEmpty();
    assertThatThrownBy(() -> main(module))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the module exports no main of type [] -> [i32] or [i32 i32] -> [i32]");
  }

  @Test
  void argumentsEndWithANullAddress() {
    String text =
        """
        (module
          (import "env" "puts" (func $puts (param i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "main") (param i32 i32) (result i32)
            (loop $next
              (drop (call $puts (i32.load (local.get 1))))
              (local.set 1 (i32.add (local.get 1) (i32.const 4)))
              (br_if $next (i32.load (local.get 1))))
            (local.get 0)))
        """;
    assertThat(main(text, "program", "", "ä b")).isEqualTo(3);
    assertThat(printed()).isEqualTo("program\n\nä b\n");
  }

  @Test
  void argumentsNeedMemory() {
    String main = "(func (export \"main\") (param i32 i32) (result i32) (i32.const 0))";
    assertThatThrownBy(() -> main("(module (memory 1)" + main + ")", "a"))
        .isInstanceOf(LinkException.class)
        .hasMessage("main takes arguments, but the module exports no memory to put them into");
    assertThatThrownBy(() -> main("(module (memory (export \"m\") 0 0)" + main + ")", "a"))
        .isInstanceOf(ExhaustedException.class)
        .hasMessage("memory exhausted: no room for the arguments of main, 10 bytes");
    assertThatThrownBy(() -> main("(module (memory (export \"m\") 1)" + main + ")", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NUL in argument: a?b");
  }

  // ---- programs in C ----

  private WasmModule words(Path folder, String... options) throws IOException {
    return ENGINE.load(Toolchain.guest("words", folder, options));
  }

  @Test
  void programInCRuns(@TempDir Path folder) throws IOException {
    assertThat(main(words(folder), "words", "The boat, the sea.", "A small BOAT")).isEqualTo(3);
    assertThat(printed())
        .isEqualTo(
            """
             31: small    1 100.00 1099511627776
             31: a        1 100.00 1099511627776
             31: sea      1 100.00 1099511627776
             30: boat     2 50.00 1099511627776
             30: the      2 50.00 1099511627776
            """);
  }

  @Test
  void programInOnePageThatCannotGrowRuns(@TempDir Path folder) throws IOException {
    WasmModule module = words(folder, "-Wl,--initial-memory=65536", "-Wl,--max-memory=65536");
    assertThat(main(module, "words", "one two")).isEqualTo(2);
    assertThat(printed()).contains("two").contains("one");
  }

  @Test
  void programInCMayAbortOrExit(@TempDir Path folder) throws IOException {
    WasmModule module = words(folder);
    assertThatThrownBy(() -> main(module, "words", "abort"))
        .isInstanceOf(Trap.class)
        .hasMessageStartingWith("aborted: failed to call unlinked import function (env, abort)");
    assertThat(main(module, "words", "exit")).isEqualTo(5);
  }
}
