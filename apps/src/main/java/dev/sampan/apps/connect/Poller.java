package dev.sampan.apps.connect;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread that waits for all sockets of a host. It begins with the first of them. */
public final class Poller implements Closeable {

  private static final System.Logger LOG = System.getLogger(Poller.class.getName());

  private static final long FLUSH_SECONDS = 1;

  /** Who waits until channels that have been closed are gone. */
  private final Queue<CountDownLatch> waiting = new ConcurrentLinkedQueue<>();

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

  private void poll(Selector open) {
    while (open.isOpen()) {
      try {
        open.select(Poller::read);
        for (CountDownLatch each = waiting.poll(); each != null; each = waiting.poll()) {
          each.countDown();
        }
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

  /**
   * Closes a channel, and waits until its address is free again: a channel that is waited for goes
   * only when the waiting is interrupted.
   */
  void close(SelectableChannel channel) throws IOException {
    channel.close();
    CountDownLatch gone = new CountDownLatch(1);
    waiting.add(gone);
    selector().wakeup();
    try {
      gone.await(FLUSH_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
