package dev.sampan.cli;

import dev.sampan.cli.Syntax.Option;

/**
 * {@code sampan app remove} and {@code fn remove}: remove an app with its revisions and its log.
 */
final class AppRemoveCommand implements Verb {

  private static final String FORCE = "--force";

  private final boolean function;

  AppRemoveCommand(String name) {
    this.function = name.startsWith("fn ");
  }

  @Override
  public Syntax syntax() {
    Syntax syntax =
        HostConnection.verb(
            "remove",
            function
                ? "Removes a function with its revisions and its log."
                : "Removes an app with its revisions and its log.");
    if (!function) {
      syntax.option(Option.flag(FORCE, "Even if it runs.").abbreviated("-f"));
    }
    return syntax.operand(HostConnection.name());
  }

  @Override
  public int run(Line line, Console console) {
    String path = (function ? "/v1/functions/" : "/v1/apps/") + HostConnection.name(line);
    HostConnection.of(line).ask("DELETE", line.has(FORCE) ? path + "?force=true" : path);
    console.println(line.operand(0) + " removed");
    return ExitCode.SUCCESS;
  }
}
