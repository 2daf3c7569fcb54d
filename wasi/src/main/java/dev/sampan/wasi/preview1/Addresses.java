package dev.sampan.wasi.preview1;

import dev.sampan.wasi.capability.Errno;
import dev.sampan.wasi.capability.ErrnoException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Addresses in the guest's memory: a kind, then four octets or eight groups, then the port. Groups
 * and ports are little-endian numbers.
 */
final class Addresses {

  private static final int KIND_V4 = 0;
  private static final int KIND_V6 = 1;
  private static final int SIZE = 24;
  private static final int BARE_SIZE = 20;

  private Addresses() {}

  /** Reads an address with its port. */
  static InetSocketAddress read(GuestMemory memory, int address) throws ErrnoException {
    memory.check(address, SIZE, 4);
    InetAddress host = readBare(memory, address);
    boolean v4 = memory.i32(address) == KIND_V4;
    return new InetSocketAddress(host, memory.u16(address + (v4 ? 8 : 20)));
  }

  /** Reads an address without a port. */
  static InetAddress readBare(GuestMemory memory, int address) throws ErrnoException {
    memory.check(address, BARE_SIZE, 4);
    byte[] bytes;
    switch (memory.i32(address)) {
      case KIND_V4 -> {
        bytes = new byte[4];
        memory.read(address + 4, bytes, 0, 4);
      }
      case KIND_V6 -> {
        bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
          int group = memory.u16(address + 4 + 2 * i);
          bytes[2 * i] = (byte) (group >> 8);
          bytes[2 * i + 1] = (byte) group;
        }
      }
      default -> throw new ErrnoException(Errno.PROTONOSUPPORT);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of a wrong length, please report", e);
    }
  }

  /** Writes an address with its port. */
  static void write(GuestMemory memory, int address, InetSocketAddress value) {
    memory.check(address, SIZE, 4);
    memory.write(address, new byte[SIZE], 0, SIZE);
    byte[] bytes = value.getAddress().getAddress();
    if (bytes.length == 4) {
      memory.set32(address, KIND_V4);
      memory.write(address + 4, bytes, 0, 4);
      memory.set16(address + 8, value.getPort());
    } else {
      memory.set32(address, KIND_V6);
      for (int i = 0; i < 8; i++) {
        memory.set16(
            address + 4 + 2 * i,
            Byte.toUnsignedInt(bytes[2 * i]) << 8 | Byte.toUnsignedInt(bytes[2 * i + 1]));
      }
      memory.set16(address + 20, value.getPort());
    }
  }

  /**
   * The index of the interface that has an address of IPv4; 0 for the address 0.
   *
   * @param octets the address, its first octet in the lowest bits
   */
  static int interfaceOf(int octets) throws IOException {
    if (octets == 0) {
      return 0;
    }
    byte[] bytes = {
      (byte) octets, (byte) (octets >> 8), (byte) (octets >> 16), (byte) (octets >> 24)
    };
    InetAddress address = InetAddress.getByAddress(bytes);
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      List<InetAddress> own = each.inetAddresses().filter(Inet4Address.class::isInstance).toList();
      if (own.contains(address)) {
        return each.getIndex();
      }
    }
    throw new ErrnoException(Errno.NODEV);
  }
}
