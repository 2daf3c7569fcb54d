package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.AppHost;
import dev.sampan.apps.AppStatus;
import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.json.ManifestJson;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code /v1/…}: the host's verbs as REST. Modules are bodies; a manifest goes in the header {@code
 * Sampan-Manifest}, as JSON, with those components that differ from the default.
 */
final class Management {

  private static final String MANIFEST = "Sampan-Manifest";
  private static final String APP = "/v1/apps/{name}";
  private static final String FUNCTION = "/v1/functions/{name}";

  private final AppHost host;
  private final Supplier<HostView> about;
  private final Function<Call, PageLink> pageLink;
  private final Runnable stop;

  /** A list of apps. */
  private record Apps(List<AppView> apps) {}

  /** A list of functions. */
  private record Functions(List<AppView> functions) {}

  /** What was removed. */
  private record Removed(String removed) {}

  /** What the host is doing. */
  private record Doing(String state) {}

  /** A verb without anything else to be said. */
  private interface Verb {
    AppStatus perform(AppHost host, String name);
  }

  /**
   * The management of a host.
   *
   * @param about what is to be said of the host itself
   * @param pageLink makes a link that opens the web page
   * @param stop begins to stop it
   */
  Management(
      AppHost host, Supplier<HostView> about, Function<Call, PageLink> pageLink, Runnable stop) {
    this.host = host;
    this.about = about;
    this.pageLink = pageLink;
    this.stop = stop;
  }

  /** The host as the caller may see it. */
  static AppHost seen(AppHost host, Call call) {
    return switch (call.caller()) {
      case Caller.Operator _ -> host;
      case Caller.OfTenant tenant -> host.of(tenant.name());
      case Caller.Anybody _ -> throw new AssertionError("nobody was asked; please report");
    };
  }

  private AppHost host(Call call) {
    return seen(host, call);
  }

  private static String name(Call call) {
    return call.variable("name");
  }

  List<Route> routes() {
    List<Route> all = new ArrayList<>();
    all.add(
        Route.of("GET", "/v1/host", "What the host is.")
            .answers(200, HostView.class)
            .by(this::about));
    all.add(
        Route.of("POST", "/v1/host/stop", "Stops the host.")
            .audience(Audience.OPERATOR)
            .answers(202, Doing.class)
            .by(
                call -> {
                  call.exchange().json(202, new Doing("stopping"));
                  stop.run();
                }));
    all.add(
        Route.of("POST", "/v1/host/page", "A link that opens the page, once.")
            .audience(Audience.OPERATOR)
            .answers(200, PageLink.class)
            .by(call -> call.exchange().json(200, pageLink.apply(call))));
    all.addAll(apps());
    all.addAll(functions());
    all.addAll(verbs());
    return all;
  }

  private void about(Call call) {
    HostView view = about.get();
    call.exchange()
        .json(
            200,
            call.caller() instanceof Caller.OfTenant tenant ? view.forTenant(tenant.name()) : view);
  }

  private List<Route> apps() {
    return List.of(
        Route.of("GET", "/v1/apps", "All apps.")
            .answers(200, Apps.class)
            .by(call -> call.exchange().json(200, new Apps(views(host(call), host(call).list())))),
        Route.of("GET", APP, "An app.")
            .answers(200, AppView.class)
            .by(call -> show(call, 200, host(call).status(name(call)))),
        withModule(Route.of("PUT", APP, "Installs an app; it does not run yet."))
            .answers(201, AppView.class)
            .by(this::install),
        Route.of("DELETE", APP, "Removes an app with its revisions and its log.")
            .query("force", Boolean.class, "Even if it runs.")
            .answers(200, Removed.class)
            .by(call -> remove(call, call.exchange().flag("force"))),
        Route.of("GET", APP + "/stats", "What an app uses and was asked.")
            .answers(200, StatsView.class)
            .by(call -> call.exchange().json(200, StatsView.of(host(call), name(call)))));
  }

  private List<Route> functions() {
    return List.of(
        Route.of("GET", "/v1/functions", "All functions.")
            .answers(200, Functions.class)
            .by(
                call -> {
                  List<AppStatus> all =
                      host(call).list().stream().filter(Management::isFunction).toList();
                  call.exchange().json(200, new Functions(views(host(call), all)));
                }),
        Route.of("GET", FUNCTION, "A function.")
            .answers(200, AppView.class)
            .by(call -> show(call, 200, function(call))),
        withModule(Route.of("PUT", FUNCTION, "Deploys a function, or exchanges its module."))
            .answers(200, AppView.class)
            .by(this::deploy),
        Route.of("DELETE", FUNCTION, "Removes a function.")
            .answers(200, Removed.class)
            .by(
                call -> {
                  function(call);
                  remove(call, true);
                }));
  }

