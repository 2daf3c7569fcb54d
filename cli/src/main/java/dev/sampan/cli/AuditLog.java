package dev.sampan.cli;

import dev.sampan.wasi.AuditEvent;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes each decision about a guest as a line of JSON, before the guest goes on. Apart from the
 * rest, so that its library is loaded only here.
 */
final class AuditLog implements Consumer<AuditEvent>, Closeable {

  /** In place of a file, standard error. */
  private static final String STANDARD_ERROR = "-";

  private final JsonFactory json = new JsonFactory();
  private final String name;
  private final OutputStream out;

  /** Whether it was opened here. */
  private final boolean owned;

  private AuditLog(String name, OutputStream out, boolean owned) {
    this.name = name;
    this.out = out;
    this.owned = owned;
  }

  /**
   * Opens a log; what a file holds already stays.
   *
   * @throws Failure if it cannot be opened
   */
  static AuditLog open(String name, Console console) {
    if (name.equals(STANDARD_ERROR)) {
      return new AuditLog("standard error", console.err(), false);
    }
    Path file = Line.path(name);
    try {
      return new AuditLog(
          name,
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          true);
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  @Override
  public synchronized void accept(AuditEvent event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator line = json.createGenerator(ObjectWriteContext.empty(), text)) {
      line.writeStartObject();
      line.writeStringProperty("time", Instant.now().toString());
      line.writeStringProperty("call", event.call());
      line.writeObjectPropertyStart("arguments");
      event.arguments().forEach(line::writeStringProperty);
      line.writeEndObject();
      line.writeStringProperty("verdict", event.allowed() ? "allowed" : "refused");
      event.needed().ifPresent(needed -> line.writeStringProperty("needed", needed));
      line.writeEndObject();
    }
    try {
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the audit cannot be written to " + name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (owned) {
        out.close();
      }
    } catch (IOException e) {
      // each line has been handed over already
    }
  }
}
