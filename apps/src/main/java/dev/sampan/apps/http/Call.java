package dev.sampan.apps.http;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/**
 * A request that has found its route.
 *
 * @param route the one that it has found
 * @param variables what stands in the path where the route has a name in braces
 */
record Call(Exchange exchange, Route route, Map<String, String> variables, Caller caller) {

  /** Answers the request. */
  void answer() throws IOException, InterruptedException {
    route.action().answer(this);
  }

  /** What stands in the path for a name of the route. */
  String variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }
}