  /**
   * The function that is meant.
   *
   * @throws AppException if there is none, or it is an app of another kind
   */
  private AppStatus function(Call call) {
    AppStatus app = host(call).status(name(call));
    if (!isFunction(app)) {
      throw new AppException(
          AppException.Reason.WRONG_STATE, "the app '" + name(call) + "' is no function", null);
    }
    return app;
  }

  private List<Route> verbs() {
    return List.of(
        verb("start", "Starts an app.", AppHost::start),
        verb("stop", "Stops an app.", AppHost::stop),
        verb("pause", "Holds an app where it is.", AppHost::pause),
        verb("resume", "Lets an app go on that was paused.", AppHost::resume),
        verb("restart", "Stops an app and starts it.", AppHost::restart),
        withModule(Route.of("POST", APP + "/upgrade", "Lets another revision take over."))
            .query(
                "keep",
                Integer.class,
                "How many revisions are kept, instead of as the manifest says.")
            .answers(200, AppView.class)
            .by(this::upgrade),
        Route.of("POST", APP + "/rollback", "Lets an earlier revision take over.")
            .query("revision", Integer.class, "Which one, if not the one before the current one.")
            .answers(200, AppView.class)
            .by(this::rollback));
  }

  private Route verb(String word, String summary, Verb verb) {
    return Route.of("POST", APP + "/" + word, summary)
        .answers(200, AppView.class)
        .by(call -> show(call, 200, verb.perform(host(call), name(call))));
  }

  private static Route withModule(Route route) {
    return route
        .header(MANIFEST, Manifest.class, "How it is run, as far as that is not as it was.")
        .body(Route.Body.MODULE);
  }

  private static boolean isFunction(AppStatus app) {
    return app.revision().manifest().trigger() instanceof Trigger.Http;
  }

  private static List<AppView> views(AppHost host, List<AppStatus> apps) {
    return apps.stream().map(app -> AppView.of(host, app)).toList();
  }

  private void show(Call call, int status, AppStatus app) {
    call.exchange().json(status, AppView.of(host(call), app));
  }

  private static Optional<Manifest> manifest(Call call, Manifest otherwise) {
    return call.exchange()
        .header(MANIFEST)
        .map(text -> ManifestJson.read(text.getBytes(StandardCharsets.UTF_8), otherwise));
  }

  private InputStream module(Call call) {
    return Upload.of(call.exchange(), Route.Body.MODULE, host(call).maxModuleBytes());
  }

  private void install(Call call) {
    Manifest manifest = manifest(call, Manifest.PROGRAM).orElse(Manifest.PROGRAM);
    show(call, 201, host(call).install(name(call), manifest, module(call)));
  }

  private void deploy(Call call) {
    Manifest now = functionManifest(call);
    show(call, 200, host(call).deploy(name(call), manifest(call, now), module(call)));
  }

  /** The manifest of the function that is there, or that of new ones. */
  private Manifest functionManifest(Call call) {
    try {
      return function(call).revision().manifest();
    } catch (AppException e) {
      if (e.reason() == AppException.Reason.NOT_FOUND) {
        return Manifest.FUNCTION;
      }
      throw e;
    }
  }

  private void upgrade(Call call) {
    Manifest now = host(call).status(name(call)).revision().manifest();
    Optional<Manifest> manifest = manifest(call, now);
    Optional<Integer> keep = call.exchange().number("keep", 1);
    show(
        call,
        200,
        keep.isPresent()
            ? host(call).upgrade(name(call), manifest, module(call), keep.get())
            : host(call).upgrade(name(call), manifest, module(call)));
  }

  private void rollback(Call call) {
    Optional<Integer> revision = call.exchange().number("revision", 1);
    OptionalInt wanted =
        revision.isPresent() ? OptionalInt.of(revision.get()) : OptionalInt.empty();
    show(call, 200, host(call).rollback(name(call), wanted));
  }

  private void remove(Call call, boolean force) {
    host(call).remove(name(call), force);
    call.exchange().json(200, new Removed(name(call)));
  }
}
