package dev.sampan.wasi.preview1;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers that nobody can foretell. Their source is opened when the first is wanted: many
 * programs want none, and opening it takes as long as starting a small one.
 */
final class SecureNumbers implements RandomGenerator {

  /** Opened once for all. */
  private static final class Holder {
    static final SecureRandom SOURCE = new SecureRandom();
  }

  @Override
  public long nextLong() {
    return Holder.SOURCE.nextLong();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    Holder.SOURCE.nextBytes(bytes);
  }
}
