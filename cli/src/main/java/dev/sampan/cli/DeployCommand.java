package dev.sampan.cli;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Isolation;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Restart;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code sampan app install}, {@code app upgrade} and {@code fn deploy}: give the host a module.
 */
final class DeployCommand implements Verb {

  private static final String MANIFEST = "--manifest";
  private static final String KEEP = "--keep-revisions";
  private static final String ISOLATION = "--isolation";
  private static final String RESTART = "--restart";
  private static final String PUBLISH = "--publish";
  private static final String SUBSCRIBE = "--subscribe";
  private static final String SCHEDULE = "--schedule";
  private static final String ON = "--on";
  private static final String SERVICE = "--service";
  private static final String REQUEST = "--request";
  private static final String DEVICE = "--device";

  /** Grants that only apps have. */
  private static final List<String> OF_APPS = List.of(PUBLISH, SUBSCRIBE, ON, REQUEST, DEVICE);

  private final String name;

  DeployCommand(String name) {
    this.name = name;
  }

  private boolean isFunction() {
    return name.equals("fn deploy");
  }

  private boolean isUpgrade() {
    return name.equals("app upgrade");
  }

  @Override
  public Syntax syntax() {
    String verb = name.substring(name.indexOf(' ') + 1);
    Syntax syntax =
        HostConnection.verb(
            verb,
            isFunction()
                ? "Makes a module a function that answers at /fn/NAME."
                : isUpgrade() ? "Lets a new revision of an app take over." : "Installs an app.",
            isFunction()
                ? "The module is a program: what it is asked is in its environment (as for CGI) and"
                    + " its standard input, what it answers on its standard output, a header first."
                    + " If there is such a function, the module takes its place without a lost"
                    + " request."
                : isUpgrade()
                    ? "If it does not come up, the former revision stays."
                    : "It does not run before it is started.");
    syntax.option(
        Option.value(
            MANIFEST,
            "FILE",
            "How it is to be run, as TOML or JSON; limits and triggers among the options replace"
                + " what it says, grants are added to those of TOML, and replace those of JSON.",
            "What neither says is as it was, or as the default says."));
    PolicyOptions.addForApps(syntax);
    for (String option : List.of(PUBLISH, SUBSCRIBE)) {
      syntax.option(
          Option.value(
                  option,
                  "FILTER",
                  option.equals(PUBLISH)
                      ? "Let the app publish on topics, such as alarms/# or +/state."
                      : "Let the app hear of topics.")
              .repeated());
    }
    if (!isFunction()) {
      syntax.option(
          Option.flag(
              SERVICE,
              "Let it live until it is stopped, and call it when there is a request at /app/NAME,"
                  + " an event, a timer and the like."));
      syntax.option(
          Option.value(REQUEST, "APP", "Let a service ask another app; * stands for all.")
              .repeated());
      syntax.option(
          Option.value(
                  DEVICE,
                  "NAME",
                  "Let a service use a sensor or a serial port, such as cpu; * stands for all.")
              .repeated());
      syntax.option(
          Option.value(
              SCHEDULE,
              "CRON",
              "Run it at times of UTC: 'MINUTE HOUR DAY MONTH WEEKDAY', or @hourly and the like."));
      syntax.option(
          Option.value(
                  ON,
                  "FILTER",
                  "Run it for each event with such a topic; it may hear of that, then.")
              .repeated());
    }
    if (!isUpgrade()) {
      syntax.option(
          isFunction()
              ? Option.value(
                      ISOLATION,
                      "MODE",
                      "Which requests see the same instance: fresh (none), pooled (none, but it is"
                          + " used again), shared (all).")
                  .oneOf(TomlValue.words(Isolation.values()))
              : Option.value(RESTART, "WHEN", "When a program that has ended is run again.")
                  .oneOf(TomlValue.words(Restart.When.values())));
    }
    if (isUpgrade()) {
      syntax.option(Option.value(KEEP, "N", "How many revisions are kept, 3 by default."));
    }
    syntax.operand(HostConnection.name());
    return ModuleSource.addTo(syntax);
  }

