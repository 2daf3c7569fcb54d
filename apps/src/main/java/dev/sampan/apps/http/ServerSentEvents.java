package dev.sampan.apps.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A response that goes on as long as there is somebody who reads it: messages with a kind and a
 * text, in the format {@code text/event-stream} that browsers read by themselves.
 */
final class ServerSentEvents implements AutoCloseable {

  static final String TYPE = "text/event-stream";

  /** How long nothing may be said, in milliseconds; then it is seen if the reader is there. */
  private static final long SILENCE = 1_000;

  /**
   * A message.
   *
   * @param kind what it is about, in one line; readers choose by it
   * @param text any number of lines
   */
  record Message(String kind, String text) {}

  /** Where messages come from. */
  interface Source {

    /** The next message, or null if there is none in so many milliseconds. */
    @Nullable Message next(long millis) throws InterruptedException;
  }

  private final Exchange exchange;
  private final OutputStream out;

  /** Begins the response. */
  ServerSentEvents(Exchange exchange) throws IOException {
    this.exchange = exchange;
    // what lies between must not wait until it has much of it
    exchange.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    this.out = exchange.stream(200, TYPE);
    write(":\n\n");
  }

  /**
   * Sends what comes until it is over.
   *
   * @param isOver whether there will be no more
   * @throws IOException if the reader has gone
   */
  void follow(Source source, BooleanSupplier isOver) throws IOException, InterruptedException {
    while (!isOver.getAsBoolean()) {
      Message next = source.next(SILENCE);
      if (next == null) {
        write(":\n\n"); // a comment, which readers pass over
      } else {
        send(next);
      }
    }
  }

  /** Sends a message. */
  void send(Message message) throws IOException {
    StringBuilder lines = new StringBuilder("event: ").append(message.kind()).append('\n');
    for (String line : message.text().split("\r\n|\r|\n", -1)) {
      lines.append("data: ").append(line).append('\n');
    }
    write(lines.append('\n').toString());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Ends the response. */
  @Override
  public void close() throws IOException {
    out.close();
    exchange.done();
  }
}
