package dev.sampan.apps.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What is kept of a token: enough to know it again, not enough to make it. A token has 256 random
 * bits, so that its hash needs no salt and cannot be undone.
 *
 * @param id what people call it: the first digits of the hash
 * @param hash SHA-256 of the token's text, in hexadecimal digits
 * @param since when it was made
 */
public record AccessToken(String id, String hash, Instant since) {

  /** What every token begins with, so that people and programs know one when they see it. */
  private static final String PREFIX = "sampan_";

  private static final int RANDOM_BYTES = 32;
  private static final int ID_DIGITS = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A token that was just made.
   *
   * @param text the token itself, which is kept nowhere
   */
  public record Made(AccessToken token, String text) {}

  /** Makes a token. */
  public static Made make() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return new Made(of(text), text);
  }

  /** What is kept of a token. */
  public static AccessToken of(String text) {
    String hash = HexFormat.of().formatHex(sha256(text));
    return new AccessToken(hash.substring(0, ID_DIGITS), hash, Instant.now());
  }

  /** Whether this is the same token. Takes as long if it is not. */
  public boolean hasHashOf(AccessToken other) {
    HexFormat hex = HexFormat.of();
    return MessageDigest.isEqual(hex.parseHex(hash), hex.parseHex(other.hash));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
