package dev.sampan.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Apps as lines of a table. */
final class AppTable {

  private static final String FORMAT = "%-24s %-10s %9s %9s  %s";

  private AppTable() {}

  static String header() {
    return FORMAT.formatted("NAME", "STATE", "REVISION", "MEMORY", "");
  }

  /** An app as the management shows it. */
  static String line(JsonNode app) {
    List<String> rest = new ArrayList<>();
    rest.add(app.path("path").asString(""));
    rest.add(app.path("reason").asString(""));
    JsonNode jobs = app.path("jobs");
    String next = jobs.path("next").asString("");
    rest.add(next.isEmpty() ? "" : "next " + next);
    JsonNode last = jobs.path("last");
    if (!last.isEmpty()) {
      rest.add("last run " + last.get(last.size() - 1).path("failure").asString("well"));
    }
    rest.removeIf(String::isEmpty);
    return FORMAT
        .formatted(
            app.path("name").asString(),
            app.path("state").asString(),
            app.path("revision").asInt(),
            app.path("memory").asLong() / 1024 + " KiB",
            String.join(", ", rest))
        .stripTrailing();
  }
}
