package dev.sampan.cli;

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
    String where = app.path("path").asString("");
    String reason = app.path("reason").asString("");
    String rest = where.isEmpty() || reason.isEmpty() ? where + reason : where + ", " + reason;
    return FORMAT
        .formatted(
            app.path("name").asString(),
            app.path("state").asString(),
            app.path("revision").asInt(),
            app.path("memory").asLong() / 1024 + " KiB",
            rest)
        .stripTrailing();
  }
}
