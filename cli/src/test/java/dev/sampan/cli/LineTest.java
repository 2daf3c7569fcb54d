package dev.sampan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

  private static Syntax syntax() {
    return new Syntax("fetch", "Fetches.")
        .option(Option.flag("--quiet", "Say nothing."))
        .option(Option.value("--out", "FILE", "Where to.").abbreviated("-o"))
        .option(Option.value("--with", "THING", "What else.").repeated())
        .operand(new Operand("WHAT", 1, false, "What."))
        .operand(new Operand("MORE", 0, true, "More."));
  }

  private static Line parse(String... words) {
    return Line.parse(syntax(), List.of(words));
  }

  private static void fails(String message, String... words) {
    assertThatThrownBy(() -> parse(words)).isInstanceOf(Failure.class).hasMessage(message);
  }

  @Test
  void valuesStandBehindASpaceOrAnEqualsSign() {
    assertThat(parse("--out", "a", "x").value("--out")).isEqualTo("a");
    assertThat(parse("--out=a=b", "x").value("--out")).isEqualTo("a=b");
    assertThat(parse("-o", "a", "x").value("--out")).isEqualTo("a");
    assertThat(parse("-o=a", "x").value("--out")).isEqualTo("a");
    assertThat(parse("-oa", "x").value("--out")).isEqualTo("a");
    assertThat(parse("--out=", "x").value("--out")).isEmpty();
    // even if it looks like an option
    assertThat(parse("--out", "--quiet", "x").has("--quiet")).isFalse();
  }

  @Test
  void optionsStandBeforeAndBehindOperands() {
    Line line = parse("x", "--quiet", "y", "--with", "1", "z", "--with=2");

    assertThat(line.has("--quiet")).isTrue();
    assertThat(line.values("--with")).containsExactly("1", "2");
    assertThat(line.operand(0)).isEqualTo("x");
    assertThat(line.operandsFrom(1)).containsExactly("y", "z");
  }

  @Test
  void twoHyphensEndTheOptions() {
    assertThat(parse("--", "--quiet", "-").operandsFrom(0)).containsExactly("--quiet", "-");
    assertThat(parse("-", "x").operandsFrom(0)).containsExactly("-", "x");
  }

  @Test
  void whatIsBehindTheFirstOperandMayBelongToTheGuest() {
    Line line =
        Line.parse(syntax().endOptionsWithFirstOperand(), List.of("--quiet", "x", "--with", "--"));

    assertThat(line.has("--quiet")).isTrue();
    assertThat(line.operandsFrom(0)).containsExactly("x", "--with", "--");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    fails("unknown option '--loud'", "--loud=1", "x");
    fails("unknown option '-q'", "-q", "x");
    fails("missing value: '--out=FILE'", "x", "--out");
    fails("option '--quiet' takes no value, found '--quiet=1'", "--quiet=1", "x");
    fails("option '--out' is given twice", "--out=a", "-o", "b", "x");
    fails("missing required parameter: 'WHAT'", "--quiet");
  }

  @Test
  void helpNeedsNothingElse() {
    assertThat(parse("-h").has(Syntax.HELP)).isTrue();
    assertThat(parse("--help", "--quiet").has(Syntax.HELP)).isTrue();
  }
}
