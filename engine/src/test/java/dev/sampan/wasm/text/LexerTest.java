package dev.sampan.wasm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.wasm.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LexerTest {

  private static List<String> kinds(String text) {
    Tokens tokens = Lexer.read(Source.of("test.wat", text));
    List<String> kinds = new ArrayList<>();
    for (int i = 0; i < tokens.count() - 1; i++) {
      kinds.add(tokens.kind(i).name());
    }
    return kinds;
  }

  @ParameterizedTest
  @CsvSource({
    "i32.add, OPCODE",
    "func, KEYWORD",
    "nan:canonical, KEYWORD",
    "$a, ID",
    "$!#%&'*+-./:<=>?@\\^_`|~09azAZ$, ID",
    "0, NAT",
    "1_000, NAT",
    "0xDead_beef, NAT",
    "+1, INT",
    "-0x1, INT",
    "1., FLOAT",
    "1.5e-7, FLOAT",
    "1e5, FLOAT",
    "0x1.8p+3, FLOAT",
    "0x.8, RESERVED",
    "0x1p3, FLOAT",
    "-inf, FLOAT",
    "nan, FLOAT",
    "+nan:0x7f, FLOAT",
    "nan:7, RESERVED",
    "1__0, RESERVED",
    "_1, RESERVED",
    "1_, RESERVED",
    "0x, RESERVED",
    "1e, RESERVED",
    "1e+, RESERVED",
    ".5, RESERVED",
    "+, RESERVED",
    "offset=0x10, OFFSET",
    "offset=-1, RESERVED",
    "offset=, RESERVED",
    "align=8, ALIGN",
    "i32.foo, RESERVED",
    "'\"a\"', STRING",
    "'\"a\"\"b\"', RESERVED",
    "'\"a\"b', RESERVED",
    "'$\"a b\"', ID",
    "'$\"a\"b', RESERVED",
    "'$a\"b\"', RESERVED",
    "[, RESERVED",
    "';', RESERVED"
  })
  void tokenHasKind(String text, String kind) {
    assertThat(kinds(text)).containsExactly(kind);
  }

  @Test
  void tokensNeedNoSpaceAtParenthesesAndComments() {
    assertThat(kinds("(module(func))"))
        .containsExactly("LEFT", "KEYWORD", "LEFT", "KEYWORD", "RIGHT", "RIGHT");
    assertThat(kinds("module;;comment\nfunc(;comment;)type"))
        .containsExactly("KEYWORD", "KEYWORD", "KEYWORD");
  }

  @Test
  void commentsNestAndHoldAnything() {
    assertThat(kinds("(;a(;b;);;c\n\" \u0001 ü;)nop")).containsExactly("OPCODE");
    assertThat(kinds(";; (; \rnop")).containsExactly("OPCODE");
  }

  @Test
  void unknownAnnotationsAreSkippedWithAllTheyHold() {
    assertThat(kinds("(@a (x \")\") ;; )\n (;);) , ; [] (@b) 0x 1e)nop")).containsExactly("OPCODE");
    assertThat(kinds("(@\"quoted id\" x)nop")).containsExactly("OPCODE");
  }

  @Test
  void knownAnnotationsAreTokens() {
    assertThat(kinds("(@custom \"x\")(@name \"y\")(@metadata.code.branch_hint \"z\")"))
        .containsExactly(
            "CUSTOM_ANNOTATION",
            "STRING",
            "RIGHT",
            "NAME_ANNOTATION",
            "STRING",
            "RIGHT",
            "BRANCH_HINT_ANNOTATION",
            "STRING",
            "RIGHT");
  }

  @Test
  void stringsAreBytes() {
    Tokens tokens = Lexer.read(Source.of("t", "\"\\t\\n\\r\\\"\\'\\\\\\00\\fFü\\u{1F6_00}x\""));
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes("\t\n\r\"'\\\0".getBytes(StandardCharsets.UTF_8));
    expected.write(0xFF);
    expected.writeBytes("ü😀x".getBytes(StandardCharsets.UTF_8));
    assertThat(tokens.string(0)).isEqualTo(expected.toByteArray());
  }

  @Test
  void quotedAndPlainIdentifiersAreTheSame() {
    Tokens tokens = Lexer.read(Source.of("t", "$AB $\"AB\" $\"\\41\\u{42}\""));
    assertThat(List.of(tokens.id(0), tokens.id(1), tokens.id(2))).containsOnly("AB");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"abc | unclosed string",
        "\"a\\q\" | illegal escape",
        "\"\\u{110000}\" | illegal escape",
        "\"\\u{d800}\" | illegal escape",
        "\"\\u{}\" | illegal escape",
        "\"\\u{1__2}\" | illegal escape",
        "(; (; ;) | unclosed comment",
        "(@a (b) | unclosed annotation",
        "(@) | empty annotation id",
        "(@\"\") | empty annotation id",
        "$ | empty identifier",
        "$\"\" | empty identifier",
        "$\"\\ff\" | malformed UTF-8 encoding",
        "ü | illegal character",
        "(@a ü) | illegal character"
      })
  void errorNamesTheCause(String text, String message) {
    assertThatThrownBy(() -> kinds(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xBF, 0xC0, 0xC1, 0xE0, 0xED, 0xF5, 0xFF})
  void malformedUtf8IsRefusedEverywhere(int lead) {
    for (String around : List.of("*", "\"*\"", ";; *", "(; * ;)", "(@a *)", "(@a \"*\")")) {
      byte[] text = around.getBytes(StandardCharsets.US_ASCII);
      text[around.indexOf('*')] = (byte) lead;
      assertThatThrownBy(() -> Lexer.read(new Source("t", text)))
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("malformed UTF-8 encoding");
    }
  }
}
