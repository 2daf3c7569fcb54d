package dev.sampan.apps.http;

import java.util.List;
import java.util.Optional;

/** {@code /healthz} and {@code /readyz}: whether the host lives, and whether it wants requests. */
final class Health {

  private static final String TEXT = "text/plain";

  private final Readiness readiness;

  Health(Readiness readiness) {
    this.readiness = readiness;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/healthz", "Says that the host lives.")
            .audience(Audience.EVERYBODY)
            .answers(200, TEXT)
            .by(new Alive()),
        Route.of("GET", "/readyz", "Says whether the host wants requests, and if not, why.")
            .audience(Audience.EVERYBODY)
            .answers(200, TEXT)
            .answers(503, TEXT)
            .by(this::readiness));
  }

  private static final class Alive implements Route.Action {
    @Override
    public void answer(Call call) {
      call.exchange().text(200, TEXT, "ok\n");
    }

    @Override
    public boolean waits(Call call) {
      return false;
    }
  }

  private void readiness(Call call) {
    Optional<String> hindrance = readiness.hindrance();
    call.exchange().text(hindrance.isEmpty() ? 200 : 503, TEXT, hindrance.orElse("ready") + "\n");
  }
}
