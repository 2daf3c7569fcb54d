package dev.sampan.apps.http;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Tenants;
import dev.sampan.apps.tenant.RequestGate;
import dev.sampan.apps.tenant.TooManyException;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Brings each request to the route that answers it, and each failure to who has asked. */
final class Router extends Handler.Abstract {

  private static final System.Logger LOG = System.getLogger(Router.class.getName());
  private static final String MANAGEMENT = "/v1/";

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

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    slow.begins(request);
    Exchange exchange = new Exchange(request, response, callback);
    try {
      route(exchange);
    } catch (HttpFailure e) {
      fail(exchange, e.status(), e, e.headers());
    } catch (TooManyException e) {
      long seconds = Math.max(1, e.retryAfter().plusMillis(999).toSeconds());
      fail(exchange, 429, e, Map.of("Retry-After", String.valueOf(seconds)));
    } catch (AppException e) {
      fail(exchange, status(e.reason()), e, Map.of());
    } catch (HttpException.RuntimeException e) {
      fail(exchange, e.getCode(), e, Map.of());
    } catch (HttpException.IllegalArgumentException e) {
      fail(exchange, e.getCode(), e, Map.of());
    } catch (IOException e) {
      exchange.breakOff(e); // the client has gone
    } catch (Exception | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed, please report", e);
      var told = new IllegalStateException("internal error, please report: " + e);
      fail(exchange, 500, told, Map.of());
    }
    return true;
  }

  private static void fail(
      Exchange exchange, int status, Exception e, Map<String, String> headers) {
    if (exchange.response().isCommitted()) {
      exchange.breakOff(e);
    } else {
      exchange.response().reset();
      if (status == 429 || status == 503) {
        exchange.response().getHeaders().put("Retry-After", "1");
      }
      headers.forEach((name, value) -> exchange.response().getHeaders().put(name, value));
      exchange.error(status, String.valueOf(e.getMessage()));
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

  private void route(Exchange exchange) throws Exception {
    String path = exchange.path();
    // who may not ask is not told what there is
    Caller caller = path.startsWith(MANAGEMENT) ? manager(exchange) : new Caller.Anybody();
    switch (caller) {
      case Caller.Anybody _, Caller.Operator _ -> perform(exchange, path, caller);
      case Caller.OfTenant tenant -> {
        try (RequestGate.Pass _ = tenants.account(tenant.name()).management().enter()) {
          perform(exchange, path, caller);
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

  private void perform(Exchange exchange, String path, Caller caller)
      throws IOException, InterruptedException {
    Routes.Found found = routes.find(exchange.method(), path);
    if (found.route().audience() == Audience.OPERATOR && !(caller instanceof Caller.Operator)) {
      throw new HttpFailure(403, "only the operator of the host may ask for this");
    }
    found.route().action().answer(new Call(exchange, found.variables(), caller));
  }
}
