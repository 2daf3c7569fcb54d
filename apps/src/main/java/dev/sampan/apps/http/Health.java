package dev.sampan.apps.http;

import java.util.List;
import java.util.Locale;

/** {@code /healthz} and {@code /readyz}: whether the host lives, and whether it wants requests. */
final class Health {

  private enum State {
    STARTING,
    READY,
    STOPPING
  }

  private volatile State state = State.STARTING;

  /** Says to who asks that requests may come. */
  void ready() {
    state = State.READY;
  }

  /** Says to who asks that no further requests should come. */
  void drain() {
    state = State.STOPPING;
  }

  /** Whether that was said. */
  boolean isDraining() {
    return state == State.STOPPING;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/healthz", "Says that the host lives.")
            .audience(Audience.EVERYBODY)
            .answers(200, "text/plain")
            .by(call -> call.exchange().text(200, "text/plain", "ok\n")),
        Route.of("GET", "/readyz", "Says whether the host wants requests.")
            .audience(Audience.EVERYBODY)
            .answers(200, "text/plain")
            .answers(503, "text/plain")
            .by(this::readiness));
  }

  private void readiness(Call call) {
    State now = state;
    String word = now.name().toLowerCase(Locale.ROOT);
    call.exchange().text(now == State.READY ? 200 : 503, "text/plain", word + "\n");
  }
}
