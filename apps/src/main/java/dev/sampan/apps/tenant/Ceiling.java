package dev.sampan.apps.tenant;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.event.TopicFilter;
import dev.sampan.wasi.Rights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Keeps what an app is granted within what its tenant may grant. A directory must be one that the
 * tenant may grant, not one below: a guest could exchange a folder that it may write for a link,
 * and be granted what that leads to.
 */
public final class Ceiling {

  private final String tenant;
  private final Permissions most;

  /**
   * A ceiling.
   *
   * @param most what the tenant may grant
   */
  public Ceiling(String tenant, Permissions most) {
    this.tenant = tenant;
    this.most = most;
  }

  /**
   * Checks what an app is to be granted.
   *
   * @throws AppException naming the first thing that is too much
   */
  public void require(Permissions wanted) {
    for (Permissions.Directory each : wanted.directories()) {
      directory(each);
    }
    members("network", wanted.network(), most.network());
    members("lookup", wanted.lookups(), most.lookups());
    members("listener", wanted.listeners(), most.listeners());
    for (String device : wanted.devices()) {
      if (!most.mayUse(device)) {
        throw refusal("device", list(most.devices().stream()), device);
      }
    }
    filters("publish", wanted.publish(), most.publish());
    filters("subscribe", wanted.subscribe(), most.subscribe());
    if (wanted.clocks() && !most.clocks()) {
      throw refusal("clocks", "false", "true");
    }
    if (wanted.random() && !most.random()) {
      throw refusal("random", "false", "true");
    }
    limits(wanted.limits(), most.limits());
  }

  private void directory(Permissions.Directory wanted) {
    Path host = Path.of(wanted.host()).normalize();
    Optional<Permissions.Directory> found =
        most.directories().stream()
            .filter(each -> Path.of(each.host()).normalize().equals(host))
            .findFirst();
    Permissions.Directory may =
        found.orElseThrow(
            () ->
                refusal(
                    "the directory",
                    list(most.directories().stream().map(Permissions.Directory::host)),
                    wanted.host()));
    if (wanted.rights() == Rights.READ_WRITE && may.rights() == Rights.READ_ONLY) {
      throw refusal("the directory " + wanted.host(), "to read only", "to write");
    }
    atMost("the growth of " + wanted.host(), wanted.maxBytes(), may.maxBytes());
  }

  private void members(String what, List<String> wanted, List<String> may) {
    for (String each : wanted) {
      if (!may.contains(each)) {
        throw refusal(what, list(may.stream()), each);
      }
    }
  }

  private void filters(String what, List<String> wanted, List<String> may) {
    List<TopicFilter> granted = may.stream().map(TopicFilter::of).toList();
    for (String each : wanted) {
      if (granted.stream().noneMatch(filter -> filter.covers(TopicFilter.of(each)))) {
        throw refusal(what, list(may.stream()), each);
      }
    }
  }

  private static String list(Stream<String> all) {
    List<String> known = all.toList();
    return known.isEmpty() ? "none" : String.join(", ", known);
  }

  private void limits(Permissions.Limits wanted, Permissions.Limits may) {
    atMost("maxMemory", wanted.maxMemory(), may.maxMemory());
    atMost("maxTableElements", wanted.maxTableElements(), may.maxTableElements());
    atMost("fuel", wanted.fuel(), may.fuel());
    atMost("timeout in ns", nanos(wanted.timeout()), nanos(may.timeout()));
    atMost("maxThreads", wanted.maxThreads(), may.maxThreads());
    atMost("maxOpenFiles", wanted.maxOpenFiles(), may.maxOpenFiles());
    atMost("maxOutput", wanted.maxOutput(), may.maxOutput());
    atMost("maxDisk", wanted.maxDisk(), may.maxDisk());
  }

  private static OptionalLong nanos(Optional<Duration> time) {
    return time.isPresent() ? OptionalLong.of(time.get().toNanos()) : OptionalLong.empty();
  }

  private void atMost(String what, OptionalLong wanted, OptionalLong may) {
    if (may.isPresent()) {
      if (wanted.isEmpty()) {
        throw refusal(what, "at most " + may.getAsLong(), "no limit");
      }
      atMost(what, wanted.getAsLong(), may.getAsLong());
    }
  }

  private void atMost(String what, long wanted, long may) {
    if (wanted > may) {
      throw refusal(what, "at most " + may, String.valueOf(wanted));
    }
  }

  private AppException refusal(String what, String may, String found) {
    return new AppException(
        AppException.Reason.NOT_ALLOWED,
        "tenant '%s' may not grant this to an app: %s: expected %s, found %s"
            .formatted(tenant, what, may, found),
        null);
  }
}
