package dev.sampan.cli;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code sampan host status}: says whether the container host runs, and where. */
final class HostStatusCommand implements Verb {

  @Override
  public Syntax syntax() {
    return HostConnection.verb("status", "Says whether the container host runs, and where.");
  }

  @Override
  public int run(Line line, Console console) {
    HostConnection host = HostConnection.of(line);
    for (Map.Entry<String, JsonNode> each : host.ask("GET", "/v1/host").properties()) {
      JsonNode value = each.getValue();
      String text = each.getKey().equals("mqtt") ? bridge(value) : value.asString();
      console.println("%-8s%s".formatted(each.getKey(), text));
    }
    int apps = host.ask("GET", "/v1/apps").path("apps").size();
    console.println("%-8s%d".formatted("apps", apps));
    return ExitCode.SUCCESS;
  }

  private static String bridge(JsonNode state) {
    boolean connected = state.path("connected").asBoolean();
    return "%s to %s since %s%s; received %d, sent %d, dropped %d, waiting %d"
        .formatted(
            connected ? "connected" : "not connected",
            state.path("broker").asString(),
            state.path("since").asString(),
            connected ? "" : ": " + state.path("error").asString(),
            state.path("received").asLong(),
            state.path("sent").asLong(),
            state.path("dropped").asLong(),
            state.path("waiting").asLong());
  }
}
