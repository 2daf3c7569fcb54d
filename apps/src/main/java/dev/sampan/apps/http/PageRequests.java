package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.json.Json;
import dev.sampan.apps.log.AppLog;
import dev.sampan.apps.page.AppPage;
import dev.sampan.apps.page.Layout;
import dev.sampan.apps.page.LoginPage;
import dev.sampan.apps.page.Overview;
import dev.sampan.apps.page.ProblemPage;
import dev.sampan.apps.page.Samples;
import dev.sampan.apps.page.Sessions;
import dev.sampan.apps.page.Sessions.Notice;
import dev.sampan.apps.page.Sessions.Session;
import dev.sampan.apps.page.Verbs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.util.Fields;

/**
 * {@code /ui}: the web page. What may be seen without a session is how to get one; {@link
 * PageGuard} says which requests are of a session's own pages.
 */
final class PageRequests implements AutoCloseable {

  private static final int TAIL = 200;

  /** How long a reader of a log may hear nothing, in milliseconds. */
  private static final long SILENCE = 1_000;

  static final String HTML = "text/html; charset=utf-8";
  private static final int MAX_FIELDS = 16;
  private static final int MAX_FORM_BYTES = 64 << 10;

  private final AppHost host;
  private final Samples samples;
  private final Overview overview;
  private final AppPage appPage;
  private final PageGuard guard;
  private final PageFiles files = new PageFiles();
  private final PageUploads uploads;
  private final PageVerbs verbs;
  private final Sessions sessions;
  private volatile boolean closing;

