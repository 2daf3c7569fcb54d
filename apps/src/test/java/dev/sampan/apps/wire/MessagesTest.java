package dev.sampan.apps.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Requests and responses, as they lie in memory. */
class MessagesTest {

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static final byte[] REQUEST =
      hex("01 03 0063 00000102 fffffffd 0004 00000002 2f6100 0708".replace("2f6100", "2f616200"));

  private static final byte[] RESPONSE = hex("01 45 0063 00000102 00000007 00000003 010203");

  @Test
  void requestIsPackedAsTheMicroRuntimeHasIt() throws WireException {
    Request request = Request.decode(REQUEST);
    assertThat(request.action()).isEqualTo(Action.PUT);
    assertThat(request.format()).isEqualTo(99);
    assertThat(request.id()).isEqualTo(0x102);
    assertThat(request.sender()).isEqualTo(-3);
    assertThat(request.url()).isEqualTo("/ab");
    assertThat(request.payload()).containsExactly(7, 8);
    assertThat(request.encode()).isEqualTo(REQUEST);
  }

  @Test
  void responseIsPackedAsTheMicroRuntimeHasIt() throws WireException {
    Response response = Response.decode(RESPONSE);
    assertThat(response.status()).isEqualTo(Status.CONTENT);
    assertThat(response.format()).isEqualTo(99);
    assertThat(response.id()).isEqualTo(0x102);
    assertThat(response.receiver()).isEqualTo(7);
    assertThat(response.payload()).containsExactly(1, 2, 3);
    assertThat(response.encode()).isEqualTo(RESPONSE);
  }

  private static void assertNoRequest(byte[] packed, String why) {
    assertThatThrownBy(() -> Request.decode(packed))
        .isInstanceOf(WireException.class)
        .hasMessage("no request: " + why);
  }

  private static byte[] with(byte[] packed, int offset, int value) {
    byte[] changed = packed.clone();
    changed[offset] = (byte) value;
    return changed;
  }

  @Test
  void lengthsMustBeExact() {
    assertNoRequest(
        Arrays.copyOf(REQUEST, 17),
        "expected 4 bytes for the payload's length at offset 14, found 3");
    assertNoRequest(
        Arrays.copyOf(REQUEST, REQUEST.length - 1),
        "expected 2 bytes for the payload at offset 22, found 1");
    assertNoRequest(Arrays.copyOf(REQUEST, REQUEST.length + 1), "found 1 bytes behind its end");
    assertNoRequest(
        with(REQUEST, 14, 0x80), "expected 2147483650 bytes for the payload at offset 22, found 2");
    assertThatThrownBy(() -> Response.decode(Arrays.copyOf(RESPONSE, RESPONSE.length + 1)))
        .hasMessage("no response: found 1 bytes behind its end");
    assertThatThrownBy(() -> Response.decode(Arrays.copyOf(RESPONSE, 3)))
        .hasMessage("no response: expected 2 bytes for the format at offset 2, found 1");
  }

  @Test
  void urlMustEndWithItsOnlyNul() {
    assertNoRequest(with(REQUEST, 21, 'x'), "expected NUL at the end of the URL, at offset 22");
    assertNoRequest(with(REQUEST, 19, 0), "found NUL inside of the URL");
    assertNoRequest(with(REQUEST, 19, 0xff), "expected the URL in UTF-8");
    assertNoRequest(with(REQUEST, 13, 0), "expected NUL at the end of the URL, at offset 18");
  }

  @Test
  void versionAndActionMustBeKnown() {
    assertNoRequest(with(REQUEST, 0, 2), "expected version 1, found 2");
    assertNoRequest(with(REQUEST, 1, 5), "found the action 5");
    assertThatThrownBy(() -> Response.decode(with(RESPONSE, 0, 0)))
        .hasMessage("no response: expected version 1, found 0");
  }

  @Test
  void anyBytesAreAMessageOrRefused() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = (i % 2 == 0 ? REQUEST : RESPONSE).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      try {
        assertThat(Request.decode(cut).encode()).isEqualTo(cut);
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("no request: ");
      }
      try {
        assertThat(Response.decode(cut).encode()).isEqualTo(cut);
      } catch (WireException e) {
        assertThat(e).hasMessageStartingWith("no response: ");
      }
    }
  }
}
