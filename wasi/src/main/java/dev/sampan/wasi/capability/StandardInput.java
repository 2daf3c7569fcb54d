package dev.sampan.wasi.capability;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The standard input. Java's streams cannot be waited for, nor can a thread be freed from reading
 * one, so a read that may block is made by a thread of its own while the guest waits beside it,
 * with a time limit and open to interruption. It takes no more than the guest asked for, or one
 * byte if the guest only wants to know whether there is something.
 */
public final class StandardInput implements Descriptor {

  private static final int CHUNK = 1 << 13;

  private final InputStream stream;
  private final FileType type;
  private final Object lock = new Object();
  private byte[] ahead = new byte[0];
  private int taken;
  private boolean reading;
  private boolean ended;
  private @Nullable IOException failure;
  private final List<Runnable> listeners = new ArrayList<>();

  /** Wraps a stream, which is never closed. */
  public StandardInput(InputStream stream, FileType type) {
    this.stream = stream;
    this.type = type;
  }

  @Override
  public FileType type() {
    return type;
  }

  @Override
  public FileStatus status() {
    return FileStatus.ofStream(type);
  }

  /** Whether the end was reached; then a read gives nothing, at once. */
  public boolean ended() {
    synchronized (lock) {
      return ended && taken == ahead.length;
    }
  }

  /** How many bytes can be read at once, as far as that is known. */
  public int available() throws IOException {
    synchronized (lock) {
      if (taken < ahead.length) {
        return ahead.length - taken;
      }
      return reading || ended ? 0 : Math.max(0, stream.available());
    }
  }

  /**
   * Waits until a read would not block.
   *
   * @param nanos how long to wait at most; 0 does not wait at all
   * @return whether a read would give something, the end, or a failure
   */
  public boolean awaitReadable(long nanos) throws IOException {
    if (available() > 0) {
      return true;
    }
    synchronized (lock) {
      fetch(1);
      return await(nanos);
    }
  }

  /**
   * Reads what there is, waiting for the first byte.
   *
   * @return the number of bytes, 0 at the end
   */
  public int read(byte[] target, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    synchronized (lock) {
      while (true) {
        if (failure != null) {
          IOException thrown = failure;
          failure = null;
          throw thrown;
        } else if (taken < ahead.length) {
          int count = Math.min(length, ahead.length - taken);
          System.arraycopy(ahead, taken, target, 0, count);
          taken += count;
          return count;
        } else if (ended) {
          return 0;
        }
        int ready = available();
        if (ready > 0) {
          int count = stream.read(target, 0, Math.min(length, ready));
          ended = count < 0;
          return Math.max(0, count);
        }
        fetch(Math.min(length, CHUNK));
        await(Long.MAX_VALUE);
      }
    }
  }

  /** Runs something, soon and perhaps on another thread, when a read would not block. */
  public void whenReadable(Runnable action) throws IOException {
    if (available() > 0) {
      action.run();
      return;
    }
    synchronized (lock) {
      fetch(1);
      if (reading) {
        listeners.add(action);
        return;
      }
    }
    action.run();
  }

  /** Has a thread read, unless that is going on or has an outcome already. */
  private void fetch(int length) {
    if (!reading && !ended && failure == null && taken == ahead.length) {
      reading = true;
      Thread.ofVirtual().name("wasi-stdin").start(() -> fetched(new byte[length]));
    }
  }

  private void fetched(byte[] bytes) {
    int count = 0;
    IOException thrown = null;
    try {
      count = stream.read(bytes, 0, bytes.length);
    } catch (IOException e) {
      thrown = e;
    } catch (RuntimeException e) {
      thrown = new IOException(e);
    }
    synchronized (lock) {
      reading = false;
      ended = count < 0;
      failure = thrown;
      ahead = Arrays.copyOf(bytes, Math.max(0, count));
      taken = 0;
      lock.notifyAll();
      listeners.forEach(Runnable::run);
      listeners.clear();
    }
  }

  private boolean await(long nanos) throws InterruptedIOException {
    long start = System.nanoTime();
    while (reading) {
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(lock, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    return true;
  }

  @Override
  public void close() {
    // the stream is the host's
  }
}
