package dev.sampan.apps.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/** A connection by TCP. */
public final class TcpConnection implements Connection {

  private final SocketChannel channel;
  private final Poller poller;
  private final Sink sink;
  private final Flow flow = new Flow();
  private final ByteBuffer buffer = ByteBuffer.allocate(Sink.MAX_PIECE);
  private final SelectionKey key;

  private TcpConnection(SocketChannel channel, Poller poller, Sink sink) throws IOException {
    this.channel = channel;
    this.poller = poller;
    this.sink = sink;
    this.key = poller.register(channel, this::read);
  }

  /**
   * Connects, and waits for that.
   *
   * @param time how long to wait at most
   */
  public static TcpConnection open(
      InetSocketAddress address, Duration time, Poller poller, Sink sink) throws IOException {
    SocketChannel channel = SocketChannel.open();
    boolean opened = false;
    try {
      channel.socket().connect(address, Math.toIntExact(time.toMillis()));
      channel.configureBlocking(false);
      TcpConnection connection = new TcpConnection(channel, poller, sink);
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private void read(SelectionKey ready) {
    int count;
    try {
      buffer.clear();
      count = channel.read(buffer);
    } catch (IOException e) {
      count = -1; // broken off by the peer: for an app the same as ended
    }
    if (count < 0) {
      ready.cancel();
      sink.ended();
    } else if (count > 0) {
      flow.came(ready);
      sink.received(Arrays.copyOf(buffer.array(), count), null);
    }
  }

  @Override
  public int send(byte[] data) throws IOException {
    return channel.write(ByteBuffer.wrap(data));
  }

  @Override
  public void taken() {
    flow.taken(key);
  }

  @Override
  public void close() throws IOException {
    poller.close(channel);
  }
}
