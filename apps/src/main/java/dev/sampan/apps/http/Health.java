package dev.sampan.apps.http;

import java.util.List;

/** {@code /healthz} and {@code /readyz}: whether the host lives, and whether it wants requests. */
final class Health {

  private volatile boolean ready = true;

  /** Says to who asks that no further requests should come. */
  void drain() {
    ready = false;
  }

  /** Whether that was said. */
  boolean isDraining() {
    return !ready;
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
            .by(
                call ->
                    call.exchange()
                        .text(ready ? 200 : 503, "text/plain", ready ? "ready\n" : "stopping\n")));
  }
}
