package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;
import tools.jackson.databind.JsonNode;

/** {@code sampan app list} and {@code fn list}: say which apps there are. */
final class AppListCommand implements Verb {

  private static final String JSON = "--json";

  private final boolean functions;

  AppListCommand(String name) {
    this.functions = name.startsWith("fn ");
  }

  @Override
  public Syntax syntax() {
    return HostConnection.verb(
            "list", functions ? "Shows which functions there are." : "Shows which apps there are.")
        .option(Option.flag(JSON, "Print it as JSON."));
  }

  @Override
  public int run(Line line, Console console) {
    String what = functions ? "functions" : "apps";
    JsonNode answer = HostConnection.of(line).ask("GET", "/v1/" + what);
    if (line.has(JSON)) {
      console.println(answer.toPrettyString());
      return ExitCode.SUCCESS;
    }
    console.println(AppTable.header().stripTrailing());
    for (JsonNode app : answer.path(what)) {
      console.println(AppTable.line(app));
    }
    return ExitCode.SUCCESS;
  }
}
