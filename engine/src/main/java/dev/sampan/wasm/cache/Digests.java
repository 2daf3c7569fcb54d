package dev.sampan.wasm.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one kind of digest that is used here. */
final class Digests {

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
