package dev.sampan.apps;

import dev.sampan.apps.tenant.AccessToken;
import dev.sampan.apps.tenant.Tenant;
import dev.sampan.apps.tenant.Terms;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A host in a process of its own that does one random thing after the other until it is killed. It
 * says what it begins, and when that is done: {@code > VERB APP NUMBER}, then {@code < done}; and
 * at its beginning what there is.
 */
final class KilledHost {

  private static final List<String> APPS = List.of("a", "b", "c");
  private static final List<String> TENANTS = List.of("t", "u");
  private static final List<String> VERBS =
      List.of(
          "install",
          "start",
          "stop",
          "pause",
          "resume",
          "upgrade",
          "rollback",
          "remove",
          "tenant-add",
          "tenant-change",
          "tenant-token",
          "tenant-remove");

  private KilledHost() {}

  /** A module with a number in it; a program that waits for ever, so that it can run. */
  static String module(int number) {
    return "(module (global i32 (i32.const "
        + number
        + "))"
        + TestGuests.ticks("t").strip().substring("(module".length());
  }

  /** All there is: apps, and then tenants. */
  static List<String> describe(AppHost host) {
    List<String> all = new ArrayList<>();
    host.list().forEach(app -> all.add(describe(app)));
    for (Tenant tenant : host.tenants().list()) {
      all.add(
          "%s tenant %d %s"
              .formatted(
                  tenant.name(),
                  tenant.terms().quota().maxApps(),
                  tenant.tokens().stream().map(AccessToken::hash).toList()));
    }
    return all;
  }

  private static String describe(AppStatus app) {
    return app.name()
        + " "
        + app.state().word()
        + " "
        + app.current()
        + " "
        + app.revisions().stream().map(Revision::number).toList()
        + " "
        + app.revision().digest();
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true);
    Random random = new Random(Long.parseLong(args[1]));
    AppHost host = AppHost.open(HostSettings.at(Path.of(args[0])));
    describe(host).forEach(each -> out.println("= " + each));
    out.println("ready");
    while (true) {
      int number = random.nextInt(1000);
      String verb = VERBS.get(random.nextInt(VERBS.size()));
      List<String> names = verb.startsWith("tenant-") ? TENANTS : APPS;
      String app = names.get(random.nextInt(names.size()));
      out.println("> " + verb + " " + app);
      try {
        perform(host, verb, app, number);
      } catch (AppException e) {
        // not possible in this state: nothing has changed
      }
      out.println("< " + verb);
      describe(host).forEach(each -> out.println("= " + each));
      out.println("ready");
    }
  }

  private static void perform(AppHost host, String verb, String app, int number) {
    switch (verb) {
      case "install" -> host.install(app, Manifest.PROGRAM, TestGuests.module(module(number)));
      case "start" -> host.start(app);
      case "stop" -> host.stop(app);
      case "pause" -> host.pause(app);
      case "resume" -> host.resume(app);
      case "upgrade" -> host.upgrade(app, Optional.empty(), TestGuests.module(module(number)), 2);
      case "rollback" -> host.rollback(app, OptionalInt.empty());
      case "remove" -> host.remove(app, true);
      case "tenant-add" -> host.tenants().add(app, Terms.DEFAULT);
      case "tenant-change" ->
          host.tenants().change(app, terms -> terms.quota(terms.quota().maxApps(number)));
      case "tenant-token" -> host.tenants().addToken(app);
      case "tenant-remove" -> host.removeTenant(app, true);
      default -> throw new AssertionError(verb);
    }
  }
}
