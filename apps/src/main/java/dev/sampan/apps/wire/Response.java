package dev.sampan.apps.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The answer to a {@link Request}.
 *
 * @param status see {@link Status}; 0 to 255
 * @param format what the payload is, see {@link Format}; 0 to 65535
 * @param id the request's
 * @param receiver the request's sender
 * @param payload the bytes; nobody may change them
 */
public record Response(int status, int format, int id, int receiver, byte[] payload) {

  private static final int VERSION = 1;
  private static final int HEAD = 16;
  private static final int MAX_REASON = 200;

  /**
   * Reads a response.
   *
   * @throws WireException if it is none
   */
  public static Response decode(byte[] packed) throws WireException {
    Packed in = new Packed(packed, ByteOrder.BIG_ENDIAN, "response");
    int version = in.u8("the version");
    if (version != VERSION) {
      throw in.wrong("expected version " + VERSION + ", found " + version);
    }
    int status = in.u8("the status");
    int format = in.u16("the format");
    int id = in.i32("the id");
    int receiver = in.i32("the receiver");
    byte[] payload = in.bytes(in.u32("the payload's length"), "the payload");
    in.requireEnd();
    return new Response(status, format, id, receiver, payload);
  }

  /** The response as it lies in memory. */
  public byte[] encode() {
    return ByteBuffer.allocate(HEAD + payload.length)
        .put((byte) VERSION)
        .put((byte) status)
        .putShort((short) format)
        .putInt(id)
        .putInt(receiver)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  /** What the host itself answers when no app does: the reason, as an attribute. */
  public static Response refusal(int status, String why, int id, int receiver) {
    String shown = why.length() > MAX_REASON ? why.substring(0, MAX_REASON) + "…" : why;
    byte[] payload =
        AttributeContainer.tagged("").with("error message", new Attribute.Text(shown)).encode();
    return new Response(status, Format.ATTRIBUTES, id, receiver, payload);
  }
}
