package dev.sampan.cli;

import dev.sampan.apps.Isolation;
import dev.sampan.apps.Permissions;
import dev.sampan.apps.Restart;
import dev.sampan.apps.json.Json;
import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
            "How it is to be run, as JSON; options replace what it says about the same.",
            "What neither says is as it was, or as the default says."));
    PolicyOptions.addTo(syntax);
    if (!isUpgrade()) {
      syntax.option(
          isFunction()
              ? Option.value(
                      ISOLATION,
                      "MODE",
                      "Which requests see the same instance: fresh (none), pooled (none, but it is"
                          + " used again), shared (all).")
                  .oneOf(words(Isolation.values()))
              : Option.value(RESTART, "WHEN", "When a program that has ended is run again.")
                  .oneOf(words(Restart.When.values())));
    }
    if (isUpgrade()) {
      syntax.option(Option.value(KEEP, "N", "How many revisions are kept, 3 by default."));
    }
    syntax.operand(HostConnection.name());
    return ModuleSource.addTo(syntax);
  }

  private static List<String> words(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  @Override
  public int run(Line line, Console console) {
    String app = line.operand(0);
    Map<String, String> headers = new LinkedHashMap<>();
    ObjectNode manifest = manifest(line);
    if (!manifest.isEmpty()) {
      headers.put("Sampan-Manifest", ascii(manifest));
    }
    HostConnection host = HostConnection.of(line);
    String path = (isFunction() ? "/v1/functions/" : "/v1/apps/") + HostConnection.encode(app);
    String query = line.has(KEEP) ? "?keep=" + HostConnection.encode(line.value(KEEP)) : "";
    JsonNode view =
        ModuleSource.with(
            line,
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

  private ObjectNode manifest(Line line) {
    ObjectNode manifest = line.has(MANIFEST) ? read(Line.path(line.value(MANIFEST))) : object();
    if (PolicyOptions.areGiven(line)) {
      Policy policy = PolicyOptions.policy(line, Permissions.NONE.policy());
      manifest.set("permissions", Json.tree(Permissions.of(policy)));
    }
    if (line.has(ISOLATION)) {
      ObjectNode trigger = manifest.withObject("/trigger");
      trigger.put("type", "http").put("isolation", constant(line, ISOLATION));
    }
    if (line.has(RESTART)) {
      ObjectNode trigger = manifest.withObject("/trigger").put("type", "start");
      trigger.withObject("/restart").put("when", constant(line, RESTART));
    }
    return manifest;
  }

  private static String constant(Line line, String option) {
    return line.value(option).toUpperCase(Locale.ROOT).replace('-', '_');
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
      throw new Failure(ExitCode.FAILED, file + ": " + e.getOriginalMessage(), e);
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
