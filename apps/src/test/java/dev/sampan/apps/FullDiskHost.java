package dev.sampan.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.apps.event.Event;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A host in a process of its own, on a small disk of its own, which is filled meanwhile. */
final class FullDiskHost {

  private final Path home;
  private final Path filler;
  private final AppHost host;

  private FullDiskHost(Path disk) throws IOException {
    this.home = disk.resolve("home");
    this.filler = disk.resolve("filler");
    this.host = AppHost.open(HostSettings.at(home));
  }

  public static void main(String[] args) throws Exception {
    Path disk = Path.of(args[0]);
    new FullDiskHost(disk).run();
    try (AppHost again = AppHost.open(HostSettings.at(disk.resolve("home")))) {
      assertThat(describe(again))
          .containsExactly(
              "events running 1", "fn running 2", "late installed 1", "prog stopped 1");
    }
    System.out.println("all is well");
  }

  private void run() throws Exception {
    host.deploy("fn", Optional.empty(), TestGuests.module(TestGuests.text("one")));
    host.install("prog", Manifest.PROGRAM, TestGuests.module(TestGuests.ticks("x")));
    host.start("prog");
    Manifest events =
        Manifest.PROGRAM
            .trigger(Trigger.Events.of("a"))
            .permissions(Permissions.NONE.topics(List.of(), List.of("a")));
    host.install("events", events, TestGuests.module(TestGuests.copies()));
    host.start("events");
    assertThat(call()).isEqualTo("one");

    fill();
    fillJournal();
    List<String> before = describe(host);
    List<String> files = files();
    refused(() -> host.install("late", Manifest.PROGRAM, TestGuests.module(large())));
    refused(() -> host.stop("prog"));
    refused(() -> host.deploy("fn", Optional.empty(), TestGuests.module(TestGuests.text("two"))));
    assertThat(describe(host)).as("nothing has changed").isEqualTo(before);
    assertThat(files()).as("nothing is left over").isEqualTo(files);
    assertThat(call()).isEqualTo("one");
    publish();
    while (host.stats("events").calls() < 1) {
      Thread.sleep(5);
    }
    assertThat(host.stats("events").errors()).isZero();

    Files.delete(filler);
    host.deploy("fn", Optional.empty(), TestGuests.module(TestGuests.text("two")));
    assertThat(call()).isEqualTo("two");
    host.stop("prog");
    host.install("late", Manifest.PROGRAM, TestGuests.module(large()));
    host.close();
  }

  private static List<String> describe(AppHost host) {
    return host.list().stream()
        .map(app -> app.name() + " " + app.state().word() + " " + app.current())
        .toList();
  }

  /** A module that needs more than what may be left in blocks that are in use. */
  private static String large() {
    return ";;" + "x".repeat(100_000) + "\n" + TestGuests.exits(0);
  }

  private interface Verb {
    void run();
  }

  private static void refused(Verb verb) {
    assertThatThrownBy(verb::run)
        .isInstanceOfSatisfying(
            AppException.class,
            e ->
                assertThat(e.reason())
                    .isIn(AppException.Reason.HOST, AppException.Reason.UPGRADE_FAILED))
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("No space left on device");
  }

  private void fill() throws IOException {
    byte[] chunk = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (int i = 0; i < 1 << 20; i++) {
        out.write(chunk);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      // what is open already has a rest of its last block
      host.log("prog").maxBytes(Long.MAX_VALUE);
      host.log("prog").write(1, "host", "x".repeat(8192));
      return;
    }
    throw new AssertionError("a disk that is too large to be filled");
  }

  /** Uses up what is left of the last block of the journal. */
  private void fillJournal() {
    for (int i = 0; i < 100; i++) {
      try {
        host.pause("prog");
        host.resume("prog");
      } catch (AppException e) {
        assertThat(e).hasMessageContaining("No space left on device");
        return;
      }
    }
    throw new AssertionError("a journal that does not grow");
  }

  private List<String> files() throws IOException {
    try (var files = Files.walk(home.resolve("modules"))) {
      return files.map(String::valueOf).sorted().toList();
    }
  }

  private void publish() {
    host.events()
        .publish(new Event("a", 0, "event\n".getBytes(StandardCharsets.UTF_8), "app:test"));
  }

  private String call() throws IOException, FunctionException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    host.handle(
        "fn",
        new FunctionRequest(
            "GET",
            "/fn/fn",
            "",
            "/fn/fn",
            "",
            "HTTP/1.1",
            "localhost",
            80,
            "127.0.0.1",
            List.of(),
            0,
            InputStream.nullInputStream()),
        (status, headers) -> body);
    return body.toString(StandardCharsets.UTF_8);
  }
}
