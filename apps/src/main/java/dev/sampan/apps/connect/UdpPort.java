package dev.sampan.apps.connect;

import dev.sampan.apps.wire.AttributeContainer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A port of UDP at which datagrams come. While one revision of an app takes over from another one,
 * both have it; then datagrams come to the one that is current.
 */
public final class UdpPort {

  private final DatagramChannel channel;
  private final Poller poller;
  private final SelectionKey key;
  private final ByteBuffer buffer = ByteBuffer.allocate(Sink.MAX_PIECE);
  private final List<Shared> sharing = new CopyOnWriteArrayList<>();

  private UdpPort(DatagramChannel channel, Poller poller) throws IOException {
    this.channel = channel;
    this.poller = poller;
    this.key = poller.register(channel, this::read);
  }

  /** Opens a port; it is closed when the last one who shares it leaves. */
  public static UdpPort open(InetSocketAddress address, Poller poller) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    boolean opened = false;
    try {
      channel.configureBlocking(false);
      channel.bind(address);
      UdpPort port = new UdpPort(channel, poller);
      opened = true;
      return port;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  /**
   * Lets somebody have it.
   *
   * @param destination reads out of an app's wishes whom it wants to send to, and may; empty if it
   *     may not
   * @return empty if it has been closed
   */
  public synchronized Optional<Connection> share(
      Sink sink, Function<AttributeContainer, Optional<InetSocketAddress>> destination) {
    if (isClosed()) {
      return Optional.empty();
    }
    Shared shared = new Shared(sink, destination);
    sharing.add(shared);
    return Optional.of(shared);
  }

  /** Whether nobody has it any more. */
  public boolean isClosed() {
    return !channel.isOpen();
  }

  private synchronized void leave(Shared shared) throws IOException {
    sharing.remove(shared);
    // whoever has it now must not wait for what the other one did not take
    Poller.interest(key, true);
    if (sharing.isEmpty()) {
      poller.close(channel);
    }
  }

  private void read(SelectionKey ready) {
    try {
      buffer.clear();
      // what does not fit the buffer is lost; without bytes there is nothing to be told
      if (channel.receive(buffer) instanceof InetSocketAddress source && buffer.position() > 0) {
        for (Shared each : sharing) {
          if (each.sink.isCurrent()) {
            each.flow.came(ready);
            each.sink.received(Arrays.copyOf(buffer.array(), buffer.position()), source);
          }
        }
      }
    } catch (IOException e) {
      // such as that a datagram before did not arrive; the port is as good as before
    }
  }

  private final class Shared implements Connection {
    private final Sink sink;
    private final Function<AttributeContainer, Optional<InetSocketAddress>> destination;
    private final Flow flow = new Flow();
    private volatile @Nullable InetSocketAddress to;

    Shared(Sink sink, Function<AttributeContainer, Optional<InetSocketAddress>> destination) {
      this.sink = sink;
      this.destination = destination;
    }

    @Override
    public int send(byte[] data) throws IOException {
      InetSocketAddress address = to;
      return address == null ? -1 : channel.send(ByteBuffer.wrap(data), address);
    }

    @Override
    public boolean configure(AttributeContainer wishes) {
      Optional<InetSocketAddress> address = destination.apply(wishes);
      address.ifPresent(granted -> to = granted);
      return address.isPresent();
    }

    @Override
    public void taken() {
      flow.taken(key);
    }

    @Override
    public void close() throws IOException {
      leave(this);
    }
  }
}
