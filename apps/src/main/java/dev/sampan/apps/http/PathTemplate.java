package dev.sampan.apps.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths with the same steps, such as {@code /v1/apps/{name}}: a name in braces stands for any step
 * that is not empty, and one with dots at the end, {@code {path...}}, for all that follows.
 */
final class PathTemplate {

  private static final String REST = "...";

  private final List<String> steps;

  PathTemplate(String text) {
    this.steps = List.of(text.substring(1).split("/", -1));
  }

  private static boolean isVariable(String step) {
    return step.startsWith("{");
  }

  private static boolean isRest(String step) {
    return step.endsWith(REST + "}");
  }

  private static String name(String step) {
    return step.substring(1, step.length() - 1).replace(REST, "");
  }

  /** The names in braces. */
  List<String> variables() {
    return steps.stream().filter(PathTemplate::isVariable).map(PathTemplate::name).toList();
  }

  /**
   * Whether a path is meant.
   *
   * @return what stands for the names, or null if it is not
   */
  @Nullable Map<String, String> match(String path) {
    Map<String, String> variables = new LinkedHashMap<>();
    int at = 1;
    for (int i = 0; i < steps.size(); i++) {
      String step = steps.get(i);
      if (at > path.length()) {
        return null;
      }
      if (isRest(step)) {
        variables.put(name(step), path.substring(at));
        return variables;
      }
      int slash = path.indexOf('/', at);
      int end = slash < 0 ? path.length() : slash;
      if (isVariable(step)) {
        if (end == at) {
          return null;
        }
        variables.put(name(step), path.substring(at, end));
      } else if (end - at != step.length() || !path.startsWith(step, at)) {
        return null;
      }
      at = end + 1;
    }
    return at > path.length() ? variables : null;
  }

  /** As it stands in a description. */
  @Override
  public String toString() {
    List<String> shown = new ArrayList<>();
    for (String step : steps) {
      shown.add(isVariable(step) ? "{" + name(step) + "}" : step);
    }
    return "/" + String.join("/", shown);
  }
}
