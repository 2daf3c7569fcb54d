package dev.sampan.apps;

import dev.sampan.apps.function.Function;
import dev.sampan.apps.function.FunctionException;
import dev.sampan.apps.function.FunctionRequest;
import dev.sampan.apps.function.Responder;
import dev.sampan.apps.run.Activation;
import dev.sampan.apps.service.Framework;
import dev.sampan.apps.tenant.Account;
import dev.sampan.apps.tenant.RequestGate;
import dev.sampan.apps.wire.Request;
import dev.sampan.apps.wire.Status;
import java.io.IOException;
import java.util.Optional;

/**
 * The way of requests from outside to functions and services. What a tenant's app is asked passes
 * the gate of the tenant's account; what the operator's apps are asked passes none.
 */
final class Requests {

  private final Apps apps;
  private final Tenants tenants;
  private final Framework framework;
  private final Neighbours neighbours;

  Requests(Apps apps, Tenants tenants, Framework framework, Neighbours neighbours) {
    this.apps = apps;
    this.tenants = tenants;
    this.framework = framework;
    this.neighbours = neighbours;
  }

  /** Whether a request to a function would have to wait, see {@link AppHost#isBusy}. */
  boolean isBusy(String name) {
    return apps.find(name).map(ManagedApp::active).orElse(null) instanceof Function function
        && function.isBusy();
  }

  /** Has a function handle a request, see {@link AppHost#handle}. */
  void handle(String name, FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    Optional<ManagedApp> found = apps.find(name);
    if (found.isEmpty()) {
      throw FunctionException.refused(404, "there is no such function");
    }
    ManagedApp app = found.get();
    Optional<String> tenant = app.tenant();
    if (tenant.isEmpty()) {
      handle(app, request, responder);
      return;
    }
    try (RequestGate.Pass _ = enter(tenant.get())) {
      handle(app, request, responder);
    }
  }

  /** Handles a request, if need be by the revision that takes over in this moment. */
  private static void handle(ManagedApp app, FunctionRequest request, Responder responder)
      throws IOException, FunctionException {
    while (true) {
      Activation now = app.active();
      if (!(now instanceof Function function)) {
        throw notReady(app.status());
      }
      if (function.enter()) {
        try {
          function.handle(request, responder);
          return;
        } finally {
          function.leave();
        }
      }
      // it was exchanged in this moment; another one is there, or none
      Thread.onSpinWait();
      if (app.active() == now) {
        throw FunctionException.refused(503, "'" + app.status().name() + "' is being stopped");
      }
    }
  }

  private static FunctionException notReady(AppStatus app) {
    if (!(app.revision().manifest().trigger() instanceof Trigger.Http)) {
      return FunctionException.refused(404, "'" + app.name() + "' is no function");
    }
    AppState state = app.state();
    String why = state.reason().map(reason -> ": " + reason).orElse("");
    String word = state instanceof AppState.Running ? "not brought back yet" : state.word();
    return FunctionException.refused(503, "'%s' is %s%s".formatted(app.name(), word, why));
  }

  /** Asks a service, see {@link AppHost#ask}. */
  Framework.Outcome ask(String name, Request request) throws InterruptedException {
    Optional<ManagedApp> app = apps.find(name);
    if (app.isEmpty() || !(app.get().trigger() instanceof Trigger.Service service)) {
      return new Framework.Outcome.Refused(neighbours.absent(name));
    }
    if (!service.http()) {
      return new Framework.Outcome.Refused(
          new Framework.Refusal(Status.FORBIDDEN, "'" + name + "' takes no requests from outside"));
    }
    long millis = service.timeLimit().toMillis();
    Optional<String> tenant = app.get().tenant();
    if (tenant.isEmpty()) {
      return framework.ask(name, request, millis);
    }
    try (RequestGate.Pass _ = enter(tenant.get())) {
      return framework.ask(name, request, millis);
    }
  }

  private RequestGate.Pass enter(String tenant) {
    Account account = tenants.account(tenant);
    account.cpu().require();
    return account.calls().enter();
  }
}
