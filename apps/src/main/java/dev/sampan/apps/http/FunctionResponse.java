package dev.sampan.apps.http;

import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.Header;
import dev.sampan.apps.function.Responder;
import dev.sampan.apps.run.Reminders;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The response of a function. What the guest writes first is held back: if the response ends soon
 * it is sent in one piece, with its length, and if the guest fails there can still be another one.
 * When it becomes long, or takes longer, it is sent as it comes.
 */
final class FunctionResponse implements Responder, Reminders.Entry {

  private static final int MAX_HELD = 32 << 10;
  private static final long HOLD = TimeUnit.MILLISECONDS.toNanos(10);
  private static final byte[] NOTHING = {};

  private final Exchange exchange;
  private final Reminders held;
  private final AtomicBoolean answered = new AtomicBoolean();

  /** One is the guest's thread, another may send what is held. */
  private final ReentrantLock lock = new ReentrantLock();

  private byte[] bytes = NOTHING;
  private int size;
  private long due;
  private volatile @Nullable OutputStream stream;
  private volatile boolean over;

  FunctionResponse(Exchange exchange, Reminders held) {
    this.exchange = exchange;
    this.held = held;
  }

  @Override
  public OutputStream begin(int status, List<Header> headers) {
    exchange.response().setStatus(status);
    HttpFields.Mutable fields = exchange.response().getHeaders();
    for (Header header : headers) {
      if (!PageGuard.KEPT_BACK.contains(header.name().toLowerCase(Locale.ROOT))) {
        fields.add(header.name(), header.value());
      }
    }
    due = System.nanoTime() + HOLD;
    held.add(this);
    return new Body();
  }

  private final class Body extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      enter();
      try {
        if (over) {
          throw new IOException("the response is over");
        }
        if (stream == null && length <= MAX_HELD - size) {
          hold(more, offset, length);
        } else {
          streamed().write(more, offset, length);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whoever has the lock may wait for a slow client; the guest must not wait on after its time. */
  private void enter() throws IOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client takes the response");
    }
  }

  private void hold(byte[] more, int offset, int length) {
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.min(MAX_HELD, size + Math.max(size, length)));
    }
    System.arraycopy(more, offset, bytes, size, length);
    size += length;
  }

  private OutputStream streamed() throws IOException {
    OutputStream out = stream;
    if (out == null) {
      held.remove(this);
      out = Content.Sink.asOutputStream(exchange.response());
      stream = out;
      out.write(bytes, 0, size);
      bytes = NOTHING;
    }
    return out;
  }

  @Override
  public long due() {
    return due;
  }

  /** Sends what is held. */
  @Override
  public void late() {
    lock.lock();
    try {
      if (!over) {
        streamed();
      }
    } catch (IOException e) {
      // the guest will learn that when it writes, or when it ends
    } finally {
      lock.unlock();
    }
  }

  /** Ends it; what is held is all there is. */
  void end() throws IOException {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    held.remove(this);
    OutputStream out = close();
    if (out == null) {
      exchange.response().write(true, ByteBuffer.wrap(bytes, 0, size), exchange.callback());
    } else {
      out.close();
      exchange.done();
    }
  }

  private @Nullable OutputStream close() throws IOException {
    enter();
    try {
      over = true;
      return stream;
    } finally {
      lock.unlock();
    }
  }

  /** Says why there is no response, or breaks off what was sent of it. */
  @Override
  public void giveUp(FunctionException reason) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    if (drop()) {
      exchange.fail(reason.status(), reason, Map.of());
    } else {
      exchange.breakOff(reason);
    }
  }

  /**
   * Takes nothing more from the guest.
   *
   * @return whether nothing was sent, so that there can be another response
   */
  boolean drop() {
    over = true;
    held.remove(this);
    while (stream == null) {
      if (lock.tryLock()) { // whoever had it before has seen that it is over, or has sent something
        try {
          return stream == null;
        } finally {
          lock.unlock();
        }
      }
      Thread.onSpinWait();
    }
    return false;
  }
}
