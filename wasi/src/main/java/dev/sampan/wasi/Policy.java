package dev.sampan.wasi;

import dev.sampan.wasm.Imports;
import dev.sampan.wasm.InstancePool;
import dev.sampan.wasm.ResourceLimits;
import dev.sampan.wasm.WasmModule;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a guest may do and how much it may use: all grants and all limits in one object. What is not
 * granted is refused, and every amount of memory, disk, output, files and threads is limited.
 * Immutable: each method that is given something returns a changed copy.
 *
 * <p>A policy takes effect in two places, {@link #wasi} for the grants and {@link #limits()} for
 * what the engine counts:
 *
 * <pre>{@code
 * Policy policy = Policy.standard().directory(data, "/data", READ_ONLY).maxThreads(4);
 * Imports imports = Imports.create().with(policy.wasi(Wasi.preview1().args("scorer").stdout(log)));
 * Instance instance = module.instantiate(imports, _ -> policy.limits());
 * }</pre>
 */
public final class Policy {

  /** By how much what lies in all granted directories may grow if nothing else is said: 16 GiB. */
  public static final long DEFAULT_MAX_DISK = 16L << 30;

  /**
   * How much a guest may write to its standard output and error if nothing else is said: 16 GiB.
   */
  public static final long DEFAULT_MAX_OUTPUT = 16L << 30;

  /** How many descriptors a guest may have open if nothing else is said. */
  public static final int DEFAULT_MAX_OPEN_FILES = 1024;

  /** How many instances a pool may have if nothing else is said. */
  public static final int DEFAULT_MAX_INSTANCES = 64;

  private static final Policy NONE = new Policy(new Draft());

  private final Draft parts;

  private Policy(Draft parts) {
    this.parts = parts;
  }

  /**
   * A granted directory.
   *
   * @param host the directory
   * @param guest the name that the guest knows it by
   * @param maxBytes by how much what lies in it may grow
   */
  public record DirectoryGrant(Path host, String guest, Rights rights, long maxBytes) {}

  /** What a policy consists of; changed only before a policy has it. */
  private static final class Draft {
    final Map<String, DirectoryGrant> directories = new LinkedHashMap<>();

    /** Variables with their values; those that are inherited have none. */
    final Map<String, Optional<String>> variables = new LinkedHashMap<>();

    final List<NetworkGrant> network = new ArrayList<>();
    final List<String> lookups = new ArrayList<>();
    final List<InetSocketAddress> listeners = new ArrayList<>();
    boolean stdio;
    boolean clocks;
    boolean random;
    int maxThreads;
    int maxOpenFiles = DEFAULT_MAX_OPEN_FILES;
    int maxInstances = DEFAULT_MAX_INSTANCES;
    long maxOutput = DEFAULT_MAX_OUTPUT;
    long maxDisk = DEFAULT_MAX_DISK;
    ResourceLimits limits = ResourceLimits.DEFAULT;

    Draft() {}

    Draft(Draft from) {
      directories.putAll(from.directories);
      variables.putAll(from.variables);
      network.addAll(from.network);
      lookups.addAll(from.lookups);
      listeners.addAll(from.listeners);
      stdio = from.stdio;
      clocks = from.clocks;
      random = from.random;
      maxThreads = from.maxThreads;
      maxOpenFiles = from.maxOpenFiles;
      maxInstances = from.maxInstances;
      maxOutput = from.maxOutput;
      maxDisk = from.maxDisk;
      limits = from.limits;
    }
  }

  private Policy with(Consumer<Draft> change) {
    Draft draft = new Draft(parts);
    change.accept(draft);
    return new Policy(draft);
  }

  /** No grant at all, and the default limits. */
  public static Policy none() {
    return NONE;
  }

  /**
   * What opens nothing of the machine to a guest: standard streams, clocks and random numbers. The
   * limits are the default ones.
   */
  public static Policy standard() {
    return NONE.stdio(true).clocks(true).random(true);
  }

  // ---- grants ----

  /** Grants a directory whose growth only {@link #maxDisk} limits. */
  public Policy directory(Path host, String guest, Rights rights) {
    return directory(host, guest, rights, Long.MAX_VALUE);
  }

  /**
   * Grants a directory as {@link Wasi#directory(Path, String, Rights, long)} does. It replaces one
   * that the guest knows by the same name.
   */
  public Policy directory(Path host, String guest, Rights rights, long maxBytes) {
    Wasi.preview1().directory(host, guest, rights, maxBytes); // checks what was given
    return with(
        draft -> draft.directories.put(guest, new DirectoryGrant(host, guest, rights, maxBytes)));
  }

  /** Sets a variable of the environment. */
  public Policy env(String name, String value) {
    Wasi.preview1().env(name, value);
    return with(draft -> draft.variables.put(name, Optional.of(value)));
  }

  /**
   * Lets the guest see variables of this process with the values that they have when an instance is
   * made; one that is not set then is not visible.
   */
  public Policy inheritEnv(String... names) {
    return with(
        draft -> {
          for (String name : names) {
            Wasi.preview1().env(name, "");
            draft.variables.put(name, Optional.empty());
          }
        });
  }

  /** Lets the guest use the network, beside what it already may. */
  public Policy network(NetworkGrant... grants) {
    return with(draft -> draft.network.addAll(List.of(grants)));
  }

  /** Lets the guest look names of hosts up, as {@link Wasi#lookup} does. */
  public Policy lookup(String... names) {
    Wasi.preview1().lookup(names);
    return with(draft -> draft.lookups.addAll(List.of(names)));
  }

  /** Opens a socket that listens, before the guest begins. */
  public Policy listener(InetSocketAddress address) {
    Wasi.preview1().listener(address);
    return with(draft -> draft.listeners.add(address));
  }

  /** Whether the guest gets the standard streams that there are for it. */
  public Policy stdio(boolean granted) {
    return with(draft -> draft.stdio = granted);
  }

  /** Whether the guest may know the time, and wait for it. */
  public Policy clocks(boolean granted) {
    return with(draft -> draft.clocks = granted);
  }

  /** Whether the guest gets random numbers. */
  public Policy random(boolean granted) {
    return with(draft -> draft.random = granted);
  }

  // ---- limits ----

  /** Replaces the limits that the engine enforces. */
  public Policy limits(ResourceLimits limits) {
    return with(draft -> draft.limits = limits);
  }

  /** How many threads the guest may have beside the one that calls it; none by default. */
  public Policy maxThreads(int max) {
    Wasi.preview1().threads(max);
    return with(draft -> draft.maxThreads = max);
  }

  /** How many descriptors the guest may have open at once, at least 3. */
  public Policy maxOpenFiles(int max) {
    Wasi.preview1().maxOpenFiles(max);
    return with(draft -> draft.maxOpenFiles = max);
  }

  /** How many bytes the guest may write to standard output and standard error together. */
  public Policy maxOutput(long bytes) {
    Wasi.preview1().maxOutput(bytes);
    return with(draft -> draft.maxOutput = bytes);
  }

  /** By how many bytes what lies in all granted directories together may grow. */
  public Policy maxDisk(long bytes) {
    Wasi.preview1().maxDisk(bytes);
    return with(draft -> draft.maxDisk = bytes);
  }

  /** How many instances of one guest there may be at once, at least 1; {@link #pool} heeds it. */
  public Policy maxInstances(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("at least 1 instance is expected, found " + max);
    }
    return with(draft -> draft.maxInstances = max);
  }

  // ---- effect ----

  /** WASI with what is granted, over this machine and the standard streams of this process. */
  public Wasi wasi() {
    return wasi(Wasi.preview1().inheritStdio());
  }

  /**
   * WASI with what is granted.
   *
   * @param base what there is for the guest: its arguments, and the streams, clocks and random
   *     numbers that it gets if they are granted
   * @return the base with everything granted and limited as the policy says
   */
  public Wasi wasi(Wasi base) {
    Wasi wasi = base;
    if (!parts.stdio) {
      wasi = wasi.withoutStdio();
    }
    if (!parts.clocks) {
      wasi = wasi.withoutClocks();
    }
    if (!parts.random) {
      wasi = wasi.withoutRandom();
    }
    for (DirectoryGrant grant : parts.directories.values()) {
      wasi = wasi.directory(grant.host(), grant.guest(), grant.rights(), grant.maxBytes());
    }
    for (InetSocketAddress listener : parts.listeners) {
      wasi = wasi.listener(listener);
    }
    if (!parts.network.isEmpty()) {
      wasi = wasi.network(parts.network.toArray(NetworkGrant[]::new));
    }
    if (!parts.lookups.isEmpty()) {
      wasi = wasi.lookup(parts.lookups.toArray(String[]::new));
    }
    return wasi.env(environment())
        .threads(parts.maxThreads)
        .maxOpenFiles(parts.maxOpenFiles)
        .maxOutput(parts.maxOutput)
        .maxDisk(parts.maxDisk);
  }

  /**
   * The C library for guests without WASI, with what is granted: nothing but printing and a clock.
   *
   * @param base what there is for the guest: a stream and a clock, which it gets if they are
   *     granted
   */
  public Libc libc(Libc base) {
    Libc libc = parts.stdio ? base : base.withoutStdio();
    return (parts.clocks ? libc : libc.withoutClocks()).maxOutput(parts.maxOutput);
  }

  /**
   * What the engine is to enforce, for {@link WasmModule#instantiate(Imports,
   * java.util.function.UnaryOperator)}.
   */
  public ResourceLimits limits() {
    return parts.limits;
  }

  /** A pool of at most {@link #maxInstances()} instances with these limits. */
  public InstancePool pool(WasmModule module, Imports imports) {
    return InstancePool.of(module, imports, parts.maxInstances, any -> parts.limits);
  }

  /**
   * Says what a module would get: what it imports, by what the imports are needed for.
   *
   * @param imports where the imports come from, {@link #wasi} among them
   */
  public List<Explanation> explain(WasmModule module, Imports imports) {
    return Explanation.of(this, module, imports);
  }

  // ---- what is in it ----

  /** The granted directories, in the order of their descriptors. */
  public List<DirectoryGrant> directories() {
    return List.copyOf(parts.directories.values());
  }

  /** The variables that a guest sees if it is made now. */
  public Map<String, String> environment() {
    Map<String, String> visible = new LinkedHashMap<>();
    for (Map.Entry<String, Optional<String>> variable : parts.variables.entrySet()) {
      String name = variable.getKey();
      variable
          .getValue()
          .or(() -> Optional.ofNullable(System.getenv(name)))
          .ifPresent(value -> visible.put(name, value));
    }
    return Collections.unmodifiableMap(visible);
  }

  /** The grants for the network. */
  public List<NetworkGrant> network() {
    return List.copyOf(parts.network);
  }

  /** The names that may be looked up beside those of the grants for the network. */
  public List<String> lookups() {
    return List.copyOf(parts.lookups);
  }

  /** Where sockets listen for the guest, in the order of their descriptors. */
  public List<InetSocketAddress> listeners() {
    return List.copyOf(parts.listeners);
  }

  /** Whether the guest gets standard streams. */
  public boolean stdio() {
    return parts.stdio;
  }

  /** Whether the guest may know the time. */
  public boolean clocks() {
    return parts.clocks;
  }

  /** Whether the guest gets random numbers. */
  public boolean random() {
    return parts.random;
  }

  /** How many threads the guest may have beside the one that calls it. */
  public int maxThreads() {
    return parts.maxThreads;
  }

  /** How many descriptors the guest may have open at once. */
  public int maxOpenFiles() {
    return parts.maxOpenFiles;
  }

  /** How many bytes the guest may write to standard output and standard error together. */
  public long maxOutput() {
    return parts.maxOutput;
  }

  /** By how many bytes what lies in all granted directories together may grow. */
  public long maxDisk() {
    return parts.maxDisk;
  }

  /** How many instances of one guest there may be at once. */
  public int maxInstances() {
    return parts.maxInstances;
  }
}
