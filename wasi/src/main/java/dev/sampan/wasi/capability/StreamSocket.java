package dev.sampan.wasi.capability;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket of TCP. What will become of it, one end of a connection or a listener, is not known when
 * it is made; Java has a class for each, so a listener begins as an unconnected channel that gives
 * its address on.
 */
public final class StreamSocket extends Socket {

  private static final int CHUNK = 1 << 13;

  private SocketChannel channel;
  private @Nullable ServerSocketChannel server;
  private @Nullable StreamSocket waiting;
  private final ByteBuffer ahead = ByteBuffer.allocate(CHUNK).limit(0);
  private boolean ended;
  private boolean sendingEnded;
  private @Nullable IOException connectFailure;

  private StreamSocket(StandardProtocolFamily family, SocketChannel channel) throws IOException {
    super(family);
    this.channel = channel;
    channel.configureBlocking(false);
  }

  /** A new socket, neither connected nor listening. */
  public static StreamSocket open(StandardProtocolFamily family) throws IOException {
    return new StreamSocket(family, SocketChannel.open(family));
  }

  /** A new socket that listens. */
  public static StreamSocket listening(StandardProtocolFamily family, InetSocketAddress address)
      throws IOException {
    StreamSocket socket = open(family);
    try {
      socket.listen(address, 0);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public FileType type() {
    return FileType.SOCKET_STREAM;
  }

  @Override
  synchronized SelectableChannel selectable() {
    return server != null ? server : channel;
  }

  @Override
  synchronized NetworkChannel network() {
    return server != null ? server : channel;
  }

  @Override
  synchronized int readOps() {
    if (server != null) {
      return SelectionKey.OP_ACCEPT;
    }
    return channel.isConnectionPending() ? SelectionKey.OP_CONNECT : SelectionKey.OP_READ;
  }

  @Override
  synchronized int writeOps() {
    if (server != null) {
      return SelectionKey.OP_ACCEPT;
    }
    return channel.isConnectionPending() ? SelectionKey.OP_CONNECT : SelectionKey.OP_WRITE;
  }

  @Override
  public synchronized Ready ready() throws IOException {
    if (server != null) {
      waiting = waiting == null ? acceptNow(server) : waiting;
      return waiting == null ? Ready.NOTHING : Ready.DATA;
    } else if (!channel.isConnected()) {
      return connectFailure != null || !channel.isConnectionPending() ? Ready.END : Ready.NOTHING;
    }
    fill();
    return ahead.hasRemaining() ? Ready.DATA : ended ? Ready.END : Ready.NOTHING;
  }

  /** Receives ahead, so that it is known whether there is something, and how much. */
  private void fill() throws IOException {
    if (ahead.hasRemaining() || ended) {
      return;
    }
    ahead.clear();
    int count;
    try {
      count = run(() -> channel.read(ahead));
    } finally {
      ahead.flip();
    }
    ended = count < 0;
  }

  @Override
  public synchronized int available() {
    return server != null ? 0 : ahead.remaining();
  }

  @Override
  public synchronized boolean writable() throws IOException {
    if (server != null) {
      return false;
    }
    try {
      if (!finishConnect()) {
        return false;
      }
    } catch (IOException e) {
      connectFailure = e;
      return true;
    }
    return sendingEnded || Waiting.isWritable(this);
  }

  @Override
  synchronized NetworkChannel bindable() throws IOException {
    if (server != null) {
      throw new ErrnoException(Errno.INVAL);
    }
    return channel;
  }

  @Override
  public synchronized boolean connect(InetSocketAddress address) throws IOException {
    if (server != null) {
      throw new ErrnoException(Errno.INVAL);
    }
    return run(() -> channel.connect(address));
  }

  @Override
  public synchronized boolean finishConnect() throws IOException {
    if (connectFailure != null) {
      IOException failure = connectFailure;
      connectFailure = null;
      throw failure;
    }
    return channel.isConnected() || channel.isConnectionPending() && channel.finishConnect();
  }

  /**
   * Begins to listen at the address it was bound to.
   *
   * @param backlog how many connections wait to be accepted; 0 or less for the system's default
   */
  public synchronized void listen(int backlog) throws IOException {
    if (server != null) {
      return;
    }
    if (channel.isConnected() || channel.isConnectionPending()) {
      throw new ErrnoException(Errno.INVAL);
    }
    listen(localAddress(), backlog);
  }

  private void listen(InetSocketAddress address, int backlog) throws IOException {
    ServerSocketChannel listener =
        ServerSocketChannel.open((StandardProtocolFamily) family())
            .setOption(StandardSocketOptions.SO_REUSEADDR, true);
    try {
      listener.configureBlocking(false);
      listener.setOption(
          StandardSocketOptions.SO_RCVBUF, channel.getOption(StandardSocketOptions.SO_RCVBUF));
      if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        listener.setOption(
            StandardSocketOptions.SO_REUSEPORT,
            channel.getOption(StandardSocketOptions.SO_REUSEPORT));
      }
      // Both cannot have the address at once.
      channel.close();
      run(() -> listener.bind(address, backlog));
      server = listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  /** A connection that waits to be accepted, or null. */
  public synchronized @Nullable StreamSocket accept() throws IOException {
    if (server == null) {
      throw new ErrnoException(Errno.INVAL);
    }
    StreamSocket accepted = waiting != null ? waiting : acceptNow(server);
    waiting = null;
    return accepted;
  }

  private @Nullable StreamSocket acceptNow(ServerSocketChannel listener) throws IOException {
    SocketChannel accepted = run(listener::accept);
    return accepted == null ? null : new StreamSocket((StandardProtocolFamily) family(), accepted);
  }

  private void requireConnected() throws ErrnoException {
    if (server != null || !channel.isConnected()) {
      throw new ErrnoException(Errno.NOTCONN);
    }
  }

  @Override
  public synchronized int receive(byte[] target, int length, boolean peek) throws IOException {
    requireConnected();
    if (length == 0) {
      return 0;
    }
    if (peek || ahead.hasRemaining()) {
      fill();
      int count = Math.min(length, ahead.remaining());
      ahead.get(ahead.position(), target, 0, count);
      if (!peek) {
        ahead.position(ahead.position() + count);
      }
      return count > 0 ? count : ended ? 0 : WOULD_BLOCK;
    } else if (ended) {
      return 0;
    }
    int count = run(() -> channel.read(ByteBuffer.wrap(target, 0, length)));
    ended = count < 0;
    return ended ? 0 : count == 0 ? WOULD_BLOCK : count;
  }

  @Override
  public synchronized int send(byte[] source, int length) throws IOException {
    requireConnected();
    if (sendingEnded) {
      throw new ErrnoException(Errno.PIPE);
    } else if (length == 0) {
      return 0;
    }
    int count = run(() -> channel.write(ByteBuffer.wrap(source, 0, length)));
    return count == 0 ? WOULD_BLOCK : count;
  }

  @Override
  public synchronized void shutdown(boolean receiving, boolean sending) throws IOException {
    requireConnected();
    if (receiving) {
      run(channel::shutdownInput);
      ahead.limit(ahead.position());
      ended = true;
    }
    if (sending) {
      run(channel::shutdownOutput);
      sendingEnded = true;
    }
  }

  @Override
  public synchronized InetSocketAddress remoteAddress() throws IOException {
    requireConnected();
    if (run(channel::getRemoteAddress) instanceof InetSocketAddress address) {
      return address;
    }
    throw new ErrnoException(Errno.NOTCONN);
  }

  @Override
  public synchronized void close() throws IOException {
    if (waiting != null) {
      waiting.close();
    }
    if (server != null) {
      server.close();
    }
    channel.close();
  }
}
