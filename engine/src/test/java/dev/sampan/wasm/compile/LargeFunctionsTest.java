package dev.sampan.wasm.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.ExecutionMode;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.Results;
import dev.sampan.wasm.runtime.ModuleInstance;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No size and no shape of a function breaks the compiler, or makes a method that is not compiled.
 */
class LargeFunctionsTest {

  private static Engine engine(ExecutionMode mode) {
    return Engine.builder().mode(mode).build();
  }

  /** Runs an export with each argument in both modes, and looks at every method that was made. */
  private static void check(String text, String export, int... arguments) {
    byte[] binary = Engine.assemble(text, "large.wat");
    try (Engine interpreter = engine(ExecutionMode.INTERPRETER);
        Engine compiler = engine(ExecutionMode.COMPILER);
        Instance expected = interpreter.load(binary).instantiate(Imports.create());
        Instance actual = compiler.load(binary).instantiate(Imports.create())) {
      for (int argument : arguments) {
        Results wanted = expected.function(export).call(argument);
        Results found = actual.function(export).call(argument);
        assertThat(found.toString()).as("of %d", argument).isEqualTo(wanted.toString());
      }
      checkMethods(actual);
    }
  }

  private static void checkMethods(Instance instance) {
    ModuleCode code = Compiler.instanceOf((ModuleInstance) instance).code;
    for (int group = 0; group < code.shape().groupCount(); group++) {
      for (byte[] bytes : code.generateGroup(group)) {
        ClassModel model = ClassFile.of().parse(bytes);
        for (MethodModel method : model.methods()) {
          method
              .code()
              .ifPresent(
                  body ->
                      assertThat(((CodeAttribute) body).codeLength())
                          .as(model.thisClass().asInternalName() + "." + method.methodName())
                          .isLessThan(MethodSize.LIMIT));
        }
      }
    }
  }

