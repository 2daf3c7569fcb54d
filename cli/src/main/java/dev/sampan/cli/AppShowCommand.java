package dev.sampan.cli;

/** {@code sampan app inspect} and {@code app stats}: show all there is to know of an app. */
final class AppShowCommand implements Verb {

  private final boolean stats;

  AppShowCommand(String name) {
    this.stats = name.endsWith("stats");
  }

  @Override
  public Syntax syntax() {
    Syntax syntax =
        stats
            ? HostConnection.verb("stats", "Shows what an app uses and what it was asked, as JSON.")
            : HostConnection.verb("inspect", "Shows an app with its revisions, as JSON.");
    return syntax.operand(HostConnection.name());
  }

  @Override
  public int run(Line line, Console console) {
    String path = "/v1/apps/" + HostConnection.name(line) + (stats ? "/stats" : "");
    console.println(HostConnection.of(line).ask("GET", path).toPrettyString());
    return ExitCode.SUCCESS;
  }
}
