package dev.sampan.wasm.cache;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 digest of a module. That of a large one is made by a thread of its own, while the
 * module is read.
 */
public final class ModuleDigest {

  /** Below this many bytes a second thread costs more than it brings. */
  private static final int WORTHWHILE_BYTES = 1 << 18;

  private final byte[] module;
  private byte @Nullable [] digest;
  private final @Nullable Thread helper;

  private ModuleDigest(byte[] module, boolean parallel) {
    this.module = module;
    this.helper =
        parallel ? Thread.ofPlatform().daemon().name("sampan-digest").start(this::make) : null;
  }

  /**
   * Begins to make the digest of a module.
   *
   * @param threads how many threads may work on the module
   */
  public static ModuleDigest of(byte[] module, int threads) {
    return new ModuleDigest(module, threads > 1 && module.length > WORTHWHILE_BYTES);
  }

  private void make() {
    digest = Digests.sha256().digest(module);
  }

  /** The digest; waits until it is made. */
  public byte[] get() {
    if (helper == null) {
      make();
    } else {
      join(helper);
    }
    return Objects.requireNonNull(digest);
  }

  private static void join(Thread helper) {
    boolean interrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
