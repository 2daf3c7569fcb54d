package dev.sampan.cli;

import dev.sampan.apps.client.HostClient;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code sampan event listen}: prints events as they are published. */
final class EventListenCommand implements Verb {

  private static final String JSON = "--json";
  private static final String COUNT = "--count";
  private static final String KIND = "event: ";
  private static final String DATA = "data: ";

  @Override
  public Syntax syntax() {
    return HostConnection.verb(
            "listen",
            "Prints events as they are published.",
            "A line is the topic and what is said: attributes as JSON, and bytes that are no text"
                + " in Base64.")
        .option(Option.flag(JSON, "Print all there is to know of an event, as JSON."))
        .option(Option.value(COUNT, "N", "End after so many events.").abbreviated("-n"))
        .operand(
            new Operand(
                "FILTER",
                1,
                true,
                "Which topics: + stands for one level, # at the end for all that follow."));
  }

  @Override
  public int run(Line line, Console console) {
    long left = line.has(COUNT) ? count(line.value(COUNT)) : Long.MAX_VALUE;
    String query =
        line.operandsFrom(0).stream()
            .map(each -> "topic=" + HostConnection.encode(each))
            .collect(Collectors.joining("&"));
    try (HostClient.Answer answer = HostConnection.of(line).open("GET", "/v1/events?" + query);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String kind = "";
      for (String next = lines.readLine(); next != null && left > 0; ) {
        if (next.startsWith(KIND)) {
          kind = next.substring(KIND.length());
        } else if (next.startsWith(DATA)) {
          left -= tell(kind, next.substring(DATA.length()), line.has(JSON), console);
        }
        if (left > 0) {
          next = lines.readLine();
        }
      }
      return ExitCode.SUCCESS;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "the host has gone: " + e.getMessage(), e);
    }
  }

  private static long count(String text) {
    try {
      return Quantity.number(text, 1, Long.MAX_VALUE);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(COUNT + ": " + e.getMessage());
    }
  }

  /** Tells of a message; gives how many events that were. */
  private static int tell(String kind, String text, boolean json, Console console) {
    if (!kind.equals("event")) {
      console.error("missed " + text + " events, as they came too fast");
      return 0;
    }
    console.println(json ? text : readable(text));
    console.flush();
    return 1;
  }

  private static String readable(String json) {
    JsonNode event = Json.parse(json.getBytes(StandardCharsets.UTF_8));
    String said =
        event.path("attributes").isObject()
            ? event.path("attributes").toString()
            : event.path(event.path("text").isString() ? "text" : "base64").asString();
    // what others write could hold commands for the terminal, or look like further events
    return Literals.visible(
        event.path("topic").asString() + " " + said.stripTrailing().replace("\n", "\\n"));
  }
}
