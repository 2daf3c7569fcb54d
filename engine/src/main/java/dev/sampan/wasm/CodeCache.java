package dev.sampan.wasm;

import java.nio.file.Path;

/**
 * A folder where engines keep the classes that they generate, so that another run need not generate
 * them again. Any number of processes of one user may share it. Immutable: each method returns a
 * changed copy.
 *
 * <p>What lies there is used only if the same user's engine, of the same build, has made it of the
 * same module and nobody has changed it since; else it is made again. Nothing that goes wrong with
 * the folder keeps a module from running.
 *
 * @param folder the folder; it is made if it is not there, readable by its owner alone
 * @param maxBytes how long its files may be together; what has not been used for the longest time
 *     goes first
 * @param minModuleBytes for a module that is shorter nothing is kept: to generate its classes takes
 *     less time than to find and check them
 */
public record CodeCache(Path folder, long maxBytes, int minModuleBytes) {

  /** Checks the ranges. */
  public CodeCache {
    if (maxBytes < 0 || minModuleBytes < 0) {
      throw new IllegalArgumentException("a limit of a code cache is negative");
    }
  }

  /** A cache of at most 1 GiB, for modules of at least 100 kB. */
  public static CodeCache at(Path folder) {
    return new CodeCache(folder, 1L << 30, 100_000);
  }

  /** With another limit, in bytes. */
  public CodeCache maxBytes(long bytes) {
    return new CodeCache(folder, bytes, minModuleBytes);
  }

  /** With another size of module to begin with, in bytes. */
  public CodeCache minModuleBytes(int bytes) {
    return new CodeCache(folder, maxBytes, bytes);
  }
}
