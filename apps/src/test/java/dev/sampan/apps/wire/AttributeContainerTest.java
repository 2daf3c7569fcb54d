package dev.sampan.apps.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.json.AttributeJson;
import dev.sampan.apps.wire.Attribute.Bytes;
import dev.sampan.apps.wire.Attribute.Fraction;
import dev.sampan.apps.wire.Attribute.Single;
import dev.sampan.apps.wire.Attribute.Text;
import dev.sampan.apps.wire.Attribute.Truth;
import dev.sampan.apps.wire.Attribute.Whole;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeContainerTest {

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static final AttributeContainer ALL =
      AttributeContainer.tagged("t")
          .with("a", new Whole(AttributeType.INT8, -2))
          .with("b", new Whole(AttributeType.INT16, -3))
          .with("c", new Whole(AttributeType.INT32, -4))
          .with("d", new Whole(AttributeType.INT64, -5))
          .with("e", new Whole(AttributeType.UINT8, 255))
          .with("f", new Whole(AttributeType.UINT16, 65535))
          .with("g", new Whole(AttributeType.UINT32, 4294967295L))
          .with("h", new Whole(AttributeType.UINT64, -1))
          .with("i", new Single(1.5f))
          .with("j", new Fraction(-2.5))
          .with("k", new Truth(true))
          .with("l", new Text("hé"))
          .with("m", new Bytes(new byte[] {1, -1}));

  @Test
  void containerIsPackedAsTheMicroRuntimeHasIt() {
    assertThat(ALL.encode())
        .isEqualTo(
            hex(
                "0000 82000000 0200 7400 0d00"
                    + "0200 6100 00 fe"
                    + "0200 6200 01 fdff"
                    + "0200 6300 02 fcffffff"
                    + "0200 6400 03 fbffffffffffffff"
                    + "0200 6500 04 ff"
                    + "0200 6600 05 ffff"
                    + "0200 6700 06 ffffffff"
                    + "0200 6800 07 ffffffffffffffff"
                    + "0200 6900 0a 0000c03f"
                    + "0200 6a00 0b 00000000000004c0"
                    + "0200 6b00 0c 01"
                    + "0200 6c00 0d 0400 68c3a900"
                    + "0200 6d00 0e 02000000 01ff"));
  }

  @Test
  void whatIsWrittenIsRead() throws WireException {
    AttributeContainer read = AttributeContainer.decode(ALL.encode());
    assertThat(read.tag()).isEqualTo("t");
    assertThat(read.attributes().keySet()).containsExactlyElementsOf(ALL.attributes().keySet());
    assertThat(read.whole("g")).hasValue(4294967295L);
    assertThat(read.text("l")).contains("hé");
    assertThat(read.whole("l")).isEmpty();
    assertThat(read.text("nothing")).isEmpty();
    assertThat(read.encode()).isEqualTo(ALL.encode());
  }

  @Test
  void slackAndTheReadOnlyFlagHaveNoMeaning() throws WireException {
    byte[] packed = ALL.encode();
    byte[] slack = Arrays.copyOf(packed, packed.length + 100);
    slack[0] = 4;
    slack[2] += 100;
    assertThat(AttributeContainer.decode(slack).encode()).isEqualTo(packed);
  }

  @Test
  void textThatIsNoUtf8IsReadAllTheSame() throws WireException {
    AttributeContainer read =
        AttributeContainer.decode(
            hex("0000 1b000000 0200 7400 0200 0200 6100 0d 0300 78e900 0200 6200 0d 0000"));
    assertThat(read.text("a")).contains("x\ufffd");
    assertThat(read.text("b")).contains("");
  }

  @ParameterizedTest
  @CsvSource({
    "'0100 07000000 0100 00 0000', 'expected one in a buffer, found the flags 1'",
    "'0000 03000000', 'expected a length of 4 or more, found 3'",
    "'0000 09000000 0100 00 00', 'expected 5 bytes for what the length says at offset 6, found 4'",
    "'0000 07000000 0100 00', 'expected 2 bytes for the number of attributes at offset 9, found"
        + " 0'",
    "'0000 08000000 0000 0000', 'expected NUL at the end of the tag, at offset 8'",
    "'0000 0d000000 0100 00 0100 0200 6100', 'expected 1 bytes for the type of ''a'' at offset 15,"
        + " found 0'",
    "'0000 0e000000 0100 00 0100 0200 6100 08', '''a'' has the type 8'",
    "'0000 10000000 0100 00 0100 0200 6100 0d ff00', 'expected 255 bytes for the value of ''a'' at"
        + " offset 18, found 0'",
    "'0000 12000000 0100 00 0100 0200 6100 0e ffffffff', 'expected 4294967295 bytes for the value"
        + " of ''a'' at offset 20, found 0'"
  })
  void innerLengthsAreBounded(String packed, String why) {
    assertThatThrownBy(() -> AttributeContainer.decode(hex(packed)))
        .isInstanceOf(WireException.class)
        .hasMessage("no attribute container: " + why);
  }

  @Test
  void anyBytesAreAContainerOrRefused() {
    SplittableRandom random = new SplittableRandom(11);
    byte[] packed = ALL.encode();
    int good = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = packed.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        AttributeContainer.decode(bytes).encode();
        good++;
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("no attribute container: ");
      }
    }
    assertThat(good).isBetween(1_000, 19_000);
  }

  @Test
  void numbersMustBeInTheRangeOfTheirType() {
    assertThatThrownBy(() -> new Whole(AttributeType.UINT8, -1))
        .hasMessage("expected a number of type uint8, found -1");
    assertThatThrownBy(() -> new Whole(AttributeType.INT16, 40_000))
        .hasMessage("expected a number of type int16, found 40000");
    assertThatThrownBy(() -> new Whole(AttributeType.DOUBLE, 1))
        .hasMessage("expected a number of type double, found 1");
    assertThat(new Whole(AttributeType.UINT32, 0xffff_ffffL).value()).isEqualTo(0xffff_ffffL);
  }

  @Test
  void textsMustFitTheirLengths() {
    assertThatThrownBy(() -> new Text("a\0b")).hasMessage("expected text without NUL");
    String long_ = "x".repeat(65_535);
    assertThatThrownBy(() -> AttributeContainer.tagged(long_))
        .hasMessage("expected a tag of at most 65534 bytes without NUL");
    assertThatThrownBy(() -> ALL.with("x", new Text(long_)))
        .hasMessage("expected a text of at most 65534 bytes without NUL");
    Map<String, Attribute> many = new HashMap<>();
    for (int i = 0; i < 65_536; i++) {
      many.put("k" + i, new Truth(true));
    }
    assertThatThrownBy(() -> AttributeContainer.of("", many))
        .hasMessage("expected at most 65535 attributes, found 65536");
  }

  // ---- JSON ----

  private static String json(AttributeContainer container) {
    return new String(AttributeJson.write(container), StandardCharsets.UTF_8);
  }

  private static AttributeContainer parse(String json) {
    return AttributeJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void containerAsJson() {
    assertThat(json(ALL))
        .isEqualTo(
            "{\"a\":-2,\"b\":-3,\"c\":-4,\"d\":-5,\"e\":255,\"f\":65535,\"g\":4294967295,"
                + "\"h\":18446744073709551615,\"i\":1.5,\"j\":-2.5,\"k\":true,\"l\":\"hé\","
                + "\"m\":[1,255]}");
    assertThat(
            json(
                AttributeContainer.tagged("")
                    .with("nan", new Fraction(Double.NaN))
                    .with("five", new Fraction(5))))
        .isEqualTo("{\"nan\":null,\"five\":5}");
  }

  @Test
  void jsonAsAContainer() {
    AttributeContainer read =
        parse(
            """
            {"n": 5, "x": 1.5, "t": true, "s": "hi", "b": [1, -1, 255], "none": null, "e": [],
             "port": {"uint16": 80}, "big": {"uint64": 18446744073709551615}, "f": {"float": 2},
             "d": {"double": 1}, "y": {"bytes": [3]}, "o": {"boolean": false}, "z": {"string": "q"}}
            """);
    assertThat(read.attributes())
        .containsEntry("n", new Fraction(5))
        .containsEntry("x", new Fraction(1.5))
        .containsEntry("t", new Truth(true))
        .containsEntry("s", new Text("hi"))
        .containsEntry("port", new Whole(AttributeType.UINT16, 80))
        .containsEntry("big", new Whole(AttributeType.UINT64, -1))
        .containsEntry("f", new Single(2))
        .containsEntry("d", new Fraction(1))
        .containsEntry("o", new Truth(false))
        .containsEntry("z", new Text("q"))
        .doesNotContainKey("none");
    assertThat(((Bytes) read.attributes().get("b")).value()).containsExactly(1, -1, 255);
    assertThat(((Bytes) read.attributes().get("e")).value()).isEmpty();
    assertThat(((Bytes) read.attributes().get("y")).value()).containsExactly(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "[1]",
        "{\"a\": {}}",
        "{\"a\": {\"b\": 1}}",
        "{\"a\": {\"int8\": 200}}",
        "{\"a\": {\"int8\": 1.5}}",
        "{\"a\": {\"int8\": \"1\"}}",
        "{\"a\": {\"uint64\": -1}}",
        "{\"a\": {\"boolean\": 1}}",
        "{\"a\": {\"string\": 1}}",
        "{\"a\": {\"bytes\": 1}}",
        "{\"a\": {\"double\": \"1\"}}",
        "{\"a\": {\"int8\": 1, \"int16\": 1}}",
        "{\"a\": [256]}",
        "{\"a\": [1.5]}",
        "{\"a\": [\"x\"]}",
        "{\"a\": \"\\u0000\"}",
        "{\"\\u0000\": 1}"
      })
  void jsonThatIsNoContainerIsRefused(String json) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected ");
  }
}
