package dev.sampan.wasi.capability;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A socket of UDP. */
public final class DatagramSocket extends Socket {

  /** The largest there can be. */
  private static final int MAX_DATAGRAM = 1 << 16;

  /** A datagram that was received and not taken yet. */
  private record Waiting(byte[] content, InetSocketAddress from) {}

  private record Membership(InetAddress group, int through) {}

  private final DatagramChannel channel;
  private final Map<Membership, MembershipKey> memberships = new HashMap<>();
  private @Nullable Waiting ahead;
  private @Nullable InetSocketAddress lastFrom;
  private boolean lastCut;
  private boolean receivingEnded;
  private boolean sendingEnded;

  private DatagramSocket(StandardProtocolFamily family) throws IOException {
    super(family);
    channel = DatagramChannel.open(family);
    channel.configureBlocking(false);
  }

  /** A new socket. */
  public static DatagramSocket open(StandardProtocolFamily family) throws IOException {
    return new DatagramSocket(family);
  }

  @Override
  public FileType type() {
    return FileType.SOCKET_DGRAM;
  }

  @Override
  SelectableChannel selectable() {
    return channel;
  }

  @Override
  NetworkChannel network() {
    return channel;
  }

  @Override
  int readOps() {
    return SelectionKey.OP_READ;
  }

  @Override
  int writeOps() {
    return SelectionKey.OP_WRITE;
  }

  private @Nullable Waiting next() throws IOException {
    if (ahead == null && !receivingEnded) {
      ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
      if (run(() -> channel.receive(buffer)) instanceof InetSocketAddress from) {
        byte[] content = new byte[buffer.flip().remaining()];
        buffer.get(content);
        ahead = new Waiting(content, from);
      }
    }
    return ahead;
  }

  @Override
  public synchronized Ready ready() throws IOException {
    return next() != null ? Ready.DATA : receivingEnded ? Ready.END : Ready.NOTHING;
  }

  @Override
  public synchronized int available() {
    return ahead == null ? 0 : ahead.content.length;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  NetworkChannel bindable() {
    return channel;
  }

  @Override
  public synchronized boolean connect(InetSocketAddress address) throws IOException {
    // A datagram socket may be connected anew, as often as one likes.
    if (channel.isConnected()) {
      channel.disconnect();
    }
    run(() -> channel.connect(address));
    return true;
  }

  @Override
  public boolean finishConnect() {
    return true;
  }

  @Override
  public synchronized int receive(byte[] target, int length, boolean peek) throws IOException {
    Waiting next = next();
    if (next == null) {
      return receivingEnded ? 0 : WOULD_BLOCK;
    }
    int count = Math.min(length, next.content.length);
    System.arraycopy(next.content, 0, target, 0, count);
    lastFrom = next.from;
    lastCut = count < next.content.length;
    if (!peek) {
      ahead = null;
    }
    return count;
  }

  /** Who sent what was received last. */
  public synchronized InetSocketAddress lastFrom() throws ErrnoException {
    if (lastFrom == null) {
      throw new ErrnoException(Errno.NOTCONN);
    }
    return lastFrom;
  }

  /** Whether what was received last was longer than asked for; the rest is lost. */
  public synchronized boolean lastCut() {
    return lastCut;
  }

  @Override
  public synchronized int send(byte[] source, int length) throws IOException {
    requireSending();
    if (!channel.isConnected()) {
      throw new ErrnoException(Errno.DESTADDRREQ);
    }
    int count = run(() -> channel.write(ByteBuffer.wrap(source, 0, length)));
    return count < length ? WOULD_BLOCK : count;
  }

  /** Sends a datagram to an address. */
  public synchronized int send(byte[] source, int length, InetSocketAddress to) throws IOException {
    requireSending();
    if (to.getPort() == 0) {
      throw new ErrnoException(Errno.INVAL);
    } else if (channel.isConnected()) {
      throw new ErrnoException(Errno.ISCONN);
    }
    int count = run(() -> channel.send(ByteBuffer.wrap(source, 0, length), to));
    return count < length ? WOULD_BLOCK : count;
  }

  private void requireSending() throws ErrnoException {
    if (sendingEnded) {
      throw new ErrnoException(Errno.PIPE);
    }
  }

  @Override
  public synchronized void shutdown(boolean receiving, boolean sending) throws IOException {
    if (!channel.isConnected()) {
      throw new ErrnoException(Errno.NOTCONN);
    }
    receivingEnded |= receiving;
    sendingEnded |= sending;
  }

  /**
   * Joins a group of receivers, or leaves it.
   *
   * @param through the index of the network interface; 0 for the one the system would choose
   */
  public synchronized void membership(InetAddress group, int through, boolean member)
      throws IOException {
    if (!group.isMulticastAddress()) {
      throw new ErrnoException(Errno.INVAL);
    }
    Membership wanted = new Membership(group, through);
    if (!member) {
      MembershipKey key = memberships.remove(wanted);
      if (key == null) {
        throw new ErrnoException(Errno.ADDRNOTAVAIL);
      }
      key.drop();
      return;
    } else if (memberships.containsKey(wanted)) {
      throw new ErrnoException(Errno.ADDRINUSE);
    }
    NetworkInterface network =
        through == 0 ? defaultInterface() : NetworkInterface.getByIndex(through);
    if (network == null) {
      throw new ErrnoException(Errno.NODEV);
    }
    try {
      memberships.put(wanted, run(() -> channel.join(group, network)));
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new ErrnoException(Errno.AFNOSUPPORT);
    }
  }

  private @Nullable NetworkInterface defaultInterface() throws IOException {
    NetworkInterface chosen = channel.getOption(StandardSocketOptions.IP_MULTICAST_IF);
    if (chosen != null) {
      return chosen;
    }
    return NetworkInterface.networkInterfaces()
        .filter(DatagramSocket::isUsable)
        .findFirst()
        .orElse(null);
  }

  private static boolean isUsable(NetworkInterface network) {
    try {
      return network.isUp() && network.supportsMulticast();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized InetSocketAddress remoteAddress() throws IOException {
    if (run(channel::getRemoteAddress) instanceof InetSocketAddress address) {
      return address;
    }
    throw new ErrnoException(Errno.NOTCONN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
