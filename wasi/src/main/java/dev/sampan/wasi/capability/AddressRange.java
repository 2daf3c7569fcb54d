package dev.sampan.wasi.capability;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that begin with the same bits, such as {@code 10.0.0.0/8}; a single address is a
 * range, too.
 */
public final class AddressRange {

  /**
   * What is not reached over the public internet: this machine, the networks around it, groups, and
   * addresses that carry an IPv4 address inside of them.
   */
  private static final List<AddressRange> SPECIAL =
      List.of(
          of("0.0.0.0/8"),
          of("10.0.0.0/8"),
          of("100.64.0.0/10"),
          of("127.0.0.0/8"),
          of("169.254.0.0/16"),
          of("172.16.0.0/12"),
          of("192.0.0.0/24"),
          of("192.168.0.0/16"),
          of("198.18.0.0/15"),
          of("224.0.0.0/3"),
          of("::/96"),
          of("64:ff9b::/96"),
          of("64:ff9b:1::/48"),
          of("2002::/16"),
          of("2001::/32"),
          of("fc00::/7"),
          of("fe80::/10"),
          of("fec0::/10"),
          of("ff00::/8"));

  private final byte[] prefix;
  private final int bits;

  private AddressRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  private static AddressRange of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  /**
   * Reads an address, alone or with a number of bits behind a slash.
   *
   * @return empty if the text is nothing of the kind, such as the name of a host
   */
  public static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = address.get().getAddress();
    int bits = 8 * bytes.length;
    if (slash >= 0) {
      try {
        bits = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    return bits < 0 || bits > 8 * bytes.length
        ? Optional.empty()
        : Optional.of(new AddressRange(bytes, bits));
  }

  /** Reads an address that is written as numbers; looks nothing up. */
  public static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether an address belongs to the range; one of IPv4 never does to a range of IPv6. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != prefix.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(bytes, 0, whole, prefix, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0;
  }

  /** Whether an address is one of the public internet. */
  public static boolean isPublic(InetAddress address) {
    return SPECIAL.stream().noneMatch(range -> range.contains(address));
  }
}