  private static String oneParameter(String locals, String body) {
    return "(module (func (export \"f\") (param i32) (result i32) " + locals + body + "))";
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 100_000, 1_000_000})
  void straightCodeOfAnyLength(int bytes) {
    String step = "local.get 0 i32.const 77 i32.mul i32.const 5 i32.add local.set 0 ";
    check(oneParameter("", step.repeat(bytes / 12) + "local.get 0"), "f", 0, 1, -7);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 100_000, 1_000_000})
  void branchesAndLoopsOfAnyLength(int bytes) {
    String step =
        """
        block
          local.get 0 i32.const 3 i32.and br_if 0
          local.get 0 i32.const 1 i32.shr_u local.set 0
          i32.const 3 local.set 1
          loop
            local.get 0 local.get 1 i32.add local.set 0
            local.get 1 i32.const -1 i32.add local.tee 1 br_if 0
          end
        end
        local.get 0 i32.const 1 i32.add local.set 0
        """;
    check(oneParameter("(local i32) ", step.repeat(bytes / 42) + "local.get 0"), "f", 0, 1, -1);
  }

  @Test
  void operandsThatLiveAcrossAllOfIt() {
    String step = "local.get 0 i32.const 9 i32.mul local.tee 0 ";
    check(oneParameter("", step.repeat(3_000) + "i32.xor ".repeat(2_999)), "f", 1, -3);
  }

  @Test
  void branchTableWithFiveThousandTargets() {
    int targets = 5_000;
    StringBuilder text = new StringBuilder();
    text.append("block ".repeat(targets + 1));
    text.append("local.get 0 br_table");
    for (int i = 0; i <= targets; i++) {
      text.append(' ').append(i);
    }
    for (int i = 0; i <= targets; i++) {
      text.append(" end local.get 1 i32.const ").append(i * 7).append(" i32.add local.set 1 ");
    }
    check(
        oneParameter("(local i32) ", text + "local.get 1"),
        "f",
        0,
        1,
        17,
        2_500,
        4_999,
        5_000,
        5_001,
        -1);
  }

  @Test
  void branchTableInALoopThatCarriesValues() {
    int targets = 600;
    StringBuilder text = new StringBuilder("loop (result i32) ");
    text.append("block (result i32) ".repeat(targets));
    text.append("local.get 1 local.get 0 br_table");
    for (int i = 0; i < targets; i++) {
      text.append(' ').append(i);
    }
    for (int i = 0; i < targets; i++) {
      text.append(" end i32.const ").append(i + 1).append(" i32.add ");
    }
    text.append(
        "local.set 1 local.get 0 i32.const 1 i32.sub local.tee 0 i32.const 0 i32.gt_s br_if 0 "
            + "local.get 1 end");
    check(oneParameter("(local i32) ", text.toString()), "f", 0, 3, 100, 700);
  }

  /**
   * A machine with many instructions: its arms change locals, call, loop, return and share ends.
   */
  @Test
  void switchInALoopWhoseArmsAreRegions() {
    int arms = 240;
    StringBuilder text = new StringBuilder("(module (func $mix (param i32 i32) (result i32)");
    text.append(" local.get 0 i32.const 31 i32.mul local.get 1 i32.xor)");
    text.append("(func (export \"f\") (param $n i32) (result i32)");
    text.append(" (local $pc i32) (local $a i32) (local $b i32) (local $c i64) (local $d f64)");
    text.append(" (local $i i32) (local $v v128) loop $next block $end ");
    for (int arm = arms - 1; arm >= 0; arm--) {
      text.append("block $arm").append(arm).append(' ');
    }
    text.append("local.get $pc i32.const ").append(arms).append(" i32.rem_u br_table");
    for (int arm = 0; arm < arms; arm++) {
      text.append(" $arm").append(arm);
    }
    text.append(' ');
    for (int arm = 0; arm < arms; arm++) {
      text.append("end ").append(arm(arm));
    }
    text.append("end local.get $pc i32.const 7 i32.add local.set $pc ");
    text.append("local.get $n i32.const 1 i32.sub local.tee $n br_if $next end ");
    text.append("local.get $a local.get $b i32.add local.get $c i32.wrap_i64 i32.add ");
    text.append("local.get $d i32.trunc_sat_f64_s i32.add ");
    text.append("local.get $v i32x4.extract_lane 2 i32.add local.get $pc i32.xor))");
    check(text.toString(), "f", 1, 2, 50, 240, 1_000, 20_000);
  }

  private static String arm(int number) {
    String common =
        " local.get $a i32.const %d i32.add local.get $pc call $mix local.set $a".formatted(number)
            + " local.get $c local.get $a i64.extend_i32_s i64.add local.set $c ";
    return switch (number % 8) {
      case 0 -> common + "br $end ";
      // falls into the next one, but for some
      case 1 -> common + "local.get $a i32.const 1 i32.and br_if $end ";
      case 2 ->
          common
              + "i32.const 5 local.set $i loop $again local.get $b local.get $i call $mix"
              + " local.set $b local.get $i i32.const 1 i32.sub local.tee $i br_if $again end"
              + " br $end ";
      // two ways to the end, of which only one changes a local
      case 3 ->
          common
              + "local.get $a i32.const 4 i32.and if local.get $b i32.const 9 i32.xor local.set $b"
              + " br $end else local.get $d f64.const 1.5 f64.add local.set $d end br $end ";
      // on to the next round without the common end
      case 4 ->
          common
              + "local.get $pc i32.const 1 i32.add local.set $pc"
              + " local.get $n i32.const 1 i32.sub local.tee $n br_if $next br $end ";
      case 5 ->
          common
              + "local.get $v local.get $a i32x4.splat i32x4.add local.set $v"
              + " block local.get $b br_if 0 local.get $pc local.set $b end br $end ";
      // returns, if ever, with a value of its own
      case 6 ->
          common
              + "local.get $n i32.const 3 i32.eq local.get $a i32.const 63 i32.and i32.eqz i32.and"
              + " if local.get $c i32.wrap_i64 return end br $end ";
      default -> common + "i32.const 1 local.set $b ";
    };
  }

  /** The number of an {@code else} must survive that the instructions' arrays grow just there. */
  @Test
  void alternativesAtTheEndOfWhatHasBeenReserved() {
    String step = "local.get 0 i32.const 77 i32.mul local.set 0 ";
    for (int before = 245; before <= 258; before++) {
      String text =
          "nop ".repeat(before)
              + "local.get 0 if "
              + step.repeat(4)
              + " else "
              + step.repeat(5)
              + " end "
              + step.repeat(3_000)
              + "local.get 0";
      check(oneParameter("", text), "f", 0, 1, -7);
    }
  }

  @Test
  void tenThousandLocals() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 10_000; i += 3) {
      text.append("local.get 0 i32.const ").append(i).append(" i32.add local.set ").append(i);
      text.append(' ');
    }
    for (int i = 1; i <= 10_000; i += 3) {
      text.append("local.get ").append(i).append(" local.get 0 i32.xor local.set 0 ");
    }
    check(oneParameter("(local" + " i32".repeat(10_000) + ") ", text + "local.get 0"), "f", 5, -1);
  }

  @Test
  void thousandParametersAndResults() {
    String many = " i32".repeat(996) + " i64 f32 f64 v128";
    StringBuilder pass = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      pass.append("local.get ").append(i).append(' ');
    }
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < 996; i++) {
      arguments.append("local.get 0 i32.const ").append(i).append(" i32.mul ");
    }
    arguments.append("i64.const 5 f32.const 1.5 f64.const -2.5 v128.const i32x4 1 2 3 4 ");
    String text =
        "(module (type $t (func (param%s) (result%s))) (table funcref (elem $g))"
            + "(func $g (type $t) %s)"
            + "(func (export \"f\") (param i32) (result i32) (local i32) %s call $g "
            + "i32x4.extract_lane 3 local.set 1 drop drop drop %s local.get 1 i32.add)"
            + "(func (export \"h\") (param i32) (result i32) (local i32) %s i32.const 0 "
            + "call_indirect (type $t) "
            + "i32x4.extract_lane 2 local.set 1 drop drop drop %s local.get 1 i32.add))";
    String sum = "i32.add ".repeat(995);
    String module = text.formatted(many, many, pass, arguments, sum, arguments, sum);
    check(module, "f", 0, 1, 12345);
    check(module, "h", 0, 1, 12345);
  }

  @Test
  void nestingOfThousandBlocksLoopsAndConditions() {
    for (String[] nest :
        new String[][] {
          {"block ", "end local.get 0 i32.const 1 i32.add local.set 0 "},
          {"loop ", "end local.get 0 i32.const 1 i32.add local.set 0 "},
          {"local.get 0 if ", "end local.get 0 i32.const 3 i32.mul local.set 0 "}
        }) {
      StringBuilder text = new StringBuilder(nest[0].repeat(1_000));
      text.append("local.get 0 i32.const 5 i32.eq br_if 999 ");
      text.append(
          "local.get 0 i32.const 6 i32.eq if return_marker end "
              .replace("return_marker", "i32.const 66 return"));
      text.append(nest[1].repeat(1_000)).append("local.get 0");
      // a loop that is gone back to must end
      String code =
          nest[0].startsWith("loop") ? text.toString().replace("br_if 999", "drop") : "" + text;
      check(oneParameter("", code), "f", 0, 1, 6, 7);
    }
  }

  @Test
  void everyPartKeepsItsHandlers() {
    String step =
        """
        block
          try_table (catch $e 0) (catch_all 0)
            local.get 0 i32.const 7 i32.and i32.eqz if throw $e end
            local.get 0 i32.const 15 i32.and i32.const 3 i32.eq if throw $o end
            local.get 0 i32.const 5 i32.add local.set 0
          end
        end
        local.get 0 i32.const 3 i32.mul i32.const 1 i32.add local.set 0
        """;
    String text =
        "(module (tag $e) (tag $o) (func (export \"f\") (param i32) (result i32) "
            + step.repeat(1_500)
            + "local.get 0))";
    check(text, "f", 0, 1, 2, 3, 99);
  }

  @Test
  void everyMethodIsValidForTheJavaVirtualMachine() {
    String text = oneParameter("", "local.get 0 ".repeat(4_000) + "i32.add ".repeat(3_999));
    try (Engine engine = engine(ExecutionMode.COMPILER);
        Instance instance = engine.load(text).instantiate(Imports.create())) {
      instance.function("f").call(1);
      ModuleCode code = Compiler.instanceOf((ModuleInstance) instance).code;
      List<byte[]> classes = code.generateGroup(0);
      assertThat(classes).hasSizeGreaterThan(2);
      for (byte[] bytes : classes) {
        assertThat(ClassFile.of().parse(bytes).methods()).isNotEmpty();
      }
    }
  }

  /** The handlers come behind everything; what follows the blocks that they go to has ended. */
  @Test
  void handlersOfADividedFunctionReachBlocksInEarlierParts() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      body.append("(local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 3)) (i32.const 7)))");
    }
    for (int i = 0; i < 60; i++) {
      body.append(
          """
          (block $out
            (if (i32.eq (local.get 0) (i32.const %d))
              (then
                (block $caught (try_table (catch_all $caught) (call $throw)))
                (local.set 1 (i32.add (local.get 1) (i32.const 1)))
                (br $out)))
            (local.set 1 (i32.sub (local.get 1) (i32.const 2))))
          """
              .formatted(i));
    }
    check(
        "(module (tag $t) (func $throw (throw $t)) (func (export \"f\") (param i32) (result i32)"
            + " (local i32) "
            + body
            + "(local.get 1)))",
        "f",
        0,
        1,
        59,
        60);
  }
}
