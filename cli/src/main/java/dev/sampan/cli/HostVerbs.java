package dev.sampan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs about the container host. In a class of their own, so that others do not load them. */
final class HostVerbs {

  /** In the order in which help tells them. */
  static final List<String> VERBS =
      List.of(
          "host start",
          "host stop",
          "host status",
          "app install",
          "app start",
          "app stop",
          "app pause",
          "app resume",
          "app restart",
          "app upgrade",
          "app rollback",
          "app list",
          "app inspect",
          "app logs",
          "app stats",
          "app remove",
          "fn deploy",
          "fn list",
          "fn remove",
          "event publish",
          "event listen");

  private HostVerbs() {}

  /** A verb, or null if there is none of that name. */
  static @Nullable Verb verb(String name) {
    return switch (name) {
      case "host start" -> new HostStartCommand();
      case "host stop" -> new HostStopCommand();
      case "host status" -> new HostStatusCommand();
      case "app install", "app upgrade", "fn deploy" -> new DeployCommand(name);
      case "app start", "app stop", "app pause", "app resume", "app restart", "app rollback" ->
          new AppVerbCommand(name);
      case "app list", "fn list" -> new AppListCommand(name);
      case "app inspect", "app stats" -> new AppShowCommand(name);
      case "app logs" -> new AppLogsCommand();
      case "app remove", "fn remove" -> new AppRemoveCommand(name);
      case "event publish" -> new EventPublishCommand();
      case "event listen" -> new EventListenCommand();
      default -> null;
    };
  }
}
