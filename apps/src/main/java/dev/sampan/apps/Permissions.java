package dev.sampan.apps;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Rights;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ResourceLimits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the instances of an app may do, and how much each may use: plain data, which can be kept and
 * sent. What is not granted is refused.
 *
 * @param env variables of the environment
 * @param directories granted directories
 * @param network grants in the text form of {@link NetworkGrant}
 * @param maxMemory bytes of all memories and tables of an instance
 * @param maxOutput bytes that an instance may write to standard output and error
 * @param maxOpenFiles descriptors that an instance may have open
 * @param threads how many threads an instance may have beside its first
 * @param fuel how much an instance may execute in the engine's unit; nothing is counted if empty
 */
public record Permissions(
    Map<String, String> env,
    List<Directory> directories,
    List<String> network,
    long maxMemory,
    long maxOutput,
    int maxOpenFiles,
    int threads,
    OptionalLong fuel) {

  /**
   * A granted directory.
   *
   * @param host where it is, absolute
   * @param guest what the guest calls it
   * @param rights what the guest may do there
   * @param maxBytes by how much it may grow through one instance
   */
  public record Directory(String host, String guest, Rights rights, long maxBytes) {

    /** A directory that may grow by 1 GiB. */
    public static Directory of(Path host, String guest, Rights rights) {
      return new Directory(host.toAbsolutePath().toString(), guest, rights, 1L << 30);
    }
  }

  /** Nothing granted; 256 MiB of memory, 1 GiB of output, 256 open files, no further threads. */
  public static final Permissions NONE =
      new Permissions(
          Map.of(), List.of(), List.of(), 256L << 20, 1L << 30, 256, 0, OptionalLong.empty());

  /** Checks all there is, so that what has been accepted can be put into effect. */
  public Permissions {
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    directories = List.copyOf(directories);
    network = List.copyOf(network);
    try {
      wasi(Wasi.preview1(), env, directories, network, maxOutput, maxOpenFiles, threads);
      limits(maxMemory, fuel);
      for (Directory directory : directories) {
        if (!Path.of(directory.host()).isAbsolute()) {
          throw new IllegalArgumentException(
              "expected an absolute path for a granted directory, found '"
                  + directory.host()
                  + "'");
        }
      }
    } catch (IllegalArgumentException e) {
      String what = e instanceof InvalidPathException ? "no path: " : "";
      throw new AppException(AppException.Reason.INVALID, what + e.getMessage(), e);
    }
  }

  /** The same with another variable of the environment. */
  public Permissions env(String name, String value) {
    Map<String, String> all = new TreeMap<>(env);
    all.put(name, value);
    return new Permissions(
        all, directories, network, maxMemory, maxOutput, maxOpenFiles, threads, fuel);
  }

  /** The same with another directory. */
  public Permissions directory(Directory directory) {
    List<Directory> all = new ArrayList<>(directories);
    all.add(directory);
    return new Permissions(env, all, network, maxMemory, maxOutput, maxOpenFiles, threads, fuel);
  }

  /** The same with another limit for memory, in bytes. */
  public Permissions maxMemory(long bytes) {
    return new Permissions(
        env, directories, network, bytes, maxOutput, maxOpenFiles, threads, fuel);
  }

  /** The same with fuel. */
  public Permissions fuel(long units) {
    return new Permissions(
        env,
        directories,
        network,
        maxMemory,
        maxOutput,
        maxOpenFiles,
        threads,
        OptionalLong.of(units));
  }

  /**
   * WASI with what is granted.
   *
   * @param base with arguments and streams
   */
  public Wasi wasi(Wasi base) {
    return wasi(base, env, directories, network, maxOutput, maxOpenFiles, threads);
  }

  private static Wasi wasi(
      Wasi base,
      Map<String, String> env,
      List<Directory> directories,
      List<String> network,
      long maxOutput,
      int maxOpenFiles,
      int threads) {
    Wasi wasi = base.env(env).maxOutput(maxOutput).maxOpenFiles(maxOpenFiles).threads(threads);
    for (Directory each : directories) {
      wasi = wasi.directory(Path.of(each.host()), each.guest(), each.rights(), each.maxBytes());
    }
    for (String each : network) {
      wasi = wasi.network(NetworkGrant.parse(each));
    }
    return wasi;
  }

  /** What the engine is to enforce. */
  public ResourceLimits limits() {
    return limits(maxMemory, fuel);
  }

  private static ResourceLimits limits(long maxMemory, OptionalLong fuel) {
    ResourceLimits limits = ResourceLimits.DEFAULT.maxMemory(maxMemory);
    return fuel.isPresent() ? limits.fuel(fuel.getAsLong()) : limits;
  }
}
