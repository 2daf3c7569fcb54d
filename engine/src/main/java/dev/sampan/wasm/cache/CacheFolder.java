package dev.sampan.wasm.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the generated classes of many modules, which any number of processes may use at the
 * same time. When it is too large, the modules that have not been used for the longest time go.
 *
 * <p>Whatever goes wrong with a file, the result is that something is not found.
 */
public final class CacheFolder {

  static final String SEGMENT = ".classes";
  static final String TEMPORARY = ".tmp";

  /** What has been added is written when it is more than this, and in the end. */
  private static final int MAX_PENDING_BYTES = 1 << 22;

  /** A temporary file that is older has been left by a process that died. */
  private static final long ABANDONED_MILLIS = 3_600_000;

  private final Path folder;
  private final long maxBytes;

  // all guarded by this
  private byte @Nullable [] secret;
  private boolean unusable;
  private final Set<CachedModule> changed = new LinkedHashSet<>();
  private long pendingBytes;

  /**
   * A folder, which need not exist.
   *
   * @param maxBytes how long all files in it may be together
   */
  public CacheFolder(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /**
   * What is kept for a module.
   *
   * @param digest the digest of its bytes
   * @param name what it is called; class files tell it
   */
  public ClassStore module(byte[] digest, String name) {
    String build = BuildId.ofThisEngine();
    byte[] known = build.isEmpty() ? null : secret();
    if (known == null) {
      return ClassStore.NONE;
    }
    MessageDigest key = Digests.sha256();
    key.update(digest);
    String rest = build + "\n" + Runtime.version().feature() + "\n" + name;
    byte[] place = key.digest(rest.getBytes(StandardCharsets.UTF_8));
    return new CachedModule(
        this, folder.resolve(HexFormat.of().formatHex(place)), new Sealer(known, place));
  }

  private synchronized byte @Nullable [] secret() {
    if (secret == null && !unusable) {
      try {
        secret = Secret.of(folder);
      } catch (IOException | SecurityException e) {
        unusable = true;
      }
    }
    return secret;
  }

  /** Notes that a module has something to be written. */
  void added(CachedModule module, int bytes) {
    boolean full;
    synchronized (this) {
      changed.add(module);
      pendingBytes += bytes;
      full = pendingBytes > MAX_PENDING_BYTES;
    }
    if (full) {
      flush();
    }
  }

  /** Writes what has been added. */
  public void flush() {
    List<CachedModule> modules;
    synchronized (this) {
      modules = List.copyOf(changed);
      changed.clear();
      pendingBytes = 0;
    }
    long written = 0;
    for (CachedModule module : modules) {
      written += module.flush();
    }
    if (written > 0) {
      shrink();
    }
  }

  // ---- the limit ----

  private record Kept(Path folder, long bytes, long used) {}

  /** Removes what has not been used for the longest time until the rest is within the limit. */
  private void shrink() {
    List<Kept> modules = new ArrayList<>();
    long total = 0;
    for (Path each : list(folder)) {
      if (Files.isDirectory(each)) {
        Kept kept = measure(each);
        modules.add(kept);
        total += kept.bytes;
      } else {
        removeAbandoned(each);
      }
    }
    modules.sort(Comparator.comparingLong(Kept::used));
    for (Kept oldest : modules) {
      if (total <= maxBytes) {
        return;
      }
      remove(oldest.folder);
      total -= oldest.bytes;
    }
  }

  private static Kept measure(Path folder) {
    long bytes = 0;
    for (Path file : list(folder)) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        // another process has removed it
        continue;
      }
      removeAbandoned(file);
    }
    return new Kept(folder, bytes, modified(folder));
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static void removeAbandoned(Path file) {
    if (file.getFileName().toString().endsWith(TEMPORARY)
        && modified(file) < System.currentTimeMillis() - ABANDONED_MILLIS) {
      delete(file);
    }
  }

  private static List<Path> list(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(found::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return found;
    }
    return found;
  }

  private static void remove(Path module) {
    for (Path file : list(module)) {
      // nothing is ours but what has such a name
      String name = file.getFileName().toString();
      if (name.endsWith(SEGMENT) || name.endsWith(TEMPORARY)) {
        delete(file);
      }
    }
    delete(module);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it stays until the next time
      return;
    }
  }
}
