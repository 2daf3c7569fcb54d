package dev.sampan.wasi.preview1;

import org.jspecify.annotations.Nullable;

/** The two editions of the interface, by the names of the modules that guests import. */
public enum Snapshot {
  PREVIEW1("wasi_snapshot_preview1"),

  /**
   * The edition before. It has other layouts of {@code filestat} and {@code subscription}, and
   * another order of {@code whence}.
   */
  UNSTABLE("wasi_unstable");

  private final String module;

  Snapshot(String module) {
    this.module = module;
  }

  /** The name that guests import. */
  public String module() {
    return module;
  }

  /** The edition that a module name means, or null if it means none. */
  static @Nullable Snapshot of(String module) {
    for (Snapshot snapshot : values()) {
      if (snapshot.module.equals(module)) {
        return snapshot;
      }
    }
    return null;
  }
}
