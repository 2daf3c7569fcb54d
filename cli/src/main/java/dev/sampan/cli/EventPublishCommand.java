package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code sampan event publish}: publishes an event. */
final class EventPublishCommand implements Verb {

  private static final String TEXT = "--text";
  private static final String TYPE = "--type";
  private static final String OPAQUE = "application/octet-stream";

  @Override
  public Syntax syntax() {
    return HostConnection.verb("publish", "Publishes an event for apps that run for it.")
        .option(Option.value(TEXT, "TEXT", "What it says, instead of a file."))
        .option(
            Option.value(TYPE, "TYPE", "The media type of what it says, such as application/json."))
        .operand(new Operand("TOPIC", 1, false, "What it is about, such as room/1/temperature."))
        .operand(
            new Operand(
                "FILE", 0, false, "What it says; - is standard input. Without it nothing."));
  }

  @Override
  public int run(Line line, Console console) {
    String type = line.has(TYPE) ? line.value(TYPE) : OPAQUE;
    if (!type.matches("[!-~ ]+")) {
      throw Failure.usage(TYPE + " needs a media type such as application/json");
    }
    String path = "/v1/events?topic=" + HostConnection.encode(line.operand(0));
    int reached =
        HostConnection.of(line)
            .ask("POST", path, type, payload(line, console))
            .path("reached")
            .asInt();
    console.println("published, reached " + reached);
    return ExitCode.SUCCESS;
  }

  private static byte[] payload(Line line, Console console) {
    List<String> file = line.operandsFrom(1);
    if (line.has(TEXT)) {
      if (!file.isEmpty()) {
        throw Failure.usage(TEXT + " and a file cannot both be given");
      }
      return line.value(TEXT).getBytes(StandardCharsets.UTF_8);
    }
    if (file.isEmpty()) {
      return new byte[0];
    }
    Path path = Line.path(file.getFirst());
    try {
      return file.getFirst().equals("-") ? console.in().readAllBytes() : Files.readAllBytes(path);
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
  }
}
