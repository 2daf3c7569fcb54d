package dev.sampan.apps.connect;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** One thread that waits for all sockets of a host. It begins with the first of them. */
public final class Poller implements Closeable {

  private static final System.Logger LOG = System.getLogger(Poller.class.getName());

  private @Nullable Selector selector;
  private boolean closed;

  /** Reads what has come; must not wait. */
  interface Readable {
    void read(SelectionKey key);
  }

  /**
   * Begins to wait for a channel that does not block.
   *
   * @return the key, by which waiting can be suspended
   */
  SelectionKey register(SelectableChannel channel, Readable readable) throws IOException {
    Selector open = selector();
    SelectionKey key = channel.register(open, SelectionKey.OP_READ, readable);
    open.wakeup();
    return key;
  }

  private synchronized Selector selector() throws IOException {
    if (closed) {
      throw new IOException("the host is being stopped");
    }
    Selector open = selector;
    if (open == null) {
      Selector opened = Selector.open();
      open = opened;
      selector = open;
      Thread.ofPlatform().daemon().name("sampan-connections").start(() -> poll(opened));
    }
    return open;
  }

  private static void poll(Selector selector) {
    while (selector.isOpen()) {
      try {
        selector.select(Poller::read);
      } catch (ClosedSelectorException e) {
        return;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "waiting for connections failed", e);
      }
    }
  }

  private static void read(SelectionKey key) {
    try {
      ((Readable) key.attachment()).read(key);
    } catch (CancelledKeyException e) {
      // it was closed in this moment
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a connection failed, please report", e);
      key.cancel();
    }
  }

  /** Lets a channel be waited for again, or not. */
  static void interest(SelectionKey key, boolean wanted) {
    try {
      key.interestOps(wanted ? SelectionKey.OP_READ : 0);
      if (wanted) {
        key.selector().wakeup();
      }
    } catch (CancelledKeyException e) {
      // it has been closed
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (selector != null) {
      selector.close();
    }
  }
}
