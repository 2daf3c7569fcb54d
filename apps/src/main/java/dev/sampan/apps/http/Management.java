package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.function.CallStats;
import dev.sampan.apps.json.ManifestJson;
import dev.sampan.apps.log.AppLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * {@code /v1/…}: the host's verbs as REST. Modules are bodies; a manifest goes in the header {@code
 * Sampan-Manifest}, as JSON, with those components that differ from the default.
 */
final class Management {

  private static final String MANIFEST = "Sampan-Manifest";
  private static final int DEFAULT_TAIL = 100;
  private static final int MAX_TAIL = 100_000;

  /**
   * How long a follower of a log may hear nothing, in milliseconds; then it is seen if it is there.
   */
  private static final long SILENCE = 1_000;

  private final AppHost host;
  private final Supplier<Map<String, Object>> about;
  private final Runnable stop;

  /**
   * The management of a host.
   *
   * @param about what is to be said of the host itself
   * @param stop begins to stop it
   */
  Management(AppHost host, Supplier<Map<String, Object>> about, Runnable stop) {
    this.host = host;
    this.about = about;
    this.stop = stop;
  }

  /**
   * Handles a request.
   *
   * @param path what stands behind {@code /v1/}
   */
  void handle(Exchange exchange, String path) throws IOException, InterruptedException {
    String[] steps = path.split("/", -1);
    String kind = steps[0];
    switch (steps.length) {
      case 1 -> collection(exchange, kind);
      case 2 -> {
        if (kind.equals("host") && steps[1].equals("stop")) {
          require(exchange, "POST");
          exchange.json(202, Map.of("state", "stopping"));
          stop.run();
        } else {
          one(exchange, kind, steps[1]);
        }
      }
      case 3 -> {
        if (!kind.equals("apps")) {
          throw nothing(exchange);
        }
        part(exchange, steps[1], steps[2]);
      }
      default -> throw nothing(exchange);
    }
  }

  private static HttpFailure nothing(Exchange exchange) {
    return new HttpFailure(404, "there is nothing at " + exchange.path());
  }

  private static void require(Exchange exchange, String... methods) {
    if (!List.of(methods).contains(exchange.method())) {
      throw new HttpFailure(
          405, "expected " + String.join(" or ", methods) + ", found " + exchange.method());
    }
  }

  private void collection(Exchange exchange, String kind) {
    require(exchange, "GET");
    switch (kind) {
      case "host" -> exchange.json(200, about.get());
      case "apps" -> exchange.json(200, Map.of("apps", views(host.list())));
      case "functions" ->
          exchange.json(
              200,
              Map.of(
                  "functions",
                  views(host.list().stream().filter(Management::isFunction).toList())));
      default -> throw nothing(exchange);
    }
  }

  private static boolean isFunction(AppStatus app) {
    return app.revision().manifest().trigger() instanceof Trigger.Http;
  }

  private List<AppView> views(List<AppStatus> apps) {
    return apps.stream().map(app -> AppView.of(host, app)).toList();
  }

  private void show(Exchange exchange, int status, AppStatus app) {
    exchange.json(status, AppView.of(host, app));
  }

  private static Optional<Manifest> manifest(Exchange exchange, Manifest otherwise) {
    return exchange
        .header(MANIFEST)
        .map(text -> ManifestJson.read(text.getBytes(StandardCharsets.UTF_8), otherwise));
  }

  /** The manifest of an app that is there, or else. */
  private Manifest manifestOf(String name, Manifest otherwise) {
    try {
      return host.status(name).revision().manifest();
    } catch (AppException e) {
      return otherwise;
    }
  }

  private void one(Exchange exchange, String kind, String name) {
    boolean function = kind.equals("functions");
    if (!function && !kind.equals("apps")) {
      throw nothing(exchange);
    }
    switch (exchange.method()) {
      case "GET" -> show(exchange, 200, host.status(name));
      case "DELETE" -> {
        host.remove(name, function || exchange.flag("force"));
        exchange.json(200, Map.of("removed", name));
      }
      case "PUT" -> {
        if (function) {
          Manifest now = manifestOf(name, Manifest.FUNCTION);
          show(exchange, 200, host.deploy(name, manifest(exchange, now), exchange.body()));
        } else {
          Manifest manifest = manifest(exchange, Manifest.PROGRAM).orElse(Manifest.PROGRAM);
          show(exchange, 201, host.install(name, manifest, exchange.body()));
        }
      }
      default -> require(exchange, "GET", "PUT", "DELETE");
    }
  }

  private void part(Exchange exchange, String name, String part)
      throws IOException, InterruptedException {
    switch (part) {
      case "logs" -> {
        require(exchange, "GET");
        logs(exchange, host.log(name));
      }
      case "stats" -> {
        require(exchange, "GET");
        exchange.json(200, stats(name));
      }
      case "start", "stop", "pause", "resume", "restart", "upgrade", "rollback" -> {
        require(exchange, "POST");
        show(exchange, 200, perform(exchange, name, part));
      }
      default -> throw nothing(exchange);
    }
  }

  private AppStatus perform(Exchange exchange, String name, String verb) {
    return switch (verb) {
      case "start" -> host.start(name);
      case "stop" -> host.stop(name);
      case "pause" -> host.pause(name);
      case "resume" -> host.resume(name);
      case "restart" -> host.restart(name);
      case "upgrade" -> {
        Manifest now = host.status(name).revision().manifest();
        Optional<Manifest> manifest = manifest(exchange, now);
        Optional<Integer> keep = exchange.number("keep", 1);
        yield keep.isPresent()
            ? host.upgrade(name, manifest, exchange.body(), keep.get())
            : host.upgrade(name, manifest, exchange.body());
      }
      case "rollback" -> {
        Optional<Integer> revision = exchange.number("revision", 1);
        yield host.rollback(
            name, revision.isPresent() ? OptionalInt.of(revision.get()) : OptionalInt.empty());
      }
      default -> throw new AssertionError(verb);
    };
  }

  private Map<String, Object> stats(String name) {
    CallStats.Snapshot stats = host.stats(name);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("memory", host.memory(name));
    all.put("restarts", host.status(name).restarts());
    all.put("calls", stats.calls());
    all.put("errors", stats.errors());
    all.put("refused", stats.refused());
    all.put("seconds", stats.seconds());
    all.put("fuel", stats.fuel());
    all.put("peakMemory", stats.peakMemory());
    return all;
  }

  private static void logs(Exchange exchange, AppLog log) throws IOException, InterruptedException {
    int tail = Math.min(exchange.number("tail", 0).orElse(DEFAULT_TAIL), MAX_TAIL);
    boolean follow = exchange.flag("follow");
    try (AppLog.Follower follower = log.follow();
        OutputStream out = exchange.stream(200, "application/jsonl")) {
      for (String line : log.tail(tail)) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      while (follow && !follower.isOver()) {
        out.flush();
        String line = follower.next(SILENCE);
        // an empty line shows whether the reader is still there
        out.write(((line == null ? "" : line) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    exchange.done();
  }
}
