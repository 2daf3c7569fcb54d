package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Tenants;
import dev.sampan.apps.run.GuestThreads;
import dev.sampan.apps.tenant.RequestGate;
import dev.sampan.apps.tenant.TooManyException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Brings each request to the route that answers it, and each failure to who has asked. */
final class Router extends Handler.Abstract {

  private static final System.Logger LOG = System.getLogger(Router.class.getName());
  private static final String MANAGEMENT = "/v1/";

  /** Makes the threads of what may wait. */
  static final ThreadFactory CALLS = Thread.ofVirtual().name("sampan-call-", 0).factory();

  private final Routes routes;
  private final Access access;
  private final Tenants tenants;
  private final SlowRequests slow;

  Router(Routes routes, Access access, Tenants tenants, SlowRequests slow) {
    this.routes = routes;
    this.access = access;
    this.tenants = tenants;
    this.slow = slow;
  }

  /** Does something about a request. */
  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    slow.begins(request);
    Exchange exchange = new Exchange(request, response, callback);
    attempt(exchange, () -> route(exchange));
    return true;
  }

  private static void attempt(Exchange exchange, Step step) {
    try {
      step.take();
    } catch (HttpFailure e) {
      exchange.fail(e.status(), e, e.headers());
    } catch (TooManyException e) {
      long seconds = Math.max(1, e.retryAfter().plusMillis(999).toSeconds());
      exchange.fail(429, e, Map.of("Retry-After", String.valueOf(seconds)));
    } catch (AppException e) {
      exchange.fail(status(e.reason()), e, Map.of());
    } catch (HttpException.RuntimeException e) {
      exchange.fail(e.getCode(), e, Map.of());
    } catch (HttpException.IllegalArgumentException e) {
      exchange.fail(e.getCode(), e, Map.of());
    } catch (IOException e) {
      exchange.breakOff(e); // the client has gone
    } catch (Exception | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed, please report", e);
      var told = new IllegalStateException("internal error, please report: " + e);
      exchange.fail(500, told, Map.of());
    }
  }

  static int status(AppException.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> 404;
      case EXISTS, WRONG_STATE -> 409;
      case INVALID, START_FAILED, UPGRADE_FAILED -> 422;
      case TOO_LARGE -> 413;
      case QUOTA, NOT_ALLOWED -> 403;
      case HOST -> 500;
    };
  }

  private void route(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.path().startsWith(MANAGEMENT)) {
      waiting(exchange, () -> manage(exchange));
      return;
    }
    Call call = call(exchange, new Caller.Anybody());
    if (call.route().action().waits(call)) {
      waiting(exchange, call::answer);
    } else {
      call.answer();
    }
  }

  /** Does what may wait; in another thread, if this one has to read requests. */
  private static void waiting(Exchange exchange, Step step)
      throws IOException, InterruptedException {
    if (GuestThreads.isCurrent()) {
      CALLS.newThread(() -> attempt(exchange, step)).start();
    } else {
      step.take();
    }
  }

  private void manage(Exchange exchange) throws IOException, InterruptedException {
    // who may not ask is not told what there is
    Caller caller = manager(exchange);
    switch (caller) {
      case Caller.Anybody _, Caller.Operator _ -> call(exchange, caller).answer();
      case Caller.OfTenant tenant -> {
        try (RequestGate.Pass _ = tenants.account(tenant.name()).management().enter()) {
          call(exchange, caller).answer();
        }
      }
    }
  }

  private Caller manager(Exchange exchange) {
    Caller caller = access.manager(exchange);
    if (exchange.rawPath().indexOf(';') >= 0) {
      // what stands behind it is no part of the path that routes go by
      throw new HttpFailure(400, "expected a path without ';'");
    }
    return caller;
  }

  private Call call(Exchange exchange, Caller caller) {
    Routes.Found found = routes.find(exchange.method(), exchange.path());
    if (found.route().audience() == Audience.OPERATOR && !(caller instanceof Caller.Operator)) {
      throw new HttpFailure(403, "only the operator of the host may ask for this");
    }
    return new Call(exchange, found.route(), found.variables(), caller);
  }
}
