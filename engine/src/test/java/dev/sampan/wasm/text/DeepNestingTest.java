package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.model.ModuleDefinition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text is so deep that it exhausts the Java stack. */
class DeepNestingTest {

  private static final int DEPTH = 50_000;

  private static ModuleDefinition parse(String text) {
    return TextReader.read(Source.of("deep.wat", text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(i32.eqz | (i32.const 1) | )",
        "(block $a | (br $a) | )",
        "block $a | br $a | ' end'",
        "(if (i32.const 1) (then | nop | ))",
        "(if | (i32.const 1) | (then))",
        "(if (i32.const 1) (then) (else | nop | ))",
        "(try (do | nop | ))",
        "(try_table (catch_all 0) | nop | )"
      })
  void deepCodeIsReadAndPrinted(String before, String middle, String after) {
    String text = "(func " + (before + " ").repeat(DEPTH) + middle + after.repeat(DEPTH) + ")";
    ModuleDefinition module = parse(text);
    ModuleDefinition again = parse(TextPrinter.print(module));
    assertThat(again.code().getFirst().bytes()).isEqualTo(module.code().getFirst().bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(;", "(@a ", "(func ", "(func (block ", "(module ", "(type "})
  void unclosedNestingIsMalformed(String opening) {
    assertThatThrownBy(() -> parse(opening.repeat(DEPTH))).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(;", "(@a "})
  void deepCommentsAndAnnotationsAreSkipped(String opening) {
    String closing = opening.equals("(;") ? ";)" : ")";
    assertThat(parse(opening.repeat(DEPTH) + closing.repeat(DEPTH) + "(func)").functionCount())
        .isEqualTo(1);
  }
}
