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
      if (!each.getValue().isNull()) {
        console.println("%-12s%s".formatted(each.getKey(), each.getValue().asString()));
      }
    }
    int apps = host.ask("GET", "/v1/apps").path("apps").size();
    console.println("%-12s%d".formatted("apps", apps));
    return ExitCode.SUCCESS;
  }
}
