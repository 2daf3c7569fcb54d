package dev.sampan.wasi.preview1;

import dev.sampan.wasi.NetworkGrant;
import dev.sampan.wasi.NetworkGrant.Direction;
import dev.sampan.wasi.NetworkGrant.Protocol;
import dev.sampan.wasi.capability.AddressRange;
import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an instance may do with the network. A grant for a name holds for the addresses that were
 * given for it: they are remembered, so that what is connected to is what was checked, whatever the
 * name stands for by then.
 */
final class Network {

  private static final int MAX_ANSWERS = 4096;

  /** A grant, ready to be compared. */
  private static final class Rule {
    final NetworkGrant grant;
    final Optional<AddressRange> range;
    final List<AddressRange> within = new ArrayList<>();
    final Set<InetAddress> answers =
        Collections.newSetFromMap(
            new LinkedHashMap<>() {
              private static final long serialVersionUID = 1L;

              @Override
              protected boolean removeEldestEntry(Map.Entry<InetAddress, Boolean> eldest) {
                return size() > MAX_ANSWERS;
              }
            });

    Rule(NetworkGrant grant) {
      this.grant = grant;
      this.range = AddressRange.parse(grant.host());
      for (String each : grant.within()) {
        AddressRange.parse(each).ifPresent(within::add);
      }
    }

    boolean matches(String name) {
      return NetworkGrant.matches(grant.host(), name);
    }

    /** Whether an address may be the answer for a name of this grant. */
    boolean admits(String name, InetAddress address) {
      return grant.host().equals("*")
          || AddressRange.isPublic(address)
          || within.stream().anyMatch(each -> each.contains(address))
          || name.equals("localhost") && address.isLoopbackAddress();
    }

    boolean covers(InetAddress address) {
      return grant.host().equals("*")
          || range.isPresent() && range.get().contains(address)
          || answers.contains(address);
    }
  }

  private final List<Rule> rules;
  private final List<String> lookups;
  private final Gate gate;

  Network(Settings settings, Gate gate) {
    this.rules = settings.network().stream().map(Rule::new).toList();
    this.lookups = settings.lookups();
    this.gate = gate;
  }

  /** Whether anything is granted at all. */
  boolean isEmpty() {
    return rules.isEmpty();
  }

  private synchronized boolean isAllowed(
      Direction direction, Protocol protocol, InetSocketAddress address) {
    int port = address.getPort();
    return rules.stream()
        .anyMatch(
            rule ->
                (rule.grant.direction() == direction
                        || direction == Direction.BIND
                            && rule.grant.direction() == Direction.LISTEN)
                    && rule.grant.protocol() == protocol
                    && rule.grant.firstPort() <= port
                    && port <= rule.grant.lastPort()
                    && rule.covers(address.getAddress()));
  }

  /** Fails unless an address may be used. */
  void require(String call, Direction direction, Protocol protocol, InetSocketAddress address)
      throws ErrnoException {
    String host = address.getAddress().getHostAddress();
    String wanted =
        new NetworkGrant(direction, protocol, host, address.getPort(), address.getPort(), List.of())
            .toString();
    if (!isAllowed(direction, protocol, address)) {
      throw gate.refused(Errno.ACCES, call, "network " + wanted, "network", wanted);
    }
    gate.allowed(call, "network", wanted);
  }

  /** Fails unless a socket may be made, which is of no use without any grant for its protocol. */
  void requireAny(String call, Protocol protocol) throws ErrnoException {
    String name = protocol.name().toLowerCase(Locale.ROOT);
    if (rules.stream().noneMatch(rule -> rule.grant.protocol() == protocol)) {
      throw gate.refused(
          Errno.ACCES, call, "network connect:%s:HOST:PORT".formatted(name), "protocol", name);
    }
    gate.allowed(call, "protocol", name);
  }

  /** Fails unless a name may be looked up. */
  void requireName(String call, String name) throws ErrnoException {
    if (rules.stream().noneMatch(rule -> rule.matches(name)) && !isLookup(name)) {
      String needed = "network connect:tcp:%s:PORT".formatted(name);
      throw gate.refused(Errno.ACCES, call, needed, "host", name);
    }
    gate.allowed(call, "host", name);
  }

  private boolean isLookup(String name) {
    return lookups.stream().anyMatch(each -> NetworkGrant.matches(each, name));
  }

  /** Those of the addresses of a name that the guest may know, and may connect to from now on. */
  synchronized List<InetAddress> admit(String call, String name, List<InetAddress> addresses) {
    List<InetAddress> admitted = new ArrayList<>();
    for (InetAddress address : addresses) {
      boolean known =
          isLookup(name)
              && (AddressRange.isPublic(address)
                  || rules.stream().anyMatch(rule -> rule.covers(address)));
      for (Rule rule : rules) {
        if (rule.matches(name) && rule.admits(name, address)) {
          rule.answers.add(address);
          known = true;
        }
      }
      if (known) {
        admitted.add(address);
      } else {
        gate.tell(
            call,
            false,
            "the grant for %s within %s".formatted(name, address.getHostAddress()),
            "host",
            name,
            "address",
            address.getHostAddress());
      }
    }
    return admitted;
  }
}