  /**
   * The page of a host.
   *
   * @param uploads a folder for what is being uploaded; it is made if it is needed
   */
  PageRequests(AppHost host, Sessions sessions, Path uploads) {
    this.host = host;
    this.sessions = sessions;
    this.samples = new Samples(host);
    this.overview = new Overview(host, samples);
    this.appPage = new AppPage(host, samples);
    this.guard = new PageGuard(sessions);
    this.uploads = new PageUploads(host, uploads);
    this.verbs = new PageVerbs(host);
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/", "Leads to the page.")
            .audience(Audience.EVERYBODY)
            .answers(303, "text/plain")
            .by(call -> call.exchange().redirect("/ui")),
        Route.of("GET POST", "/ui", "The page, for people.")
            .audience(Audience.EVERYBODY)
            .answers(200, HTML)
            .by(call -> handle(call.exchange(), "")),
        Route.of("GET POST", "/ui/{path...}", "What belongs to the page.")
            .audience(Audience.EVERYBODY)
            .answers(200, "*/*")
            .by(call -> handle(call.exchange(), "/" + call.variable("path"))));
  }

  /**
   * Handles a request.
   *
   * @param path what stands behind {@code /ui}
   */
  private void handle(Exchange exchange, String path) throws IOException, InterruptedException {
    String nonce = guard.secure(exchange);
    if (files.answer(exchange, path)) {
      return;
    }
    Layout outside = new Layout(nonce, Optional.empty());
    try {
      guard.requirePrivate(exchange);
      if (path.equals("/login")) {
        login(exchange, outside);
        return;
      }
      Optional<Session> session = guard.session(exchange);
      if (session.isEmpty()) {
        refuse(exchange, outside);
        return;
      }
      guard.requireOwnPage(exchange, session.get());
      Layout layout = new Layout(nonce, session);
      try {
        switch (exchange.method()) {
          case "GET" -> get(exchange, layout, path);
          case "POST" -> post(exchange, layout, session.get(), path);
          default -> throw new HttpFailure(405, "expected GET or POST, found " + exchange.method());
        }
      } catch (AppException e) {
        problem(exchange, layout, Router.status(e.reason()), String.valueOf(e.getMessage()));
      } catch (HttpFailure e) {
        problem(exchange, layout, e.status(), String.valueOf(e.getMessage()));
      }
    } catch (HttpFailure e) {
      problem(exchange, outside, e.status(), String.valueOf(e.getMessage()));
    }
  }

  private static void problem(Exchange exchange, Layout layout, int status, String message) {
    if (PageGuard.isNavigation(exchange)) {
      exchange.text(status, HTML, ProblemPage.of(layout, message));
    } else {
      exchange.error(status, message);
    }
  }

  // ---- coming in and leaving ----

  private void login(Exchange exchange, Layout outside) {
    Optional<String> code =
        switch (exchange.method()) {
          case "GET" -> exchange.query("code");
          case "POST" -> Optional.ofNullable(form(exchange).getValue("code"));
          default -> throw new HttpFailure(405, "expected GET or POST, found " + exchange.method());
        };
    Optional<Session> session = code.map(String::strip).flatMap(sessions::open);
    if (session.isEmpty()) {
      Optional<String> wrong =
          code.map(given -> "The code is not valid, or was used already. Ask for another one.");
      exchange.text(code.isPresent() ? 403 : 200, HTML, LoginPage.of(outside, wrong));
      return;
    }
    guard.keep(exchange, session.get());
    exchange.text(200, HTML, LoginPage.welcome(outside));
  }

  private static void refuse(Exchange exchange, Layout outside) {
    if (PageGuard.isNavigation(exchange)) {
      exchange.text(401, HTML, LoginPage.of(outside, Optional.empty()));
    } else {
      exchange.error(401, "the session has ended; 'sampan ui' opens another one");
    }
  }

  // ---- looking ----

  private void get(Exchange exchange, Layout layout, String path)
      throws IOException, InterruptedException {
    String[] steps = path.split("/", -1);
    if (path.isEmpty() || path.equals("/")) {
      exchange.text(200, HTML, overview.of(layout));
    } else if (path.equals("/state")) {
      json(exchange, overview.state());
    } else if (steps.length == 3 && steps[1].equals("apps")) {
      exchange.text(200, HTML, appPage.of(layout, steps[2]));
    } else if (steps.length == 4 && steps[1].equals("apps") && steps[3].equals("state")) {
      boolean hour = exchange.query("range").orElse("").equals("hour");
      json(exchange, appPage.state(steps[2], hour));
    } else if (steps.length == 4 && steps[1].equals("apps") && steps[3].equals("logs")) {
      logs(exchange, host.log(steps[2]));
    } else {
      throw nothing(exchange);
    }
  }

  private static HttpFailure nothing(Exchange exchange) {
    return new HttpFailure(404, "There is nothing at " + exchange.path());
  }

  private static void json(Exchange exchange, Object value) {
    String text = new String(Json.bytes(value), StandardCharsets.UTF_8);
    exchange.text(200, "application/json", text);
  }

  /** A log as server-sent events, each a line of JSON. */
  private void logs(Exchange exchange, AppLog log) throws IOException, InterruptedException {
    try (AppLog.Follower follower = log.follow();
        OutputStream out = exchange.stream(200, "text/event-stream")) {
      out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
      for (String line : log.tail(TAIL)) {
        out.write(event(line));
      }
      while (!closing && !follower.isOver()) {
        out.flush();
        String line = follower.next(SILENCE);
        // a comment shows whether the reader is still there
        out.write(line == null ? ":\n\n".getBytes(StandardCharsets.UTF_8) : event(line));
        for (int i = 0; line != null && i < TAIL; i++) {
          line = follower.next(0);
          out.write(line == null ? new byte[0] : event(line));
        }
      }
    }
    exchange.done();
  }

  private static byte[] event(String line) {
    return ("data: " + line + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  // ---- doing ----

  private static Fields form(Exchange exchange) {
    try {
      return FormFields.getFields(exchange.request(), MAX_FIELDS, MAX_FORM_BYTES);
    } catch (IllegalStateException e) {
      throw new HttpFailure(400, "The form is not understood: " + e.getMessage());
    }
  }

  private void post(Exchange exchange, Layout layout, Session session, String path)
      throws IOException {
    String[] steps = path.split("/", -1);
    if (path.equals("/deploy")) {
      uploads.deploy(exchange, session, this::done);
    } else if (steps.length == 4 && steps[1].equals("apps") && steps[3].equals("upgrade")) {
      uploads.upgrade(exchange, session, steps[2], this::done);
    } else {
      Fields form = form(exchange);
      guard.requireToken(session, Optional.ofNullable(form.getValue("token")));
      if (path.equals("/logout")) {
        sessions.close(session);
        guard.forget(exchange);
        exchange.redirect("/ui/login");
      } else if (steps.length == 4 && steps[1].equals("apps")) {
        Verbs verb = Verbs.of(steps[3]).orElseThrow(() -> nothing(exchange));
        verbs.perform(exchange, layout, session, steps[2], verb, form, this::done);
      } else {
        throw nothing(exchange);
      }
    }
  }

  /** Tells a browser where to go on, or a script what has become of it. */
  private void done(Exchange exchange, Session session, Notice notice, String location) {
    if (PageGuard.isNavigation(exchange)) {
      session.leave(notice);
      exchange.redirect(location);
    } else if (notice.error()) {
      exchange.error(422, notice.text());
    } else {
      session.leave(notice);
      exchange.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      exchange.json(200, Map.of("location", location));
    }
  }

  /** Lets those go who wait for something to be written to a log. */
  @Override
  public void close() {
    closing = true;
    samples.close();
  }
}
