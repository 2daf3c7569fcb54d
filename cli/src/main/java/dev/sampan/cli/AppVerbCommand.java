package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;

/** {@code sampan app start} and others that change the state of an app. */
final class AppVerbCommand implements Verb {

  private static final String REVISION = "--revision";

  private final String verb;

  AppVerbCommand(String name) {
    this.verb = name.substring(name.indexOf(' ') + 1);
  }

  @Override
  public Syntax syntax() {
    Syntax syntax =
        HostConnection.verb(
            verb,
            switch (verb) {
              case "start" -> "Starts an app.";
              case "stop" -> "Stops an app.";
              case "pause" -> "Holds an app where it is.";
              case "resume" -> "Lets an app go on that was paused.";
              case "restart" -> "Stops an app and starts it.";
              case "rollback" -> "Lets an earlier revision of an app take over.";
              default -> throw new AssertionError(verb);
            });
    if (verb.equals("rollback")) {
      syntax.option(
          Option.value(REVISION, "N", "Which one, instead of the one before the current one."));
    }
    return syntax.operand(HostConnection.name());
  }

  @Override
  public int run(Line line, Console console) {
    String query =
        line.has(REVISION) ? "?revision=" + HostConnection.encode(line.value(REVISION)) : "";
    String path = "/v1/apps/" + HostConnection.name(line) + "/" + verb + query;
    console.println(AppTable.line(HostConnection.of(line).ask("POST", path)));
    return ExitCode.SUCCESS;
  }
}
