package dev.sampan.apps.http;

import java.util.Map;
import java.util.Objects;

/**
 * A request that has found its route.
 *
 * @param variables what stands in the path where the route has a name in braces
 */
record Call(Exchange exchange, Map<String, String> variables, Caller caller) {

  /** What stands in the path for a name of the route. */
  String variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }
}
