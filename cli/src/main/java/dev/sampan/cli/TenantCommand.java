package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import dev.sampan.cli.Syntax.Option;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** {@code sampan tenant …}: says who shares the host, and under which terms. */
final class TenantCommand implements Verb {

  private static final String ALL = "/v1/tenants";
  private static final String JSON = "--json";
  private static final String FORCE = "--force";
  private static final String REVOKE = "--revoke";
  private static final String ROW = "%-24s %9s %15s %15s %14s  %s";

  private final String verb;

  TenantCommand(String name) {
    this.verb = name.substring(name.indexOf(' ') + 1);
  }

  @Override
  public Syntax syntax() {
    Syntax syntax =
        switch (verb) {
          case "add" ->
              HostConnection.verb(
                  verb,
                  "Adds a tenant, and shows its first token.",
                  "Who has a token may manage the tenant's apps from the network, and sees no"
                      + " others. It is shown once: the host keeps its hash alone.");
          case "set" -> HostConnection.verb(verb, "Changes what a tenant may use and grant.");
          case "list" -> HostConnection.verb(verb, "Shows which tenants there are.");
          case "show" -> HostConnection.verb(verb, "Shows a tenant, and what it uses, as JSON.");
          case "remove" -> HostConnection.verb(verb, "Removes a tenant; its tokens first.");
          case "token" ->
              HostConnection.verb(verb, "Makes a further token for a tenant, or revokes one.");
          default -> throw new AssertionError(verb);
        };
    switch (verb) {
      case "add", "set" -> QuotaOptions.addTo(syntax);
      case "list" -> syntax.option(Option.flag(JSON, "Print it as JSON."));
      case "remove" ->
          syntax.option(
              Option.flag(FORCE, "Even if it has apps; they are removed, too.").abbreviated("-f"));
      case "token" ->
          syntax.option(
              Option.value(REVOKE, "ID", "Revoke the token that 'tenant show' calls so."));
      default -> {}
    }
    return verb.equals("list")
        ? syntax
        : syntax.operand(new Operand("NAME", 1, false, "The tenant's name."));
  }

  @Override
  public int run(Line line, Console console) {
    HostConnection host = HostConnection.of(line);
    if (verb.equals("list")) {
      list(host.ask("GET", ALL), line.has(JSON), console);
      return ExitCode.SUCCESS;
    }
    String name = HostConnection.name(line);
    String path = ALL + "/" + name;
    switch (verb) {
      case "add" ->
          token(host.ask("PUT", path, QuotaOptions.terms(line, host.isRemote())), console);
      case "set" -> {
        host.ask("PATCH", path, QuotaOptions.terms(line, host.isRemote()));
        console.println("tenant " + name + " changed");
      }
      case "show" -> console.println(host.ask("GET", path).toPrettyString());
      case "remove" -> {
        host.ask("DELETE", line.has(FORCE) ? path + "?force=true" : path);
        console.println("tenant " + name + " removed");
      }
      case "token" -> {
        if (line.has(REVOKE)) {
          host.ask("DELETE", path + "/tokens/" + HostConnection.encode(line.value(REVOKE)));
          console.println("token " + line.value(REVOKE) + " revoked");
        } else {
          token(host.ask("POST", path + "/tokens"), console);
        }
      }
      default -> throw new AssertionError(verb);
    }
    return ExitCode.SUCCESS;
  }

  private static void token(JsonNode made, Console console) {
    console.println(
        "token %s of tenant %s, which is not shown again:"
            .formatted(made.path("id").asString(), made.path("tenant").asString()));
    console.println(made.path("token").asString());
  }

  private static void list(JsonNode answer, boolean json, Console console) {
    if (json) {
      console.println(answer.toPrettyString());
      return;
    }
    console.println(ROW.formatted("NAME", "APPS", "MEMORY KiB", "DISK KiB", "CPU", "TOKENS"));
    for (JsonNode tenant : answer.path("tenants")) {
      JsonNode use = tenant.path("use");
      JsonNode quota = tenant.path("terms").path("quota");
      console.println(
          ROW.formatted(
              tenant.path("name").asString(),
              use.path("apps").asInt() + "/" + quota.path("maxApps").asInt(),
              kib(use.path("memory")) + "/" + kib(quota.path("maxMemory")),
              kib(use.path("disk")) + "/" + kib(quota.path("maxDisk")),
              time(use.path("cpuTime")) + "/" + time(quota.path("cpuTime")),
              tenant.path("tokens").size()));
    }
  }

  private static long kib(JsonNode bytes) {
    return bytes.asLong() >> 10;
  }

  private static String time(JsonNode duration) {
    return duration
        .asString()
        .replaceFirst("PT", "")
        .replaceFirst("\\.[0-9]+", "")
        .toLowerCase(Locale.ROOT);
  }
}
