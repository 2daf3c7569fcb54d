package dev.sampan.apps.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** All routes of a host. */
final class Routes {

  private final List<Route> all;
  private final Map<String, List<Route>> byFirstStep = new HashMap<>();

  /** A route with what stands in a path for its names. */
  record Found(Route route, Map<String, String> variables) {}

  Routes(List<Route> all) {
    this.all = List.copyOf(all);
    for (Route route : all) {
      byFirstStep
          .computeIfAbsent(firstStep(route.path().toString()), step -> new ArrayList<>())
          .add(route);
    }
  }

  private static String firstStep(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path : path.substring(0, slash);
  }

  /** In the order in which they are tried. */
  List<Route> all() {
    return all;
  }

  /**
   * The route that a request means.
   *
   * @throws HttpFailure if there is none
   */
  Found find(String method, String path) {
    TreeSet<String> others = new TreeSet<>();
    for (Route route : byFirstStep.getOrDefault(firstStep(path), List.of())) {
      Map<String, String> variables = route.path().match(path);
      if (variables != null) {
        if (route.has(method)) {
          return new Found(route, variables);
        }
        others.addAll(route.methods());
      }
    }
    if (others.isEmpty()) {
      throw new HttpFailure(404, "there is nothing at " + path);
    }
    throw new HttpFailure(405, "expected " + String.join(" or ", others) + ", found " + method)
        .header("Allow", String.join(", ", others));
  }
}
