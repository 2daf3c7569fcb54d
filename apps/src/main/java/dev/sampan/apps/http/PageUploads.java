package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppName;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.json.ManifestJson;
import dev.sampan.apps.page.Sessions.Notice;
import dev.sampan.apps.page.Sessions.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;

/** Forms of the page that bring a module. */
final class PageUploads {

  private static final int MAX_PARTS = 8;

  /** What else is in a form beside the module. */
  private static final long MAX_OTHER_BYTES = 1 << 20;

  /** How large a module may be that is not put on disk before the host has taken it. */
  private static final long MAX_IN_MEMORY = 64 << 10;

  /** Takes what has become of it. */
  interface Outcome {
    void tell(Exchange exchange, Session session, Notice notice, String location);
  }

  private final AppHost host;
  private final Path folder;

  /**
   * Uploads to a host.
   *
   * @param folder where modules lie until the host has taken them; it belongs to the page alone
   */
  PageUploads(AppHost host, Path folder) {
    this.host = host;
    this.folder = folder;
    clear();
  }

  /** Deletes what is left of a process that was killed. */
  private void clear() {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path each : left.toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      // mostly because there is no such folder; else it stays
    }
  }

  /** Installs an app, or lets the module become the next revision of one. */
  void deploy(Exchange exchange, Session session, Outcome outcome) throws IOException {
    answer(
        exchange,
        session,
        "/ui",
        outcome,
        form -> {
          String name = AppName.require(text(form, "name").strip());
          return exists(name) ? upgrade(form, name) : install(form, name);
        });
  }

  /** Lets a module become the next revision of an app. */
  void upgrade(Exchange exchange, Session session, String name, Outcome outcome)
      throws IOException {
    host.status(name); // there must be such an app
    answer(exchange, session, "/ui/apps/" + name, outcome, form -> upgrade(form, name));
  }

  private interface Work {
    AppStatus on(MultiPartFormData.Parts form) throws IOException;
  }

  /** The token is checked as soon as there is one: a form can only be read as a whole. */
  private void answer(Exchange exchange, Session session, String back, Outcome outcome, Work work)
      throws IOException {
    try (MultiPartFormData.Parts form = read(exchange)) {
      if (!session.isToken(text(form, "token"))) {
        throw new HttpFailure(403, "The form is not from a page of this session.");
      }
      try {
        AppStatus app = work.on(form);
        String told =
            "%s is %s, at revision %d.".formatted(app.name(), app.state().word(), app.current());
        outcome.tell(exchange, session, new Notice(false, told), "/ui/apps/" + app.name());
      } catch (AppException e) {
        outcome.tell(exchange, session, new Notice(true, String.valueOf(e.getMessage())), back);
      }
    }
  }

  private MultiPartFormData.Parts read(Exchange exchange) throws IOException {
    String type = exchange.header("Content-Type").orElse("");
    if (!type.startsWith("multipart/form-data")) {
      throw new HttpFailure(415, "expected multipart/form-data, found '" + type + "'");
    }
    long max = host.settings().maxModuleBytes() + MAX_OTHER_BYTES;
    if (exchange.request().getLength() > max) {
      throw new HttpFailure(413, "expected at most " + max + " bytes");
    }
    Files.createDirectories(folder);
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .location(folder)
            .maxParts(MAX_PARTS)
            .maxSize(max)
            .maxPartSize(max)
            .maxMemoryPartSize(MAX_IN_MEMORY)
            .build();
    try {
      return MultiPartFormData.getParts(exchange.request(), exchange.request(), type, config);
    } catch (RuntimeException e) {
      throw new HttpFailure(400, "The form is not understood: " + e.getMessage());
    }
  }

  private static String text(MultiPartFormData.Parts form, String name) {
    MultiPart.Part part = form.getFirst(name);
    if (part == null || part.getLength() > MAX_OTHER_BYTES) {
      return "";
    }
    return part.getContentAsString(StandardCharsets.UTF_8);
  }

  private static InputStream module(MultiPartFormData.Parts form) {
    MultiPart.Part part = form.getFirst("module");
    if (part == null || part.getLength() == 0) {
      throw new AppException(AppException.Reason.INVALID, "a module is needed", null);
    }
    return Content.Source.asInputStream(part.createContentSource());
  }

  private boolean exists(String name) {
    return host.list().stream().anyMatch(app -> app.name().equals(name));
  }

  private static Optional<Manifest> manifest(MultiPartFormData.Parts form, Manifest otherwise) {
    String json = text(form, "manifest").strip();
    return json.isEmpty()
        ? Optional.empty()
        : Optional.of(ManifestJson.read(json.getBytes(StandardCharsets.UTF_8), otherwise));
  }

  private AppStatus install(MultiPartFormData.Parts form, String name) throws IOException {
    try (InputStream module = module(form)) {
      Manifest kind =
          switch (text(form, "kind")) {
            case "program" -> Manifest.PROGRAM;
            case "service" -> Manifest.SERVICE;
            default -> Manifest.FUNCTION;
          };
      host.install(name, manifest(form, kind).orElse(kind), module);
      return host.start(name);
    }
  }

  private AppStatus upgrade(MultiPartFormData.Parts form, String name) throws IOException {
    Manifest now = host.status(name).revision().manifest();
    try (InputStream module = module(form)) {
      return host.upgrade(name, manifest(form, now), module);
    }
  }
}
