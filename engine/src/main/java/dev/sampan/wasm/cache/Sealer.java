package dev.sampan.wasm.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Marks entries so that only who knows the secret can make or change one (HMAC with SHA-256). The
 * mark covers where the entry belongs, so that one cannot be put in another's place.
 *
 * <p>Written out, because the library's class for it loads a good part of the security framework,
 * which takes longer than all marks of a small program.
 */
final class Sealer {

  static final int MARK_BYTES = 32;
  private static final int BLOCK_BYTES = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final byte[] innerPad;
  private final byte[] outerPad;
  private final byte[] place;

  /**
   * A sealer for entries of one place.
   *
   * @param secret what nobody else knows, at most a block long
   * @param place what the entries belong to
   */
  Sealer(byte[] secret, byte[] place) {
    this.innerPad = pad(secret, INNER);
    this.outerPad = pad(secret, OUTER);
    this.place = place;
  }

  private static byte[] pad(byte[] secret, byte with) {
    byte[] pad = Arrays.copyOf(secret, BLOCK_BYTES);
    for (int i = 0; i < pad.length; i++) {
      pad[i] ^= with;
    }
    return pad;
  }

  /** The mark of an entry. */
  byte[] mark(String name, byte[] content) {
    MessageDigest digest = Digests.sha256();
    digest.update(innerPad);
    digest.update(place);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    // the length keeps name and content apart
    digest.update((byte) (text.length >> 8));
    digest.update((byte) text.length);
    digest.update(text);
    digest.update(content);
    byte[] inner = digest.digest();
    digest.update(outerPad);
    return digest.digest(inner);
  }

  boolean isGenuine(String name, byte[] content, byte[] mark) {
    return MessageDigest.isEqual(mark(name, content), mark);
  }
}
