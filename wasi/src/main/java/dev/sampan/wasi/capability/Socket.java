package dev.sampan.wasi.capability;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * A socket. No method waits: those that cannot do anything now say so by {@link #WOULD_BLOCK} or
 * null, and {@link Waiting} waits until they can. Whether an address may be used is not decided
 * here.
 */
public abstract sealed class Socket implements Descriptor permits StreamSocket, DatagramSocket {

  /** The answer of a method that can do nothing now. */
  public static final int WOULD_BLOCK = -1;

  /** Something done with a channel of Java, which has exceptions of its own for wrong states. */
  interface ChannelAction<T> {
    T run() throws IOException;
  }

  private final StandardProtocolFamily family;
  private volatile @Nullable InetSocketAddress wanted;
  private volatile long receiveTimeout;
  private volatile long sendTimeout;

  Socket(StandardProtocolFamily family) {
    this.family = family;
  }

  /** Whether its addresses are of IPv4 or IPv6. */
  public final ProtocolFamily family() {
    return family;
  }

  /** How long receiving and accepting wait, in nanoseconds; 0 for ever. */
  public final long receiveTimeout() {
    return receiveTimeout;
  }

  /** Sets how long receiving and accepting wait, in nanoseconds; 0 for ever. */
  public final void receiveTimeout(long nanos) {
    receiveTimeout = nanos;
  }

  /** How long sending and connecting wait, in nanoseconds; 0 for ever. */
  public final long sendTimeout() {
    return sendTimeout;
  }

  /** Sets how long sending and connecting wait, in nanoseconds; 0 for ever. */
  public final void sendTimeout(long nanos) {
    sendTimeout = nanos;
  }

  @Override
  public final FileStatus status() {
    return FileStatus.ofStream(type());
  }

  static <T> T run(ChannelAction<T> action) throws IOException {
    try {
      return action.run();
    } catch (AlreadyConnectedException e) {
      throw new ErrnoException(Errno.ISCONN);
    } catch (NotYetConnectedException e) {
      throw new ErrnoException(Errno.NOTCONN);
    } catch (ConnectionPendingException e) {
      throw new ErrnoException(Errno.ALREADY);
    } catch (AlreadyBoundException | NotYetBoundException e) {
      throw new ErrnoException(Errno.INVAL);
    } catch (UnsupportedAddressTypeException | UnresolvedAddressException e) {
      throw new ErrnoException(Errno.AFNOSUPPORT);
    }
  }

  /** The channel to wait for. */
  abstract SelectableChannel selectable();

  /** The channel that has the options and the address. */
  abstract NetworkChannel network();

  /** What to wait for until there is something to receive, or to accept. */
  abstract int readOps();

  /** What to wait for until something can be sent, or a connection is made. */
  abstract int writeOps();

  /** What is waiting to be received. */
  public enum Ready {
    NOTHING,
    DATA,
    END
  }

  /** Whether receiving, or accepting, would give something now. */
  public abstract Ready ready() throws IOException;

  /** How many bytes can certainly be received now. */
  public abstract int available();

  /** Whether sending would do something now, or a connection was made or has failed. */
  public abstract boolean writable() throws IOException;

  /** Gives it an address of this machine. */
  public final void bind(InetSocketAddress address) throws IOException {
    run(() -> bindable().bind(address));
    wanted = address;
  }

  /**
   * The address it was to be bound to, whose port may be 0 to let the system choose one; its own
   * address if there was none.
   */
  public final InetSocketAddress wantedAddress() throws IOException {
    return wanted != null ? wanted : localAddress();
  }

  abstract NetworkChannel bindable() throws IOException;

  /**
   * Connects it.
   *
   * @return whether that is done; otherwise it goes on, and {@link #finishConnect} tells
   */
  public abstract boolean connect(InetSocketAddress address) throws IOException;

  /** Whether a connection that was begun is made now. */
  public abstract boolean finishConnect() throws IOException;

  /**
   * Receives, at most as many bytes as asked for.
   *
   * @param peek whether they stay to be received once more
   * @return how many; 0 at the end of a stream
   */
  public abstract int receive(byte[] target, int length, boolean peek) throws IOException;

  /** Sends, at least one byte of a stream or the whole of a datagram, and returns how many. */
  public abstract int send(byte[] source, int length) throws IOException;

  /** Ends receiving, sending, or both. */
  public abstract void shutdown(boolean receiving, boolean sending) throws IOException;

  /** Its own address; one of zeros if it has none yet. */
  public final InetSocketAddress localAddress() throws IOException {
    return run(network()::getLocalAddress) instanceof InetSocketAddress address
        ? address
        : new InetSocketAddress(anyAddress(), 0);
  }

  private InetAddress anyAddress() {
    byte[] zeros = new byte[family == StandardProtocolFamily.INET ? 4 : 16];
    try {
      return InetAddress.getByAddress(zeros);
    } catch (UnknownHostException e) {
      throw new AssertionError("please report", e);
    }
  }

  /** The address it is connected to. */
  public abstract InetSocketAddress remoteAddress() throws IOException;

  /** An option by its name in Java; fails if this system has none for such a socket. */
  private SocketOption<?> option(String name) throws ErrnoException {
    for (SocketOption<?> option : network().supportedOptions()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw new ErrnoException(Errno.NOPROTOOPT);
  }

  /** The value of an option, or null if it has none. */
  public final @Nullable Object option(String name, Class<?> type) throws IOException {
    SocketOption<?> option = option(name);
    requireType(option, type);
    return run(() -> network().getOption(option));
  }

  private static void requireType(SocketOption<?> option, Class<?> type) throws ErrnoException {
    if (option.type() != type) {
      throw new ErrnoException(Errno.NOPROTOOPT);
    }
  }

  /** Sets an option. */
  public final <T> void setOption(String name, Class<T> type, T value) throws IOException {
    SocketOption<?> option = option(name);
    requireType(option, type);
    setOption(network(), option, value);
  }

  /** Sets an option whose type is known to be that of the value. */
  @SuppressWarnings("unchecked")
  static <T> void setOption(NetworkChannel channel, SocketOption<?> option, T value)
      throws IOException {
    try {
      run(() -> channel.setOption((SocketOption<T>) option, value));
    } catch (IllegalArgumentException e) {
      throw new ErrnoException(Errno.INVAL);
    } catch (UnsupportedOperationException e) {
      throw new ErrnoException(Errno.NOPROTOOPT);
    }
  }
}
