package dev.sampan.wasm.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.V128;
import dev.sampan.wasm.script.Command.ActionFailure;
import dev.sampan.wasm.script.Command.ModuleFailure;
import dev.sampan.wasm.script.Expected.NanKind;
import dev.sampan.wasm.script.Expected.RefKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptParserTest {

  private static List<Command> parse(String text) {
    return Script.read("test.wast", text.getBytes(StandardCharsets.UTF_8)).commands();
  }

  private static Command one(String text) {
    List<Command> commands = parse(text);
    assertThat(commands).hasSize(1);
    return commands.getFirst();
  }

  @Test
  void everyCommandKnowsItsLine() {
    assertThat(
            parse(
                """
                (module)
                (register "m")

                (invoke "f") (get $m "g")
                (assert_return
                  (invoke "f"))
                """))
        .extracting(Command::line)
        .containsExactly(1, 2, 4, 4, 5);
  }

  @Test
  void bareFieldsAreOneModule() {
    Command.Instantiate command =
        (Command.Instantiate) one("(func) (memory 0) (func (export \"f\"))");
    assertThat(command.module().read().functionCount()).isEqualTo(2);
    assertThat(command.module().bytes()).startsWith(0, 'a', 's', 'm');
  }

  @Test
  void modulesComeInAllForms() {
    List<Command> commands =
        parse(
            """
            (module $a (func))
            (module $b binary "\\00asm" "\\01\\00\\00\\00")
            (module $c quote "(func)" "(func)")
            (module definition $d (func))
            (module definition binary "\\00asm\\01\\00\\00\\00")
            (module instance $i $d)
            (module instance)
            """);
    assertThat(((Command.Instantiate) commands.get(0)).module().id()).isEqualTo("a");
    assertThat(((Command.Instantiate) commands.get(1)).module().bytes()).hasSize(8);
    assertThat(((Command.Instantiate) commands.get(2)).module().read().functionCount())
        .isEqualTo(2);
    assertThat(((Command.Define) commands.get(3)).module().id()).isEqualTo("d");
    assertThat(((Command.Define) commands.get(4)).module().bytes()).hasSize(8);
    assertThat(commands.get(5)).isEqualTo(new Command.InstantiateDefined(6, "i", "d"));
    assertThat(commands.get(6)).isEqualTo(new Command.InstantiateDefined(7, null, null));
  }

  @Test
  void malformedModuleHarmsOnlyItself() {
    List<Command> commands = parse("(module (foo)) (module binary \"x\") (module)");
    Command.Instantiate first = (Command.Instantiate) commands.getFirst();
    assertThatThrownBy(() -> first.module().read())
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("test.wast:1:10");
    assertThat(((Command.Instantiate) commands.getLast()).module().read().functionCount()).isZero();
  }

  @Test
  void argumentsAreJavaValues() {
    Command.Perform command =
        (Command.Perform)
            one(
                """
                (invoke $m "f" (i32.const -1) (i64.const 0xffffffffffffffff) (f32.const 1.5)
                  (f64.const -nan:0x1) (v128.const i16x8 1 2 3 4 -5 6 7 8) (ref.null func)
                  (ref.extern 7) (ref.host 8))
                """);
    assertThat(command.action())
        .isEqualTo(
            new Action.Invoke(
                "m",
                "f",
                Arrays.asList(
                    -1,
                    -1L,
                    1.5f,
                    Double.longBitsToDouble(0xFFF0_0000_0000_0001L),
                    new V128(0x0004_0003_0002_0001L, 0x0008_0007_0006_FFFBL),
                    null,
                    new HostRef(7),
                    new HostRef(8))));
  }

  @Test
  void resultsArePatterns() {
    Command.AssertReturn command =
        (Command.AssertReturn)
            one(
                """
                (assert_return (invoke "f") (i32.const 1) (f32.const nan:canonical)
                  (f64.const nan:arithmetic) (v128.const f64x2 1 nan:canonical) (ref.null)
                  (ref.null any) (ref.func) (ref.func 0) (ref.i31) (ref.eq) (ref.any) (ref.struct)
                  (ref.array) (ref.exn) (ref.extern) (ref.host 1)
                  (either (i32.const 0) (i32.const 2)))
                """);
    assertThat(command.results())
        .containsExactly(
            new Expected.Int32(1),
            new Expected.Nan32(NanKind.CANONICAL),
            new Expected.Nan64(NanKind.ARITHMETIC),
            new Expected.Vector(
                64,
                List.of(
                    new Expected.Float64(0x3FF0_0000_0000_0000L),
                    new Expected.Nan64(NanKind.CANONICAL))),
            new Expected.Null(),
            new Expected.Null(),
            new Expected.Reference(RefKind.FUNC),
            new Expected.Reference(RefKind.FUNC),
            new Expected.Reference(RefKind.I31),
            new Expected.Reference(RefKind.EQ),
            new Expected.Reference(RefKind.ANY),
            new Expected.Reference(RefKind.STRUCT),
            new Expected.Reference(RefKind.ARRAY),
            new Expected.Reference(RefKind.EXN),
            new Expected.Reference(RefKind.EXTERN),
            new Expected.Host(new HostRef(1)),
            new Expected.Either(List.of(new Expected.Int32(0), new Expected.Int32(2))));
  }

  @Test
  void assertionsStateTheFailure() {
    List<Command> commands =
        parse(
            """
            (assert_trap (invoke "f") "unreachable")
            (assert_exhaustion (invoke "f") "call stack exhausted")
            (assert_exception (invoke "f"))
            (assert_trap (module) "t")
            (assert_malformed (module quote "") "m")
            (assert_malformed_custom (module quote "") "m")
            (assert_invalid (module) "i")
            (assert_invalid_custom (module) "i")
            (assert_unlinkable (module) "u")
            """);
    assertThat(commands.subList(0, 3))
        .extracting(each -> ((Command.AssertFailure) each).failure())
        .containsExactly(ActionFailure.TRAP, ActionFailure.EXHAUSTION, ActionFailure.EXCEPTION);
    assertThat(commands.subList(3, 9))
        .extracting(each -> ((Command.AssertModule) each).failure())
        .containsExactly(
            ModuleFailure.TRAP,
            ModuleFailure.MALFORMED,
            ModuleFailure.MALFORMED_CUSTOM,
            ModuleFailure.INVALID,
            ModuleFailure.INVALID_CUSTOM,
            ModuleFailure.UNLINKABLE);
  }

  @Test
  void threadsHoldCommands() {
    Command.StartThread thread =
        (Command.StartThread)
            parse(
                    """
                    (thread $T (shared (module $A)) (shared (module $B))
                      (register "mem" $A)
                      (thread $U (invoke "f"))
                      (wait $U))
                    (wait $T)
                    """)
                .getFirst();
    assertThat(thread.id()).isEqualTo("T");
    assertThat(thread.shared()).containsExactly("A", "B");
    assertThat(thread.commands()).hasSize(3);
    assertThat(thread.commands().getLast()).isEqualTo(new Command.Wait(4, "U"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo",
        "(foo)",
        "(func) (invoke \"f\") )",
        "(assert_return (module))",
        "(assert_return (invoke \"f\") (i32.add))",
        "(invoke \"f\" (f32.const nan:canonical))",
        "(invoke \"f\" (ref.func))",
        "(assert_invalid (invoke \"f\") \"m\")",
        "(module",
        "(wait)",
        "(register $m)"
      })
  void textThatIsNoScriptIsRefused(String text) {
    assertThatThrownBy(() -> parse(text).forEach(ScriptParserTest::readModule))
        .isInstanceOf(MalformedException.class);
  }

  private static void readModule(Command command) {
    if (command instanceof Command.Instantiate instantiate) {
      instantiate.module().read();
    }
  }

  @Test
  void threadsInThreadsHaveALimit() {
    assertThatThrownBy(() -> parse("(thread ".repeat(5000) + ")".repeat(5000)))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("nesting too deep");
  }
}
