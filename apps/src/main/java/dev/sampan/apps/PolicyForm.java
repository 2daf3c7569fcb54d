package dev.sampan.apps;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.ResourceLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Permissions as the policy that puts them into effect, and the other way round. */
final class PolicyForm {

  private PolicyForm() {}

  /** What a policy says, see {@link Permissions#of}. */
  static Permissions permissions(Policy policy) {
    List<Permissions.Directory> directories = new ArrayList<>();
    for (Policy.DirectoryGrant each : policy.directories()) {
      String host = each.host().toAbsolutePath().normalize().toString();
      directories.add(
          new Permissions.Directory(host, each.guest(), each.rights(), each.maxBytes()));
    }
    List<String> listeners = new ArrayList<>();
    for (InetSocketAddress each : policy.listeners()) {
      listeners.add(each.getAddress().getHostAddress() + ":" + each.getPort());
    }
    return new Permissions(
        policy.environment(),
        directories,
        policy.network().stream().map(NetworkGrant::toString).toList(),
        policy.lookups(),
        listeners,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        policy.clocks(),
        policy.random(),
        limits(policy));
  }

  private static Permissions.Limits limits(Policy policy) {
    ResourceLimits limits = policy.limits();
    return new Permissions.Limits(
        limits.maxMemory(),
        limits.maxTableElements(),
        limits.fuel(),
        limits.timeout(),
        policy.maxThreads(),
        policy.maxOpenFiles(),
        policy.maxOutput(),
        policy.maxDisk());
  }

  /**
   * The policy of permissions, whose parts are given as they may not be ones yet.
   *
   * @throws IllegalArgumentException if one of them cannot be put into effect
   */
  static Policy policy(
      Map<String, String> env,
      List<Permissions.Directory> directories,
      List<String> network,
      List<String> lookups,
      List<String> listeners,
      boolean clocks,
      boolean random,
      Permissions.Limits limits) {
    Policy policy =
        Policy.standard()
            .clocks(clocks)
            .random(random)
            .limits(engineLimits(limits))
            .maxThreads(limits.maxThreads())
            .maxOpenFiles(limits.maxOpenFiles())
            .maxOutput(limits.maxOutput())
            .maxDisk(limits.maxDisk())
            .lookup(lookups.toArray(String[]::new));
    for (Map.Entry<String, String> each : env.entrySet()) {
      policy = policy.env(each.getKey(), each.getValue());
    }
    for (Permissions.Directory each : directories) {
      Path host = Path.of(each.host());
      if (!host.isAbsolute()) {
        throw new IllegalArgumentException(
            "expected an absolute path for a granted directory, found '" + host + "'");
      }
      policy = policy.directory(host, each.guest(), each.rights(), each.maxBytes());
    }
    for (String each : network) {
      policy = policy.network(NetworkGrant.parse(each));
    }
    for (String each : listeners) {
      policy = policy.listener(address(each));
    }
    return policy;
  }

  private static ResourceLimits engineLimits(Permissions.Limits limits) {
    ResourceLimits engine =
        ResourceLimits.DEFAULT
            .maxMemory(limits.maxMemory())
            .maxTableElements(limits.maxTableElements());
    if (limits.fuel().isPresent()) {
      engine = engine.fuel(limits.fuel().getAsLong());
    }
    if (limits.timeout().isPresent()) {
      engine = engine.timeout(limits.timeout().get());
    }
    return engine;
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException("expected ADDRESS:PORT, found '" + text + "'");
    }
    return new InetSocketAddress(
        InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(port));
  }
}
