package dev.sampan.apps.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sampan.apps.AppHost;
import dev.sampan.apps.HostSettings;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.TestGuests;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RecordedCallTest {

  private static final FunctionRequest REQUEST =
      new FunctionRequest(
          "PUT",
          "/fn/f",
          "/x",
          "/fn/f/x",
          "",
          "HTTP/1.1",
          "localhost",
          80,
          "127.0.0.1",
          List.of(),
          0,
          InputStream.nullInputStream());

  @TempDir Path home;

  @Test
  void requestsAndFunctionsOfProgramsAreRecorded() throws Exception {
    BlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
    try (RecordingStream stream = new RecordingStream();
        AppHost host = AppHost.open(HostSettings.at(home))) {
      stream.enable("dev.sampan.Call");
      stream.enable("dev.sampan.Trap");
      stream.setOrdered(true);
      stream.onEvent("dev.sampan.Call", events::add);
      stream.onEvent("dev.sampan.Trap", events::add);
      stream.startAsync();
      host.install("life", Manifest.PROGRAM, TestGuests.module(TestGuests.reactor("")));
      host.start("life");
      host.deploy("f", Optional.empty(), TestGuests.module(TestGuests.text("x")));
      host.handle("f", REQUEST, (status, headers) -> OutputStream.nullOutputStream());
      host.deploy("f", Optional.empty(), TestGuests.module(TestGuests.traps()));
      try {
        host.handle("f", REQUEST, (status, headers) -> OutputStream.nullOutputStream());
      } catch (FunctionException e) {
        assertThat(e.status()).isEqualTo(500);
      }
      host.stop("life");
      host.install("desk", Manifest.SERVICE, TestGuests.module(TestGuests.reactor("")));
      host.start("desk");
      host.stop("desk");
      stream.stop();
    }
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.sampan.Call"))
        .extracting(
            event -> event.getString("app"),
            event -> event.getInt("revision"),
            event -> event.getString("call"),
            event -> event.getBoolean("failed"))
        .containsExactlyInAnyOrder(
            tuple("life", 1, "_initialize", false),
            tuple("life", 1, "on_init", false),
            tuple("f", 1, "PUT /x", false),
            tuple("f", 2, "PUT /x", true),
            tuple("life", 1, "on_destroy", false),
            tuple("desk", 1, "_initialize", false),
            tuple("desk", 1, "on_init", false),
            tuple("desk", 1, "on_destroy", false));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.sampan.Trap"))
        .extracting(event -> event.getString("kind"))
        .containsExactly("UNREACHABLE");
  }
}
