package dev.sampan.cli;

import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Option;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** {@code sampan app logs}: shows what an app has written. */
final class AppLogsCommand implements Verb {

  private static final String FOLLOW = "--follow";
  private static final String TAIL = "--tail";
  private static final String JSON = "--json";

  @Override
  public Syntax syntax() {
    return HostConnection.verb("logs", "Shows what an app has written, and the host about it.")
        .option(Option.flag(FOLLOW, "Go on with what it writes from now on.").abbreviated("-f"))
        .option(
            Option.value(TAIL, "N", "How many lines at most, 100 by default.").abbreviated("-n"))
        .option(Option.flag(JSON, "Print the lines as they are kept, as JSON."))
        .operand(HostConnection.name());
  }

  @Override
  public int run(Line line, Console console) {
    String path = "/v1/apps/" + HostConnection.name(line) + "/logs?follow=" + line.has(FOLLOW);
    if (line.has(TAIL)) {
      path += "&tail=" + HostConnection.encode(line.value(TAIL));
    }
    HostConnection host = HostConnection.of(line);
    try (HostClient.Answer answer = host.open("GET", path);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        if (!next.isEmpty()) {
          console.println(line.has(JSON) ? next : readable(next));
        }
        if (line.has(FOLLOW)) {
          console.flush();
        }
      }
      return ExitCode.SUCCESS;
    } catch (IOException e) {
      throw host.gone(e);
    }
  }

  private static String readable(String json) {
    JsonNode line = Json.parse(json.getBytes(StandardCharsets.UTF_8));
    // what a guest writes could hold commands for the terminal
    return "%s %-6s %s"
        .formatted(
            line.path("time").asString(),
            line.path("stream").asString(),
            Literals.visible(line.path("text").asString()));
  }
}
