package dev.sampan.apps.connect;

import dev.sampan.apps.device.SerialProvider;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection by a serial port. What comes too fast is lost, for nobody can hold a line. */
public final class SerialConnection implements Connection, SerialProvider.Receiver {

  private static final int MAX_WAITING = 64;

  private final Sink sink;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile SerialProvider.@Nullable Port port;

  /** A connection that has no port yet, to be given to who opens one. */
  public SerialConnection(Sink sink) {
    this.sink = sink;
  }

  /** Gives it its port. */
  public void port(SerialProvider.Port opened) {
    port = opened;
  }

  @Override
  public void received(byte[] data, int offset, int length) {
    for (int at = offset; at < offset + length; at += Sink.MAX_PIECE) {
      int end = Math.min(at + Sink.MAX_PIECE, offset + length);
      if (waiting.incrementAndGet() > MAX_WAITING) {
        waiting.decrementAndGet();
      } else {
        sink.received(Arrays.copyOfRange(data, at, end), null);
      }
    }
  }

  @Override
  public void ended() {
    sink.ended();
  }

  @Override
  public int send(byte[] data) throws IOException {
    SerialProvider.Port opened = port;
    return opened == null ? -1 : opened.send(data);
  }

  @Override
  public void taken() {
    waiting.decrementAndGet();
  }

  @Override
  public void close() throws IOException {
    SerialProvider.Port opened = port;
    if (opened != null) {
      opened.close();
    }
  }
}
