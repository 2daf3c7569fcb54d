package dev.sampan.apps.http;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.log.AppLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/** {@code /v1/apps/NAME/logs}: what an app has written, and writes. */
final class Logs {

  private static final String LINES = "application/jsonl";
  private static final int DEFAULT_TAIL = 100;
  private static final int MAX_TAIL = 100_000;

  /**
   * How long a follower of a log may hear nothing, in milliseconds; then it is seen if it is there.
   */
  private static final long SILENCE = 1_000;

  private final AppHost host;
  private final Streams streams;

  /**
   * The logs of a host's apps.
   *
   * @param streams knows when answers that go on have to end
   */
  Logs(AppHost host, Streams streams) {
    this.host = host;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/apps/{name}/logs", "What an app has written.")
            .query("tail", Integer.class, "How many lines at most, 100 by default.")
            .query("follow", Boolean.class, "Go on with what it writes from now on.")
            .answers(200, LINES)
            .answers(200, ServerSentEvents.TYPE)
            .by(this::logs));
  }

  private void logs(Call call) throws IOException, InterruptedException {
    Exchange exchange = call.exchange();
    AppLog log = Management.seen(host, call).log(call.variable("name"));
    int tail = Math.min(exchange.number("tail", 0).orElse(DEFAULT_TAIL), MAX_TAIL);
    BooleanSupplier end = exchange.flag("follow") ? streams.end(call) : () -> true;
    if (ServerSentEvents.areWanted(exchange)) {
      events(exchange, log, tail, end);
    } else {
      lines(exchange, log, tail, end);
    }
  }

  private static void lines(Exchange exchange, AppLog log, int tail, BooleanSupplier end)
      throws IOException, InterruptedException {
    try (AppLog.Follower follower = log.follow();
        OutputStream out = exchange.stream(200, LINES)) {
      for (String line : log.tail(tail)) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      while (!end.getAsBoolean() && !follower.isOver()) {
        out.flush();
        String line = follower.next(SILENCE);
        // an empty line shows whether the reader is still there
        out.write(((line == null ? "" : line) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    exchange.done();
  }

  private static void events(Exchange exchange, AppLog log, int tail, BooleanSupplier end)
      throws IOException, InterruptedException {
    try (AppLog.Follower follower = log.follow();
        ServerSentEvents events = new ServerSentEvents(exchange)) {
      for (String line : log.tail(tail)) {
        events.send(message(line));
      }
      events.follow(
          millis -> {
            String line = follower.next(millis);
            return line == null ? null : message(line);
          },
          () -> end.getAsBoolean() || follower.isOver());
    }
  }

  private static ServerSentEvents.Message message(String line) {
    return new ServerSentEvents.Message("log", line);
  }
}