  @Override
  public int run(Line line, Console console) {
    String app = HostConnection.name(line);
    Map<String, String> headers = new LinkedHashMap<>();
    HostConnection host = HostConnection.of(line);
    ObjectNode manifest = manifest(line, host.isRemote());
    if (!manifest.isEmpty()) {
      headers.put("Sampan-Manifest", ascii(manifest));
    }
    String path = (isFunction() ? "/v1/functions/" : "/v1/apps/") + app;
    String query = line.has(KEEP) ? "?keep=" + HostConnection.encode(line.value(KEEP)) : "";
    JsonNode view =
        ModuleSource.with(
            line,
            console,
            line.operand(1),
            file ->
                isUpgrade()
                    ? host.ask("POST", path + "/upgrade" + query, headers, file)
                    : host.ask("PUT", path, headers, file));
    console.println(AppTable.line(view));
    if (view.path("path").isString()) {
      String http = host.ask("GET", "/v1/host").path("http").asString();
      console.println(http + view.path("path").asString());
    }
    return ExitCode.SUCCESS;
  }

  // ---- manifest ----

  private ObjectNode manifest(Line line, boolean remote) {
    ObjectNode manifest = object();
    Granted granted = Granted.of(Permissions.NONE.policy()).elsewhere(remote);
    if (line.has(MANIFEST)) {
      Path file = Line.path(line.value(MANIFEST));
      if (ManifestFile.isJson(file)) {
        manifest = read(file);
      } else {
        ManifestFile.Content content = ManifestFile.read(file, granted);
        manifest = content.json();
        granted = content.granted();
      }
    }
    PolicyOptions.requireForApps(line);
    if (PolicyOptions.areGiven(line) || OF_APPS.stream().anyMatch(line::has)) {
      granted = ofApps(line, PolicyOptions.granted(line, granted));
      manifest.set("permissions", Json.tree(granted.permissions()));
    }
    trigger(line, manifest);
    return manifest;
  }

  private static Granted ofApps(Line line, Granted before) {
    Granted granted = before;
    for (String option : OF_APPS) {
      for (String text : line.values(option)) {
        try {
          granted =
              switch (option) {
                case PUBLISH -> granted.publish(text);
                case REQUEST -> granted.request(text);
                case DEVICE -> granted.device(text);
                default -> granted.subscribe(text);
              };
        } catch (IllegalArgumentException | AppException e) {
          throw Failure.usage(option + ": " + e.getMessage());
        }
      }
    }
    return granted;
  }

  /** What options say of the trigger. */
  private static void trigger(Line line, ObjectNode manifest) {
    List<String> given =
        List.of(SERVICE, ISOLATION, RESTART, SCHEDULE, ON).stream().filter(line::has).toList();
    if (given.size() > 1 && !given.equals(List.of(SERVICE, RESTART))) {
      throw Failure.usage(
          "options " + String.join(" and ", given) + " say different things of what makes it run");
    }
    if (given.isEmpty()) {
      return;
    }
    ObjectNode trigger = manifest.withObject("/trigger");
    switch (given.getFirst()) {
      case SERVICE -> {
        trigger.put("type", "service");
        if (line.has(RESTART)) {
          trigger
              .withObject("/restart")
              .put("when", constant(line, RESTART, Restart.When.values()));
        }
      }
      case ISOLATION ->
          trigger
              .put("type", "http")
              .put("isolation", constant(line, ISOLATION, Isolation.values()));
      case RESTART ->
          trigger
              .put("type", "start")
              .withObject("/restart")
              .put("when", constant(line, RESTART, Restart.When.values()));
      case SCHEDULE -> trigger.put("type", "schedule").put("cron", line.value(SCHEDULE));
      default -> trigger.put("type", "events").set("topics", Json.tree(line.values(ON)));
    }
  }

  /** A value that is one of a few words, as the management calls it. */
  private static String constant(Line line, String option, Enum<?>[] all) {
    String given = line.value(option);
    List<String> words = TomlValue.words(all);
    if (!words.contains(given)) {
      throw Failure.usage(
          option + ": expected " + PolicyOptions.either(words) + ", found '" + given + "'");
    }
    return all[words.indexOf(given)].name();
  }

  private static ObjectNode object() {
    return (ObjectNode) Json.tree(Map.of());
  }

  private static ObjectNode read(Path file) {
    try {
      if (Json.parse(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
      throw new Failure(ExitCode.FAILED, file + ": expected a JSON object", null);
    } catch (JacksonException e) {
      throw new Failure(ExitCode.FAILED, file + ": " + Json.reason(e), e);
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  /** JSON on one line in ASCII, as it fits a header. */
  private static String ascii(JsonNode json) {
    StringBuilder text = new StringBuilder();
    for (char c : new String(Json.bytes(json), StandardCharsets.UTF_8).toCharArray()) {
      if (c < 0x7f) {
        text.append(c);
      } else {
        text.append("\\u%04x".formatted((int) c));
      }
    }
    return text.toString();
  }
}
