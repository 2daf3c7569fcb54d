package dev.sampan.wasi.capability;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** One wait for several sockets, and perhaps for the standard input. Ends when interrupted. */
public final class Waiting implements Closeable {

  private final Selector selector;

  /** A wait for nothing yet. */
  public Waiting() throws IOException {
    selector = Selector.open();
  }

  /** Waits for this socket, too. */
  public void add(Socket socket, boolean receiving, boolean sending) throws IOException {
    int ops = (receiving ? socket.readOps() : 0) | (sending ? socket.writeOps() : 0);
    SelectableChannel channel = socket.selectable();
    SelectionKey key = channel.keyFor(selector);
    channel.register(selector, key == null ? ops : ops | key.interestOps());
  }

  /** Ends the wait, from any thread. */
  public void wake() {
    selector.wakeup();
  }

  /**
   * Waits until something can be done with one of the sockets.
   *
   * @param nanos how long at most
   */
  public void await(long nanos) throws IOException {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    if (nanos <= 0) {
      selector.selectNow();
    } else {
      selector.select(nanos > Long.MAX_VALUE - 1_000_000 ? 0 : millis);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException();
    }
  }

  /**
   * Waits for one socket.
   *
   * @param timeout in nanoseconds, 0 for none
   * @throws ErrnoException {@link Errno#AGAIN} if the time is over
   */
  public static void await(Socket socket, boolean receiving, long timeout) throws IOException {
    try (Waiting waiting = new Waiting()) {
      waiting.add(socket, receiving, !receiving);
      long start = System.nanoTime();
      waiting.await(timeout == 0 ? Long.MAX_VALUE : timeout);
      if (timeout != 0
          && waiting.selector.selectedKeys().isEmpty()
          && System.nanoTime() - start >= timeout) {
        throw new ErrnoException(Errno.AGAIN);
      }
    }
  }

  /** Whether a socket could send now. */
  static boolean isWritable(Socket socket) throws IOException {
    try (Waiting waiting = new Waiting()) {
      waiting.add(socket, false, true);
      return waiting.selector.selectNow() > 0;
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
