package dev.sampan.apps;

import java.nio.file.Path;

/**
 * What a host is made of.
 *
 * @param home where it keeps everything; nobody else may use it
 * @param maxModuleBytes how long a module may be
 * @param maxCalls how many requests guests may handle at once, all functions together
 */
public record HostSettings(Path home, long maxModuleBytes, int maxCalls) {

  /** Modules up to 256 MiB, and 256 requests at once. */
  public static HostSettings at(Path home) {
    return new HostSettings(home, 256L << 20, 256);
  }
}
