package dev.sampan.apps;

import java.io.PrintStream;
import java.nio.file.Path;
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

  static final List<String> APPS = List.of("a", "b", "c");

  private KilledHost() {}

  /** A module with a number in it; a program that waits for ever, so that it can run. */
  static String module(int number) {
    return "(module (global i32 (i32.const "
        + number
        + "))"
        + TestGuests.ticks("t").strip().substring("(module".length());
  }

  static String describe(AppStatus app) {
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
    host.list().forEach(app -> out.println("= " + describe(app)));
    out.println("ready");
    while (true) {
      String app = APPS.get(random.nextInt(APPS.size()));
      int number = random.nextInt(1000);
      String verb =
          List.of("install", "start", "stop", "pause", "resume", "upgrade", "rollback", "remove")
              .get(random.nextInt(8));
      out.println("> " + verb + " " + app);
      try {
        perform(host, verb, app, number);
      } catch (AppException e) {
        // not possible in this state: nothing has changed
      }
      out.println("< " + verb);
      host.list().forEach(each -> out.println("= " + describe(each)));
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
      default -> throw new AssertionError(verb);
    }
  }
}
