package dev.sampan.apps.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request of one app to another one, or an event on its way to an app.
 *
 * @param action what it wants
 * @param format what the payload is, see {@link Format}; 0 to 65535
 * @param id the sender's number for it, which the response repeats
 * @param sender who wants it; the host's word alone counts
 * @param url whom or what it is for, without NUL
 * @param payload the bytes; nobody may change them
 */
public record Request(Action action, int format, int id, int sender, String url, byte[] payload) {

  /** How long a URL may be, in bytes. */
  public static final int MAX_URL = 65_534;

  private static final int VERSION = 1;
  private static final int HEAD = 18;

  /** The same from another sender. */
  public Request from(int other) {
    return new Request(action, format, id, other, url, payload);
  }

  /** The same for another URL. */
  public Request at(String other) {
    return new Request(action, format, id, sender, other, payload);
  }

  /**
   * Reads a request.
   *
   * @throws WireException if it is none
   */
  public static Request decode(byte[] packed) throws WireException {
    Packed in = new Packed(packed, ByteOrder.BIG_ENDIAN, "request");
    int version = in.u8("the version");
    if (version != VERSION) {
      throw in.wrong("expected version " + VERSION + ", found " + version);
    }
    int code = in.u8("the action");
    Action action = Action.of(code).orElseThrow(() -> in.wrong("found the action " + code));
    int format = in.u16("the format");
    int id = in.i32("the id");
    int sender = in.i32("the sender");
    int urlLength = in.u16("the URL's length");
    long length = in.u32("the payload's length");
    String url = in.text(urlLength, "the URL");
    byte[] payload = in.bytes(length, "the payload");
    in.requireEnd();
    return new Request(action, format, id, sender, url, payload);
  }

  /** The request as it lies in memory. */
  public byte[] encode() {
    byte[] text = url.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD + text.length + 1 + payload.length)
        .put((byte) VERSION)
        .put((byte) action.code())
        .putShort((short) format)
        .putInt(id)
        .putInt(sender)
        .putShort((short) (text.length + 1))
        .putInt(payload.length)
        .put(text)
        .put((byte) 0)
        .put(payload)
        .array();
  }
}
